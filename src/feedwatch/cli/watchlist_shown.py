"""How a watchlist is drawn: what it finds, what it leaves out, where it looks, and what is doubtful about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwatch.cli.common import local, plural
from feedwatch.match import query_warnings, term_warnings
from feedwatch.model import query_def

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedwatch.model import Query, WatchlistDef
    from feedwatch.store.watchlists import WatchlistRow

_LABEL = 10
_DAYS = 30


def shown(
    row: WatchlistRow, counts: Mapping[str, int], sets: Mapping[str, tuple[str, ...]], place: str
) -> Iterator[str]:
    """The lines below a watchlist's name.

    `counts` are the items that each term and query matched in thirty days, by its text; `sets` the configuration's
    synonyms by their names; `place` where the configuration declares it, empty where it does not.
    """
    definition = row.definition
    if definition.description:
        yield definition.description
    origin = f"from the configuration ({place})" if place else _origin(row)
    yield f"version {row.version} of {local(row.changed_at)}, {origin}{'' if row.enabled else ', disabled'}"
    about = [f"owned by {definition.owner}"] if definition.owner else []
    about += [f"priority {definition.priority}"] if definition.priority else []
    if about:
        yield ", ".join(about)
    matched = f"{plural(row.item_count, 'item')} in {plural(row.story_count, 'story', 'stories')}"
    yield f"matched {matched}, the last {local(row.last_match_at)}" if row.item_count else "matched nothing yet"
    if definition.mode == "all":
        yield "finds what meets all of these:"
    for label, query in _wanted(definition):
        count = counts.get(query_def(query).text, 0)
        told = f"   ({plural(count, 'item')} in {_DAYS} days)" if row.item_count else ""
        yield f"{label:<{_LABEL}}{written(query)}{told}"
    yield from (f"{'exclude':<{_LABEL}}{written(query)}" for query in definition.exclude)
    yield from (f"{label:<{_LABEL}}{text}" for label, text in _limits(definition))
    for phrases in definition.synonyms:
        name = next((name for name, known in sets.items() if known == phrases), "")
        yield f"{'synonyms':<{_LABEL}}{f'{name}: ' if name else ''}{' = '.join(phrases)}"
    yield from doubts_of(definition)


def _origin(row: WatchlistRow) -> str:
    return "no longer in the configuration" if row.declared else "from the command line"


def written(query: Query) -> str:
    """A query with its options, for people."""
    definition = query_def(query)
    options = ["exact"] if definition.exact else []
    options += [f"stem: {definition.stem}"] if definition.stem else []
    return f"{definition.text}   [{', '.join(options)}]" if options else definition.text


def _wanted(definition: WatchlistDef) -> Iterator[tuple[str, Query]]:
    yield from (("term", term) for term in definition.terms)
    yield from (("query", query) for query in definition.queries)


def _limits(definition: WatchlistDef) -> Iterator[tuple[str, str]]:
    if definition.languages:
        yield "only in", ", ".join(definition.languages)
    if definition.sources:
        yield "only of", ", ".join(definition.sources)
    if definition.tags:
        yield "only with", " or ".join(definition.tags)
    if definition.min_score:
        yield "only from", f"a score of {definition.min_score:g}"


def doubts_of(definition: WatchlistDef) -> Iterator[str]:
    """What is legal in its terms and queries and probably wrong: a sentence each, with the place marked."""
    for term in definition.terms:
        yield from (f"doubtful: {warning}" for warning in term_warnings(term))
    for query in (*definition.queries, *definition.exclude):
        yield from (f"doubtful: {warning}" for warning in query_warnings(query))


def differences(before: WatchlistDef, after: WatchlistDef) -> Iterator[str]:
    """What a change did: `+ term chip`, `- exclude ban`, `priority: 0, now 3`."""
    for label, key in (("term", "terms"), ("query", "queries"), ("exclude", "exclude")):
        old, new = getattr(before, key), getattr(after, key)
        yield from (f"- {label} {written(entry)}" for entry in old if entry not in new)
        yield from (f"+ {label} {written(entry)}" for entry in new if entry not in old)
    for key in ("name", "description", "owner", "mode", "languages", "sources", "tags", "min_score", "priority"):
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            yield f"{key.replace('_', ' ')}: {_told(old)}, now {_told(new)}"
    if before.synonyms != after.synonyms:
        yield f"synonyms: {plural(len(before.synonyms), 'set')}, now {plural(len(after.synonyms), 'set')}"


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "any"
    return (f"{value:g}" if isinstance(value, float) else str(value)) or "none"
