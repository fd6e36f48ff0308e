"""What a cleaning rule is, and what its example says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

DECORATION = "[(（【—–- ▲△▼↑↓►★☆◆●"
Where = Literal["head", "tail", "line", "inside"]


@dataclass(frozen=True, slots=True)
class Example:
    """A text, what is left of it, and what was read from the part that went."""

    text: str
    left: str
    tags: tuple[str, ...] = ()
    time: str | None = None
    authors: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of debris.

    where: "head" matches from the text's start; "tail" to its end, within its last `reach` characters; "line" a whole
    line of at most `reach` characters, wherever it stands; "inside" a part of a line. `keeps` stands in for a tail that
    went. A rule must always shorten the text: that is why cleaning ends.

    The groups of the pattern tell something: tags, time, origin (who published it) and authors. Where there are
    authors, the rule applies only if all of what it found reads as names.

    alone: whether it goes also where nothing else is left; a text of nothing but the debris of other rules stays.

    The others spare most texts the search. starts: the characters that a head, or what an "inside" finds, begins with.
    begins: the first two characters of a line, folded, signs of `DECORATION` left out; empty means a letter of East
    Asia. needs: one of these is in a tail's reach (or, where `near` is given, among that many last characters), or
    anywhere for "line" and "inside"; ends: the folded text ends with one of these, closing signs aside. Empty means
    any.
    """

    name: str
    what: str
    """For the admin who wants to switch it off."""
    where: Where
    pattern: re.Pattern[str]
    examples: tuple[Example, ...]
    needs: tuple[str, ...] = ()
    near: int = 0
    starts: str = ""
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    reach: int = 300
    keeps: str = ""
    alone: bool = False
