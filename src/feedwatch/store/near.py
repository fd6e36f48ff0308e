"""The items that a new one is compared with: those that share its near keys, stored or of the same batch."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from feedwatch.model import Report, SketchKind
from feedwatch.store.batches import value_table
from feedwatch.store.sketches import NEWEST, find_postings, first_item_since
from feedwatch.store.tables import Item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

MOST = 8
"""Candidates that are compared with a new item; those that share most keys."""

_TEXT_KEYS = _EVENT_KEYS = 2
_WHOLE = 600
"""Characters; a text of these has its nine keys."""
_EVENT_SPAN = timedelta(days=3)
_KIND_BITS = 3


class KnownItem(NamedTuple):
    """An item that a new one is compared with."""

    story_id: int
    report: Report


class _Candidate(NamedTuple):
    item_id: int
    texts: int
    """How many keys of the text it has in common."""
    is_titled: bool
    """Whether it has the title in common."""

    @property
    def by_lead_alone(self) -> bool:
        """Whether it is one for its beginning, and for nothing else."""
        return not self.is_titled and self.texts < _TEXT_KEYS


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What of a new item leads to those that it is compared with."""

    language: str
    published_at: datetime
    source_id: int
    text_length: int
    """In characters."""
    sketch: Sequence[int]


@dataclass(slots=True)
class Neighbours:
    """Items by their near keys. What is stored was read beforehand; what a batch brings is added as it goes."""

    postings: dict[int, list[int]] = field(default_factory=dict)
    """The items that have a key, ascending."""
    known: dict[int, KnownItem] = field(default_factory=dict)

    def add(self, item_id: int, item: KnownItem, sketch: Sequence[int]) -> None:
        """Let later items be compared with this one."""
        self.known[item_id] = item
        for key in sketch:
            if (posting := self.postings.get(key)) is None:
                self.postings[key] = [item_id]
            else:
                insort(posting, item_id)

    def of_one_text(self, new: Newcomer) -> list[KnownItem]:
        """Those that may be copies, at most 8, the likeliest first."""
        known = self.known
        candidates = [
            one
            for one in _of_one_text(self.postings, new.sketch)
            if one.item_id in known
            and (one.texts or not _are_whole(new.text_length, len(known[one.item_id].report.text)))
        ]
        sources = {one.item_id: known[one.item_id].report.source_id for one in candidates}
        return [known[item_id] for item_id in _worth_comparing(candidates, new, sources)]

    def of_one_event(self, new: Newcomer) -> list[KnownItem]:
        """Those in other languages that may tell of the same event, at most 8, the likeliest first."""
        candidates = [
            self.known[item_id] for item_id in _of_one_event(self.postings, new.sketch) if item_id in self.known
        ]
        return [
            known for known in candidates if _may_be_one_event(new, known.report.language, known.report.published_at)
        ][:MOST]


def read_neighbours(session: Session, new: Collection[Newcomer], since: datetime, *, before: int) -> Neighbours:
    """The stored items to compare new ones with: first seen since then, their ids below `before`.

    At most six statements, however many items.
    """
    keys = {key for one in new for key in one.sketch}
    if not keys:
        return Neighbours()
    postings = find_postings(session, keys, first=first_item_since(session, since), before=before)
    item_ids = _copies(session, postings, new)
    item_ids |= _tellers(session, postings, new, since)
    return Neighbours(postings, _reports(session, item_ids, since))


def _of_one_text(postings: Mapping[int, Sequence[int]], sketch: Sequence[int]) -> list[_Candidate]:
    """Items that share two keys of the text, or one of its beginning or the title; most shared first, then oldest."""
    counts: Counter[int] = Counter()
    texts: Counter[int] = Counter()
    begun: set[int] = set()
    titled: set[int] = set()
    for key in sketch:
        kind = key & _KIND_BITS
        if kind == SketchKind.EVENT or key not in postings:
            continue
        item_ids = postings[key][-NEWEST:]
        counts.update(item_ids)
        if kind == SketchKind.TEXT:
            texts.update(item_ids)
        else:
            (begun if kind == SketchKind.LEAD else titled).update(item_ids)
    candidates = [
        _Candidate(item_id, texts[item_id], item_id in titled)
        for item_id in counts
        if texts[item_id] >= _TEXT_KEYS or item_id in begun or item_id in titled
    ]
    return sorted(candidates, key=lambda one: (-counts[one.item_id], one.item_id))


def _are_whole(one: int, other: int) -> bool:
    """Whether two texts are so long, and so nearly as long as each other, that copies would share a key of the text."""
    short, long = min(one, other), max(one, other)
    return short >= _WHOLE and short * 2 >= long


def _worth_comparing(candidates: Iterable[_Candidate], new: Newcomer, sources: Mapping[int, int]) -> list[int]:
    """At most 8 of them. All that a source publishes may begin alike, and would crowd out the copies elsewhere."""
    worth = (one.item_id for one in candidates if not (one.by_lead_alone and sources[one.item_id] == new.source_id))
    return list(islice(worth, MOST))


def _copies(session: Session, postings: Mapping[int, Sequence[int]], new: Collection[Newcomer]) -> set[int]:
    """The stored items that may be copies of some new one."""
    found = [(one, candidates) for one in new if (candidates := _of_one_text(postings, one.sketch))]
    doubtful = sorted({one.item_id for _, candidates in found for one in candidates if one.by_lead_alone})
    sources: defaultdict[int, int] = defaultdict(int)
    if doubtful:
        given = value_table(session, id=doubtful)
        query = sa.select(Item.id, Item.source_id).join(given, Item.id == given.c.id)
        sources.update((row[0], row[1]) for row in session.execute(query))
    return {item_id for one, candidates in found for item_id in _worth_comparing(candidates, one, sources)}


def _of_one_event(postings: Mapping[int, Sequence[int]], sketch: Sequence[int]) -> list[int]:
    """Items that share two keys of the event; most shared first, then oldest."""
    shared = [key for key in sketch if key in postings and key & _KIND_BITS == SketchKind.EVENT]
    if len(shared) < _EVENT_KEYS:
        return []
    counts: Counter[int] = Counter()
    for key in shared:
        counts.update(postings[key][-NEWEST:])
    eligible = [item_id for item_id, count in counts.items() if count >= _EVENT_KEYS]
    return sorted(eligible, key=lambda item_id: (-counts[item_id], item_id))


def _may_be_one_event(new: Newcomer, language: str, published_at: datetime) -> bool:
    return _primary(new.language) != _primary(language) and abs(new.published_at - published_at) <= _EVENT_SPAN


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _tellers(
    session: Session, postings: Mapping[int, Sequence[int]], new: Collection[Newcomer], since: datetime
) -> set[int]:
    """The stored items that may tell of the events: of the many that share names, few are in another language."""
    candidates = [(one, found) for one in new if (found := _of_one_event(postings, one.sketch))]
    if not candidates:
        return set()
    given = value_table(session, id=sorted({item_id for _, found in candidates for item_id in found}))
    query = (
        sa.select(Item.id, Item.language, Item.published_at)
        .join(given, Item.id == given.c.id)
        .where(Item.first_seen_at >= since)
    )
    facts = {row[0]: (row[1], row[2]) for row in session.execute(query)}
    chosen: set[int] = set()
    for one, found in candidates:
        close = [item_id for item_id in found if item_id in facts and _may_be_one_event(one, *facts[item_id])]
        chosen.update(close[:MOST])
    return chosen


def _reports(session: Session, item_ids: Collection[int], since: datetime) -> dict[int, KnownItem]:
    if not item_ids:
        return {}
    given = value_table(session, id=sorted(item_ids))
    query = (
        sa.select(
            Item.id, Item.story_id, Item.title, Item.text, Item.language, Item.url, Item.source_id, Item.published_at
        )
        .join(given, Item.id == given.c.id)
        .where(Item.first_seen_at >= since)
    )
    return {row[0]: KnownItem(row[1], Report(*row[2:])) for row in session.execute(query)}
