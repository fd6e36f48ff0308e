from __future__ import annotations

import time

import pytest

from feedwatch.errors import DocumentError
from feedwatch.parse.html_text import html_text, html_tree, page_title
from tests.corpus import corpus_dir

MAINLAND = "江门市召开高质量发展大会，部署全年重点工作任务。市委书记出席会议并讲话。"
HARBOUR = "行政長官表示，政府會繼續推動經濟發展，改善民生，並加強與大灣區各市的合作。"
FRENCH = "L’été à Noël : déjà vu, où ça ? Très bien, naïve façade."


def page(text: str, meta: str = "") -> str:
    return f"<html><head>{meta}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    "text, encoding, meta, content_type",
    [
        (MAINLAND, "gbk", "", "text/html; charset=GBK"),
        (MAINLAND, "gbk", "", 'text/html; charset="gb2312"'),  # gb2312 means gbk on the web
        (MAINLAND, "gbk", "<meta charset=gb2312>", None),
        (MAINLAND, "gbk", '<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />', "text/html"),
        (MAINLAND + "㐂", "gb18030", "<META CHARSET='GB18030'>", None),
        (HARBOUR, "big5", "<meta charset=big5>", None),
        (HARBOUR, "big5", "", "text/html; charset=big5"),
        (MAINLAND, "utf-8", "", None),
        (MAINLAND, "utf-8", "<meta charset=utf-8>", "text/html"),
        (MAINLAND, "utf-16", "", None),  # by its byte order mark
        (MAINLAND, "utf-8-sig", "<meta charset=gbk>", "text/html; charset=big5"),  # the mark outranks both
        (MAINLAND, "utf-8", "<meta charset=utf-16>", None),  # cannot be, as it was read up to there
        (FRENCH, "cp1252", "", "text/html; charset=iso-8859-1"),
        (FRENCH, "cp1252", "", None),
        # nothing declared: a guess
        (MAINLAND, "gbk", "", None),
        (HARBOUR, "big5", "", "text/html"),
        # declared wrongly
        (MAINLAND, "gbk", "<meta charset=gb2312>", "text/html; charset=ISO-8859-1"),  # a server's default
        (MAINLAND, "utf-8", "<meta charset=gb2312>", "text/html; charset=ISO-8859-1"),
        (MAINLAND, "gbk", "<meta charset=gbk>", "text/html; charset=utf-8"),
        (MAINLAND, "gbk", "<!-- <meta charset=big5> --><meta charset=gbk>", None),
    ],
)
def test_encodings(text: str, encoding: str, meta: str, content_type: str | None) -> None:
    assert html_text(page(text, meta).encode(encoding), content_type) == page(text, meta)


@pytest.mark.parametrize("name", ["utf8-meta-after-1024.html", "iso-8859-1.html", "iso-8859-1-meta-after-1024.html"])
def test_encodings_of_the_corpus(name: str) -> None:
    folder = corpus_dir()
    if folder is None:
        pytest.skip("the corpus of feed documents is not here")
    (path,) = (folder / "feeds" / "miniflux" / "encoding").rglob(name)
    assert "Frédéric" in html_text(path.read_bytes(), "text/html")


@pytest.mark.parametrize("lost", range(1, 3))
def test_a_page_cut_within_a_character_keeps_the_rest(lost: int) -> None:
    body = page(MAINLAND, "<meta charset=gbk>").partition("</p>")[0].encode("gbk")[:-lost]
    assert MAINLAND[:-2] in html_text(body, None)


@pytest.mark.parametrize("body", [b"", b"\xff", b"\x80" * 1000, bytes(range(256)), b"<meta charset=nonsense>\xe9"])
def test_any_bytes_become_text(body: bytes) -> None:
    assert isinstance(html_text(body, "text/html; charset=whatever"), str)


@pytest.mark.parametrize(
    "html, title",
    [
        ("<title> Log\n in &amp; read </title>", "Log in & read"),
        ("<svg><title>x</title></svg>", ""),
        ("no title", ""),
    ],
)
def test_title(html: str, title: str) -> None:
    assert page_title(html_tree(html)) == title


BOLD, ITALIC = ("".join(f"<{name} class={n}>" for n in range(4000)) for name in "bi")


@pytest.mark.parametrize(
    "html, sentence",
    [
        ("<div>" * 200_000, "An HTML page of 200,000 nested blocks, which no page needs; not read"),
        ("</div>" * 90_000 + "<ul>" * 90_000 + "</ul>" * 90_000, "An HTML page of 90,000 nested blocks, which"),
        (BOLD + ITALIC + "x</b>" * 4000, "An HTML page that leaves 8,000 elements of formatting open; not read"),
        ("<p>" + BOLD[:1000] + "</p>" + "<p>x</p>" * 50_000, "An HTML page that leaves 85 elements of formatting open"),
        ("<select>" + "<option>x</option>" * 50_000, "An HTML page with 50,000 options to choose from; not read"),
    ],
)
def test_pages_that_would_take_minutes_or_gigabytes_are_refused(html: str, sentence: str) -> None:
    begun = time.process_time()
    with pytest.raises(DocumentError) as caught:
        html_tree(html)
    assert str(caught.value).startswith(sentence)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "html",
    [
        "<div>x</div>" * 100_000,
        "<div>" * 900 + "<p>x" * 10_000,
        "<td><font color=red size=2>x" * 20_000,  # an old page that never closes one
        "<b><i>x</b></i>" * 50_000,
        "<i class=icon></i>" * 50_000,
        "<a href=x><b>x" * 20_000,
        "<select>" + "<option>x" * 3_000,
    ],
)
def test_careless_pages_are_read(html: str) -> None:
    begun = time.process_time()
    assert html_tree(html).body is not None
    assert time.process_time() - begun < 2
