"""Header fields that are folded and encoded the same way by every Python, without losing a space.

The standard library's own folding drops spaces between encoded words in some releases and encodes a URL that is longer
than a line; its own parsing of addresses and parameters takes most of a mail's time.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import BaseHeader
from email.policy import Policy
from functools import lru_cache
from typing import Any

_CONTROLS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
LINE = 76
"""The longest line of an encoded body (RFC 2045, 6.7 and 6.8), kept in headers too."""
_NOT_IN_ATOMS = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]")


def one_line(text: str) -> str:
    """The text without newline or control characters, each run of them a space: it cannot start another header."""
    return _CONTROLS.sub(" ", text).strip()


def encoded_phrase(name: str) -> str:
    """A display name as atoms, a quoted string (RFC 5322, 3.2.4), or encoded words (RFC 2047), folded for a header."""
    if not name.isascii() or "=?" in name:
        return _encoded_words(name, taken=len("List-Id: "))
    if _NOT_IN_ATOMS.search(name):
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return name


class HeaderTypes:
    """A policy's header factory: every field as it is given, the subject encoded. What is given is made by
    `build_message`, of values that were checked. The library's own makes a new class for each field of each mail."""

    def __getitem__(self, name: str) -> type[BaseHeader]:
        return _Subject if name.lower() == "subject" else _Literal

    def __call__(self, name: str, value: str) -> BaseHeader:
        """The field of this name with this value."""
        return self[name](name, value)


class _Literal(BaseHeader):
    """A text taken as it is: the library's own parser would decode an encoded word, and a newline in it, first."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """The value itself."""
        kwds["decoded"] = value
        kwds["parse_tree"] = None

    def fold(self, *, policy: Policy) -> str:
        """Folded at its spaces, never encoded."""
        return _folded(self.name, str(self), policy)


class _Subject(_Literal):
    """Plain ASCII as it is, all else in encoded words."""

    def fold(self, *, policy: Policy) -> str:
        """Encoded where it is not plain ASCII."""
        text = str(self)
        if text.isascii() and "=?" not in text and all(len(word) < LINE for word in text.split(" ")):
            return super().fold(policy=policy)
        return _folded(self.name, _encoded_words(text, taken=len(self.name) + 2), policy)


@lru_cache(maxsize=1024)  # a sender's name and a digest's subject stand in one mail after the other
def _encoded_words(text: str, *, taken: int) -> str:
    header = Header(text, "utf-8", maxlinelen=LINE)
    return header.encode(splitchars="", maxlinelen=LINE - taken, linesep="\n").replace("\n ", " ")


def _folded(name: str, text: str, policy: Policy) -> str:
    """The field, broken before a word where a line would pass 76 characters; every word stays whole."""
    if len(name) + 2 + len(text) <= LINE:
        return f"{name}: {text}{policy.linesep}"
    lines = [f"{name}:"]
    for word in text.split(" "):
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += " " + word
    return policy.linesep.join(lines) + policy.linesep
