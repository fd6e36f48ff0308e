from __future__ import annotations

import gzip
import time

import pytest

from feedwatch.errors import DocumentError
from feedwatch.model import Child, Document, Entry
from feedwatch.parse.sitemap import MOST_URLS, read_sitemap

URL = "https://a.example/sitemap.xml"
A, B, C = "https://a.example/1", "https://a.example/2", "https://a.example/3"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)
NEWS = f"""<url><loc>{A}</loc><lastmod>2024-02-20</lastmod>
  <image:image><image:loc>/a.jpg</image:loc><image:title>no headline</image:title></image:image>
  <image:image><image:loc>/b.jpg</image:loc></image:image>
  <news:news>
    <news:publication><news:name>江门日报</news:name><news:language>zh-cn</news:language></news:publication>
    <news:publication_date>2024-02-19T08:30+08:00</news:publication_date>
    <news:title>蓬江区召开大会 &amp; <![CDATA[A & <B>]]></news:title>
    <news:keywords>经济, 大湾区,, 经济</news:keywords>
  </news:news></url>"""


def read(text: str | bytes, content_type: str | None = None) -> Document:
    return read_sitemap(text if isinstance(text, bytes) else text.encode(), content_type=content_type, url=URL)


def urlset(*urls: str) -> str:
    return f"{HEAD}{''.join(urls)}</urlset>"


def page(loc: str, lastmod: str = "") -> str:
    return f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>"


def urls(document: Document) -> list[str | None]:
    return [entry.url for entry in document.entries]


def test_a_news_sitemap_tells_what_a_feed_tells() -> None:
    document = read(urlset(NEWS))
    assert document.entries == (
        Entry(
            url=A,
            title="蓬江区召开大会 &amp; A &amp; &lt;B&gt;",
            published="2024-02-19T08:30+08:00",
            updated="2024-02-20",
            language="zh-cn",
            tags=("经济", "大湾区"),
            image="https://a.example/a.jpg",
            origin="江门日报",
        ),
    )
    assert (document.title, document.warnings) == ("江门日报", ())


def test_a_plain_sitemap_leaves_the_title_to_the_page() -> None:
    assert read(urlset(page(A, "2024-02-20"), page(B))).entries == (Entry(url=A, updated="2024-02-20"), Entry(url=B))


@pytest.mark.parametrize(
    "document",
    [
        urlset(NEWS).replace("http://www.google.com/schemas/sitemap-news/0.9", "https://www.google.com/schemas/news/1"),
        urlset(NEWS).replace("<url", "<sm:url").replace("</url", "</sm:url").replace("xmlns=", "xmlns:sm="),
        urlset(NEWS).replace(' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', ""),
        "\ufeff" + urlset(NEWS),
        "\n\n<!-- made by x -->" + urlset(NEWS).partition("?>")[2],
        urlset(f"<!-- <url><loc>{B}</loc></url> -->", NEWS) + "<!-- 0.2 s -->",
    ],
)
def test_namespaces_and_comments_do_not_matter(document: str) -> None:
    (entry,) = read(document).entries
    assert (entry.url, entry.published, entry.image) == (A, "2024-02-19T08:30+08:00", "https://a.example/a.jpg")


@pytest.mark.parametrize(
    "dates, order",
    [
        (("2024-01-01", "2024-03-01", "2024-02-01"), [B, C, A]),
        (("2024", "2024-03", ""), [B, A, C]),  # W3C dates may be short
        (("", "", "2024"), [C, A, B]),  # undated ones last, as they stand
        (("2024-01-01T10:00:00+08:00", "2024-01-01T03:00:00Z", "2024-01-01"), [B, A, C]),  # 02:00, 03:00, 00:00
        (("yesterday", "2024-13-45", "1999"), [C, A, B]),
        (("0001-01-01T00:00+08:00", "9999-12-31T23:59-08:00", "1999"), [C, A, B]),  # beyond what has a UTC
    ],
)
def test_newest_first(dates: tuple[str, str, str], order: list[str]) -> None:
    assert urls(read(urlset(*map(page, (A, B, C), dates)))) == order


def test_publication_outranks_a_later_touch() -> None:
    document = read(urlset(page(B, "2024-02-19T12:00Z"), NEWS))
    assert urls(document) == [B, A]  # A was published before, and touched a day later


def test_an_index_names_its_sitemaps() -> None:
    document = read(
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<sitemap><loc>{A}</loc></sitemap><sitemap><loc>{B}.xml.gz</loc><lastmod>2024-02-02</lastmod></sitemap>"
        "</sitemapindex>"
    )
    assert document.children == (Child(f"{B}.xml.gz", "2024-02-02"), Child(A))
    assert document.entries == ()


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_sitemap(ends: str) -> None:
    document = read(ends.join(["", A, f"  {B}", "", A, "notes", "ftp://a.example/x"]))
    assert document.entries == (Entry(url=A), Entry(url=B))
    assert document.warnings == ("2 entries not an http(s) URL; left out.",)


@pytest.mark.parametrize(
    "feed",
    [
        f"<rss version='2.0'><channel><item><title>T</title><link>{A}</link></item></channel></rss>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title><link href='{A}'/></entry></feed>",
        f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"title": "T", "url": "{A}"}}]}}',
    ],
)
def test_a_feed_may_stand_for_a_sitemap(feed: str) -> None:
    (entry,) = read(feed).entries
    assert (entry.title, entry.url) == ("T", A)


@pytest.mark.parametrize(
    "body, read_urls, warning",
    [
        (urlset(page(A), page(A, "2024")), [A], "1 entry of a URL that stands above already; left out."),
        (urlset(page(A), page("javascript:x"), "<url/>"), [A], "2 entries without an http(s) URL; left out."),
        (
            urlset(page("https://a.example/?a=1&b=2&amp;c=&#51;")),
            ["https://a.example/?a=1&b=2&c=3"],
            "Ampersands (&) stand unescaped; read as they stand.",
        ),
        (urlset(page(f"{A}\x0b"), page(B)).replace("\x0b", "\x0b\ufffe"), [A, B], None),
        (HEAD + page(A) + "<url><loc>https://a.example/hal", [A], "Cut off before its end; read as far as it goes."),
        (
            urlset(page(A), "<x></y>", page(B)),
            [A, B],
            "Not well-formed at line 2 (Opening and ending tag mismatch: x line 2 and y); read all the same.",
        ),
        (urlset(), [], None),  # a quiet day
        ("<urlset/>", [], None),
    ],
)
def test_what_can_be_read_is_read(body: str, read_urls: list[str], warning: str | None) -> None:
    document = read(body)
    assert urls(document) == read_urls
    assert document.warnings == ((warning,) if warning else ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_encodings(encoding: str) -> None:
    body = urlset(NEWS).replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
    assert read(body).entries[0].origin == "江门日报"


GZIPPED = gzip.compress(urlset(page(A), *(page(f"{B}/{n}") for n in range(5000))).encode())


def test_gzip_is_unpacked() -> None:
    assert len(read(GZIPPED).entries) == 5001
    assert urls(read(gzip.compress(HEAD.encode()) + gzip.compress(f"{page(A)}</urlset>".encode()) + b"\0\0")) == [A]


@pytest.mark.parametrize(
    "body, warning",
    [
        (GZIPPED[:-100], "Cut off before the end of its gzip stream; read as far as it goes."),
        (GZIPPED + b"</html>", "Followed by bytes that are not gzip'd; left out."),
    ],
)
def test_damaged_gzip_is_read_up_to_the_damage(body: bytes, warning: str) -> None:
    document = read(body)
    assert len(document.entries) > 1000
    assert document.warnings[0] == warning


def test_fifty_thousand_urls_and_no_more() -> None:
    document = read(urlset(*(page(f"{A}/{n}") for n in range(MOST_URLS + 1))))
    assert len(document.entries) == MOST_URLS
    assert document.warnings == ("Holds more than 50,000 URLs; the rest was left out (sitemaps.org).",)
    assert len(read("\n".join(f"{A}/{n}" for n in range(MOST_URLS + 1))).entries) == MOST_URLS


@pytest.mark.parametrize(
    "body, sentence",
    [
        (b"", "An empty document, not a sitemap"),
        (b"<html><head><title>Log in</title>", "An HTML page, not a sitemap: “Log in”"),
        (b"<!DOCTYPE html><html>", "An HTML page, not a sitemap; it has no title"),
        (b"<opml/>", "XML with the root <opml>, not a sitemap"),
        (b"not found", "Plain text, not a sitemap: “not found”"),
        (b"<<<<", "Broken markup, not a sitemap"),
        (
            b"\x1f\x8bnothing",
            "Looks gzip'd, but cannot be unpacked (Error -3 while decompressing data: unknown compress",
        ),
        (gzip.compress(bytes(51 << 20)), "Unpacks to more than 50 MB, more than a sitemap may be (sitemaps.org)"),
        (HEAD.encode() + b"<url><loc>https://a.exam", "A sitemap that is cut off before its first entry ends"),
        (
            urlset("<url>" * 300).encode(),
            "A sitemap in which nothing can be read: not well-formed at line 2 (Excessive depth in document",
        ),
    ],
)
def test_what_is_no_sitemap_is_told(body: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(body)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!-- x --><!DOCTYPE urlset [<!ENTITY % a SYSTEM "http://a.example/dtd"> %a;]>',
    ],
)
def test_no_entity_is_ever_declared(doctype: str) -> None:
    with pytest.raises(DocumentError, match="declares a document type of its own"):
        read(f"{doctype}{urlset(page('https://a.example/&a;')).partition('?>')[2]}")


def test_an_outer_document_type_loads_nothing() -> None:
    document = read(f'<!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset>{page(A + "?&passwd;")}</urlset>')
    assert urls(document) == [f"{A}?&passwd;"]


@pytest.mark.parametrize(
    "body",
    [
        HEAD + "<!--" * 300_000,
        HEAD + "<![CDATA[" * 200_000,
        "<?" * 1_000_000,
        "<?x?>" * 200_000,
        HEAD + "<url>" * 300_000,
        urlset("&" * 1_000_000, "<url>" * 300),
        urlset(page("x" * 11_000_000)),
        f"<urlset{' a=b' * 200_000}>",
    ],
)
def test_hostile_documents_end_soon(body: str) -> None:
    begun = time.process_time()
    with pytest.raises(DocumentError):
        read(body)
    assert time.process_time() - begun < 3
