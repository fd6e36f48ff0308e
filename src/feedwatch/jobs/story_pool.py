"""What the editions of one run share: stories are read, judged and put into words once, for all whom they are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from feedwatch.cluster import representative
from feedwatch.digest.edition import Wording, word
from feedwatch.digest.rising import telling_terms
from feedwatch.digest.updates import is_material
from feedwatch.store.relations import related_stories
from feedwatch.store.told import told_texts
from feedwatch.store.windows import members_by_story
from feedwatch.store.wordings import items_of_stories, words_of_items

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.orm import Session

    from feedwatch.digest.selection import Chosen
    from feedwatch.model import Body, RenderedEdition
    from feedwatch.store.windows import Member, WindowMatch
    from feedwatch.store.wordings import StoryItem

log = structlog.get_logger("feedwatch.digest")

_MOST_STORIES = 50_000
_MOST_WORDINGS = 10_000
_MOST_RENDERED = 64
"""A rendered edition takes a tenth of a megabyte: those who are told the same are near each other, as a rule."""


@dataclass(slots=True)
class StoryPool:
    """What is known so far. Lives as long as a run, and forgets everything when it has grown too large."""

    members: dict[int, list[Member]] = field(default_factory=dict)
    """By story: all its items, earliest first."""
    revisions: dict[int, int] = field(default_factory=dict)
    """By item."""
    material: dict[tuple[int, int], bool] = field(default_factory=dict)
    """By item and revision told: whether its text has materially changed since."""
    terms: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    """The telling ones, by item and revision: the same in whatever words it is told."""
    wordings: dict[Chosen, Wording] = field(default_factory=dict)
    mails: dict[object, RenderedEdition] = field(default_factory=dict)
    """By what the edition says."""
    short_bodies: dict[object, Body] = field(default_factory=dict)
    """The same, by channel's kind besides."""

    def make_room(self) -> None:
        """Bound the memory; between two batches."""
        if len(self.wordings) > _MOST_WORDINGS or len(self.members) > _MOST_STORIES:
            for known in (
                self.members, self.revisions, self.material, self.terms, self.wordings, self.mails, self.short_bodies,
            ):  # fmt: skip
                known.clear()
        for rendered in (self.mails, self.short_bodies):
            while len(rendered) > _MOST_RENDERED:
                del rendered[next(iter(rendered))]


def learn_members(session: Session, pool: StoryPool, matches: Collection[WindowMatch]) -> None:
    """Know the items of the matches' stories; those of a story that got another item are read anew."""
    members = members_by_story(session, {match.story_id for match in matches if match.item_id not in pool.revisions})
    pool.members.update(members)
    pool.revisions.update((member.item_id, member.revision) for of_story in members.values() for member in of_story)


def learn_changes(session: Session, pool: StoryPool, asked: Collection[tuple[int, int]]) -> None:
    """Know of (item id, revision told) pairs whether the items' present texts say materially more.

    A text that is kept no more is not compared, and nothing is told again.
    """
    unknown = {pair for pair in asked if pair not in pool.material}
    before = told_texts(session, unknown)
    present = words_of_items(session, {item_id for item_id, _ in before})
    for pair in unknown:
        pool.material[pair] = False
        if pair in before and (words := present.get(pair[0])) is not None:
            pool.material[pair] = is_material(*before[pair], words.title, words.text)


def learn_wordings(session: Session, pool: StoryPool, chosen: Iterable[Chosen], watchlists: Mapping[int, str]) -> None:
    """Have the chosen stories in words. One that cannot be put into words is logged and left out."""
    unknown = {one for one in chosen if one not in pool.wordings}
    story_ids = {one.story_id for one in unknown}
    words = words_of_items(session, {one.item_id for one in unknown})
    related = related_stories(session, story_ids, representative)
    items: dict[int, list[StoryItem]] = {}
    for item in items_of_stories(session, story_ids):
        items.setdefault(item.story_id, []).append(item)
    for one in unknown:
        try:
            said = words[one.item_id]
            if (revision := (said.item_id, said.revision)) not in pool.terms:
                pool.terms[revision] = telling_terms(said.title, said.text, said.language)
            story = word(one, said, items[one.story_id], related.get(one.story_id, ()), watchlists)
            pool.wordings[one] = Wording(story, said.revision, pool.terms[revision])
        except Exception:
            log.exception("story left out of digests", story=one.story_id, item=one.item_id)
