"""The syntax tree of a query."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from feedwatch.model import Field

FactName = Literal["lang", "source", "tag", "author", "site"]
"""What a query may ask of an item beside its title and text."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or a quoted phrase, as written, without its quotes and what marks it."""

    text: str
    column: int = field(default=0, compare=False)
    """Of its first character (after the quote) in the query, 0-based."""
    scope: Field | None = None
    """The field that it has to be in; either where None."""
    exact: bool = False
    """Whether it is found only as written: folding is off."""
    is_prefix: bool = False
    """Whether its last word may go on (`semiconductor*`)."""
    edits: int = 0
    """How many letters may differ (`~1`): 0 or 1."""
    stem: str = ""
    """BCP 47 of the language whose other forms of its words will do; empty for none."""


_NEW = object.__new__
_set_text, _set_column, _set_scope, _set_exact, _set_is_prefix, _set_edits, _set_stem = (
    getattr(Phrase, name).__set__ for name in Phrase.__slots__
)


def plain_phrase(text: str, column: int) -> Phrase:
    """`Phrase(text, column)` in half the time: making phrases is most of what reading a query takes."""
    phrase = _NEW(Phrase)
    _set_text(phrase, text)
    _set_column(phrase, column)
    _set_scope(phrase, None)
    _set_exact(phrase, False)
    _set_is_prefix(phrase, False)
    _set_edits(phrase, 0)
    _set_stem(phrase, "")
    return phrase


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression of RE2's syntax, without its slashes."""

    pattern: str
    column: int = field(default=0, compare=False)
    """Of its opening slash."""
    scope: Field | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A filter on what is known of an item: `lang:en`, `source:rthk-*`, `tag:policy`, `author:...`, `site:rthk.hk`."""

    name: FactName
    pattern: str
    """As written; * stands for any characters."""
    column: int = field(default=0, compare=False)
    """Of the field's name."""


@dataclass(frozen=True, slots=True)
class Near:
    """Both parts at most `distance` words apart, in one field; neighbours are 1 apart. A Chinese character is a word.

    The parts are phrases, regexes, ORs of such, or Nears. Neither overlaps the other.
    """

    left: Node
    right: Node
    distance: int
    """1 or more."""
    ordered: bool = False
    """Whether the left has to come first (ONEAR)."""
    column: int = field(default=0, compare=False)
    """Of the operator."""


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


Leaf = Phrase | Regex | Fact | Near
"""What a NOT may stand on once it has been moved inwards. A Near is a leaf, as nothing moves into it."""
Node = Leaf | And | Or | Not


def phrases(node: Node) -> list[Phrase]:
    """Every phrase of a tree, in the order written."""
    match node:
        case Phrase():
            return [node]
        case Regex() | Fact():
            return []
        case Near(left=left, right=right):
            return phrases(left) + phrases(right)
        case Not(part=part):
            return phrases(part)
        case And(parts=parts) | Or(parts=parts):
            return [phrase for part in parts for phrase in phrases(part)]


def with_inner_nots(node: Node) -> Node:
    """The same condition with NOT on leaves alone (De Morgan), and double NOT resolved."""
    match node:
        case And(parts=parts):
            return And(tuple(map(with_inner_nots, parts)))
        case Or(parts=parts):
            return Or(tuple(map(with_inner_nots, parts)))
        case Not(part=Not(part=part)):
            return with_inner_nots(part)
        case Not(part=And(parts=parts), column=column):
            return Or(tuple(with_inner_nots(Not(part, column)) for part in parts))
        case Not(part=Or(parts=parts), column=column):
            return And(tuple(with_inner_nots(Not(part, column)) for part in parts))
        case _:
            return node


def lacking_branch(node: Node) -> Not | None:
    """The NOT through which a text with none of the phrases would meet this tree, or None where none would.

    The tree is one of `with_inner_nots`.
    """
    match node:
        case Not():
            return node
        case And(parts=parts):
            lacking = [lacking_branch(part) for part in parts]
            return lacking[0] if all(lacking) else None
        case Or(parts=parts):
            return next(filter(None, map(lacking_branch, parts)), None)
        case _:
            return None


def with_options(node: Node, *, exact: bool, stem: str) -> Node:
    """The tree with a query's options on each of its phrases. An exact phrase has no stem, nor has a fuzzy one."""
    if not exact and not stem:
        return node
    match node:
        case Phrase():
            is_exact = exact or node.exact
            return replace(node, exact=is_exact, stem="" if is_exact or node.edits or node.is_prefix else stem)
        case Near(left=left, right=right):
            return replace(
                node,
                left=with_options(left, exact=exact, stem=stem),
                right=with_options(right, exact=exact, stem=stem),
            )
        case Not(part=part):
            return replace(node, part=with_options(part, exact=exact, stem=stem))
        case And(parts=parts):
            return And(tuple(with_options(part, exact=exact, stem=stem) for part in parts))
        case Or(parts=parts):
            return Or(tuple(with_options(part, exact=exact, stem=stem) for part in parts))
        case _:
            return node
