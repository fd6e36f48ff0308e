"""Items and stories to write out, and strategies for those that no newsroom would send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from feedwatch.export.values import ExportedCopy, ExportedItem, ExportedMatch, ExportedRelation, ExportedStory
from feedwatch.model import Enclosure, Item, Span

NOW = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)

NASTY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("\0\t\n\r\x0b\x1b\x7f\x85\u2028\u2029\ufeff\ufffe\"',;|=+-@＝<>&]\u202e大湾区\U0001f1ed"),
    ),
    max_size=30,
)
"""Text with what parts lines and cells, begins formulas and markup, or has no place in XML."""
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def exported(item_id: int = 1, *matches: ExportedMatch, **parts: Any) -> ExportedItem:
    """An item with something in every field."""
    values: dict[str, Any] = {
        "guid": f"g{item_id}", "url": f"https://news.example/{item_id}?a=1&b=2", "title": f"Bridge <{item_id}> & co.",
        "text": "The bridge opened.\n大桥开通。", "html": "<p>The bridge &amp; the bay opened.</p>\n<p>大桥开通。</p>",
        "authors": ("A. Writer", "邓少军"), "tags": ("policy", "bay"), "language": "en", "published_at": NOW,
        "published_from": "published", "updated_at": NOW + timedelta(hours=1),
        "comments": "https://news.example/1/comments", "image": "https://news.example/1.jpg", "origin": "Xinhua",
        "enclosures": (Enclosure("https://news.example/1.mp3", "audio/mpeg", 12345),), "place": "JIANGMEN",
        "canonical": "https://first.example/1", "doubted_date": "31 Feb 2026",
    }  # fmt: skip
    return ExportedItem(item_id, 7, "rthk", Item(**values | parts), NOW, 2, matches or (match(),))


def match(watchlist: str = "Bay Area") -> ExportedMatch:
    return ExportedMatch(watchlist, 1.5, ("bridge",), (Span("title", 0, 6), Span("text", 4, 10)))


def copy(item_id: int, source: str, language: str = "en", **parts: Any) -> ExportedCopy:
    values: dict[str, Any] = {
        "title": f"Bridge {item_id}", "url": f"https://{source}.example/{item_id}",
        "published_at": NOW + timedelta(hours=item_id),
    }  # fmt: skip
    return ExportedCopy(item_id, source, language=language, **values | parts)


def story(story_id: int = 7, **parts: Any) -> ExportedStory:
    """A story of three items of two sources, represented by its second."""
    copies = (copy(1, "rthk"), copy(2, "xinhua", "zh-Hans"), copy(3, "rthk"))
    values: dict[str, Any] = {
        "item_id": 2, "title": copies[1].title, "url": copies[1].url, "language": "en", "source": "xinhua",
        "published_at": copies[1].published_at, "items": copies, "watchlists": ("Bay Area",),
        "related": (ExportedRelation(12, "大桥开通", "zh", "https://sina.example/9", ("sina", "rthk")),),
    }  # fmt: skip
    return ExportedStory(story_id, **values | parts)


@st.composite
def items(draw: st.DrawFn) -> ExportedItem:
    """An item of nasty texts."""
    return exported(
        draw(st.integers(1, 2**62)),
        ExportedMatch(draw(NASTY), draw(st.floats(0.01, 1e6)), (draw(NASTY),), (Span("text", 0, 3),)),
        guid=draw(NASTY), url=draw(NASTY), title=draw(NASTY), text=draw(NASTY), html=draw(NASTY),
        authors=tuple(draw(st.lists(NASTY, max_size=3))), tags=tuple(draw(st.lists(NASTY, max_size=3))),
        language=draw(NASTY), published_at=draw(TIMES), updated_at=draw(st.none() | TIMES), comments=draw(NASTY),
        image=draw(NASTY), origin=draw(NASTY), place=draw(NASTY), canonical=draw(NASTY), doubted_date=draw(NASTY),
        enclosures=(Enclosure(draw(NASTY), draw(st.none() | NASTY), draw(st.none() | st.integers(0))),),
    )  # fmt: skip
