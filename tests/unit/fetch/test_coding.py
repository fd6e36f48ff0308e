from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.errors import FetchError
from feedwatch.fetch.coding import Body

LIMIT = 1_000_000
FEED = b"<rss>" + bytes(range(256)) * 100 + b"</rss>"


def decode(body: bytes, codings: str, limit: int, chunk: int = 65536) -> bytes:
    """The body as it comes from a connection: in chunks."""
    reading = Body(codings, limit)
    for at in range(0, len(body), chunk):
        reading.feed(body[at : at + chunk])
    return reading.finish()


def zstd_frame_of_unknown_size(body: bytes) -> bytes:
    stream = zstandard.ZstdCompressor().compressobj()
    return bytes(stream.compress(body) + stream.flush())


def bare_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


def br(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=4))


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("x-gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare_deflate),
    ("br", br),
    ("zstd", zstandard.compress),
    ("zstd", zstd_frame_of_unknown_size),
]
packed = pytest.mark.parametrize("coding, pack", PACKERS)


@packed
@pytest.mark.parametrize(
    "body", [b"", b"x", FEED, bytes(LIMIT)], ids=["empty", "short", "feed", "just as large as may be"]
)
def test_every_coding_is_undone(coding: str, pack: Callable[[bytes], bytes], body: bytes) -> None:
    assert decode(pack(body), coding, LIMIT) == body


@packed
@pytest.mark.parametrize("chunk", [1, 2, 3, 1000])
def test_chunks_of_any_size_are_taken(coding: str, pack: Callable[[bytes], bytes], chunk: int) -> None:
    assert decode(pack(FEED), coding, LIMIT, chunk) == FEED


@packed
def test_larger_than_the_limit_is_refused(coding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FetchError, match=r"^is larger than 1 MB; see fetch.max_body$"):
        decode(pack(bytes(LIMIT + 1)), coding, LIMIT)


@packed
def test_a_bomb_costs_no_more_memory_than_the_limit_allows(coding: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(40_000_000))
    tracemalloc.start()
    with pytest.raises(FetchError, match="is larger than 1 MB"):
        decode(bomb, coding, LIMIT)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < LIMIT + 5_000_000


@packed
def test_nothing_is_read_on_once_the_limit_is_passed(coding: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(40_000_000))
    reading = Body(coding, LIMIT)
    fed = 0
    with suppress(FetchError):
        for fed in range(len(bomb)):
            reading.feed(bomb[fed : fed + 1])
    assert fed < max(60, len(bomb) / 30)


def test_a_bomb_in_a_bomb_is_refused() -> None:
    bomb = gzip.compress(gzip.compress(gzip.compress(bytes(40_000_000))))
    with pytest.raises(FetchError, match="is larger than 1 MB"):
        decode(bomb, "gzip, gzip, gzip", LIMIT)


@packed
def test_cut_off_is_an_error_and_not_half_a_document(coding: str, pack: Callable[[bytes], bytes]) -> None:
    whole = pack(FEED)
    with pytest.raises(FetchError, match=rf"^sent a body that is cut off \({coding.lower()}\)$"):
        decode(whole[: len(whole) // 2], coding, LIMIT)


@packed
def test_what_was_never_compressed_is_an_error(coding: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(
        FetchError, match=rf"^sent a body that (cannot be decompressed|is cut off) \({coding.lower()}\)"
    ):
        decode(b"<rss>plain</rss>", coding, LIMIT)


@pytest.mark.parametrize(
    "codings, body",
    [
        ("", FEED),
        ("identity", FEED),
        ("utf-8", FEED),  # seen from servers that mean the charset
        ("none, ,", FEED),
        ("gzip", b""),  # no body at all was not compressed either
        ("identity, gzip", gzip.compress(FEED)),
        ("gzip, br", brotli.compress(gzip.compress(FEED))),  # in the order in which they were applied
        ("deflate, gzip, zstd", zstandard.compress(gzip.compress(zlib.compress(FEED)))),
    ],
)
def test_codings(codings: str, body: bytes) -> None:
    assert decode(body, codings, LIMIT) == (FEED if body else b"")


@pytest.mark.parametrize(
    "codings, body",
    [
        ("gzip", gzip.compress(FEED[:100]) + gzip.compress(FEED[100:])),
        ("gzip", gzip.compress(FEED) + gzip.compress(b"")),
        ("gzip", gzip.compress(FEED) + bytes(100)),  # padding
        ("deflate", zlib.compress(FEED) + b"junk"),
        ("zstd", zstandard.compress(FEED[:100]) + zstandard.compress(FEED[100:])),
    ],
    ids=["two members", "an empty member", "padding", "junk", "two frames"],
)
@pytest.mark.parametrize("chunk", [1, 65536])
def test_what_follows_the_first_end(codings: str, body: bytes, chunk: int) -> None:
    assert decode(body, codings, LIMIT, chunk) == FEED


def test_a_second_member_that_is_cut_off_is_no_document() -> None:
    with pytest.raises(FetchError, match=r"^sent a body that is cut off \(gzip\)$"):
        decode(gzip.compress(FEED[:100]) + gzip.compress(FEED[100:])[:50], "gzip", LIMIT)


def test_codings_without_end_are_refused() -> None:
    with pytest.raises(FetchError, match=r"^sent a body that was compressed 5000 times over$"):
        decode(FEED, ",".join(["gzip"] * 5000), LIMIT)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]))
def test_no_bytes_raise_anything_but_a_sentence(body: bytes, coding: str) -> None:
    with suppress(FetchError):
        assert len(decode(body, coding, LIMIT)) <= LIMIT


@given(st.binary(max_size=2000), st.sampled_from(PACKERS))
def test_round_trip(body: bytes, packer: tuple[str, Callable[[bytes], bytes]]) -> None:
    coding, pack = packer
    assert decode(pack(body), coding, LIMIT) == body
