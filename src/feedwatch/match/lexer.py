"""The text of a query -> its tokens: words and phrases made ready, operators, parentheses.

One pass of one regular expression; what it knows at once are plain words, quoted phrases and parentheses, which are
most of what monitors write. Everything with a mark of its own (`field:`, `*`, `~`, `/`) is looked at again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import cast

from feedwatch.errors import QuerySyntaxError
from feedwatch.model import Field

from . import field_slips, slips
from .marks import with_plain_marks
from .phrase import has_letter_or_digit
from .regexes import RegexError, check_regex
from .tree import Fact, FactName, Phrase, Regex, plain_phrase

END = ""
"""The token after the last."""
FARTHEST = 1000
"""The greatest n of NEAR/n."""
FEWEST_FUZZY_LETTERS = 4
"""A word with a letter less would be found in half of all texts, one letter off."""


@dataclass(frozen=True, slots=True)
class Within:
    """The operator NEAR/n, or ONEAR/n where ordered."""

    distance: int
    ordered: bool


Token = Phrase | Regex | Fact | Within | str
"""A leaf of the tree, NEAR/n, or one of: AND OR NOT ( ) title:( text:( and END."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a query and their columns (0-based), with END as the last."""

    query: str
    values: list[Token]
    columns: list[int]

    def written(self, at: int) -> str:
        """A token as it stands in the query."""
        return self.query[self.columns[at] : self.columns[at + 1]].rstrip()


_REGEX = r"/(?:[^/\\]|\\.|/(?![\s)]|\Z))++/(?=[\s)]|\Z)"
_TOKEN = re.compile(
    rf"""
      ([A-Za-z0-9\u3041-\u3096\u4e00-\u9fff][^\s()"*~:/?]*+)(?=[\s()"]|\Z)     # 1: a plain word
    | "([A-Za-z0-9\u3041-\u3096\u4e00-\u9fff][^"*:]*)"(?![*~])                 # 2: a plain phrase
    | ([()])                                                                   # 3
    | (?: [A-Za-z_]+:(?=[("]|/) )?+                                            # a field before what is not a word
      (?: "[^"]*"(?:[*~][^\s()"]*)? | {_REGEX} | [^\s()"]+ | (?<=:)\( | " )    # 0: all that has a mark of its own
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD, _QUOTED, _PARENTHESIS = 1, 2, 3
_OPERATORS = {"AND", "OR", "NOT"}
_UPPER_CASE = _OPERATORS | slips.OPERATORS.keys()
_SURELY_FOUND = re.compile(r"[A-Za-z0-9\u3041-\u3096\u4e00-\u9fff]")
_FIELD = re.compile(r"([A-Za-z_]+):")
_SCOPES = {"title", "text"}
_FACTS = {"lang", "source", "tag", "author", "site"}
_NEAR = re.compile(r"(O?)NEAR/([0-9]+)")
_FUZZY = re.compile(r"(.*)~([0-9]*)", re.DOTALL)


def tokens_of(query: str) -> Tokens:
    """Read the tokens of a query.

    Raises QuerySyntaxError: a mark that cannot be read, or a word or phrase with nothing in it to find.
    """
    plain = with_plain_marks(query)
    values: list[Token] = []
    columns: list[int] = []
    add, add_column = values.append, columns.append
    for found in _TOKEN.finditer(plain):
        column, end = found.span()
        add_column(column)
        which = found.lastindex
        if which == _QUOTED:
            add(plain_phrase(query[column + 1 : end - 1], column + 1))
        elif which == _WORD:
            word = query[column:end]
            if word not in _UPPER_CASE:
                add(plain_phrase(word, column))
            elif word in _OPERATORS:
                add(word)
            else:
                raise QuerySyntaxError(query, column, slips.OPERATORS[word])
        elif which == _PARENTHESIS:
            add(plain[column])
        else:
            add(_marked(query, plain, column, end))
    values.append(END)
    columns.append(len(query))
    return Tokens(query, values, columns)


def _marked(query: str, plain: str, column: int, end: int) -> Token:
    """A token that is more than a plain word or phrase."""
    text = plain[column:end]
    near = _NEAR.fullmatch(text)
    if near:
        return _within(query, column, near)
    field = _FIELD.match(text)
    if field is None:
        return _leaf(query, plain, column, end)
    name = field[1].lower()
    begin = column + field.end()
    if plain[begin:end] in _UPPER_CASE:
        raise QuerySyntaxError(query, begin, field_slips.operator_in_field(name, plain[begin:end]))
    if name in _SCOPES:
        if begin == end:
            raise QuerySyntaxError(query, column, field_slips.empty_field(name))
        if plain[begin] == "(":
            return f"{name}:("
        _refuse_field(query, plain, begin, name)
        return replace(_leaf(query, plain, begin, end), scope=cast("Field", name))
    if name not in _FACTS:
        raise QuerySyntaxError(query, column, field_slips.no_such_field(field[1], text))
    value = plain[begin:end]
    return Fact(cast("FactName", name), _value(query, name, begin, value), column)


def _refuse_field(query: str, plain: str, column: int, outer: str) -> None:
    inner = _FIELD.match(plain, column)
    if inner:
        raise QuerySyntaxError(query, column, field_slips.field_in_field(outer, inner[1]))


def _within(query: str, column: int, near: re.Match[str]) -> Within:
    distance = int(near[2]) if len(near[2]) <= len(str(FARTHEST)) else FARTHEST + 1
    if not 1 <= distance <= FARTHEST:
        raise QuerySyntaxError(query, column, slips.distance(near[0], FARTHEST))
    return Within(distance, ordered=bool(near[1]))


def _value(query: str, name: str, column: int, value: str) -> str:
    if value == '"':
        raise QuerySyntaxError(query, column, slips.UNENDED)
    if value[:1] == '"' and value[-1] != '"':
        mark = column + value.rindex('"') + 1
        raise QuerySyntaxError(query, mark, field_slips.marked_value(name, value))
    value = value.strip('"').strip()
    problem = field_slips.in_value(name, value)
    if problem:
        raise QuerySyntaxError(query, column, problem)
    return value


def _leaf(query: str, plain: str, column: int, end: int) -> Phrase | Regex:
    first = plain[column]
    if first == '"':
        return _quoted(query, plain, column, end)
    if first == "/":
        return _regex(query, plain, column, end)
    _refuse_slips(query, plain, column, end)
    text = plain[column:end]
    fuzzy = _FUZZY.fullmatch(text)
    if fuzzy:
        return _phrase(query, column, column + fuzzy.end(1), fuzzy=fuzzy[2])
    if text[-1] == "*":
        return _phrase(query, column, end - 1, is_prefix=True)
    return _phrase(query, column, end)


def _refuse_slips(query: str, plain: str, column: int, end: int) -> None:
    found = slips.in_word(plain[column:end]) or slips.single_quoted(plain, column)
    if found:
        at, problem = found
        raise QuerySyntaxError(query, column + at, problem)


def _quoted(query: str, plain: str, column: int, end: int) -> Phrase:
    closing = plain.rfind('"', column, end)
    if closing == column:
        raise QuerySyntaxError(query, column, slips.UNENDED)
    begin, stop, after = column + 1, closing, plain[closing + 1 : end]
    is_exact = plain[begin : begin + 6].lower() == "exact:"
    if is_exact:
        begin += 6
        begin += len(plain[begin:stop]) - len(plain[begin:stop].lstrip())
        stop = max(begin, begin + len(plain[begin:stop].rstrip()))
    if after:
        return _phrase(query, begin, stop, fuzzy=_edits(query, closing + 1, after, is_exact=is_exact), quoted=True)
    inner = plain[begin:stop].rstrip()
    if slips.is_prefix(inner):
        return _phrase(query, begin, begin + len(inner) - 1, is_prefix=True, exact=is_exact, quoted=True)
    star = None if is_exact else slips.inner_star(inner)
    if star is not None:
        raise QuerySyntaxError(query, begin + star, slips.INNER_STAR)
    return _phrase(query, begin, stop, exact=is_exact, quoted=True)


def _edits(query: str, column: int, after: str, *, is_exact: bool) -> str:
    problem = slips.after_quote(after, is_exact=is_exact)
    if problem:
        raise QuerySyntaxError(query, column, problem)
    return after[1:]


def _phrase(
    query: str,
    begin: int,
    end: int,
    *,
    exact: bool = False,
    is_prefix: bool = False,
    fuzzy: str | None = None,
    quoted: bool = False,
) -> Phrase:
    text = query[begin:end]
    if not _SURELY_FOUND.search(text) and not has_letter_or_digit(text):
        what = "the quoted phrase" if quoted else "the word"
        raise QuerySyntaxError(query, begin, slips.nothing_in(text.strip(), what))
    if fuzzy is None:
        return Phrase(text, begin, exact=exact, is_prefix=is_prefix)
    problem = slips.in_fuzzy(text, fuzzy, FEWEST_FUZZY_LETTERS)
    if problem:
        raise QuerySyntaxError(query, end + quoted, problem)
    return Phrase(text, begin, edits=1)


def _regex(query: str, plain: str, column: int, end: int) -> Regex:
    after = plain[end : end + 1]
    if end - column < len("/x/") or plain[end - 1] != "/" or not (after in ("", ")") or after.isspace()):
        raise QuerySyntaxError(query, column, slips.unended_regex(plain[column:end]))
    pattern = query[column + 1 : end - 1]
    try:
        check_regex(pattern)
    except RegexError as error:
        raise QuerySyntaxError(query, column + 1 + error.column, str(error)) from None
    return Regex(pattern, column)
