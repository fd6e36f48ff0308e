"""What belongs to an entry beside its text: enclosures, a picture, the page of comments, the feed it was taken from."""

from __future__ import annotations

import json

import pytest

from feedwatch.model import Enclosure
from tests.unit.parse.documents import atom, entry_of, rss

MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
TITLE = "<title>t</title>"
BROKEN = "<description>a < b</description>"


@pytest.mark.parametrize(
    "document, enclosures",
    [
        (
            rss(TITLE + '<enclosure url="/a.mp3" length="7" type="Audio/MPEG"/>'),
            (Enclosure("https://news.example/a.mp3", "audio/mpeg", 7),),
        ),
        (
            rss(TITLE + '<enclosure url="/a.mp3" length="7" type="audio/mpeg"/>' + BROKEN),
            (Enclosure("https://news.example/a.mp3", "audio/mpeg", 7),),
        ),
        (rss(TITLE + '<enclosure url="/a" length="0"/>'), (Enclosure("https://news.example/a"),)),
        (rss(TITLE + '<enclosure url="/a" length="a lot"/>'), (Enclosure("https://news.example/a"),)),
        (rss(TITLE + f'<enclosure url="/a" length="{"9" * 5000}"/>'), (Enclosure("https://news.example/a"),)),
        (rss(TITLE + '<enclosure url="javascript:x"/><enclosure/>'), ()),
        (
            rss(TITLE + '<enclosure url="/a"/><enclosure url="/b"/><enclosure url="/a" type="x/y"/>'),
            (Enclosure("https://news.example/a"), Enclosure("https://news.example/b")),
        ),
        (
            atom(TITLE + '<link rel="enclosure" type="video/mp4" href="v" length="9"/>'),
            (Enclosure("https://news.example/feeds/v", "video/mp4", 9),),
        ),
        (
            rss(TITLE + f'<media:group {MEDIA}><media:content url="/v" medium="video" fileSize="9"/></media:group>'),
            (Enclosure("https://news.example/v", None, 9),),
        ),
        (rss(TITLE + f'<media:content {MEDIA} url="/p.jpg" type="image/jpeg"/>'), ()),
    ],
)
def test_enclosures(document: str, enclosures: tuple[Enclosure, ...]) -> None:
    assert entry_of(document).enclosures == enclosures


@pytest.mark.parametrize(
    "item, image",
    [
        ("", None),
        (f'<media:thumbnail {MEDIA} url="/p.jpg"/>', "/p.jpg"),
        (f'<media:group {MEDIA}><media:thumbnail url="/p.jpg"/></media:group>', "/p.jpg"),
        (f"<media:thumbnail {MEDIA}>https://news.example/p.jpg</media:thumbnail>", "/p.jpg"),
        (f'<media:content {MEDIA} medium="image" url="/p"/>', "/p"),
        (f'<media:content {MEDIA} type="image/png" url="/p"/>', "/p"),
        (f'<itunes:image {ITUNES} href="/p.jpg"/>', "/p.jpg"),
        (f'<media:thumbnail {MEDIA} url="/q.jpg"/><itunes:image {ITUNES} href="/p.jpg"/>', "/p.jpg"),
        ("<image><url>/p.jpg</url><title>x</title></image>", "/p.jpg"),
        ("<image>https://news.example/p.jpg</image>", "/p.jpg"),
        ("<image>A bridge</image>", None),
        ('<enclosure url="/p.jpg" type="image/jpeg"/>', "/p.jpg"),
        ("<description>&lt;p&gt;&lt;img alt='x' src='/p.jpg?a=1&amp;amp;b=2'&gt;</description>", "/p.jpg?a=1&b=2"),
        ('<description>&lt;img src="/count" width="1" height="1"/&gt;&lt;img src="/p"/&gt;</description>', "/p"),
        ("<description>&lt;img&gt;&lt;img src=''&gt;</description>", None),
    ],
)
def test_image_of_an_item(item: str, image: str | None) -> None:
    assert entry_of(rss(TITLE + item)).image == (image and f"https://news.example{image}")


@pytest.mark.parametrize(
    "document, comments",
    [
        (rss(TITLE + "<comments>/c#comments</comments>"), "https://news.example/c#comments"),
        (rss(TITLE + "<comments>/c#comments</comments>" + BROKEN), "https://news.example/c#comments"),
        (rss(TITLE + "<comments>none</comments><comments/>"), "https://news.example/feeds/none"),
        (rss(TITLE + '<x:comments xmlns:x="http://purl.org/rss/1.0/modules/slash/">7</x:comments>'), None),
        (atom(TITLE + '<link rel="replies" type="text/html" href="/c"/>'), "https://news.example/c"),
        (atom(TITLE + '<link rel="replies" type="application/atom+xml" href="/c"/>'), None),
    ],
)
def test_comments(document: str, comments: str | None) -> None:
    assert entry_of(document).comments == comments


@pytest.mark.parametrize(
    "document, origin, url",
    [
        (rss(TITLE + '<source url="https://a.example/f">A &amp;amp; B</source>'), "A &amp; B", "https://a.example/f"),
        (rss(TITLE + '<source url="https://a.example/f">A</source>' + BROKEN), "A", "https://a.example/f"),
        (rss(TITLE + '<source url="https://a.example/f"/>'), "", "https://a.example/f"),
        (rss(TITLE + "<source>A</source>"), "A", None),
        (
            atom(TITLE + "<source><title type='html'>&lt;b>A&lt;/b></title><link href='https://a.example/'/></source>"),
            "A",
            "https://a.example/",
        ),
        (atom(TITLE + "<source><id>https://a.example/f</id></source>"), "", "https://a.example/f"),
        (atom(TITLE + "<source><link rel='self' href='https://a.example/f'/></source>"), "", "https://a.example/f"),
    ],
)
def test_origin(document: str, origin: str, url: str | None) -> None:
    entry = entry_of(document)
    assert (entry.origin, entry.origin_url) == (origin, url)


def test_authors_of_an_atom_source_are_those_of_an_entry_without_any() -> None:
    source = "<source><author><name>Li</name></author></source>"
    feed = "<author><name>Desk</name></author>"
    assert entry_of(atom(TITLE + source, feed=feed)).authors == ("Li",)
    assert entry_of(atom(TITLE + source + "<author><name>Wu</name></author>", feed=feed)).authors == ("Wu",)


@pytest.mark.parametrize(
    "item, image, enclosures",
    [
        ({"image": "/p.jpg"}, "https://news.example/p.jpg", ()),
        ({"banner_image": "/b.jpg"}, "https://news.example/b.jpg", ()),
        ({"content_html": "<img src=/p.jpg>"}, "https://news.example/p.jpg", ()),
        (
            {"attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 7.0}]},
            None,
            (Enclosure("https://news.example/a.mp3", "audio/mpeg", 7),),
        ),
        ({"attachments": [{"mime_type": "audio/mpeg"}]}, None, ()),
        ({"attachments": [{"url": "/a", "size_in_bytes": -1}]}, None, (Enclosure("https://news.example/a"),)),
        ({"attachments": {"url": "/a"}}, None, ()),
    ],
)
def test_json_feed(item: dict[str, object], image: str | None, enclosures: tuple[Enclosure, ...]) -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "items": [{"title": "t", **item}]}
    entry = entry_of(json.dumps(feed))
    assert (entry.image, entry.enclosures) == (image, enclosures)
