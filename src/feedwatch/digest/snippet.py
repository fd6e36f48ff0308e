"""The passage of an item's text that shows best why it matched, and the terms that it matched by."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from feedwatch.digest.columns import CLOSING, OPENING, column_offsets, is_ideograph
from feedwatch.model import Span

Range = tuple[int, int]

_MARGIN = 4
"""Columns kept free for "… " before and " …" after."""
_SENTENCE_END = re.compile(
    r"""(?<=\w{3})[.!?]['"\u2019\u201d)\]]*\s+(?=[^\sa-z])"""  # three letters: not after "Mr." or "U.S."
    r"""|[。！？][”’」』）]*\s*"""
    r"""|\n+"""
)
_SENTENCE_MARKS = frozenset(".!?\"')”’")
_CLAUSE_MARKS = "，；、：,;:"
_WORD_REACH = 40
"""How many characters to look for a word boundary before a word is cut."""


def best_passage(text: str, spans: Sequence[Range], *, width: int = 320) -> tuple[str, tuple[Range, ...]]:
    """The passage with the most different matched terms (then the most matches, then the earliest), and its spans.

    width: columns, in which a CJK character takes two; the passage never takes more. It starts and ends at a sentence
    where one is near, else at a clause or word, and says "…" wherever text was left out. Newlines become spaces.
    Without spans it is the beginning of the text.
    """
    columns = column_offsets(text)
    spans = sorted((max(start, 0), min(end, len(text))) for start, end in spans if start < min(end, len(text)))
    if columns[-1] <= width:
        return _one_line(text), tuple(spans)
    room = max(width - _MARGIN, 1)
    first, last = _richest(text, spans, columns, room)
    start = _start_before(text, first, last, columns, room, reach=room // 3)
    end = _end_after(text, start, last, columns, room)
    if end == len(text):
        start = _start_before(text, start, end, columns, room, reach=room)
    return _cut(text, start, end, spans)


def matched_terms(title: str, text: str, spans: Iterable[Span], *, limit: int = 6) -> tuple[str, ...]:
    """The different strings that `spans` mark, as first found, the most frequent first, at most `limit`.

    Strings that differ in case or white space alone are one; those found equally often keep their order.
    """
    fields = {"title": title, "text": text}
    ordered = sorted(spans, key=lambda span: (span.field != "title", span.start))
    found = [" ".join(fields[span.field][span.start : span.end].split()) for span in ordered]
    as_found: dict[str, str] = {}
    for term in found:
        as_found.setdefault(term.casefold(), term)
    counts = Counter(term.casefold() for term in found if term)
    return tuple(as_found[key] for key, _ in counts.most_common(limit))


def _richest(text: str, spans: Sequence[Range], columns: Sequence[int], room: int) -> Range:
    """From the start of the first to the end of the last of the spans that make the richest passage."""
    best: tuple[int, int] = (0, 0)
    found: Range = (0, 0)
    terms = [text[start:end].casefold() for start, end in spans]
    inside: Counter[str] = Counter()
    after = 0
    for at, (start, _) in enumerate(spans):
        while after < len(spans) and (after <= at or columns[spans[after][1]] - columns[start] <= room):
            inside[terms[after]] += 1
            after += 1
        richness = (len(inside), after - at)
        if richness > best:
            best, found = richness, (start, spans[after - 1][1])
        inside[terms[at]] -= 1
        if not inside[terms[at]]:
            del inside[terms[at]]
    return found


def _start_before(text: str, at: int, end: int, columns: Sequence[int], room: int, *, reach: int) -> int:
    """The start for which [start, end) fits: the earliest sentence within `reach` columns, else a clause or word."""
    lowest = _character_at(columns, columns[end] - room, rounded_up=True)
    lowest = max(lowest, _character_at(columns, columns[at] - reach, rounded_up=True))
    if lowest >= at:
        return at
    if lowest == 0:
        return 0
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, max(lowest - 2, 0), at + 1)]
    starts = [start for start in sentences if lowest <= start <= at]
    if starts:
        return starts[0]
    clause = next((i + 1 for i in range(lowest, at) if text[i] in _CLAUSE_MARKS and is_ideograph(text[i])), None)
    if clause is not None:
        return clause
    return next((i for i in range(lowest, min(at, lowest + _WORD_REACH)) if _is_word_start(text, i)), at)


def _end_after(text: str, start: int, least: int, columns: Sequence[int], room: int) -> int:
    """Where to end: the last sentence in the last third of the room, else a clause or word, never before `least`."""
    highest = _character_at(columns, columns[start] + room)
    if highest == len(text):
        return highest
    near = max(least, _character_at(columns, columns[start] + room * 2 // 3))
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, max(near - 2, start), highest + 1)]
    ends = [end for end in sentences if near <= end <= highest]
    if ends:
        return ends[-1]
    for end in range(highest, max(near, highest - _WORD_REACH), -1):
        if text[end - 1] in _CLAUSE_MARKS and is_ideograph(text[end - 1]):
            return end
    for end in range(highest, max(least, highest - _WORD_REACH), -1):
        if _is_word_end(text, end):
            return end
    while highest > start + 1 and unicodedata.combining(text[highest]):
        highest -= 1
    return highest


def _cut(text: str, start: int, end: int, spans: Sequence[Range]) -> tuple[str, tuple[Range, ...]]:
    """The passage [start, end) without white space at its ends, with ellipses, and the spans moved with it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    before = text[:start].rstrip()
    opening = "" if not before else "…" if start == len(before) else "… "
    rest = text[end:].strip()
    closing = "" if not rest else " …" if text[end - 1] in _SENTENCE_MARKS else "…"
    whole = [(s, e) for s, e in spans if start <= s and e <= end]
    seen = whole or [(max(s, start), min(e, end)) for s, e in spans if s < end and e > start]
    shift = len(opening) - start
    inside = tuple((s + shift, e + shift) for s, e in seen)
    return opening + _one_line(text[start:end]) + closing, inside


def _character_at(columns: Sequence[int], column: int, *, rounded_up: bool = False) -> int:
    """The last character position at or before a column, or the first at or after it."""
    if column <= 0:
        return 0
    at = bisect_right(columns, column) - 1
    return at + 1 if rounded_up and columns[at] < column else at


def _is_word_start(text: str, at: int) -> bool:
    if text[at].isspace() or text[at] in CLOSING:
        return False
    return text[at - 1].isspace() or is_ideograph(text[at]) or is_ideograph(text[at - 1])


def _is_word_end(text: str, at: int) -> bool:
    if text[at - 1].isspace() or text[at - 1] in OPENING or (text[at] in CLOSING and is_ideograph(text[at])):
        return False
    return text[at].isspace() or is_ideograph(text[at]) or is_ideograph(text[at - 1])


def _one_line(text: str) -> str:
    return text.replace("\n", " ")
