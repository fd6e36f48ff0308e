"""The syntax tree of a query."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or a quoted phrase, as written, without its quotes."""

    text: str
    column: int = field(default=0, compare=False)
    """Of its first character (after the quote) in the query, 0-based."""


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The absence of a part."""

    part: Node
    column: int = field(default=0, compare=False)
    """Of the word NOT."""


Node = Phrase | And | Or | Not


def phrases(node: Node) -> list[Phrase]:
    """Every phrase of a tree, in the order written."""
    match node:
        case Phrase():
            return [node]
        case Not(part=part):
            return phrases(part)
        case And(parts=parts) | Or(parts=parts):
            return [phrase for part in parts for phrase in phrases(part)]


def with_inner_nots(node: Node) -> Node:
    """The same condition with NOT on phrases alone (De Morgan), and double NOT resolved."""
    match node:
        case Phrase():
            return node
        case And(parts=parts):
            return And(tuple(map(with_inner_nots, parts)))
        case Or(parts=parts):
            return Or(tuple(map(with_inner_nots, parts)))
        case Not(part=Phrase()):
            return node
        case Not(part=Not(part=part)):
            return with_inner_nots(part)
        case Not(part=And(parts=parts), column=column):
            return Or(tuple(with_inner_nots(Not(part, column)) for part in parts))
        case Not(part=Or(parts=parts), column=column):
            return And(tuple(with_inner_nots(Not(part, column)) for part in parts))
    raise TypeError(node)


def lacking_branch(node: Node) -> Not | None:
    """The NOT through which a text with none of the phrases would meet this tree, or None where none would.

    The tree is one of `with_inner_nots`.
    """
    match node:
        case Phrase():
            return None
        case Not():
            return node
        case And(parts=parts):
            lacking = [lacking_branch(part) for part in parts]
            return lacking[0] if all(lacking) else None
        case Or(parts=parts):
            return next(filter(None, map(lacking_branch, parts)), None)
