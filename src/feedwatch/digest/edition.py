"""From matches to an edition: each story once, under one watchlist, ranked, with its best passage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwatch.cluster.representative import representative
from feedwatch.digest.languages import primary
from feedwatch.digest.rank import Candidate, Section, home, rank, section_order
from feedwatch.digest.snippet import best_passage, matched_terms
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from feedwatch.model import Field, Span
    from feedwatch.store.editions import CandidateItem, StoryItem
    from feedwatch.store.items import RelatedStory
    from feedwatch.store.subscribers import DueSubscription


@dataclass(frozen=True, slots=True)
class Composed:
    """An edition, and the (story id, watchlist id) pairs that it shows and that its limit cut."""

    edition: Edition
    shown: tuple[tuple[int, int], ...]
    cut: tuple[tuple[int, int], ...]


def compose(
    subscription: DueSubscription,
    candidates: Sequence[CandidateItem],
    story_items: Iterable[StoryItem],
    related: Mapping[int, Sequence[RelatedStory]],
    *,
    window_end: datetime,
    stories_per_watchlist: int,
    previous_story_count: int | None,
) -> Composed:
    """Choose, order and word the stories of an edition.

    Sections stand in the order of their watchlists' priorities. A story that met several watchlists stands under the
    one of the highest priority, of equals the one with the fewest stories in this edition, the most specific, and names
    the others. `story_items` are all items of the candidates' stories, earliest first; `related` has, by story, what
    tells of the same event in other languages.
    """
    by_story: dict[int, list[CandidateItem]] = {}
    for candidate in candidates:
        by_story.setdefault(candidate.story_id, []).append(candidate)
    members: dict[int, list[StoryItem]] = {}
    for item in story_items:
        members.setdefault(item.story_id, []).append(item)
    met = {story_id: {_section(candidate) for candidate in group} for story_id, group in by_story.items()}
    story_counts = Counter(section.watchlist_id for sections in met.values() for section in sections)
    homes = {story_id: home(sections, story_counts) for story_id, sections in met.items()}
    sections, shown, cut = [], [], []
    for section in sorted(set(homes.values()), key=section_order):
        watchlist, watchlist_id = section.watchlist, section.watchlist_id
        ids = [story_id for story_id, chosen in homes.items() if chosen == section]
        ranked = rank((_candidate(story_id, by_story[story_id], members, watchlist_id) for story_id in ids), window_end)
        kept, left = ranked[:stories_per_watchlist], ranked[stories_per_watchlist:]
        stories = tuple(
            _tell(by_story[c.story_id], members.get(c.story_id, ()), related.get(c.story_id, ()), watchlist)
            for c in kept
        )
        sections.append(EditionSection(watchlist=watchlist, stories=stories, more=len(left)))
        shown += [(c.story_id, watchlist_id) for c in kept]
        cut += [(c.story_id, watchlist_id) for c in left]
    sources = {item.source_id for story_id, _ in shown for item in members.get(story_id, ())}
    edition = Edition(
        subscription=subscription.name,
        timezone=subscription.timezone,
        locale=subscription.locale,
        window_start=subscription.window_start,
        window_end=window_end,
        sections=tuple(sections),
        source_count=len(sources),
        previous_story_count=previous_story_count,
    )
    return Composed(edition, tuple(shown), tuple(cut))


def _section(candidate: CandidateItem) -> Section:
    return Section(candidate.watchlist_id, candidate.watchlist, candidate.priority)


def _candidate(
    story_id: int, group: Sequence[CandidateItem], members: dict[int, list[StoryItem]], watchlist_id: int
) -> Candidate:
    return Candidate(
        story_id=story_id,
        score=max(candidate.score for candidate in group if candidate.watchlist_id == watchlist_id),
        source_count=len({item.source_id for item in members.get(story_id, ())}) or 1,
        published_at=min(candidate.published_at for candidate in group),
    )


def _tell(
    group: Sequence[CandidateItem], members: Sequence[StoryItem], related: Sequence[RelatedStory], watchlist: str
) -> EditionStory:
    """The story by the representative of the items that matched here: others need not show why the story is."""
    here = [candidate for candidate in group if candidate.watchlist == watchlist]
    chosen = here[representative(here)]
    spans = sorted({span for candidate in group if candidate.item_id == chosen.item_id for span in candidate.spans})
    snippet, snippet_spans = best_passage(chosen.text, _joined(spans, "text"))
    others: dict[int, StoryItem] = {}
    for item in members:
        if item.source_id != chosen.source_id:
            others.setdefault(item.source_id, item)
    return EditionStory(
        story_id=chosen.story_id,
        title=chosen.title,
        title_spans=tuple(_joined(spans, "title")),
        url=chosen.url,
        source=chosen.source,
        source_language=chosen.language,
        published_at=chosen.published_at,
        snippet=snippet,
        snippet_spans=snippet_spans,
        terms=matched_terms(chosen.title, chosen.text, spans),
        also_in=tuple(EditionItem(item.title, item.url, item.source, item.published_at) for item in others.values()),
        also_matched=tuple(sorted({candidate.watchlist for candidate in group} - {watchlist})),
        relatives=_relatives(related),
    )


def _relatives(related: Sequence[RelatedStory]) -> tuple[EditionRelative, ...]:
    """The first of each language: scripts and regions aside."""
    by_language: dict[str, EditionRelative] = {}
    for story in related:
        by_language.setdefault(
            primary(story.language), EditionRelative(story.title, story.url, story.sources[0], story.language)
        )
    return tuple(by_language.values())


def _joined(spans: Iterable[Span], field: Field) -> list[tuple[int, int]]:
    """The sorted spans of a field; those of several watchlists that overlap are one."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        if span.field != field:
            continue
        if joined and span.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], span.end))
        else:
            joined.append((span.start, span.end))
    return joined
