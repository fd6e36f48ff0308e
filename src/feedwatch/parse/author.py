"""An author's name out of one line, as RSS has it: "li@press.example (Li Na)", "Li Na <li@press.example>"."""

from __future__ import annotations

import re
from typing import Final

from feedwatch.parse.fragment import one_line

_LONGEST: Final = 1_000
"""Characters of a line that are looked at; by far longer than any name."""
_ADDRESS: Final = re.compile(r"(?:mailto:)?([\w.+-]{1,64}@[\w.-]{1,255})(?:\?subject=\S*)?", re.IGNORECASE)
_EMPTY_BRACKETS: Final = re.compile(r"\(\s?\)|<\s?>|&lt;\s?&gt;|\[\s?\]")


def author_name(line: str) -> str:
    """The name alone, or the address where there is none."""
    line = one_line(line[:_LONGEST])
    found = _ADDRESS.search(line) if "@" in line else None
    if found is None:
        return _without_brackets(line)
    rest = _EMPTY_BRACKETS.sub("", line[: found.start()] + line[found.end() :]).strip()
    return _without_brackets(rest).strip(" ,;") or found[1]


def _without_brackets(name: str) -> str:
    """The name in "(Li Na)"; "Li (Reuters)" keeps its own."""
    return name[1:-1].strip() if name.startswith("(") and name.endswith(")") else name
