"""Authors and tags: short labels, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from feedwatch.normalize.title import plain_line

_MAX_TAGS, _MAX_TAG = 50, 100
_MAX_AUTHORS, _MAX_AUTHOR = 20, 200
# RSS 2.0 wants an address in <author>, and many write `address (Name)`.
_ADDRESS_WITH_NAME = re.compile(r"[^\s@()]+@[^\s()]+\s*\((.+)\)")


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without "#", in order, each once whatever its case; at most 50 of 100 characters."""
    return _once((plain_line(tag).strip("#＃ ")[:_MAX_TAG].strip("#＃ ") for tag in tags), _MAX_TAGS)


def clean_authors(authors: Iterable[str]) -> tuple[str, ...]:
    """Names, in order, each once whatever its case; of `address (Name)` the name alone."""
    return _once((_name(plain_line(author))[:_MAX_AUTHOR].strip() for author in authors), _MAX_AUTHORS)


def _name(author: str) -> str:
    while match := _ADDRESS_WITH_NAME.fullmatch(author):
        author = match[1].strip()
    return author


def _once(labels: Iterable[str], limit: int) -> tuple[str, ...]:
    by_fold: dict[str, str] = {}
    for label in labels:
        if label:
            by_fold.setdefault(label.casefold(), label)
            if len(by_fold) == limit:
                break
    return tuple(by_fold.values())
