"""Words and phrases that a watchlist could have: what stands out in its stories, and in the doubtful ones of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from feedwatch.errors import QuerySyntaxError
from feedwatch.jobs.archive_search import search_archive
from feedwatch.jobs.backtest import DOUBTFUL_SHARE
from feedwatch.jobs.story_tally import Tally
from feedwatch.match import Matcher
from feedwatch.match.parse import parse_query
from feedwatch.match.stand_out import StandOut, stand_out
from feedwatch.match.tree import phrases
from feedwatch.model import Rarity, WatchlistDef
from feedwatch.store.archived import read_archived
from feedwatch.store.batches import batches
from feedwatch.store.sampling import extent, pick_evenly

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from feedwatch.model import Item
    from feedwatch.store.archived import ArchivedItem
    from feedwatch.store.filters import ItemFilter

MOST_STORIES = 1_000
"""Of the watchlist's; more do not change what stands out."""
MOST_BACKGROUND = 4_000
"""Of the archive's items, evenly picked."""
READ_CHARACTERS = 1_200
"""Of a text: what it is about stands in its beginning, and of long texts all words would stand out."""
DOUBTFUL_CRITICAL = 10.83
"""A likelihood that chance alone reaches once in a thousand times: fewer stories are compared, and a person judges."""
_LEAST_STORIES = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A phrase to add or to exclude."""

    phrase: str
    """As the example writes it."""
    language: str
    """The primary subtag of the texts in which it stands out."""
    inside: int
    """Of the stories looked at, how many have it."""
    inside_of: int
    outside: int
    """How many others have it: for a phrase to add, items of the archive that the watchlist does not match, told from a
    sample where `Suggestions.step` is above 1; for one to exclude, stories of the language that are not doubtful."""
    likelihood: float
    example: str
    """The title of a story that has it."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What stands out, the strongest first."""

    stories: int
    """That the watchlist matches in the window."""
    read_stories: int
    """Of them, how many were looked at."""
    background: int
    """Items of the archive that these were compared with."""
    step: int
    """One of so many items was taken for it."""
    to_add: tuple[Suggestion, ...]
    to_exclude: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    title: str
    text: str
    score: float


def suggest(
    session: Session, definition: WatchlistDef, wanted: ItemFilter, rarity: Rarity, *, limit: int = 15
) -> Suggestions:
    """What stands out in the stories that a watchlist matches, against the rest of what passes the filter.

    Languages are compared each by itself, or else a language would stand out. What the watchlist finds already is left
    out: phrases that hold one of its own, and pieces of these.
    """
    tally = Tally(())
    for found in search_archive(session, definition, wanted, rarity):
        tally.add(found.row, found.match.score, ())
    matched = _read_stories(session, tally)
    step = max(1, round(extent(session, wanted).items / MOST_BACKGROUND))
    background = _Background(session, pick_evenly(session, wanted, step), tally.stories)
    known = _Known(definition)
    level = DOUBTFUL_SHARE * median(one.score for read in matched.values() for one in read) if matched else 0.0
    to_add: list[Suggestion] = []
    to_exclude: list[Suggestion] = []
    for language, read in matched.items():
        if len(read) < _LEAST_STORIES:
            continue
        inside = [one.text for one in read]
        found_here = stand_out(inside, background.texts(language), outside_count=background.count(language))
        found_here = [one for one in found_here if one.outside]  # else it would find no more
        to_add += islice(_suggested(found_here, read, len(read), language, known, step), limit)
        weak = [one for one in read if one.score < level]
        strong = [one for one in read if one.score >= level]
        noise = stand_out(
            [one.text for one in weak],
            [one.text for one in strong],
            outside_count=len(strong),
            critical=DOUBTFUL_CRITICAL,
        )
        # What is as common elsewhere is no subject of its own: "want", "become".
        subjects = stand_out(
            [one.text for one in weak],
            background.texts(language),
            outside_count=background.count(language),
            critical=DOUBTFUL_CRITICAL,
        )
        named = {one.phrase for one in subjects}
        noise = [one for one in noise if one.phrase in named]
        to_exclude += islice(_suggested(noise, weak, len(weak), language, known, 1), limit)
    return Suggestions(
        stories=len(tally.stories),
        read_stories=sum(map(len, matched.values())),
        background=background.total,
        step=step,
        to_add=_strongest(to_add, limit),
        to_exclude=_strongest(to_exclude, limit),
    )


def _read_stories(session: Session, tally: Tally) -> dict[str, list[_Read]]:
    """By language: the stories, each by its best item; evenly picked where there are too many."""
    step = max(1, -(-len(tally.stories) // MOST_STORIES))
    scores = {story.item_id: story.score for story in tally.stories.values()}
    found: defaultdict[str, list[_Read]] = defaultdict(list)
    for one in _archived(session, sorted(scores)[::step]):
        found[_primary(one.item.language)].append(_Read(one.item.title, _text(one.item), scores[one.id]))
    return dict(found)


class _Background:
    """The rest of the archive, or some of it: read anew for each language, and not held."""

    def __init__(self, session: Session, item_ids: Sequence[int], stories: Collection[int]) -> None:
        self._session = session
        self._ids: defaultdict[str, list[int]] = defaultdict(list)
        told: set[int] = set(stories)
        for one in _archived(session, item_ids):
            if one.story_id not in told:  # a story's copies are one text
                told.add(one.story_id)
                self._ids[_primary(one.item.language)].append(one.id)

    @property
    def total(self) -> int:
        return sum(map(len, self._ids.values()))

    def count(self, language: str) -> int:
        return len(self._ids.get(language, ()))

    def texts(self, language: str) -> Iterator[str]:
        return (_text(one.item) for one in _archived(self._session, self._ids.get(language, ())))


class _Known:
    """What a watchlist finds already."""

    def __init__(self, definition: WatchlistDef) -> None:
        written = tuple(dict.fromkeys((*definition.terms, *_phrases(definition), *sum(definition.synonyms, ()))))
        self._phrases = Matcher([(WatchlistDef("known", terms=written), 1)])
        self._written = written

    def has(self, phrase: str) -> bool:
        """Whether the phrase holds one of the watchlist's, or is a piece of one."""
        if self._phrases.find(phrase, ""):
            return True
        piece = Matcher([(WatchlistDef("piece", terms=(phrase,)), 1)])
        return any(piece.find(written, "") for written in self._written)


def _archived(session: Session, item_ids: Sequence[int]) -> Iterator[ArchivedItem]:
    """Read in parts: the archive is not held."""
    return (one for part in batches(item_ids) for one in read_archived(session, part))


def _phrases(definition: WatchlistDef) -> Iterator[str]:
    for query in (*definition.queries, *definition.exclude):
        try:
            yield from (phrase.text for phrase in phrases(parse_query(query)))
        except QuerySyntaxError:  # a stored query of an earlier version; matching leaves it out as well
            continue


def _suggested(
    found: Iterable[StandOut], read: Sequence[_Read], count: int, language: str, known: _Known, step: int
) -> Iterator[Suggestion]:
    for one in found:
        if known.has(one.phrase):
            continue
        written, title = _as_written(one.phrase, read)
        yield Suggestion(written, language, one.inside, count, one.outside * step, one.likelihood, title)


def _as_written(phrase: str, read: Sequence[_Read]) -> tuple[str, str]:
    """The phrase as a text has it, and that story's title: of one that has it in its title, if there is one."""
    matcher = Matcher([(WatchlistDef("phrase", terms=(phrase,)), 1)])
    first: tuple[str, str] | None = None
    for one in read:
        matches = matcher.find(one.title, one.text)
        if matches:
            span = matches[0].spans[0]
            field = one.title if span.field == "title" else one.text
            written = " ".join(field[span.start : span.end].split())
            if span.field == "title":
                return written, one.title
            first = first or (written, one.title)
    return first or (phrase, "")


def _strongest(found: Iterable[Suggestion], limit: int) -> tuple[Suggestion, ...]:
    return tuple(sorted(found, key=lambda one: -one.likelihood)[:limit])


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _text(item: Item) -> str:
    return f"{item.title}\n{item.text[:READ_CHARACTERS]}"
