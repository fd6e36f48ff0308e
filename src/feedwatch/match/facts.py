"""Filters on what is known of an item beside its title and text: its language, source, tags, authors and site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from urllib.parse import urlsplit

import idna

from feedwatch.model import Item, WatchlistDef

from .fold import fold
from .scripts import is_word_character
from .tree import Fact

_FEW = 64
"""Answers that a filter remembers: items come source by source."""

FactTest = Callable[[Item, str, tuple[str, ...]], bool]
"""Asked of an item, the name of its source and the source's tags."""


def fact_test(fact: Fact) -> FactTest:
    """Whether an item is what a filter asks for.

    | filter   | holds where                                                                                  |
    | -------- | -------------------------------------------------------------------------------------------- |
    | `lang`   | the language is this one or begins so: en for en-HK (RFC 4647, 3.3.1); * for any             |
    | `source` | the source's name is this, * for any characters                                              |
    | `tag`    | a tag of the item or of its source is this, folded; * for any characters                     |
    | `author` | the words stand in an author's name, folded; * for any characters, a part of a word too      |
    | `site`   | the URL's host is this or below it                                                           |
    """
    match fact.name:
        case "lang":
            return _language_test(fact.pattern)
        case "source":
            is_name = lru_cache(_FEW)(_glob(fact.pattern))
            return lambda _item, source, _tags: is_name(source)
        case "tag":
            is_tag = _glob(_folded(fact.pattern))
            has_one = lru_cache(_FEW)(lambda tags: any(is_tag(_folded(tag)) for tag in tags))
            return lambda item, _source, tags: has_one(item.tags) or has_one(tags)
        case "author":
            names = _within_name(_folded(fact.pattern))
            return lambda item, _source, _tags: any(names(_folded(author)) for author in item.authors)
        case "site":
            return _site_test(fact.pattern)


def scope_test(definition: WatchlistDef) -> FactTest | None:
    """Whether an item is of the languages, sources and tags of a watchlist; None where any is."""
    named = [
        [fact_test(Fact("lang", pattern)) for pattern in definition.languages],
        [fact_test(Fact("source", pattern)) for pattern in definition.sources],
        [fact_test(Fact("tag", pattern)) for pattern in definition.tags],
    ]
    wanted = [tests for tests in named if tests]
    if not wanted:
        return None
    return lambda item, source, tags: all(any(test(item, source, tags) for test in tests) for tests in wanted)


def _language_test(pattern: str) -> FactTest:
    wanted = pattern.lower().replace("_", "-").removesuffix("-*")
    if wanted == "*":
        return lambda _item, _source, _tags: True

    @lru_cache(_FEW)
    def is_of_it(language: str) -> bool:
        language = language.lower()
        return language.startswith(wanted) and language[len(wanted) : len(wanted) + 1] in ("", "-")

    return lambda item, _source, _tags: is_of_it(item.language)


def _site_test(pattern: str) -> FactTest:
    wanted = pattern.lower().removeprefix("*.").removeprefix("www.").strip(".")
    with suppress(idna.IDNAError, UnicodeError):  # of a name with an underscore, which hosts have all the same
        wanted = idna.encode(wanted, uts46=True).decode()
    below = f".{wanted}"
    return lambda item, _source, _tags: f".{_host(item.url)}".endswith(below)


@lru_cache(maxsize=1024)
def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@lru_cache(maxsize=1 << 14)
def _folded(text: str) -> str:
    return " ".join(fold(text).folded.split())


def _glob(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text is the pattern, in which * stands for any characters."""
    first, *others = pattern.split("*")
    if not others:
        return pattern.__eq__
    *middle, last = others

    def is_met(text: str) -> bool:
        at, end = len(first), len(text) - len(last)
        return at <= end and text.startswith(first) and text.endswith(last) and _in_order(middle, text, at, end)

    return is_met


def _within_name(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is a part of a text that begins and ends with words; * stands for any characters."""
    first, *others = pattern.split("*")
    *middle, last = others or [""]

    def is_met(text: str) -> bool:
        starts = [at for at in _places(first, text) if not first or not _goes_on(text, at)]
        if not others:
            return any(not _goes_on(text, at + len(first)) for at in starts)
        ends = [at for at in _places(last, text) if not last or not _goes_on(text, at + len(last))]
        if not starts or not ends or starts[0] + len(first) > ends[-1]:
            return False
        return _in_order(middle, text, starts[0] + len(first), ends[-1])

    return is_met


def _in_order(pieces: Sequence[str], text: str, at: int, end: int) -> bool:
    for piece in pieces:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _places(piece: str, text: str) -> list[int]:
    return [at for at in range(len(text) - len(piece) + 1) if text.startswith(piece, at)]


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on over the border before `at`."""
    return 0 < at < len(text) and is_word_character(text[at - 1]) and is_word_character(text[at])
