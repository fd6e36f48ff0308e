"""What is legal in a query or term and probably not meant: few warnings, each with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from feedwatch.errors import pointed_at
from feedwatch.model import Query, query_def

from .contradictions import contradictions, repetitions, shown, units_of
from .lexer import tokens_of
from .misreadings import Problem, misreadings
from .parse import parse_query, parse_term
from .regex_literals import regex_literals
from .scripts import Kind, kind_of
from .tree import And, Near, Node, Not, Or, Phrase, Regex, lacking_branch, with_inner_nots


@dataclass(frozen=True, slots=True)
class QueryWarning:
    """Something in a query or term that can be read and is probably not meant."""

    query: str
    column: int
    """0-based."""
    problem: str

    def __str__(self) -> str:
        """The problem, and the query with a caret under the column."""
        return f"{self.problem}\n{pointed_at(self.query, self.column)}"


# Words that stand in most English texts; some are abbreviations where they are written in upper case.
_COMMON = frozenset(
    "a all am an and any are as at be been but by can did do for from had has have he her him his how i if in into is "  # noqa: SIM905
    "it its may me my no nor not of off on or our out over she so than that the their them then there these they this "
    "to too under up us was we were what when which who why will with you your".split()
)
_OPERATORS = ("and", "or", "not")
_FEWEST_PREFIX_LETTERS = 3
_FEWEST_FUZZY_LETTERS = 5
_LIKE_A_QUERY = re.compile(
    r'(?:^|(?<=\s))(?:AND|OR|NOT|O?NEAR/\d+)(?=\s)|^(?:title|text|lang|source|tag|author|site):|^".*"$|(?<=\w)\*$'
)


def query_warnings(query: Query) -> tuple[QueryWarning, ...]:
    """What of a query is probably not meant, by column. Raises QuerySyntaxError if it cannot be read."""
    node = parse_query(query)
    text = query_def(query).text
    inner = with_inner_nots(node)
    found = [
        *misreadings(tokens_of(text)),
        *_of_leaves(text, node),
        *_of_lone_not(inner),
        *repetitions(node),
        *contradictions(inner),
    ]
    return tuple(QueryWarning(text, *problem) for problem in sorted(set(found)))


def term_warnings(term: str) -> tuple[QueryWarning, ...]:
    """What of a term is probably not meant. Raises QuerySyntaxError if there is nothing in it to find."""
    phrase = parse_term(term)
    like = _LIKE_A_QUERY.search(term)
    if like:
        mark = "the quotes are" if like[0].startswith('"') else f"{like[0]} is"
        problem = f"{mark} looked for as written, as all of a term: write it under queries if it is meant as a query"
        return (QueryWarning(term, like.start(), problem),)
    found = list(_of_phrase(phrase, is_quoted=True, place=" under queries"))
    return tuple(QueryWarning(term, *problem) for problem in sorted(found))


def _of_lone_not(node: Node) -> Iterator[Problem]:
    lacking = lacking_branch(node)
    if lacking is not None:
        without = f"every item without {shown(lacking.part)}"
        where = "this alternative" if isinstance(node, Or) else "this"
        yield lacking.column, f"{where} matches {without}: write what to find too, as in x AND NOT y"


def _of_leaves(query: str, node: Node) -> Iterator[Problem]:
    match node:
        case Phrase(column=column):
            yield from _of_phrase(node, is_quoted=_opens(query[max(column - 12, 0) : column]))
            if query[column - 1 : column] in ("「", "『") and not any(map(_is_han, node.text)):
                yield column - 1, f'these quotes are read as plain ones, and not looked for: write "{node.text}"'
        case Regex(pattern=pattern, column=column) if not regex_literals(pattern):
            yield column, "no letters stand in everything that this finds, so every item is searched: slow"
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _of_leaves(query, part)
        case Not(part=part):
            yield from _of_leaves(query, part)
        case Near(left=left, right=right):
            yield from _of_leaves(query, left)
            yield from _of_leaves(query, right)


def _opens(before: str) -> bool:
    return bool(re.search(r'["“”„‟＂「」『』](?:exact[:：]\s*)?$', before, re.IGNORECASE))


def _of_phrase(phrase: Phrase, *, is_quoted: bool, place: str = "") -> Iterator[Problem]:
    units = units_of(phrase.text)
    words = [unit for unit in units if kind_of(unit[0]) is not Kind.SIGN]
    text = phrase.text.strip()
    if phrase.is_prefix:
        yield from _of_prefix(phrase, words[-1])
    elif len(words) == 1 == len(words[0]) and len(units) == 1:
        where = "in other words" if _is_han(words[0]) else "in most texts"
        yield phrase.column, f"{text} is a single character, which stands {where}: write more of what is meant"
    elif phrase.exact:
        pass
    elif text.lower() in _COMMON and text.isupper():
        yield phrase.column, f'{text} finds the common word "{text.lower()}" too: write "exact:{text}"{place}'
    elif all(word in _COMMON for word in words) and text.lower() not in _OPERATORS:
        yield phrase.column, f"{shown(phrase)} stands in most texts: write what is meant with it"
    if phrase.edits and sum(map(len, words)) < _FEWEST_FUZZY_LETTERS and not any(map(_is_han, text)):
        yield phrase.column, f"{text} is short: with one letter other, many words are found (bank~ finds tank)"
    if is_quoted and " " in text:
        yield from _of_two_scripts(phrase)


def _of_prefix(phrase: Phrase, last: str) -> Iterator[Problem]:
    at = phrase.column + len(phrase.text.rstrip())
    if _is_han(last):
        yield at, "* changes nothing after a Chinese character, which is found within longer words anyway"
    elif len(last) < _FEWEST_PREFIX_LETTERS:
        yield at, f"{last}* finds every word that begins with {last}: write more of it"


def _of_two_scripts(phrase: Phrase) -> Iterator[Problem]:
    """A Latin word beside Chinese in one phrase, with a blank between."""
    border = re.search(r"(?<=[\u3041-\u9fff])\s+(?=[A-Za-z]{2})|(?<=[A-Za-z]{2})\s+(?=[\u3041-\u9fff])", phrase.text)
    if border:
        problem = f"{shown(phrase)} is found only where the two stand side by side: write OR or AND between them if not"
        yield phrase.column + border.end(), f"{problem} meant"


def _is_han(character: str) -> bool:
    return kind_of(character) is Kind.HAN
