"""Parts of a query that contradict or repeat each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from .fold import fold
from .misreadings import Problem
from .scripts import is_word_character
from .tree import And, Fact, Near, Node, Not, Or, Phrase, Regex

_MOST_UNITS = 12
"""Of a phrase whose parts are compared with what is forbidden."""


@lru_cache(maxsize=1 << 12)
def units_of(text: str) -> tuple[str, ...]:
    """The words of a phrase, folded; each Chinese character and each sign is one by itself."""
    units: list[str] = []
    goes_on = False
    for character in fold(text).folded:
        is_word = is_word_character(character)
        if is_word and goes_on:
            units[-1] += character
        elif character != " ":
            units.append(character)
        goes_on = is_word
    return tuple(units)


def contradictions(node: Node) -> Iterator[Problem]:
    """Where all of several parts are needed and no text has them all. The tree is one of `with_inner_nots`."""
    match node:
        case And():
            parts = list(_needed(node))
            yield from _forbidden(parts)
            yield from _of_facts([part for part in parts if isinstance(part, Fact)])
            for part in parts:
                yield from contradictions(part)
        case Or(parts=alternatives):
            for part in alternatives:
                yield from contradictions(part)
        case Near(left=left, right=right, column=column):
            scopes = _scopes(left), _scopes(right)
            if not any(one is None or other is None or one == other for one in scopes[0] for other in scopes[1]):
                yield column, "never matches: its two sides are looked for in two fields, and NEAR counts words in one"


def repetitions(node: Node) -> Iterator[Problem]:
    """The second of two equal parts that stand beside each other."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            seen: set[object] = set()
            for part in parts:
                key = _key(part)
                if key in seen:
                    yield column_of(part), f"{shown(part)} stands here a second time: leave it out"
                seen.add(key)
                yield from repetitions(part)
        case Not(part=part):
            yield from repetitions(part)
        case Near(left=left, right=right):
            yield from repetitions(left)
            yield from repetitions(right)


def column_of(node: Node) -> int:
    """Where a part begins in its query, but for parentheses and the quote of a phrase."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            return column_of(parts[0])
        case Near(left=left):
            return column_of(left)
        case _:
            return node.column


def shown(node: Node) -> str:
    """A part in a few words, for a message."""
    match node:
        case Phrase(text=text, scope=scope):
            return (f"{scope}:" if scope else "") + (f'"{text}"' if " " in text else text)
        case Regex(pattern=pattern, scope=scope):
            return (f"{scope}:" if scope else "") + f"/{pattern}/"
        case Fact(name=name, pattern=pattern):
            return f"{name}:{pattern}"
        case Not(part=part):
            return f"NOT {shown(part)}"
        case _:
            return "the part"


def _needed(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _needed(part)
    else:
        yield node


def _forbidden(parts: Sequence[Node]) -> Iterator[Problem]:
    needed: dict[object, Node] = {}
    for part in parts:
        if isinstance(part, Not):
            continue
        for key in (_key(part), *_implied(part)):
            needed.setdefault(key, part)
    for part in parts:
        if not isinstance(part, Not):
            continue
        for key in _keys_in_any_field(part.part):
            if key in needed:
                there = needed[key]
                yield part.column, _forbidden_in(part.part, there)
                break


def _forbidden_in(forbidden: Node, needed: Node) -> str:
    if _key(forbidden) == _key(needed):
        return f"never matches: {shown(needed)} is asked for and forbidden"
    return f"hardly ever matches: where {shown(needed)} stands, {shown(forbidden)} stands too, which is forbidden"


def _implied(node: Node) -> Iterator[object]:
    """The keys of what stands in every text that a phrase is found in."""
    if not isinstance(node, Phrase) or node.edits or node.stem:
        return
    units = units_of(node.text)[:_MOST_UNITS]
    for start in range(len(units)):
        for end in range(start + 1, len(units) + 1):
            if not (node.is_prefix and end == len(units)):
                yield _phrase_key(units[start:end], node.scope)


def _keys_in_any_field(node: Node) -> Iterator[object]:
    """The keys of what a forbidden part forbids: a phrase that may be nowhere may not be in the title either."""
    yield _key(node)
    if isinstance(node, Phrase) and not (node.exact or node.edits or node.stem or node.is_prefix):
        scopes = (node.scope,) if node.scope else (None, "title", "text")
        for scope in scopes:
            yield _phrase_key(units_of(node.text), scope)


def _of_facts(facts: Sequence[Fact]) -> Iterator[Problem]:
    """Two languages or two sources that no item has both of."""
    for name in ("lang", "source", "site"):
        of_name = [fact for fact in facts if fact.name == name]
        for fact in of_name[1:]:
            first = of_name[0]
            if _exclude_each_other(name, first.pattern.lower(), fact.pattern.lower()):
                problem = f"never matches: an item is not both {shown(first)} and {shown(fact)}; write OR between them"
                yield fact.column, problem


def _exclude_each_other(name: str, one: str, other: str) -> bool:
    if name == "source":  # two globs may have something in common
        return ("*" not in one and not fnmatchcase(one, other)) or ("*" not in other and not fnmatchcase(other, one))
    if "*" in (one, other):
        return False
    mark = "-" if name == "lang" else "."
    ways = (one.split(mark), other.split(mark)) if name == "lang" else (one.split(mark)[::-1], other.split(mark)[::-1])
    shortest = min(map(len, ways))
    return ways[0][:shortest] != ways[1][:shortest]


def _scopes(node: Node) -> set[str | None]:
    match node:
        case Phrase(scope=scope) | Regex(scope=scope):
            return {scope}
        case Or(parts=parts):
            return set().union(*map(_scopes, parts))
        case Near(left=left, right=right):
            return _scopes(left) | _scopes(right)
        case _:
            return {None}


def _phrase_key(units: tuple[str, ...], scope: str | None) -> object:
    return ("phrase", units, scope)


def _key(node: Node) -> object:
    """Equal for parts that find the same."""
    match node:
        case Phrase(text=text, scope=scope, exact=exact, is_prefix=is_prefix, edits=edits, stem=stem):
            if not (exact or is_prefix or edits or stem):
                return _phrase_key(units_of(text), scope)
            return (text if exact else units_of(text), scope, exact, is_prefix, edits, stem)
        case And(parts=parts) | Or(parts=parts):
            return (type(node), tuple(map(_key, parts)))
        case Not(part=part):
            return ("not", _key(part))
        case Near(left=left, right=right, distance=distance, ordered=ordered):
            return (_key(left), _key(right), distance, ordered)
        case _:
            return node
