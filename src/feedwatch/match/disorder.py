"""What is said of tokens that cannot stand where they do."""

from __future__ import annotations

from feedwatch.errors import QuerySyntaxError

from .lexer import END, Tokens, Within
from .tree import And, Fact, Node, Not, Or, Phrase

_EXPECTED = "expected a word, a phrase or a parenthesis"
_OPENING = ("(", "title:(", "text:(")


def misplaced(tokens: Tokens, at: int) -> QuerySyntaxError:
    """The error of an operator, a closing parenthesis or the end where a part of the query was expected."""
    here = tokens.values[at]
    before = tokens.values[at - 1] if at else END
    if isinstance(before, Within) or before in ("AND", "OR", "NOT"):
        met = "the query ends" if here == END else f"found {tokens.written(at)}"
        return _error(tokens, at - 1, f"{tokens.written(at - 1)} has nothing after it: {met}, {_EXPECTED}")
    if here == END:
        return unclosed(tokens, at - 1)
    if here == ")":
        if before in _OPENING:
            return _error(tokens, at - 1, "nothing between the parentheses: expected a word or a phrase")
        return _error(tokens, at, "this parenthesis closes nothing: expected ( before it")
    return _error(tokens, at, f"{tokens.written(at)} has nothing before it: {_EXPECTED}")


def unclosed(tokens: Tokens, at: int) -> QuerySyntaxError:
    """The error of an opening parenthesis without its closing one."""
    column = tokens.columns[at] + len(tokens.written(at)) - 1
    return QuerySyntaxError(tokens.query, column, "this parenthesis is not closed: expected ) before the end")


def refuse_in_near(tokens: Tokens, part: Node, places: range, operator: int) -> None:
    """Raise for a part of a NEAR that has no place in the text; `places` are the part's tokens, within parentheses."""
    near = tokens.written(operator)
    match part:
        case And():
            raise _and_in_near(tokens, places, near)
        case Not():
            problem = f"{near} cannot take NOT: write it around the whole, NOT (a {near} b), or beside it, a AND NOT b"
            raise QuerySyntaxError(tokens.query, part.column, problem)
        case Fact(name=name):
            problem = f"{near} cannot take {name}:, which has no place in the text: write (a {near} b) AND {name}:..."
            raise QuerySyntaxError(tokens.query, part.column, problem)
        case Or(parts=parts):
            for inner in parts:
                refuse_in_near(tokens, inner, places, operator)


def _and_in_near(tokens: Tokens, places: range, near: str) -> QuerySyntaxError:
    instead = f"(a {near} c) AND (b {near} c)"
    for at in places:
        if tokens.values[at] == "AND":
            return _error(tokens, at, f"{near} cannot take AND: write {instead}")
    side_by_side = f"side by side means AND, which {near} cannot take:"
    for at in places[1:]:
        before, here = tokens.values[at - 1], tokens.values[at]
        if isinstance(before, Phrase) and isinstance(here, Phrase):
            words = f'"{before.text} {here.text}"'
            return _error(tokens, at, f"{side_by_side} write {words} for a phrase, else {instead}")
    return _error(tokens, places[0], f"{side_by_side} write {instead}")


def _error(tokens: Tokens, at: int, problem: str) -> QuerySyntaxError:
    return QuerySyntaxError(tokens.query, tokens.columns[at], problem)
