from __future__ import annotations

import binascii
import quopri
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.deliver.encode import encode_text

DECODE: dict[str, Callable[[bytes], bytes]] = {"quoted-printable": quopri.decodestring, "base64": binascii.a2b_base64}
TEXTS = st.text(alphabet="ab =.\t\n\r_é大😀\x00\x7f", max_size=300) | st.text(alphabet="x \n=é", min_size=60)


@given(TEXTS)
def test_what_is_encoded_decodes_to_itself_with_crlf(text: str) -> None:
    encoding, encoded = encode_text(text)
    assert DECODE[encoding](encoded) == text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode()


@given(TEXTS)
def test_every_line_passes_any_server(text: str) -> None:
    _, encoded = encode_text(text)
    assert encoded.isascii()
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        assert line != b"."
        assert not set(line) & set(b"\r\n\x00\x7f")


@pytest.mark.parametrize(
    "text, encoding",
    [
        ("", "quoted-printable"),
        ("ascii", "quoted-printable"),
        ("naïve, but long enough", "quoted-printable"),
        ("大", "base64"),
        ("a=b", "base64"),
    ],
)
def test_the_shorter_is_taken(text: str, encoding: str) -> None:
    assert encode_text(text)[0] == encoding


@pytest.mark.parametrize(
    "text, encoded",
    [
        ("a=b, and some more", b"a=3Db, and some more"),
        ("é and much that is ascii", b"=C3=A9 and much that is ascii"),
        ("blank \n", b"blank=20\r\n"),
        (".\n..", b"=2E\r\n.."),
        ("x" * 76, b"x" * 75 + b"=\r\nx"),
        ("x" * 74 + " ", b"x" * 74 + b"=\r\n=20"),
        ("lone \ud800 surrogate", b"lone ? surrogate"),
    ],
)
def test_quoted_printable(text: str, encoded: bytes) -> None:
    assert encode_text(text) == ("quoted-printable", encoded)
