"""The short way gives what the long way gives, or gives way to it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.errors import DocumentError
from feedwatch.parse import parse, straight
from tests.corpus import corpus_dir
from tests.effort import examples

HERE = "http://a.example/"
FRAME = (
    b'<?xml version="1.0" encoding="%s"?>%s<rss version="2.0" a="%s"><channel><title>T%s</title><!-- c%s --><?pi %s?>'
    b"<item><title><![CDATA[%s]]></title><link>http://a.example/%s</link><description>&lt;b&gt;%s</description></item>"
    b"</channel></rss>%s"
)
GOOD = [b"", b"a", "é".encode(), "大".encode(), "😀".encode(), b"&amp;", b"&eacute;"]
BAD = [
    b"\xff", b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3", b"\xe2\x82", b"\x80", b"\0",
    b"\xef\xbf\xbf", b"\xef\xbb\xbf", b"\xc2\x85", b"\xf0\x80\x80\x80", b"<", b"</width>", b"]]>", b"\x07",
]  # fmt: skip
LABELS = [b"UTF-8", b"utf8", b"iso-8859-1", b"gb2312", b"hz", b"x-foo"]
TYPES = [None, "text/xml", "text/xml; charset=utf-8", "text/xml; charset=latin1"]


def both(body: bytes, content_type: str | None) -> tuple[str, str]:
    """What is read with the short way open, and with it closed."""

    def read() -> str:
        try:
            return repr(parse(body, content_type=content_type, url=HERE))
        except DocumentError as error:
            return str(error)

    with pytest.MonkeyPatch.context() as patch:
        open_way = read()
        patch.setattr(straight, "read", lambda *_: None)
        return open_way, read()


@given(
    st.lists(st.sampled_from(GOOD * 3 + BAD), min_size=9, max_size=9),
    st.sampled_from(LABELS),
    st.sampled_from(TYPES),
)
@settings(max_examples=examples(400), deadline=None)
def test_any_bytes_in_any_place(pieces: list[bytes], label: bytes, content_type: str | None) -> None:
    open_way, long_way = both(FRAME % (label, *pieces), content_type)
    assert open_way == long_way


def test_real_documents() -> None:
    corpus = corpus_dir()
    if corpus is None:
        pytest.skip("the corpus is not on this machine; set FEEDWATCH_CORPUS")
    bodies = [path.read_bytes() for path in sorted((corpus / "feeds" / "real-world").iterdir())]
    taken = 0
    for body in bodies:
        open_way, long_way = both(body, None)
        assert open_way == long_way
        taken += straight.read(body, None, HERE) is not None
    assert taken > len(bodies) // 2
