"""Phrases that mean the same: where a query has one of a set, any of it will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from .fold import fold
from .lexer import FEWEST_FUZZY_LETTERS
from .phrase import has_letter_or_digit
from .tree import And, Near, Node, Not, Or, Phrase


def with_synonyms(node: Node, sets: Sequence[Sequence[str]]) -> Node:
    """The tree with each phrase that is in a set, after folding, as the OR of that set, itself first.

    What a phrase is marked with is kept for all of the set, but that no letter may differ in those of less than 4.
    Exact phrases stay alone.
    """
    return _widened(node, _by_phrase(tuple(map(tuple, sets)))) if sets else node


def _widened(node: Node, sets: Mapping[str, tuple[str, ...]]) -> Node:
    match node:
        case Phrase():
            others = [] if node.exact else _others(node.text, sets)
            return Or((node, *(_renamed(node, text) for text in others))) if others else node
        case Near(left=left, right=right):
            return replace(node, left=_widened(left, sets), right=_widened(right, sets))
        case Not(part=part):
            return replace(node, part=_widened(part, sets))
        case And(parts=parts):
            return And(tuple(_widened(part, sets) for part in parts))
        case Or(parts=parts):
            return Or(tuple(_widened(part, sets) for part in parts))
        case _:
            return node


def _renamed(phrase: Phrase, text: str) -> Phrase:
    is_short = sum(map(str.isalnum, text)) < FEWEST_FUZZY_LETTERS
    return replace(phrase, text=text, edits=0 if is_short else phrase.edits)


def _others(text: str, sets: Mapping[str, tuple[str, ...]]) -> list[str]:
    own = _key(text)
    return [member for member in sets.get(own, ()) if _key(member) != own and has_letter_or_digit(member)]


@lru_cache(maxsize=64)
def _by_phrase(sets: tuple[tuple[str, ...], ...]) -> Mapping[str, tuple[str, ...]]:
    """By folded phrase: all that is in a set with it."""
    found: dict[str, dict[str, None]] = {}
    for members in sets:
        for member in members:
            found.setdefault(_key(member), {}).update(dict.fromkeys(members))
    return {key: tuple(members) for key, members in found.items()}


def _key(phrase: str) -> str:
    return " ".join(fold(phrase).folded.split())
