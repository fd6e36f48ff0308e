"""A day's news in the archive: real items of the corpus, matched by the real matcher, in stories with their copies."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from feedwatch.cluster import text_hash
from feedwatch.match import Matcher
from feedwatch.model import Item, MatchedItem, WatchlistDef
from feedwatch.store import Store, tables
from feedwatch.store.claims import SourceState, claim_sources
from feedwatch.store.polls import record_polls
from feedwatch.store.sources import SourceSpec, declare_sources
from feedwatch.store.watchlists import add_watchlist
from tests.bench.match.case import Sourced
from tests.bench.match.stream import halves
from tests.bench.store import OWNER, visit

DAY = timedelta(days=1)
_COPIED = 0.17
"""The share of stories that other sources have too."""
_MOST_COPIES = 5


@dataclass(frozen=True, slots=True)
class News:
    """What is found of a day: each item with its source's name; copies have the key of their story."""

    items: Sequence[tuple[str, MatchedItem]]
    stories: int


def day_of_news(watchlists: Sequence[WatchlistDef], stories: int, now: datetime, seed: int = 1) -> News:
    """So many stories that met a watchlist, spread over the day before `now`; the same at every run.

    Where the corpus has too few, items come again with their sentences in another order, as other stories.
    """
    dice = random.Random(seed)
    matcher = Matcher([(definition, 1) for definition in watchlists])
    sourced = [one for half in halves() for one in half]
    sources = sorted({one.source for one in sourced})
    found: list[tuple[str, MatchedItem]] = []
    told = turn = 0
    while told < stories:
        before = told
        for one in sourced:
            item = _on_the_day(one.item if turn == 0 else _varied(one.item, dice), now, dice)
            matches = matcher.match(item, one.source)
            if not matches:
                continue
            key = f"story:{turn}:{told}"
            made = MatchedItem(
                replace(item, guid=key), (key,), text_hash(item), tuple(sorted(matches, key=lambda met: met.watchlist))
            )
            found.append((one.source, made))
            found += _copies(one, made, sources, now, dice)
            told += 1
            if told == stories:
                break
        if told == before:
            raise SystemExit("None of the corpus' items meets a watchlist: take more of --watchlists.")
        turn += 1
    return News(found, told)


def _on_the_day(item: Item, now: datetime, dice: random.Random) -> Item:
    return replace(item, published_at=now - dice.random() * DAY, updated_at=None)


def _varied(item: Item, dice: random.Random) -> Item:
    sentences = item.text.split(". ")
    dice.shuffle(sentences)
    return replace(item, text=". ".join(sentences), url=f"{item.url}?{dice.getrandbits(32)}")


def _copies(
    one: Sourced, made: MatchedItem, sources: Sequence[str], now: datetime, dice: random.Random
) -> list[tuple[str, MatchedItem]]:
    """The same text in other sources, later on the day."""
    if dice.random() >= _COPIED:
        return []
    others = dice.sample([name for name in sources if name != one.source], dice.randint(1, _MOST_COPIES))
    rest = now - made.item.published_at
    return [
        (
            name,
            replace(
                made,
                item=replace(
                    made.item,
                    guid=f"{made.item.guid}@{name}",
                    url=f"https://{name}.example/{made.story_keys[0]}",
                    published_at=made.item.published_at + dice.random() * rest,
                ),
            ),
        )
        for name in others
    ]


def store_news(store: Store, watchlists: Sequence[WatchlistDef], news: News, now: datetime) -> None:
    """Store it as polls do: sources (which are polled no more), watchlists, items, stories and matches."""
    by_source: dict[str, list[MatchedItem]] = defaultdict(list)
    for name, item in news.items:
        by_source[name].append(item)
    with store.begin() as session:
        declare_sources(
            session, [SourceSpec(name, name.replace("-", " "), f"https://{name}.example/") for name in by_source], now
        )
        for definition in watchlists:
            add_watchlist(session, definition, now)
    with store.begin() as session:
        claim_sources(session, owner=OWNER, now=now, lease=DAY, limit=len(by_source))
        ids = {row.name: row.id for row in session.execute(sa.select(tables.Source.name, tables.Source.id))}
        state = SourceState(etag="1", body_hash="1")
        record_polls(session, [visit(ids[name], now, tuple(items), state) for name, items in by_source.items()], now)
