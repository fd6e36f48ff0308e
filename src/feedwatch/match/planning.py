"""Queries and watchlists -> what the archive's index can tell of them.

A phrase holds only where its words are neighbours, or some of them joined: "high quality development" is in a text that
has #highQualitydevelopment, whose words are high and qualitydevelopment. What the index cannot tell is left to the
engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise, takewhile
from operator import add
from typing import Any

from feedwatch.errors import QuerySyntaxError
from feedwatch.model import Query, WatchlistDef
from feedwatch.plan import EVERYTHING, AllOf, AnyOf, HasFact, HasPrefix, HasToken, Plan, all_of, any_of

from .contradictions import shown
from .index_tokens import LONGEST, TITLE
from .parse import parse_query, parse_term
from .phrase import Gap, Literal, compile_phrase
from .scripts import Kind, is_word_character, kind_of
from .stem import StemWord, compile_stem
from .synonyms import with_synonyms
from .tree import And, Fact, Near, Node, Not, Or, Phrase, Regex, with_inner_nots
from .word_pairs import is_pair, pair_token

_MOST_WORDS = 4
"""Of a phrase that are asked for; the engine knows the rest."""


def plan_of(query: Query, synonyms: Sequence[Sequence[str]] = ()) -> Plan:
    """What holds for every item that the query matches. Raises QuerySyntaxError."""
    return _plan(with_inner_nots(with_synonyms(parse_query(query), synonyms)))


def plan_of_watchlist(definition: WatchlistDef) -> Plan:
    """What holds for every item that the watchlist matches. What cannot be read is left out, as it is in matching."""
    wanted = [*_read(parse_term, definition.terms), *_read(parse_query, definition.queries)]
    plans = [_plan(with_inner_nots(with_synonyms(node, definition.synonyms))) for node in wanted]
    met = all_of(plans) if definition.mode == "all" and plans else any_of(plans)
    in_languages = [_in_language(pattern) for pattern in definition.languages]
    of_sources = [HasFact("source", pattern) for pattern in definition.sources]
    return all_of((met, *(any_of(facts) for facts in (in_languages, of_sources) if facts)))


def looks_at_names(definition: WatchlistDef) -> bool:
    """Whether matching asks for the authors or the tags of an item."""
    written = _read(parse_query, (*definition.queries, *definition.exclude))
    return bool(definition.tags) or any(map(_has_names, written))


def _has_names(node: Node) -> bool:
    match node:
        case Fact(name=name):
            return name in ("tag", "author")
        case Not(part=part):
            return _has_names(part)
        case And(parts=parts) | Or(parts=parts):
            return any(map(_has_names, parts))
        case _:
            return False


def unplanned_part(query: Query) -> str | None:
    """The part through which the index cannot narrow a search, in a few words; None where it can.

    Raises QuerySyntaxError.
    """
    part = _unplanned(with_inner_nots(parse_query(query)))
    if isinstance(part, Phrase):
        return f"{shown(part)}~{part.edits}" if part.edits else shown(part)
    return None if part is None else shown(part)


def _unplanned(node: Node) -> Node | None:
    match node:
        case Or(parts=parts):
            return next((found for part in parts if (found := _unplanned(part)) is not None), None)
        case And(parts=parts):
            return _first_if_all(map(_unplanned, parts))
        case Near(left=left, right=right):
            return _first_if_all(map(_unplanned, (left, right)))
        case Fact(name="lang" | "source"):
            return node
        case _:
            return node if _plan(node) == EVERYTHING else None


def _first_if_all(found: Iterable[Node | None]) -> Node | None:
    first, *others = found
    return None if None in others else first


def _read(parse: Callable[[Any], Node], written: Iterable[Query]) -> Iterator[Node]:
    for one in written:
        with suppress(QuerySyntaxError):
            yield parse(one)


def _plan(node: Node) -> Plan:
    """The plan of a tree whose NOTs stand on leaves."""
    match node:
        case Phrase():
            return _plan_of_phrase(node)
        case Fact(name="lang", pattern=pattern):
            return _in_language(pattern)
        case Fact(name="source", pattern=pattern):
            return HasFact("source", pattern)
        case And(parts=parts):
            return all_of(map(_plan, parts))
        case Or(parts=parts):
            return any_of(map(_plan, parts))
        case Near(left=left, right=right):
            return all_of((_plan(left), _plan(right)))
        case Fact() | Regex() | Not():
            return EVERYTHING


def _in_language(pattern: str) -> Plan:
    return HasFact("lang", pattern.lower().replace("_", "-").removesuffix("-*"))


def _plan_of_phrase(phrase: Phrase) -> Plan:
    if phrase.edits:  # a text may part the letters of a phrase that has one wrong anywhere
        return EVERYTHING
    plan = all_of(_plans_of_parts(compile_phrase(phrase.text, exact=phrase.exact), may_go_on=phrase.is_prefix))
    if phrase.stem:
        words = compile_stem(phrase.text, phrase.stem).words
        plan = any_of((plan, all_of(map(_plan_of_forms, words)))) if words else plan
    return _in_title(plan) if phrase.scope == "title" else plan


def _in_title(plan: Plan) -> Plan:
    """A plan of words for the title alone; pairs have no place of their own there."""
    match plan:
        case HasToken(token=token):
            return plan if is_pair(token) else HasToken(TITLE + token)
        case HasPrefix(prefix=prefix):
            return HasPrefix(TITLE + prefix)
        case AllOf(parts=parts):
            return all_of(map(_in_title, parts))
        case AnyOf(parts=parts):
            return any_of(map(_in_title, parts))
        case _:
            return plan


def _plan_of_forms(word: StemWord) -> Plan:
    beginning = "".join(takewhile(is_word_character, word.prefix))
    return _word(beginning, may_go_on=True) if word.stem and beginning else EVERYTHING


def _plans_of_parts(literal: Literal, *, may_go_on: bool) -> Iterator[Plan]:
    """One for each run of unspaced characters, and for each of words that nothing but separators parts."""
    kinds = [_ROLES[kind_of(character)] for character in literal.squeezed]
    at = range(1, len(kinds))
    ends = [i for i in at if kinds[i - 1] != kinds[i] or (kinds[i] == "word" and literal.gaps[i - 1] == Gap.ANY)]
    for first, last in pairwise((0, *ends, len(kinds))):
        text = literal.squeezed[first:last]
        if kinds[first] == "unspaced":
            yield all_of(map(HasToken, map(add, text, text[1:]))) if len(text) > 1 else HasPrefix(text)
        elif kinds[first] == "word":
            borders = [i for i in range(first + 1, last) if literal.gaps[i - 1] in _SOFT]
            words = [literal.squeezed[a:b] for a, b in pairwise((first, *borders, last))]
            yield _plan_of_words(words, may_go_on=may_go_on and last == len(kinds))


_ROLES = {Kind.SIGN: "sign", Kind.LETTER: "word", Kind.DIGIT: "word", Kind.UNSPACED: "unspaced", Kind.HAN: "unspaced"}
_SOFT = (Gap.ANY_OR_NOTHING, Gap.ANY_OR_NEW_WORD)
"""Between words that a text may have as one."""


def _plan_of_words(words: list[str], *, may_go_on: bool) -> Plan:
    """Some way to read them, apart or joined."""
    if len(words) > _MOST_WORDS:
        words, may_go_on = words[:_MOST_WORDS], True  # the last one may be joined to what is left out
    ways = [[words[0]]]
    for word in words[1:]:
        ways = [*([*way, word] for way in ways), *([*way[:-1], way[-1] + word] for way in ways)]
    return any_of(_plan_of_neighbours(way, may_go_on=may_go_on) for way in ways)


def _plan_of_neighbours(words: list[str], *, may_go_on: bool) -> Plan:
    pairs = map(HasToken, filter(None, map(pair_token, words, words[1:])))
    return all_of((*pairs, *map(_word, words[:-1]), _word(words[-1], may_go_on=may_go_on)))


def _word(word: str, *, may_go_on: bool = False) -> Plan:
    return HasPrefix(word) if may_go_on and len(word) < LONGEST else HasToken(word[:LONGEST])
