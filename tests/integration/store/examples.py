"""Example values for the store's tests, and the two steps that nearly each of them begins with: add and poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from feedwatch.model import Body, Item, Match, MatchedItem, Report, SketchKind, Span, WatchlistDef
from feedwatch.store import tables
from feedwatch.store.bodies import store_bodies
from feedwatch.store.claims import SourceState, claim_sources
from feedwatch.store.due import DueSubscription, due_subscriptions
from feedwatch.store.editions import NewDelivery, NewEdition, ToldStory, add_editions
from feedwatch.store.polls import PollRecord, PollResult, record_polls
from feedwatch.store.sources import SourceSpec, add_source
from feedwatch.store.stories import ALONE, Judges
from feedwatch.store.subscribers import SubscriberSpec, SubscriptionSpec, add_subscriber
from feedwatch.store.watchlists import add_watchlist

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedwatch.store import Store

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
US = "host:1"
"""The owner of a lease, where the test does not care who."""
STATE = SourceState(etag='"etag"', last_modified="Mon, 02 Mar 2026 09:00:00 GMT", body_hash="body-hash")
"""What a visit told of its source."""


def spec(name: str = "rthk", **parts: Any) -> SourceSpec:
    """A source with a URL of its own."""
    return SourceSpec(**{"name": name, "title": name.upper(), "url": f"https://{name}.example/rss"} | parts)


def item(guid: str = "g1", **parts: Any) -> Item:
    """A clean news item."""
    values: dict[str, Any] = {
        "guid": guid, "url": f"https://news.example/{guid}", "title": f"Headline of {guid}", "text": f"Text of {guid}.",
        "html": f"<p>Text of {guid}.</p>", "authors": ("A. Writer",), "tags": ("policy",), "language": "en",
        "published_at": NOW, "published_from": "published",
    }  # fmt: skip
    return Item(**values | parts)


def matched(
    guid: str = "g1", *matches: Match, keys: Sequence[str] | None = None, sketch: Sequence[int] = (), **parts: Any
) -> MatchedItem:
    """An item as it leaves the workers: by default its text alone is the key of its story."""
    clean = item(guid, **parts)
    text_hash = blake2b(f"{clean.title}/{clean.text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    story_keys = tuple(keys) if keys is not None else (f"text:{text_hash}",)
    return MatchedItem(clean, story_keys, text_hash, tuple(matches), tuple(sketch))


def near(kind: SketchKind, *numbers: int) -> tuple[int, ...]:
    """Near keys of a kind, told apart by numbers."""
    return tuple(number << 2 | kind for number in numbers)


def one_subject(new: Report, known: Report) -> bool:
    """A judge: the titles begin with the same word."""
    return new.title.split()[0] == known.title.split()[0]


COMPARED = Judges(is_copy=one_subject, is_same_event=one_subject, window=14 * DAY)


def match(watchlist: str = "Bay Area", **parts: Any) -> Match:
    """A match of a watchlist's first version."""
    values: dict[str, Any] = {"version": 1, "queries": ("bay",), "spans": (Span("title", 0, 8),), "score": 1.5}
    return Match(watchlist, **values | parts)


def record(source_id: int, *items: MatchedItem, **parts: Any) -> PollRecord:
    """A visit that read the items and gave the source back until an hour later."""
    values: dict[str, Any] = {
        "owner": US, "at": NOW, "error": None, "status": 200, "elapsed_ms": 12, "body_bytes": 345,
        "state": STATE, "warnings": (), "failures": 0, "next_poll_at": NOW + HOUR,
        "next_poll_why": "every 1h",
    }  # fmt: skip
    return PollRecord(source_id=source_id, items=items, **values | parts)


def new_source(store: Store, name: str = "rthk", **parts: Any) -> int:
    """Add a source; returns its id."""
    with store.begin() as session:
        add_source(session, spec(name, **parts), NOW)
        return session.scalars(sa.select(tables.Source.id).where(tables.Source.name == name)).one()


def claim(store: Store, owner: str = US, *, now: datetime = NOW, limit: int = 100, **parts: Any) -> list[str]:
    """Claim sources for ten minutes; returns their names."""
    with store.begin() as session:
        claimed = claim_sources(session, owner=owner, now=now, lease=10 * MINUTE, limit=limit, **parts)
    return [source.name for source in claimed]


def poll(
    store: Store, source_id: int, *items: MatchedItem, now: datetime = NOW, judges: Judges = ALONE, **parts: Any
) -> PollResult:
    """Store a visit of ours."""
    with store.begin() as session:
        (result,) = record_polls(session, [record(source_id, *items, **parts)], now, judges)
    return result


def new_watchlists(store: Store, *names: str) -> None:
    """Add watchlists by hand."""
    with store.begin() as session:
        for name in names:
            add_watchlist(session, WatchlistDef(name=name, terms=(name,)), NOW)


def new_subscriber(store: Store, email: str = "ada@example.org", *subscriptions: SubscriptionSpec) -> None:
    """Add a subscriber; without a subscription named, one to everything, due at once."""
    named = subscriptions or (SubscriptionSpec("Digest", "daily"),)
    with store.begin() as session:
        add_subscriber(session, SubscriberSpec("Ada", email, subscriptions=tuple(named)), NOW, in_a_day)


def in_a_day(schedule: str, timezone: str, after: datetime) -> datetime | None:
    """A next due time as simple as can be; None for an alert, as the real one gives."""
    return None if schedule == "instant" else after + DAY


def due(store: Store, now: datetime = NOW) -> list[DueSubscription]:
    """The subscriptions that are due."""
    with store.read() as session:
        return due_subscriptions(session, now)


def tell(
    store: Store,
    subscription: DueSubscription,
    *shown: tuple[int, int],
    due_at: datetime = NOW,
    telling: int = 0,
    revision: int = 1,
) -> int:
    """Make an edition that tells the (story id, watchlist id) pairs, with its delivery; returns its id."""
    with store.begin() as session:
        (body_id,) = store_bodies(session, [Body("News", "<p>News</p>", "News")]).values()
        message_id = f"<{subscription.id}-{due_at.timestamp()}@feedwatch.example>"
        edition = NewEdition(
            subscription=replace_due(subscription, due_at),
            window_end=due_at,
            body_id=body_id,
            stories=[
                ToldStory(story_id, watchlist_id, True, telling, item_id=story_id, revision=revision)
                for story_id, watchlist_id in shown
            ],
            terms={},
            deliveries=[NewDelivery("mail", subscription.address, body_id, message_id)],
        )
        (edition_id,) = add_editions(session, [edition])
    return edition_id


def replace_due(subscription: DueSubscription, due_at: datetime) -> DueSubscription:
    """The subscription as it is at another due time."""
    return replace(subscription, due_at=due_at)


def rows(store: Store, table: type[tables.Base], *columns: str) -> list[Any]:
    """The named columns of a table in the order of its key: plain values for one column, tuples for several."""
    mapped = table.__table__
    selected = [mapped.c[column] for column in columns]
    with store.read() as session:
        found: Iterable[Any] = session.execute(sa.select(*selected).order_by(*mapped.primary_key)).all()
    return [row[0] if len(columns) == 1 else tuple(row) for row in found]


def count(store: Store, table: type[tables.Base]) -> int:
    """How many rows a table has."""
    with store.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
