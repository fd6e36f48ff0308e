"""A watchlist tried on the archive: what it would have brought, by which of its queries, and how much is noise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from statistics import median
from typing import TYPE_CHECKING

from feedwatch.jobs.archive_search import search_archive
from feedwatch.jobs.examples import Example, Shown, show
from feedwatch.jobs.periods import Period, Unit, by_day, by_period
from feedwatch.jobs.query_shares import QueryShare, query_shares
from feedwatch.jobs.story_tally import StoryTally, Tally, bits
from feedwatch.match import Matcher
from feedwatch.model import WatchlistDef, query_def
from feedwatch.store.sampling import extent
from feedwatch.store.sources import list_sources

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.model import Query, Rarity
    from feedwatch.store.filters import ItemFilter

DOUBTFUL_SHARE = 0.5
"""A story is doubtful where it scores below this share of the watchlist's median and one query alone found it."""
EXAMPLES = 10
EXCLUDED_EXAMPLES = 3
CHANGED_EXAMPLES = 5
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What `exclude` kept out: stories that would have matched without it, and of which no other item matches."""

    stories: int = 0
    shares: tuple[tuple[str, int], ...] = ()
    """By excluding query: how many of the stories it keeps out, alone or with others."""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """How much it is, in stories, as a subscriber feels it."""

    a_week: float
    a_day: float
    busiest: Period | None
    """The day with the most."""
    empty_days: int
    days: int
    """That the archive reaches back, within the window."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a watchlist would have brought over a window of the archive. A story counts on the day of its first item."""

    definition: WatchlistDef
    begins: datetime
    """Of the window, or the oldest item of the archive within it."""
    ends: datetime
    archive_items: int
    items: int
    stories: int
    volume: Volume
    periods: tuple[Period, ...]
    """Without a gap."""
    period_unit: Unit
    median_score: float
    doubtful_stories: int
    best: tuple[Example, ...]
    doubtful: tuple[Example, ...]
    """The doubtful first, the lowest scores first; none of the best is among them."""
    shares: tuple[QueryShare, ...]
    """In the order written; empty where all have to be met."""
    excluded: Excluded

    @property
    def never_matched(self) -> tuple[str, ...]:
        """The terms and queries that found nothing."""
        return tuple(share.written for share in self.shares if not share.stories)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change of a watchlist gains and loses over a window, in stories."""

    before: int
    after: int
    gained: int
    lost: int
    gained_examples: tuple[Example, ...]
    """Those that score highest."""
    lost_examples: tuple[Example, ...]


def back_test(
    session: Session, definition: WatchlistDef, wanted: ItemFilter, now: datetime, zone: tzinfo, rarity: Rarity
) -> BackTest:
    """Try a watchlist on what of the archive passes the filter. Days are those of `zone`.

    Holds some 200 bytes a story, and no text but that of the examples.
    """
    kept, excluded = tally_stories(session, definition, wanted, rarity)
    size = extent(session, wanted)
    begins, ends = (size.oldest or now), max(now, size.newest or now)
    level = median(story.score for story in kept.stories.values()) if kept.stories else 0.0
    doubtful = {key for key, story in kept.stories.items() if _is_doubtful(story, level)}
    best = sorted(kept.stories, key=lambda key: (-kept.stories[key].score, -key))[:EXAMPLES]
    ordered = sorted(kept.stories.keys() - set(best), key=lambda key: (key not in doubtful, kept.stories[key].score))
    shown = Shown(session, definition, rarity)
    firsts = [story.first for story in kept.stories.values()]
    periods, unit = by_period(firsts, begins, ends, zone)
    return BackTest(
        definition=definition,
        begins=begins,
        ends=ends,
        archive_items=size.items,
        items=kept.items,
        stories=len(kept.stories),
        volume=_volume(by_day(firsts, begins, ends, zone), ends - begins, len(firsts)),
        periods=periods,
        period_unit=unit,
        median_score=round(level, 2),
        doubtful_stories=len(doubtful),
        best=show(shown, kept, best),
        doubtful=show(shown, kept, ordered[:EXAMPLES]),
        shares=() if definition.mode == "all" else query_shares(kept, doubtful),
        excluded=_excluded(session, definition, excluded, rarity),
    )


def compare(
    session: Session,
    before: WatchlistDef,
    after: WatchlistDef,
    wanted: ItemFilter,
    rarity: Rarity,
) -> Comparison:
    """What `after` finds that `before` does not, and the other way round."""
    old, _ = tally_stories(session, before, wanted, rarity)
    new, _ = tally_stories(session, after, wanted, rarity)
    gained, lost = new.stories.keys() - old.stories.keys(), old.stories.keys() - new.stories.keys()
    return Comparison(
        before=len(old.stories),
        after=len(new.stories),
        gained=len(gained),
        lost=len(lost),
        gained_examples=show(Shown(session, after, rarity), new, _strongest(new, gained, CHANGED_EXAMPLES)),
        lost_examples=show(Shown(session, before, rarity), old, _strongest(old, lost, CHANGED_EXAMPLES)),
    )


def tally_stories(
    session: Session, definition: WatchlistDef, wanted: ItemFilter, rarity: Rarity
) -> tuple[Tally, Tally]:
    """The stories that the watchlist brings, and those that its `exclude` alone keeps out: one reading for both."""
    kept, excluded = Tally(written(definition)), Tally(tuple(_texts(definition.exclude)))
    excluding = Matcher([(WatchlistDef("exclude", queries=definition.exclude, synonyms=definition.synonyms), 1)])
    tags = {source.name: source.tags for source in list_sources(session)} if definition.exclude else {}
    for found in search_archive(session, replace(definition, exclude=()), wanted, rarity):
        row = found.row
        against = excluding.match(found.item, row.source, tags.get(row.source, ())) if definition.exclude else ()
        if against:
            excluded.add(row, found.match.score, against[0].queries)
        else:
            kept.add(row, found.match.score, found.match.queries)
    excluded.drop(kept.stories)
    return kept, excluded


def written(definition: WatchlistDef) -> tuple[str, ...]:
    """The terms and queries as written, each once."""
    return tuple(dict.fromkeys([*definition.terms, *_texts(definition.queries)]))


def _texts(queries: Iterable[Query]) -> list[str]:
    return [query_def(query).text for query in queries]


def _is_doubtful(story: StoryTally, level: float) -> bool:
    return story.score < DOUBTFUL_SHARE * level and story.queries.bit_count() == 1


def _excluded(session: Session, definition: WatchlistDef, excluded: Tally, rarity: Rarity) -> Excluded:
    counts = [0] * len(excluded.texts)
    for story in excluded.stories.values():
        for place in bits(story.queries):
            counts[place] += 1
    shown = Shown(session, replace(definition, exclude=()), rarity)
    return Excluded(
        stories=len(excluded.stories),
        shares=tuple(zip(excluded.texts, counts, strict=True)),
        examples=show(shown, excluded, _strongest(excluded, excluded.stories, EXCLUDED_EXAMPLES)),
    )


def _strongest(tally: Tally, keys: Iterable[int], count: int) -> list[int]:
    return sorted(keys, key=lambda key: (-tally.stories[key].score, -key))[:count]


def _volume(days: Sequence[Period], length: timedelta, stories: int) -> Volume:
    spent = max(length / _A_DAY, 1.0)
    return Volume(
        a_week=round(7 * stories / spent, 1),
        a_day=round(stories / spent, 1),
        busiest=max(days, key=lambda day: day.stories) if stories else None,
        empty_days=sum(not day.stories for day in days),
        days=len(days),
    )
