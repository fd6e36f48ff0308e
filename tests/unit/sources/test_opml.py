from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.declared import SourceSettings
from feedwatch.errors import OpmlError
from feedwatch.model import Selectors
from feedwatch.sources.opml import OpmlFile, Outline, name_for, read_opml, write_opml
from tests.corpus import corpus_dir

A, B = "https://a.example/feed", "https://b.example/feed"


def read(body: str) -> OpmlFile:
    return read_opml(f'<opml version="2.0"><body>{body}</body></opml>'.encode(), "feeds.opml")


@pytest.mark.parametrize(
    "body, outlines",
    [
        (f'<outline text="A" xmlUrl="{A}"/>', [Outline("A", A)]),
        (f'<outline text="short" title="A" xmlUrl="{A}" language="en"/>', [Outline("A", A, "en")]),
        (f'<outline xmlUrl="{A}"/>', [Outline("", A)]),
        (f'<outline text="A &amp; B&#10; C" xmlUrl=" {A}?x=1&amp;y=2 "/>', [Outline("A & B C", f"{A}?x=1&y=2")]),
        (f'<outline text="HK"><outline text="A" xmlUrl="{A}"/></outline>', [Outline("A", A, None, ("HK",))]),
        (
            (
                f'<outline text="Asia"><outline text="HK"><outline text="A" xmlUrl="{A}"/></outline>'
                f'<outline text="B" xmlUrl="{B}"/></outline>'
            ),
            [Outline("A", A, None, ("Asia", "HK")), Outline("B", B, None, ("Asia",))],
        ),
        (
            f'<outline text="A" xmlUrl="{A}" category="/news/hk, trade,,"/>',
            [Outline("A", A, None, ("news/hk", "trade"))],
        ),
        (  # a folder that is a category too is one tag
            f'<outline text="HK"><outline text="A" xmlUrl="{A}" category="HK,x"/></outline>',
            [Outline("A", A, None, ("HK", "x"))],
        ),
        (f'<outline><outline text="A" xmlUrl="{A}"/></outline>', [Outline("A", A)]),  # a folder without a name
        (  # outlines below a feed are feeds beside it
            f'<outline text="A" xmlUrl="{A}"><outline text="B" xmlUrl="{B}"/></outline>',
            [Outline("A", A), Outline("B", B)],
        ),
        ('<outline text="only a note"/>', []),
        (f'<outline text="A" xmlurl="{A}"/>', [Outline("A", A)]),  # as some exporters write it
        ("", []),
    ],
)
def test_outlines(body: str, outlines: list[Outline]) -> None:
    assert read(body) == OpmlFile(tuple(outlines), ())


@pytest.mark.parametrize(
    "body, outlines, warning",
    [
        (
            f'<outline text="A" xmlUrl="{A}"/><outline text="Again" xmlUrl="{A}"/>',
            [Outline("A", A)],
            "Again: the URL stands twice; taken once",
        ),
        (
            '<outline text="A" xmlUrl="feed://a.example/"/>',
            [],
            "A: left out, 'feed://a.example/' is not an http(s) URL",
        ),
        ('<outline text="A" xmlUrl="/feed.xml"/>', [], "A: left out, '/feed.xml' is not an http(s) URL"),
        (
            '<outline xmlUrl="javascript:alert(1)"/>',
            [],
            "javascript:alert(1): left out, 'javascript:alert(1)' is not an http(s) URL",
        ),
        ('<outline text="A" xmlUrl="http://a b/"/>', [], "A: left out, 'http://a b/' is not an http(s) URL"),
        ('<outline text="A" xmlUrl="http://[::1/"/>', [], "A: left out, 'http://[::1/' is not an http(s) URL"),
        ('<outline text="A" xmlUrl="http://:80/"/>', [], "A: left out, 'http://:80/' is not an http(s) URL"),
        (
            '<outline text="A" xmlUrl="file:///etc/passwd"/>',
            [],
            "A: left out, 'file:///etc/passwd' is not an http(s) URL",
        ),
    ],
)
def test_what_is_left_out_is_told(body: str, outlines: list[Outline], warning: str) -> None:
    assert read(body) == OpmlFile(tuple(outlines), (warning,))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "big5", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    title = "café" if encoding == "iso-8859-1" else "新聞" if encoding == "big5" else "新闻"
    declared = encoding.removesuffix("-sig")
    document = (
        f'<?xml version="1.0" encoding="{declared}"?><opml><body><outline text="{title}" xmlUrl="{A}"/></body></opml>'
    )
    assert read_opml(document.encode(encoding), "feeds.opml").outlines == (Outline(title, A),)


@pytest.mark.parametrize("head", ["<OPML><BODY>", '<opml xmlns="http://opml.org/spec2"><body>'])
def test_exporters_that_write_it_otherwise(head: str) -> None:
    tail = "".join(f"</{name}>" for name in re.findall(r"<(\w+)", head)[::-1])
    assert read_opml(f'{head}<outline text="A" xmlUrl="{A}"/>{tail}'.encode(), "x").outlines == (Outline("A", A),)


ENTITY = '<!DOCTYPE opml [<!ENTITY a "aaaa">]><opml><body><outline text="&a;"/></body></opml>'


@pytest.mark.parametrize(
    "body, sentence",
    [
        (b"", "feeds.opml:1: not well-formed XML: no element found: line 1, column 0"),
        (b"<opml>\n<body>\n</opml>", "feeds.opml:3: not well-formed XML: mismatched tag: line 3, column 2"),
        (b"just text", "feeds.opml:1: not well-formed XML: syntax error: line 1, column 0"),
        (b"<rss><channel/></rss>", "feeds.opml: not OPML: its root element is <rss>"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "feeds.opml: not OPML: its root element is <feed>"),
        (ENTITY.encode(), "feeds.opml: declares XML entities, which no OPML file needs; not read"),
        (ENTITY.encode("utf-16"), "feeds.opml: declares XML entities, which no OPML file needs; not read"),
        (
            b'<?xml version="1.0" encoding="klingon"?><opml/>',
            "feeds.opml: its encoding cannot be read; save it in UTF-8",
        ),
        (
            b'<?xml version="1.0" encoding="gbk"?><opml>\xff\xff</opml>',
            "feeds.opml: its encoding cannot be read; save it in UTF-8",
        ),
        (
            b"<opml><body>" + b'<outline text="a">' * 5000 + b"</outline>" * 5000 + b"</body></opml>",
            "feeds.opml: its folders are nested too deeply",
        ),
    ],
)
def test_no_opml(body: bytes, sentence: str) -> None:
    with pytest.raises(OpmlError) as caught:
        read_opml(body, "feeds.opml")
    assert str(caught.value) == sentence


def test_the_regions_feeds() -> None:
    folder = corpus_dir()
    if folder is None:
        pytest.skip("the corpus of feed documents is not here")
    opml = read_opml((folder / "opml" / "region-feeds.opml").read_bytes(), "region-feeds.opml")
    assert len(opml.outlines) == 24
    assert opml.warnings == ()
    assert {outline.tags for outline in opml.outlines} == {("China",), ("Guangdong",), ("Hong Kong",), ("Macau",)}
    names: set[str] = set()
    for outline in opml.outlines:
        names.add(name_for(outline, names))
        SourceSettings(name=name_for(outline, names), url=outline.url, language=outline.language)
    assert {"china-daily-china", "rthk-local-en", "news-southcn-com", "hket-com"} <= names
    assert len(names) == 24


characters = st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in (*range(9), 11, 12)])
characters = characters.filter(lambda one: one >= " " or one in "\t\n\r").filter(lambda one: one not in "\ufffe\uffff")
odd = st.sampled_from(
    [
        '"quoted"',
        "<b>&amp;</b>",
        "]]>",
        "it's",
        "新聞",
        "😀",
        "&#0;",
        "--",
        "<!ENTITY",
        "%20",
        "a, b",
        "/news/hk/",
        " x ",
        ",",
        "/",
    ]
)
words = odd | st.text(characters, max_size=30)
selectors = st.builds(Selectors, item=words.filter(bool), title=words, date=words, summary=words)
outlines = st.builds(
    Outline,
    title=words,
    url=st.sampled_from([A, B])
    | st.integers(0, 99).map(lambda number: f'https://c.example/{number}?a=1&b="<>{number}'),
    language=st.sampled_from([None, "en", "zh-Hant"]),
    tags=st.lists(words.filter(bool), max_size=3).map(tuple),
).flatmap(
    lambda outline: (
        st.just(outline)
        | st.just(replace(outline, kind="sitemap"))
        | selectors.map(lambda chosen: replace(outline, kind="page", selectors=chosen))
    )
)


@given(st.lists(outlines, max_size=8, unique_by=lambda outline: outline.url), words)
@settings(deadline=None, max_examples=100)
def test_what_is_exported_is_imported_again(exported: list[Outline], title: str) -> None:
    opml = read_opml(write_opml(exported, title).encode(), "x")
    assert sorted(opml.outlines, key=by_url) == sorted(exported, key=by_url)
    assert opml.warnings == ()


def by_url(outline: Outline) -> str:
    return outline.url


@pytest.mark.parametrize("illegal", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_left_out_of_an_export(illegal: str) -> None:
    exported = write_opml([Outline(f"A{illegal}B", A, None, (f"x{illegal}y",))], f"all{illegal}")
    assert read_opml(exported.encode(), "x").outlines == (Outline("AB", A, None, ("xy",)),)


def test_an_export() -> None:
    exported = [
        Outline("明報 & Co", A, "zh-Hant", ("Hong Kong", "daily")),
        Outline("B", B),
    ]
    assert write_opml(exported, "feedwatch <sources>") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head><title>feedwatch &lt;sources&gt;</title></head>\n"
        "  <body>\n"
        f'    <outline type="rss" text="B" title="B" xmlUrl="{B}"/>\n'
        '    <outline text="Hong Kong">\n'
        f'      <outline type="rss" text="明報 &amp; Co" title="明報 &amp; Co" xmlUrl="{A}" language="zh-Hant"'
        ' category="Hong Kong,daily"/>\n'
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n"
    )


def test_what_plain_opml_can_say_needs_no_extension() -> None:
    plain = [Outline("A", A, "en", ("Hong Kong", "daily")), Outline("", B, None, ("news/hk",))]
    assert "feedwatch:" not in write_opml(plain, "x")


def test_what_it_cannot_say_stands_in_a_namespace() -> None:
    exported = [
        Outline("A", A, None, ("trade, ports", "/news/")),
        Outline("B", B, None, ("HK",), "page", Selectors(item="ul > li", date="span")),
    ]
    assert write_opml(exported, "x") == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0" xmlns:feedwatch="urn:feedwatch:opml">\n'
        "  <head><title>x</title></head>\n"
        "  <body>\n"
        '    <outline text="HK">\n'
        f'      <outline type="link" text="B" title="B" url="{B}" category="HK" feedwatch:kind="page"'
        ' feedwatch:select-item="ul &gt; li" feedwatch:select-link="a[href]" feedwatch:select-date="span"/>\n'
        "    </outline>\n"
        '    <outline text="trade, ports">\n'
        f'      <outline type="rss" text="A" title="A" xmlUrl="{A}" category="trade  ports,/news/"'
        """ feedwatch:tags='["trade, ports", "/news/"]'/>\n"""
        "    </outline>\n"
        "  </body>\n"
        "</opml>\n"
    )


def extended(attributes: str) -> OpmlFile:
    outline = f'<outline xmlns:f="urn:feedwatch:opml" text="A" {attributes}/>'
    return read(outline)


@pytest.mark.parametrize(
    "attributes, outline",
    [
        (f'url="{A}" f:kind="sitemap"', Outline("A", A, kind="sitemap")),
        (f'url="{A}" f:kind="page" f:select-item="li"', Outline("A", A, kind="page", selectors=Selectors("li"))),
        (f'xmlUrl="{A}" category="x" f:tags="[&quot;a, b&quot;]"', Outline("A", A, None, ("a, b",))),
        (f'xmlUrl="{A}" category="x" f:tags="nonsense"', Outline("A", A, None, ("x",))),
        (f'xmlUrl="{A}" category="x" f:tags="[1, null, [], &quot;&quot;]"', Outline("A", A, None, ("x",))),
        (f'xmlUrl="{A}" f:select-item="li"', Outline("A", A)),  # selectors are for pages
    ],
)
def test_extensions(attributes: str, outline: Outline) -> None:
    assert extended(attributes) == OpmlFile((outline,), ())


@pytest.mark.parametrize(
    "attributes, warning",
    [
        (f'url="{A}" f:kind="page"', "A: left out, a page without a selector for its items"),
        (f'url="{A}" f:kind="radio"', "A: left out, 'radio' is no kind of source that is known"),
        ('url="ftp://a.example/" f:kind="sitemap"', "A: left out, 'ftp://a.example/' is not an http(s) URL"),
    ],
)
def test_extensions_that_cannot_be_read_are_told(attributes: str, warning: str) -> None:
    assert extended(attributes) == OpmlFile((), (warning,))


def test_a_link_that_is_no_source_stays_one() -> None:
    assert read(f'<outline type="link" text="A" url="{A}"/>') == OpmlFile((), ())


@pytest.mark.parametrize(
    "title, url, taken, name",
    [
        ("RTHK Local (EN)", "https://rthk.hk/x", [], "rthk-local-en"),
        ("  South China -- Morning Post! ", A, [], "south-china-morning-post"),
        ("明報即時", "https://news.mingpao.com/rss", [], "news-mingpao-com"),
        ("RTHK 本地新聞", "https://www.rthk.hk/x", [], "rthk-hk"),  # `rthk` alone would not be recognised
        ("RTHK 本地 (ZH)", "https://rthk.hk/x", [], "rthk-zh"),
        ("", "https://www.scmp.com/rss/2/feed", [], "scmp-com"),
        ("...", "https://www.scmp.com/rss/2/feed", [], "scmp-com"),
        ("CGTN", A, ["cgtn"], "cgtn-2"),
        ("CGTN", A, ["cgtn", "cgtn-2", "cgtn-3"], "cgtn-4"),
        ("明報", "https://news.mingpao.com/2", ["news-mingpao-com"], "news-mingpao-com-2"),
        ("x" * 100, A, [], "x" * 60),
        ("新聞", "https://新聞.香港/", [], "source"),
        ("新聞", "https://新聞.香港/", ["source"], "source-2"),
        ("", "http://[::1]/", [], "1"),
    ],
)
def test_name(title: str, url: str, taken: list[str], name: str) -> None:
    assert name_for(Outline(title, url), set(taken)) == name


@given(outlines, st.sets(st.sampled_from(["a-example", "b-example", "source"])))
def test_a_name_is_always_free_and_allowed(outline: Outline, taken: set[str]) -> None:
    name = name_for(outline, taken)
    assert name not in taken
    assert SourceSettings(name=name, url=A).name == name
