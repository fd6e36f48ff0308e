"""A slow and obvious matcher: every query is asked of every item, every phrase looked for at every place.

It shares the query's tree and the parser with the engine, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from feedwatch.match.parse import parse_query, parse_term
from feedwatch.match.tree import And, Fact, Near, Node, Not, Or, Phrase, Regex
from feedwatch.model import Item, WatchlistDef, query_def
from tests.unit.match.oracle_phrases import Place, places_of_phrase
from tests.unit.match.reading import folded, is_word, read

FIELDS = ("title", "text")
MOST_PLACES = 256
"""Of one regular expression in one field; the others are left out."""
FieldPlace = tuple[int, int, int]
"""The number of a field, and a place in it."""


@dataclass(frozen=True)
class Asked:
    """An item that queries are asked of."""

    item: Item
    source: str = ""
    source_tags: tuple[str, ...] = ()

    def text(self, field: int) -> str:
        """Of the field with this number."""
        return (self.item.title, self.item.text)[field]


@dataclass(frozen=True)
class Hull:
    """From the first of what stands near to the last of it, and what of it was found."""

    start: int
    end: int
    found: frozenset[Place]


def match(watchlist: WatchlistDef, asked: Asked) -> tuple[tuple[str, ...], list[FieldPlace]] | None:
    """The queries of a watchlist that an item meets and the merged places, if it meets the watchlist."""
    wanted: list[tuple[str, Node]] = [(term, parse_term(term)) for term in dict.fromkeys(watchlist.terms)]
    wanted += [(query_def(query).text, parse_query(query)) for query in dict.fromkeys(watchlist.queries)]
    met = []
    for written, tree in wanted:
        widened = with_synonyms(tree, watchlist.synonyms)
        if holds(widened, asked):
            met.append((written, widened))
    if not met or (watchlist.mode == "all" and len(met) < len(wanted)):
        return None
    if any(holds(with_synonyms(parse_query(query), watchlist.synonyms), asked) for query in watchlist.exclude):
        return None
    for name, patterns in (("lang", watchlist.languages), ("source", watchlist.sources), ("tag", watchlist.tags)):
        if patterns and not any(is_fact(name, pattern, asked) for pattern in patterns):
            return None
    places = [place for _, tree in met for place in spans(tree, asked)]
    return tuple(dict.fromkeys(written for written, _ in met)), merged(places)


def with_synonyms(node: Node, sets: Iterable[tuple[str, ...]]) -> Node:
    """The tree with each phrase that a set has as any of that set."""
    match node:
        case Phrase(exact=False):
            others = [text for members in sets if folded(node.text) in map(folded, members) for text in members]
            return Or((node, *(_renamed(node, text) for text in others))) if others else node
        case Near(left=left, right=right, distance=distance, ordered=ordered):
            return Near(with_synonyms(left, sets), with_synonyms(right, sets), distance, ordered)
        case Not(part=part):
            return Not(with_synonyms(part, sets))
        case And(parts=parts):
            return And(tuple(with_synonyms(part, sets) for part in parts))
        case Or(parts=parts):
            return Or(tuple(with_synonyms(part, sets) for part in parts))
        case _:
            return node


def _renamed(phrase: Phrase, text: str) -> Phrase:
    edits = phrase.edits if sum(map(str.isalnum, text)) >= 4 else 0
    return Phrase(text, 0, phrase.scope, phrase.exact, phrase.is_prefix, edits, phrase.stem)


def holds(node: Node, asked: Asked) -> bool:
    """Whether an item meets a query."""
    match node:
        case Phrase() | Regex() | Near():
            return bool(leaf_places(node, asked))
        case Fact(name=name, pattern=pattern):
            return is_fact(name, pattern, asked)
        case And(parts=parts):
            return all(holds(part, asked) for part in parts)
        case Or(parts=parts):
            return any(holds(part, asked) for part in parts)
        case Not(part=part):
            return not holds(part, asked)


def spans(node: Node, asked: Asked, *, wanted: bool = True) -> Iterator[FieldPlace]:
    """The places of what took part in a query's being met, or, if not `wanted`, in its not being met."""
    match node:
        case Phrase() | Regex() | Near() if wanted:
            yield from leaf_places(node, asked)
        case Not(part=part):
            yield from spans(part, asked, wanted=not wanted)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                if holds(part, asked) == wanted:
                    yield from spans(part, asked, wanted=wanted)
        case _:
            return


def leaf_places(node: Phrase | Regex | Near, asked: Asked) -> set[FieldPlace]:
    """Where a phrase, a regular expression or what takes part in a NEAR stands."""
    return {
        (field, start, end)
        for field in range(len(FIELDS))
        for hull in hulls(node, asked, field)
        for start, end in hull.found
    }


def hulls(node: Node, asked: Asked, field: int) -> list[Hull]:
    """Where one side of a NEAR, or the whole of one, stands in a field."""
    match node:
        case Phrase(scope=scope) | Regex(scope=scope) if scope not in (None, FIELDS[field]):
            return []
        case Phrase():
            places = places_of_phrase(node, asked.text(field), asked.item.language)
            return [Hull(*place, frozenset((place,))) for place in places]
        case Regex(pattern=pattern):
            found = [one.span() for one in python_regex(pattern).finditer(asked.text(field))]
            return [Hull(*place, frozenset((place,))) for place in found if place[0] < place[1]][:MOST_PLACES]
        case Or(parts=parts):
            return [hull for part in parts for hull in hulls(part, asked, field)]
        case Near(left=left, right=right):
            words = read(asked.text(field)).words
            lefts = [(hull, *word_numbers(hull, words)) for hull in hulls(left, asked, field)]
            rights = [(hull, *word_numbers(hull, words)) for hull in hulls(right, asked, field)]
            near: set[Hull] = set()
            for firsts, seconds in ((lefts, rights),) if node.ordered else ((lefts, rights), (rights, lefts)):
                near |= {
                    Hull(one.start, other.end, one.found | other.found)
                    for one, _, last in firsts
                    for other, first, _ in seconds
                    if first - last <= node.distance and one.end <= other.start
                }
            return list(near)
        case _:
            raise TypeError(node)


def word_numbers(hull: Hull, words: list[Place]) -> tuple[int, int]:
    """Of the first word that ends after a place's start, and of the last that begins before its end."""
    first = next((number for number, (_, end) in enumerate(words) if end > hull.start), len(words))
    last = max((number for number, (start, _) in enumerate(words) if start < hull.end), default=-1)
    return first, last


@lru_cache(maxsize=1 << 10)
def python_regex(pattern: str) -> re.Pattern[str]:
    """What RE2 understands by a pattern, for those of these tests."""
    is_cased = pattern.startswith("(?-i)")
    han = pattern.removeprefix("(?-i)").replace(r"\p{Han}", "[\u3400-\u9fff]")
    return re.compile(han, re.ASCII if is_cased else re.ASCII | re.IGNORECASE)


def is_fact(name: str, pattern: str, asked: Asked) -> bool:
    """Whether an item is what a filter asks for."""
    item = asked.item
    match name:
        case "lang":
            return pattern == "*" or (item.language.lower() + "-").startswith(pattern.lower() + "-")
        case "source":
            return is_glob(pattern, asked.source)
        case "tag":
            return any(is_glob(folded(pattern), folded(tag)) for tag in (*item.tags, *asked.source_tags))
        case "author":
            return any(is_part_of_name(folded(pattern), folded(author)) for author in item.authors)
        case "site":
            return f".{urlsplit(item.url).hostname}".endswith(f".{pattern.lower().removeprefix('www.')}")
        case _:
            raise ValueError(name)


def is_glob(pattern: str, text: str) -> bool:
    """Whether a text is the pattern, in which * stands for any characters."""
    first, star, others = pattern.partition("*")
    if not star:
        return text == pattern
    rest = text.removeprefix(first)
    return text.startswith(first) and any(is_glob(others, rest[at:]) for at in range(len(rest) + 1))


def is_part_of_name(pattern: str, name: str) -> bool:
    """Whether some part of a name, of whole words where the pattern has no * at its end, is the pattern."""
    for start in range(len(name) + 1):
        for end in range(start, len(name) + 1):
            if not is_glob(pattern, name[start:end]):
                continue
            inner_start = 0 < start < len(name) and is_word(name[start - 1]) and is_word(name[start])
            inner_end = 0 < end < len(name) and is_word(name[end - 1]) and is_word(name[end])
            if not (inner_start and pattern[0] != "*") and not (inner_end and pattern[-1] != "*"):
                return True
    return False


def merged(places: Iterable[FieldPlace]) -> list[FieldPlace]:
    """Sorted, and one of those that overlap."""
    result: list[FieldPlace] = []
    for field, start, end in sorted(places):
        if result and result[-1][0] == field and start < result[-1][2]:
            result[-1] = (field, result[-1][1], max(end, result[-1][2]))
        else:
            result.append((field, start, end))
    return result
