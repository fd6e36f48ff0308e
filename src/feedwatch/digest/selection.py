"""Which stories an edition tells, and in which section: from how watchlists rate them and what was told before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwatch.cluster.representative import representative
from feedwatch.digest.rank import Candidate, Ranked, Section, home, in_order, rank, within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from feedwatch.store.windows import Member, WindowMatch


@dataclass(frozen=True, slots=True)
class Chosen:
    """A story as an edition tells it. Equal ones are told in the same words, to whomever."""

    story_id: int
    item_id: int
    """The item that stands for it."""
    watchlist_id: int
    """Of the section that it stands in."""
    also: tuple[int, ...]
    """The ids of the subscription's other watchlists that it met, sorted."""
    is_update: bool


@dataclass(frozen=True, slots=True)
class ChosenSection:
    """What one watchlist has to tell, in its order."""

    section: Section
    shown: tuple[Chosen, ...]
    cut: tuple[Ranked, ...]
    """What the limits leave out: counted, and as good as told."""


def rank_window(
    matches: Iterable[WindowMatch], members: Mapping[int, Sequence[Member]], window_end: datetime
) -> list[Ranked]:
    """The stories of one watchlist's matches, ranked, each by the representative of the items that matched.

    Others need not show why the story is here. `members` are all items of each story, matched or not.
    """
    by_story: dict[int, list[WindowMatch]] = {}
    for match in matches:
        by_story.setdefault(match.story_id, []).append(match)
    return rank((_candidate(members[story_id], found) for story_id, found in by_story.items()), window_end)


def rank_updates(
    matches: Iterable[WindowMatch], members: Mapping[int, Sequence[Member]], window_end: datetime
) -> list[Ranked]:
    """Stories told before whose items of these matches changed; each counts as young as its change."""
    candidates = (
        Candidate(
            story_id=match.story_id,
            score=match.score,
            source_count=_source_count(members[match.story_id]),
            published_at=match.at,
            source_weight=_source_weight(members[match.story_id]),
            item_id=match.item_id,
        )
        for match in matches
    )
    return rank(candidates, window_end)


def select(
    ranked: Sequence[tuple[Section, Sequence[Ranked]]],
    told: Collection[int],
    updates: Mapping[int, Sequence[Ranked]],
    *,
    each: int,
    in_all: int,
) -> tuple[ChosenSection, ...]:
    """The sections of an edition, those without stories left out.

    ranked: the stories of each of the subscription's watchlists, which stand in `section_order`. `told`: the stories
    that the subscriber was told of; `updates`: by watchlist's id, those of them that are told again. A story that met
    several watchlists stands under one of them (`rank.home`). `each` and `in_all`: see `rank.within`.
    """
    met: dict[int, list[Section]] = {}
    untold: list[tuple[Section, list[Ranked]]] = []
    for section, stories in ranked:
        here = [story for story in stories if story.story_id not in told]
        if again := updates.get(section.watchlist_id):
            here = in_order([*here, *again])
        untold.append((section, here))
        for story in here:
            met.setdefault(story.story_id, []).append(section)
    counts = {section.watchlist_id: len(stories) for section, stories in untold}
    homes = {story_id: home(sections, counts) for story_id, sections in met.items() if len(sections) > 1}
    own = []
    for section, stories in untold:
        here = [story for story in stories if homes.get(story.story_id, section) is section]
        if here:
            own.append((section, here))
    chosen = []
    for (section, stories), shown in zip(own, within(own, each=each, in_all=in_all), strict=True):
        told_here = tuple(_chosen(story, section, met[story.story_id], told) for story in stories[:shown])
        chosen.append(ChosenSection(section, told_here, tuple(stories[shown:])))
    return tuple(chosen)


def _chosen(story: Ranked, section: Section, met: Sequence[Section], told: Collection[int]) -> Chosen:
    also = tuple(sorted(other.watchlist_id for other in met if other is not section)) if len(met) > 1 else ()
    return Chosen(story.story_id, story.item_id, section.watchlist_id, also, story.story_id in told)


def _candidate(members: Sequence[Member], matches: Sequence[WindowMatch]) -> Candidate:
    item_ids = {match.item_id for match in matches}
    matched = [member for member in members if member.item_id in item_ids]
    return Candidate(
        story_id=matches[0].story_id,
        score=max(match.score for match in matches),
        source_count=_source_count(members),
        published_at=min(member.published_at for member in matched),
        source_weight=_source_weight(members),
        item_id=matched[representative(matched)].item_id,
    )


def _source_count(members: Sequence[Member]) -> int:
    return len({member.source_id for member in members})


def _source_weight(members: Sequence[Member]) -> float:
    return max(member.source_weight for member in members)
