"""Names of people and places in pinyin, as both languages give them; and the words by which they are told."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple


class Name(NamedTuple):
    """A name in lower-case pinyin without spaces, and where it stands."""

    letters: str
    kind: Literal["person", "place"]
    start: int


@cache
def name_words() -> dict[str, tuple[str, ...]]:
    """The words of names.txt by section: the part of its heading before the colon; sections of one name are joined."""
    sections: dict[str, tuple[str, ...]] = {}
    section = ""
    for line in files(__package__).joinpath("names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]").partition(":")[0]
        elif not line.startswith("#"):
            sections[section] = (*sections.get(section, ()), *line.split())
    return sections
