"""The editions of a batch of subscriptions, composed from one reading of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedwatch.digest.edition import SectionWords, compose
from feedwatch.digest.rank import Ranked, Section, section_order
from feedwatch.digest.rising import HISTORY
from feedwatch.digest.selection import ChosenSection, rank_updates, rank_window, select
from feedwatch.jobs.story_pool import StoryPool, learn_changes, learn_members, learn_wordings
from feedwatch.store.editions import ToldStory, former_editions, last_story_counts
from feedwatch.store.told import Telling, told_stories
from feedwatch.store.windows import (
    WindowMatch,
    enabled_watchlists,
    first_story_since,
    matches_since,
    named_watchlists,
    revisions_since,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy.orm import Session

    from feedwatch.model import Edition
    from feedwatch.settings import DigestSettings
    from feedwatch.store.due import DueSubscription

_OVERLAP = timedelta(hours=1)
"""How far a window reaches back over the last: a poll's transaction may end after the edition that its time belongs
to. What was told already is told apart by its story, so the overlap repeats nothing."""
_FORMER_AGE = timedelta(days=60)
"""Terms rise above those of the last editions, none of them older."""
_NO_STORY = 1 << 62
"""Above every story's id."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What is told to one subscription, before it is rendered."""

    subscription: DueSubscription
    edition: Edition
    stories: tuple[ToldStory, ...]
    """In the order of the edition, those that its limits cut last."""
    terms: Mapping[str, int]
    """How many of the stories shown have each telling term."""


def compose_batch(
    session: Session, pool: StoryPool, limits: DigestSettings, subscriptions: Sequence[DueSubscription], now: datetime
) -> list[Composed]:
    """What each subscription tells of its window, which ends `now`; an edition may be empty.

    In the order of the subscriptions, of which no two may be of one subscriber: what the first tells, the second must
    know.
    """
    batch = _read(session, pool, subscriptions, now)
    chosen = {one.id: _select(batch, pool, limits, one) for one in subscriptions}
    shown = {one for sections in chosen.values() for section in sections for one in section.shown}
    names = {watchlist_id: section.watchlist for watchlist_id, section in batch.sections.items()}
    learn_wordings(session, pool, shown, names)
    former = former_editions(session, chosen, now - _FORMER_AGE, HISTORY)
    counts = last_story_counts(session, chosen)
    composed = []
    for subscription in subscriptions:
        sections = _in_words(pool, chosen[subscription.id])
        edition, terms = compose(
            subscription,
            [words for _, words in sections],
            window_end=now,
            source_count=_source_count(pool, sections),
            previous_story_count=counts.get(subscription.id),
            former=former.get(subscription.id, ()),
        )
        stories = tuple(_told(batch, pool, subscription, [section for section, _ in sections]))
        composed.append(Composed(subscription, edition, stories, terms))
    return composed


@dataclass(slots=True)
class _Batch:
    """What was read for a batch, and what is made of it on the way."""

    now: datetime
    sections: Mapping[int, Section]
    """Of the enabled watchlists, by id, in their order."""
    followed: Mapping[int, Sequence[Section]]
    """By subscription, in their order."""
    matches: Mapping[int, Sequence[WindowMatch]]
    """By watchlist; those since the first of the windows began."""
    revised: Mapping[int, Sequence[WindowMatch]]
    """The same of items whose text was replaced since."""
    told: Mapping[int, Mapping[int, Telling]]
    """By subscriber and story."""
    ranked: dict[tuple[int, datetime], list[Ranked]] = field(default_factory=dict)
    """By watchlist and the time since when its matches count."""


def _read(session: Session, pool: StoryPool, subscriptions: Sequence[DueSubscription], now: datetime) -> _Batch:
    found = [Section(number, name, rank) for number, (name, rank) in enabled_watchlists(session).items()]
    sections = {section.watchlist_id: section for section in sorted(found, key=section_order)}
    named = named_watchlists(session, [one.id for one in subscriptions if not one.all_watchlists])
    followed = {
        one.id: [
            section
            for section in sections.values()
            if one.all_watchlists or section.watchlist_id in named.get(one.id, ())
        ]
        for one in subscriptions
    }
    wanted = {section.watchlist_id for here in followed.values() for section in here}
    since = min(map(_since, subscriptions))
    matches = matches_since(session, wanted, since)
    revised = revisions_since(session, wanted, since)
    learn_members(session, pool, [*matches, *revised])
    told = _told_before(session, subscriptions, {match.story_id for match in (*matches, *revised)})
    batch = _Batch(now, sections, followed, _by_watchlist(matches), _by_watchlist(revised), told)
    learn_changes(session, pool, {pair for one in subscriptions for pair, _ in _changed(batch, pool, one)})
    return batch


def _since(subscription: DueSubscription) -> datetime:
    return subscription.window_start - _OVERLAP


def _by_watchlist(matches: Sequence[WindowMatch]) -> dict[int, list[WindowMatch]]:
    found: dict[int, list[WindowMatch]] = {}
    for match in matches:
        found.setdefault(match.watchlist_id, []).append(match)
    return found


def _told_before(
    session: Session, subscriptions: Sequence[DueSubscription], story_ids: Collection[int]
) -> dict[int, dict[int, Telling]]:
    firsts = {since: first_story_since(session, since) or _NO_STORY for since in set(map(_since, subscriptions))}
    first_story = {one.subscriber_id: firsts[_since(one)] for one in subscriptions}
    youngest = max(firsts.values())
    return told_stories(session, first_story, [story_id for story_id in story_ids if story_id < youngest])


def _changed(
    batch: _Batch, pool: StoryPool, subscription: DueSubscription
) -> Iterator[tuple[tuple[int, int], WindowMatch]]:
    """(Item id, revision told) of what was told and has another text since the window began, with its matches."""
    told = batch.told.get(subscription.subscriber_id)
    if not told:
        return
    since = _since(subscription)
    for section in batch.followed[subscription.id]:
        for match in batch.revised.get(section.watchlist_id, ()):
            before = told.get(match.story_id)
            if before is None or before.item_id != match.item_id or match.at < since:
                continue
            if pool.revisions[match.item_id] > before.revision:
                yield (match.item_id, before.revision), match


def _select(
    batch: _Batch, pool: StoryPool, limits: DigestSettings, subscription: DueSubscription
) -> tuple[ChosenSection, ...]:
    since = _since(subscription)
    changed = [match for pair, match in _changed(batch, pool, subscription) if pool.material[pair]]
    updates = {
        watchlist_id: rank_updates(matches, pool.members, batch.now)
        for watchlist_id, matches in _by_watchlist(changed).items()
    }
    return select(
        [(section, _ranked(batch, pool, section, since)) for section in batch.followed[subscription.id]],
        batch.told.get(subscription.subscriber_id, {}),
        updates,
        each=limits.stories_per_watchlist,
        in_all=limits.stories,
    )


def _ranked(batch: _Batch, pool: StoryPool, section: Section, since: datetime) -> list[Ranked]:
    key = (section.watchlist_id, since)
    if key not in batch.ranked:
        matches = (match for match in batch.matches.get(section.watchlist_id, ()) if match.at >= since)
        batch.ranked[key] = rank_window(matches, pool.members, batch.now)
    return batch.ranked[key]


def _in_words(pool: StoryPool, sections: Sequence[ChosenSection]) -> list[tuple[ChosenSection, SectionWords]]:
    """The sections without the stories that could not be put into words, which are neither told nor counted."""
    found = []
    for section in sections:
        shown = tuple(one for one in section.shown if one in pool.wordings)
        if not shown and not section.cut:
            continue
        kept = ChosenSection(section.section, shown, section.cut)
        words = tuple(pool.wordings[one] for one in shown)
        found.append((kept, SectionWords(section.section.watchlist, words, len(section.cut))))
    return found


def _source_count(pool: StoryPool, sections: Sequence[tuple[ChosenSection, SectionWords]]) -> int:
    return len(
        {member.source_id for section, _ in sections for one in section.shown for member in pool.members[one.story_id]}
    )


def _told(
    batch: _Batch, pool: StoryPool, subscription: DueSubscription, sections: Sequence[ChosenSection]
) -> Iterator[ToldStory]:
    told = batch.told.get(subscription.subscriber_id, {})

    def number(story_id: int) -> int:
        return told[story_id].number + 1 if story_id in told else 0

    for section in sections:
        for one in section.shown:
            revision = pool.wordings[one].revision
            yield ToldStory(one.story_id, one.watchlist_id, True, number(one.story_id), one.item_id, revision)
    for section in sections:
        watchlist_id = section.section.watchlist_id
        for story in section.cut:
            revision = pool.revisions[story.item_id]
            yield ToldStory(story.story_id, watchlist_id, False, number(story.story_id), story.item_id, revision)
