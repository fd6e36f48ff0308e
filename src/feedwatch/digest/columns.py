"""Text measured and wrapped in terminal columns: a CJK character takes two, a combining mark none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

CLOSING = frozenset("，。、；：！？）」』】》〉”’…,.;:!?)]}%")
"""Never first on a line (a short form of JIS X 4051 and CLREQ, both on line start)."""
OPENING = frozenset("（「『【《〈“‘([{")
"""Never last on a line."""

_IDEOGRAPHS = "\u2e80-\u303f\u3041-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_PIECES = re.compile(f"[{_IDEOGRAPHS}]|[^{_IDEOGRAPHS}]+")
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")


@lru_cache(maxsize=8192)
def cell_width(char: str) -> int:
    """Columns of one character: 0, 1 or 2 (Unicode Standard Annex 11; ambiguous ones count as narrow)."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def columns(text: str) -> int:
    """Columns of a text on one line."""
    return len(text) if text.isascii() else sum(map(cell_width, text))


def column_offsets(text: str) -> list[int] | range:
    """The column at which each character starts, and last the whole width: one more than there are characters."""
    return range(len(text) + 1) if text.isascii() else list(accumulate(map(cell_width, text), initial=0))


def is_ideograph(char: str) -> bool:
    """Whether lines may break beside this character without a space: Han, kana and full-width forms, not Hangul."""
    return _IDEOGRAPH.match(char) is not None


def clip(text: str, width: int) -> str:
    """The text, cut with an ellipsis where it is wider than `width` columns."""
    if columns(text) <= width:
        return text
    offsets = column_offsets(text)
    end = next(at for at in range(len(text), -1, -1) if offsets[at] <= width - 1)
    return text[:end].rstrip() + "…"


def wrap(text: str, *, width: int = 78, first: str = "", indent: str = "") -> str:
    """Lines of at most `width` columns, the first after `first`, the others after `indent`.

    Whitespace is folded. A word that is wider than a line (a URL) keeps a line for itself, unbroken.
    """
    lines: list[str] = []
    line, used, is_bare = first, columns(first), True
    for piece, follows_space in _unbreakable(text):
        space = " " if follows_space and not is_bare else ""
        needed = columns(piece)
        if not is_bare and used + len(space) + needed > width:
            lines.append(line)
            line, used, space = indent, columns(indent), ""
        line += space + piece
        used += len(space) + needed
        is_bare = False
    return "\n".join([*lines, line])


def numbered(text: str, number: int, *, margin: int = 4) -> str:
    """The text with `12. ` in the margin of its first line, left of which its lines stand free."""
    mark = f"{number:{margin - 2}}. "
    return mark + text.removeprefix(" " * margin)


def _unbreakable(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces that no line break may part, and whether a space went before each."""
    for word in text.split():
        if word.isascii():
            yield word, True
            continue
        held, follows_space = "", True
        for piece in _PIECES.findall(word):
            if held and piece[0] not in CLOSING and held[-1] not in OPENING:
                yield held, follows_space
                held, follows_space = "", False
            held += piece
        yield held, follows_space
