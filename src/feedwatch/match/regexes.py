"""Regular expressions of queries, by RE2: the time grows with the text alone, whatever is written.

They look at the item's own text. Upper and lower case are one unless the expression begins with (?-i), and a dot is
any character but a line break. Syntax: https://github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import islice, product

import re2  # type: ignore[import-untyped]

from .regex_literals import regex_literals

LONGEST = 1_000
"""Characters of an expression."""
MOST_PLACES = 256
"""Of one expression in one text: each costs a search over the rest of the text."""

_MOST_MEMORY = 1 << 20
_MOST_SET_MEMORY = 8 << 20
_SET_SIZE = 128

# A place where an expression could be found without a character depends on no more than the two characters around it,
# and for RE2's assertions each is a letter or digit, another character, a line break or none.
_PROBES = tuple((before + after, len(before)) for before, after in product(("", "a", " ", "\n"), repeat=2))

_LOOK_AROUND = "{found}...) looks around, which is not supported: write two queries joined by AND or AND NOT"
_BACK_REFERENCE = "{found} asks for an earlier group again, which is not supported: write the alternatives out with |"
_POSSESSIVE = "{found} is not supported, and not needed: no expression takes long; leave the mark out"
_INSTEAD = {
    "(?=": _LOOK_AROUND,
    "(?!": _LOOK_AROUND,
    "(?<=": _LOOK_AROUND,
    "(?<!": _LOOK_AROUND,
    "(?>": _POSSESSIVE,
    "(?#": "{found}...) is a comment, which is not supported: leave it out",
    "(?x": "{found}) for spaces that mean nothing is not supported: leave them out",
    "\\k": _BACK_REFERENCE,
    "\\g": _BACK_REFERENCE,
    "\\Z": "{found} is not supported: write \\z for the end of the text",
    "\\u": "{found} is not supported: write the character itself, or \\x{{...}} with its code",
    "\\h": "{found} is not supported: write [ \\t]",
    "\\R": "{found} is not supported: write \\n",
} | {f"\\{digit}": _BACK_REFERENCE for digit in range(1, 10)}
_TRAILING = "trailing \\"
_REASONS = {
    "invalid escape sequence": "{found} means nothing: for the sign itself, write it without the backslash",
    "invalid perl operator": "a group cannot begin with {found}: write (?:...) for one that is not counted",
    "bad repetition operator": "{found}: one repetition follows another; put parentheses around the inner one",
    "no argument for repetition operator": "{found} repeats nothing: expected a character or a group before it",
    "missing )": "a parenthesis is not closed: expected ), or \\( for the sign itself",
    "unexpected )": "a parenthesis closes nothing: expected ( before it, or \\) for the sign itself",
    "missing ]": "a bracket is not closed: expected ], or \\[ for the sign itself",
    "invalid character class range": "{found} is no range or class of characters: expected the lower one first, or "
    "the name of a class such as \\p{{Han}}",
    "invalid repetition size": "{found} repeats too often: 1,000 times is the most, with what stands within counted",
    _TRAILING: "a backslash ends the expression: expected the sign that it stands before; \\\\ for itself",
    "invalid named capture group": "{found} is no name of a group: expected (?P<name>...)",
    "pattern too large - compile failed": "the expression is too large: shorten its repetitions, as {{0,1000}}",
}


class RegexError(ValueError):
    """A regular expression that cannot be read: a sentence, and where in it (0-based)."""

    def __init__(self, problem: str, column: int = 0) -> None:
        super().__init__(problem)
        self.column = column


def check_regex(pattern: str) -> None:
    """Raise RegexError if `pattern` is not of RE2's syntax, is too large, or can be found where there is nothing."""
    if len(pattern) > LONGEST:
        raise RegexError(f"the expression has {len(pattern):,} characters, of {LONGEST:,} at most", LONGEST)
    try:
        regex = re2.compile(_encoded(pattern), _options(_MOST_MEMORY))
    except re2.error as error:
        raise _in_words(error, pattern) from None
    if not regex_literals(pattern) and _finds_nothing(regex):
        problem = "the expression is also met by no character at all, so by every text: write + for * or ? where"
        raise RegexError(f"{problem} something has to be there")


class RegexSet:
    """Expressions that `check_regex` lets pass. Numbers are places in `patterns`. Safe to share between threads.

    Nothing is compiled before it is first asked for.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = tuple(map(_encoded, patterns))
        self._compiled: dict[int, re2._Regexp] = {}

    def matching(self, text: str) -> frozenset[int]:
        """The expressions that are found in a text: one pass over it for each 128 of them."""
        if not text:
            return frozenset()
        encoded = _encoded(text)
        found: list[int] = []
        for numbers, together in self._sets:
            if together is None:
                found += [number for number in numbers if self._regex(number).search(encoded)]
            else:
                found += [numbers[place] for place in together.Match(encoded) or ()]
        return frozenset(found)

    def places(self, number: int, text: str) -> list[tuple[int, int]]:
        """Where in a text an expression is found, in characters: none overlaps another; the first 256."""
        encoded = _encoded(text)
        spans = (match.span() for match in self._regex(number).finditer(encoded))
        found = list(islice(((start, end) for start, end in spans if start < end), MOST_PLACES))
        return found if len(encoded) == len(text) else list(_in_characters(found, encoded))

    def _regex(self, number: int) -> re2._Regexp:
        regex = self._compiled.get(number)
        if regex is None:
            regex = self._compiled[number] = re2.compile(self._patterns[number], _options(_MOST_MEMORY))
        return regex

    @cached_property
    def _sets(self) -> list[tuple[range, re2.Set | None]]:
        """The expressions 128 at a time, each time as one automaton, or as None where that grew too large."""
        count = len(self._patterns)
        chunks = [range(first, min(first + _SET_SIZE, count)) for first in range(0, count, _SET_SIZE)]
        return [(numbers, _together(self._patterns[numbers.start : numbers.stop])) for numbers in chunks]


def _together(patterns: Sequence[bytes]) -> re2.Set | None:
    together = re2.Set.SearchSet(_options(_MOST_SET_MEMORY))
    for pattern in patterns:
        together.Add(pattern)
    # A set that has no memory left to search with finds nothing and does not say so; the last pattern tells.
    telling = together.Add(rb"\A\z")
    try:
        together.Compile()
    except re2.error:
        return None
    return together if telling in (together.Match(b"") or ()) else None


def _finds_nothing(regex: re2._Regexp) -> bool:
    return any(regex.fullmatch(text, at, at) for text, at in _PROBES)


def _in_characters(spans: Iterable[tuple[int, int]], encoded: bytes) -> Iterator[tuple[int, int]]:
    done = characters = 0
    for start, end in spans:
        first = characters + len(encoded[done:start].decode())
        characters = first + len(encoded[start:end].decode())
        done = end
        yield first, characters


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")


@cache
def _options(max_mem: int) -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    options.max_mem = max_mem
    return options


def _in_words(error: Exception, pattern: str) -> RegexError:
    """RE2's reason, as a person says it, at the column of what it names."""
    said = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error.args[0])
    reason, _, found = said.partition(": ")
    words = _INSTEAD.get(found) or _REASONS.get(reason) or f"it cannot be read ({said})"
    column = pattern.find(found) if found else len(pattern) - 1 if reason == _TRAILING else 0
    return RegexError(words.format(found=found), max(column, 0))
