"""What the sites of a new user serve: a paper with two feeds, one with one, one without, and what goes wrong."""

from __future__ import annotations

from tests.httpserver import Document, FeedServer, redirect, unavailable
from tests.unit.parse.pages import GOVERNMENT

HTML = "text/html"
ITEM_SELECTORS = ["--item", GOVERNMENT.selectors.item, "--date", GOVERNMENT.selectors.date]
PARAGRAPH = "<p>The port of the Greater Bay Area grows by a new quay, which opens to ships of every size on Monday.</p>"


def rss(title: str, server: FeedServer, count: int = 3, channel: str = "") -> bytes:
    """A feed of short teasers, each of which links to an article of the server's own."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><title>Report {n}</title><link>{server.url(f'/article/{n}')}</link>"
        f"<pubDate>Mon, {28 - n} Jul 2025 08:00:00 GMT</pubDate><description>A teaser.</description></item>"
        for n in range(count)
    )
    head = f"<title>{title}</title><link>{server.url('/')}</link><language>en</language>"
    return (
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{head}{channel}{items}</channel></rss>'
    ).encode()


def page(title: str, *feeds: str, body: str = "") -> Document:
    """A page that names feeds."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    html = f"<!doctype html><html><head><title>{title}</title>{links}</head><body>{body}</body></html>"
    return Document(html.encode(), content_type=HTML)


def city_paper() -> Document:
    """A list page without a feed, in GBK."""
    return Document(GOVERNMENT.html.replace("utf-8", "gb2312").encode("gbk"), content_type=HTML)


def sitemap(server: FeedServer, count: int = 8) -> Document:
    """A plain one: addresses and dates, no titles."""
    urls = "".join(
        f"<url><loc>{server.url(f'/article/{n}')}</loc><lastmod>2025-07-2{n}</lastmod></url>" for n in range(count)
    )
    return Document(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode())


def index(server: FeedServer, *paths: str) -> Document:
    """An index of sitemaps, the newest first."""
    maps = "".join(
        f"<sitemap><loc>{server.url(path)}</loc><lastmod>2025-07-{28 - n}</lastmod></sitemap>"
        for n, path in enumerate(paths)
    )
    return Document(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode())


def fill(server: FeedServer) -> None:
    """Put everything onto the server."""
    hints = "<ttl>90</ttl><skipHours><hour>3</hour></skipHours>"
    links = (
        f'<atom:link rel="hub" href="{server.url("/hub")}"/>'
        f'<atom:link rel="prev-archive" href="{server.url("/older.xml")}"/>'
    )
    server.documents |= {
        "/two": page("The Paper", "/paper.xml", "/comments.xml"),
        "/one": page("The Weekly", "/weekly.xml"),
        "/city/": city_paper(),
        "/login": page("Sign in", body="<form><input type=password name=p></form>"),
        "/scripts": page("App", body="<div id=root></div>"),
        "/paper.xml": Document(rss("The Paper", server)),
        "/comments.xml": Document(rss("Comments for The Paper", server, 1)),
        "/weekly.xml": Document(rss("The Weekly", server), headers=(("Cache-Control", "max-age=2400"),)),
        "/hints.xml": Document(rss("Hints", server, channel=hints + links)),
        "/none.xml": Document(rss("Nothing yet", server, 0)),
        "/cut.xml": Document(rss("Cut", server)[:-20]),
        "/plain.xml": sitemap(server),
        "/maps.xml": index(server, "/plain.xml", "/absent.xml"),
        "/moved": redirect("/weekly.xml", 301),
        "/elsewhere": redirect("/weekly.xml", 302),
        "/locked": Document(b"no", status=401),
        "/gone": Document(b"no", status=410),
        "/broken": Document(b"no", status=500),
        "/busy": unavailable(429, "600"),
        "/binary": Document(b"\x00\x01\x02\xff\xfe" * 100, content_type="application/octet-stream"),
    }
    for n in range(8):
        article = page(f"Report {n}", body=f"<article><h1>Report {n}</h1>{PARAGRAPH * 6}</article>")
        server.documents[f"/article/{n}"] = article
