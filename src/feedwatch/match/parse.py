"""The text of a query -> its syntax tree, or an error that points at the column.

NOT binds closest, then NEAR, AND (words side by side mean it too) and OR: each of the functions below reads what one
of them joins. The same language as a grammar: tests/unit/match/query.lark, which hypothesis holds this against.
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from feedwatch.errors import QuerySyntaxError
from feedwatch.model import Field, Query, query_def

from . import slips
from .disorder import misplaced, refuse_in_near, unclosed
from .lexer import END, Tokens, Within, tokens_of
from .marks import refuse_surrogates
from .phrase import has_letter_or_digit
from .tree import And, Fact, Near, Node, Not, Or, Phrase, Regex, with_options

DEEPEST = 50
"""How many parentheses, NOTs and NEARs may stand inside one another."""

_LEAVES = (Phrase, Regex, Fact)
_OPENING: dict[str, Field | None] = {"(": None, "title:(": "title", "text:(": "text"}


def check_query(text: Query) -> None:
    """Raise QuerySyntaxError if `text` is not a query that can be read."""
    parse_query(text)


def check_term(text: str) -> None:
    """Raise QuerySyntaxError if `text`, a line of `terms:`, holds nothing to find."""
    parse_term(text)


def parse_query(query: Query) -> Node:
    """Read a boolean query, in a time that grows with its length alone. Raises QuerySyntaxError."""
    options = query_def(query)
    tokens = tokens_of(options.text)
    if tokens.values[0] == END:
        raise QuerySyntaxError(options.text, 0, "the query is empty: expected a word or a quoted phrase")
    node, at = _alternatives(tokens, 0, 0, None)
    if tokens.values[at] != END:
        raise misplaced(tokens, at)
    return with_options(node, exact=options.exact, stem=options.stem)


def parse_term(term: str) -> Phrase:
    """Read a line of `terms:`: one phrase, literally. Raises QuerySyntaxError if there is nothing to find in it."""
    refuse_surrogates(term)
    if not has_letter_or_digit(term):
        raise QuerySyntaxError(term, 0, slips.nothing_in(term.strip(), "the term"))
    return Phrase(term)


def _alternatives(tokens: Tokens, at: int, depth: int, scope: Field | None) -> tuple[Node, int]:
    """Read up to a closing parenthesis or the end: parts joined by AND, joined by OR."""
    values = tokens.values
    alternatives: list[Node] = []
    needed: list[Node] = []
    while True:
        part, at = _near(tokens, at, depth, scope)
        needed.append(part)
        here = values[at]
        if here.__class__ is not str:
            continue
        if here == "AND":
            at += 1
            continue
        if here == "NOT" or here in _OPENING:
            continue
        alternatives.append(part if len(needed) == 1 else And(tuple(needed)))
        if here != "OR":
            return alternatives[0] if len(alternatives) == 1 else Or(tuple(alternatives)), at
        needed = []
        at += 1


def _near(tokens: Tokens, at: int, depth: int, scope: Field | None) -> tuple[Node, int]:
    """Read one part, or several joined by NEAR from the left."""
    values = tokens.values
    first = at
    here = values[at]
    if here.__class__ is Phrase and not scope:  # most parts are, and a call costs as much as the rest
        node, at = cast("Node", here), at + 1
    else:
        node, at = _part(tokens, at, depth, scope)
    while (within := values[at]).__class__ is Within:
        operator, depth = at, depth + 1
        _refuse_deeper(tokens, operator, depth)
        refuse_in_near(tokens, node, range(first, operator), operator)
        right, at = _part(tokens, operator + 1, depth, scope)
        refuse_in_near(tokens, right, range(operator + 1, at), operator)
        node = Near(node, right, within.distance, within.ordered, tokens.columns[operator])
    return node, at


def _part(tokens: Tokens, at: int, depth: int, scope: Field | None) -> tuple[Node, int]:
    """Read a word, a phrase, a filter, something in parentheses, or NOT and one of these."""
    here = tokens.values[at]
    if isinstance(here, _LEAVES):
        return _scoped(tokens, at, here, scope) if scope else here, at + 1
    if here == "NOT":
        _refuse_deeper(tokens, at, depth + 1)
        part, after = _part(tokens, at + 1, depth + 1, scope)
        return Not(part, tokens.columns[at]), after
    if here.__class__ is str and here in _OPENING:
        _refuse_deeper(tokens, at, depth + 1)
        node, after = _alternatives(tokens, at + 1, depth + 1, _inner_scope(tokens, at, _OPENING[here], scope))
        if tokens.values[after] != ")":
            raise unclosed(tokens, at)
        return node, after + 1
    raise misplaced(tokens, at)


def _scoped(tokens: Tokens, at: int, leaf: Phrase | Regex | Fact, scope: Field) -> Phrase | Regex | Fact:
    if isinstance(leaf, Fact):
        return leaf
    return replace(leaf, scope=_inner_scope(tokens, at, leaf.scope, scope))


def _inner_scope(tokens: Tokens, at: int, inner: Field | None, outer: Field | None) -> Field | None:
    if inner and outer and inner != outer:
        problem = f"{inner}: within {outer}:(...) would look for one place in both: write {outer}:... AND {inner}:..."
        raise QuerySyntaxError(tokens.query, tokens.columns[at], problem)
    return inner or outer


def _refuse_deeper(tokens: Tokens, at: int, depth: int) -> None:
    if depth > DEEPEST:
        problem = f"more than {DEEPEST} parentheses, NOTs or NEARs inside one another: write the query flatter"
        raise QuerySyntaxError(tokens.query, tokens.columns[at], problem)
