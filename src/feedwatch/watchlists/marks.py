"""The text of a query, in whichever monitor's way of writing, -> its marks: words, phrases, parentheses, operators."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from feedwatch.errors import QuerySyntaxError
from feedwatch.watchlists.dialects import FIELDS, UNKNOWN_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["word", "phrase", "regex", "open", "close", "and", "or", "not", "near", "field", "plus"]

# One character for one, so that columns stay: what word processors and Chinese keyboards write.
_PLAIN = str.maketrans(dict.fromkeys("“”„‟＂「」『』", '"') | {"（": "(", "）": ")", "：": ":", "‘": "'", "’": "'"})
_NEAR = re.compile(
    r"(?:(?P<name>O?NEAR|ADJ)(?:/?(?P<count>\d+)(?P<order>f?))?|(?P<other>WITHIN|PRE|W)/(?:(?P<steps>\d+)|(?P<odd>[SP])))",
    re.IGNORECASE,
)
_AROUND = re.compile(r"AROUND\s*\((\d+)\)")
_REGEX = re.compile(r"/(?:[^/\\\n]|\\.|/(?![\s)]|$))+/(?=[\s)]|$)")
_SINGLE = re.compile(r"'([^']*\w[^']*)'(?=[\s)]|$)")
_SIGN = re.compile(r"&&?|\|\|?|!|\+|[-–−]")
_WORD = re.compile(r'[^\s()"]+')
_FIELD = re.compile(r'([\w.]+)\s*([:=])\s*(?=[\w("\'*/])')
_SYMBOLS: dict[str, Kind] = {"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not", "+": "plus", "-": "not"}
_WORDS: dict[str, Kind] = {"and": "and", "or": "or", "not": "not", "andnot": "not"}
_KNOWN = {name: ours for ours, names in FIELDS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a query."""

    kind: Kind
    text: str
    """As written; of a field its name in our language, of a NEAR its name in capitals."""
    column: int
    count: int | None = None
    """Of a NEAR the number, of a phrase that of the ~ behind it."""
    ordered: bool = False
    is_upper: bool = True
    """Whether an operator is written in capitals or as a sign, and so cannot be a word."""


def marks_of(query: str) -> list[Mark]:
    """Cut a query up. Raises QuerySyntaxError for a quotation mark without its partner and for a field of others."""
    return list(_cut(query, query.translate(_PLAIN)))


def _cut(query: str, plain: str) -> Iterator[Mark]:
    at = 0
    while at < len(plain):
        if plain[at].isspace():
            at += 1
            continue
        mark, at = _next(query, plain, at)
        yield mark


def _next(query: str, plain: str, at: int) -> tuple[Mark, int]:
    """The mark that begins at a column, and the column behind it."""
    here = plain[at]
    if here in "()":
        return Mark("open" if here == "(" else "close", here, at), at + 1
    if here == '"':
        return _phrase(query, plain, at)
    if here == "'" and (found := _SINGLE.match(plain, at)):
        return Mark("phrase", query[at + 1 : found.end() - 1], at), found.end()
    if here == "/" and (found := _REGEX.match(plain, at)):
        return Mark("regex", query[at : found.end()], at), found.end()
    return _field(query, plain, at) or _sign(plain, at) or _word(query, plain, at)


def _field(query: str, plain: str, at: int) -> tuple[Mark, int] | None:
    found = _FIELD.match(plain, at)
    if found is None:
        return None
    name = found[1].lower()
    if name in _KNOWN or name == "allintitle":
        return Mark("field", _KNOWN.get(name, name), at), found.end()
    if name in UNKNOWN_FIELDS:
        said = f"{found[1]}{found[2]} asks for what feedwatch does not know of an item: leave it out"
        raise QuerySyntaxError(query, at, said)
    return None


def _sign(plain: str, at: int) -> tuple[Mark, int] | None:
    found = _SIGN.match(plain, at)
    if found is None:
        return None
    sign = "-" if found[0] in "–−" else found[0]
    behind = plain[found.end() : found.end() + 1]
    is_apart = not behind or behind.isspace()
    if sign in ("&&", "|", "||"):
        is_meant = True
    elif sign == "&":
        is_meant = is_apart or behind in '("'
    else:
        is_meant = not is_apart and (behind in "(\"'" or behind.isalnum())
    return (Mark(_SYMBOLS[sign], sign, at), found.end()) if is_meant else None


def _phrase(query: str, plain: str, at: int) -> tuple[Mark, int]:
    end = plain.find('"', at + 1)
    if end < 0:
        raise QuerySyntaxError(query, at, "this quotation mark has no partner: expected a closing one after the phrase")
    text = query[at + 1 : end]
    found = re.compile(r"~(\d+)").match(plain, end + 1)
    return Mark("phrase", text, at, int(found[1]) if found else None), found.end() if found else end + 1


def _word(query: str, plain: str, at: int) -> tuple[Mark, int]:
    if found := _AROUND.match(plain, at):
        return Mark("near", "AROUND", at, int(found[1])), found.end()
    end = _WORD.match(plain, at).end()  # type: ignore[union-attr]  # neither a blank, a quote nor a parenthesis
    for sign in ("|", "&&"):
        place = plain.find(sign, at + 1, end)
        if place > 0:  # a|b, without blanks
            end = place
    word = query[at:end]
    lower, is_upper = word.lower(), word.isupper()
    if lower in _WORDS:
        return Mark(_WORDS[lower], word, at, is_upper=is_upper), end
    return _near(query, plain, at, end) or (Mark("word", word, at), end)


def _near(query: str, plain: str, at: int, end: int) -> tuple[Mark, int] | None:
    found = _NEAR.fullmatch(plain, at, end)
    if found is None:
        return None
    written = query[at:end]
    if found["odd"]:
        said = f"{written} wants one sentence or paragraph, which feedwatch does not look at: write NEAR/15, say"
        raise QuerySyntaxError(query, at, said)
    number = found["count"] or found["steps"]
    name = (found["name"] or found["other"]).upper()
    is_form = written.isupper() or number is not None
    return Mark("near", name, at, int(number) if number else None, ordered=bool(found["order"]), is_upper=is_form), end
