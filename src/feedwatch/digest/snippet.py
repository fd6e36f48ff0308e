"""The passage of an item's text that shows best why it matched, and the terms that it matched by."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from feedwatch.digest.columns import CLOSING, OPENING, column_offsets, columns, is_ideograph
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
_SENTENCE_CLOSES = frozenset(".!?。！？…\"'”’」』）)】")
_CLAUSE = re.compile(r"[，；、：](?=.)|[,;:](?=\s|[\u3400-\u9fff])|\s[–—]\s")
_PAIRS = dict(zip("”」』》）)】", "“「『《（(【", strict=True))
_BRACKET = re.compile("[“”「」『』《》（）()【】]")
_WORD_REACH = 40
"""How many characters to look for a word boundary before a word is cut."""
_LONGEST_HEADING = 60


def best_passage(text: str, spans: Sequence[Range], *, width: int = 320) -> tuple[str, tuple[Range, ...]]:
    """The passage with the most different matched terms (then the most matches, then the earliest), and its spans.

    width: columns, in which a CJK character takes two; the passage never takes more. It starts and ends at a sentence
    where one is near, else at a clause or word, not within a quotation where that can be helped, and says "…" wherever
    text was left out. Newlines become spaces. Without spans it is the beginning of the text. What is far from a span is
    not looked at: 0.1 ms for 20 spans in a text of any length, 10 for 2,000.
    """
    spans = sorted((max(start, 0), min(end, len(text))) for start, end in spans if start < min(end, len(text)))
    if len(text) <= 2 * width and columns(text) <= width:
        return _one_line(text), tuple(spans)
    room = max(width - _MARGIN, 1)
    first, last = _richest(text, spans, room)
    low, high = max(first - 2 * room, 0), min(last + 2 * room, len(text))
    near = [(start - low, end - low) for start, end in spans if start >= low and end <= high]
    piece = text[low:high]
    offsets = column_offsets(piece)
    start = _start_before(piece, first - low, last - low, offsets, room)
    end = _end_after(piece, start, last - low, offsets, room)
    if end == len(piece) and high == len(text):
        start = _start_before(piece, start, end, offsets, room, reach=room)
    return _cut(piece, start, end, near, follows=low > 0, goes_on=high < len(text))


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


def _richest(text: str, spans: Sequence[Range], room: int) -> Range:
    """From the start of the first to the end of the last of the spans that make the richest passage."""
    best: tuple[int, int] = (0, 0)
    found: Range = (0, 0)
    for group in _groups(spans, room):
        if len(group) == 1 and best >= (1, 1):
            continue
        richness, passage = _richest_of(text, group, room)
        if richness > best:
            best, found = richness, passage
    return found


def _groups(spans: Sequence[Range], room: int) -> Iterator[Sequence[Range]]:
    """The spans in groups so far from each other that no passage reaches from one to the next."""
    begin = 0
    for at in range(1, len(spans) + 1):
        if at == len(spans) or spans[at][0] - spans[at - 1][1] > room:
            if at > begin:
                yield spans[begin:at]
            begin = at


def _richest_of(text: str, spans: Sequence[Range], room: int) -> tuple[tuple[int, int], Range]:
    origin = spans[0][0]
    offsets = column_offsets(text[origin : max(end for _, end in spans)])
    best: tuple[int, int] = (0, 0)
    found: Range = (0, 0)
    terms = [text[start:end].casefold() for start, end in spans]
    inside: Counter[str] = Counter()
    after = 0
    for at, (start, _) in enumerate(spans):
        while after < len(spans) and (
            after <= at or offsets[spans[after][1] - origin] - offsets[start - origin] <= room
        ):
            inside[terms[after]] += 1
            after += 1
        richness = (len(inside), after - at)
        if richness > best:
            best, found = richness, (start, spans[after - 1][1])
        inside[terms[at]] -= 1
        if not inside[terms[at]]:
            del inside[terms[at]]
    return best, found


def _start_before(text: str, at: int, end: int, offsets: Sequence[int], room: int, *, reach: int | None = None) -> int:
    """The start for which [start, end) fits.

    The earliest sentence within `reach` columns (a third of the room) that is no headline and breaks no quotation; else
    the nearest within two thirds; else a clause or word within `reach`.
    """
    fitting = _character_at(offsets, offsets[end] - room, rounded_up=True)
    near = max(fitting, _character_at(offsets, offsets[at] - (reach or room // 3), rounded_up=True))
    far = max(fitting, _character_at(offsets, offsets[at] - max(reach or 0, room * 2 // 3), rounded_up=True))
    if near >= at:
        return at
    if near == 0:
        return 0
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, max(far - 2, 0), at + 1)]
    starts = [start for start in sentences if far <= start <= at]
    if within := [start for start in starts if start >= near]:
        whole = [start for start in within if not _is_broken(text[start:end])]
        chosen = whole or within
        return next((start for start in chosen if start == chosen[-1] or not _is_heading(text, start)), chosen[-1])
    if far == 0:
        return 0
    if starts:
        return starts[-1]
    clause = next((match.end() for match in _CLAUSE.finditer(text, near, at + 1)), None)
    if clause is not None and clause <= at:
        return clause
    return next((i for i in range(near, min(at, near + _WORD_REACH)) if _is_word_start(text, i)), at)


def _end_after(text: str, start: int, least: int, offsets: Sequence[int], room: int) -> int:
    """Where to end: the last sentence in the last third of the room, else a clause or word, never before `least`.

    A sentence that leaves no quotation open is preferred, and any to a headline.
    """
    highest = _character_at(offsets, offsets[start] + room)
    if highest == len(text):
        return highest
    near = max(least, _character_at(offsets, offsets[start] + room * 2 // 3))
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, max(near - 2, start), highest + 1)]
    ends = [end for end in sentences if near <= end <= highest]
    if ends:
        closed = [end for end in ends if text[:end].rstrip()[-1:] in _SENTENCE_CLOSES]
        whole = [end for end in closed if not _is_open(text[start:end])]
        return (whole or closed or ends)[-1]
    for end in range(highest, max(near, highest - _WORD_REACH), -1):
        if _CLAUSE.match(text, end - 1) and is_ideograph(text[end - 2 : end - 1] or " "):
            return end
    for end in range(highest, max(least, highest - _WORD_REACH), -1):
        if _is_word_end(text, end):
            return end
    while highest > start + 1 and unicodedata.combining(text[highest]):
        highest -= 1
    return highest


def _cut(
    text: str, start: int, end: int, spans: Sequence[Range], *, follows: bool, goes_on: bool
) -> tuple[str, tuple[Range, ...]]:
    """The passage [start, end) without white space at its ends, with ellipses, and the spans moved with it.

    follows, goes_on: whether there is more of the text before and after the part of it that is given.
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    before = text[:start].rstrip()
    opening = "" if not before and not follows else "…" if start == len(before) else "… "
    rest = text[end:].strip() or goes_on
    closing = "" if not rest else " …" if text[end - 1] in _SENTENCE_MARKS else "…"
    whole = [(s, e) for s, e in spans if start <= s and e <= end]
    seen = whole or [(max(s, start), min(e, end)) for s, e in spans if s < end and e > start]
    shift = len(opening) - start
    inside = tuple((s + shift, e + shift) for s, e in seen)
    return opening + _one_line(text[start:end]) + closing, inside


def _is_broken(passage: str) -> bool:
    """Whether something is closed that was opened before the passage."""
    opened: Counter[str] = Counter()
    for mark in _BRACKET.findall(passage):
        if (opening := _PAIRS.get(mark)) is None:
            opened[mark] += 1
        elif opened[opening]:
            opened[opening] -= 1
        else:
            return True
    return False


def _is_open(passage: str) -> bool:
    """Whether something is opened that the passage does not close."""
    marks = Counter(_BRACKET.findall(passage))
    return any(marks[opening] > marks[closing] for closing, opening in _PAIRS.items())


def _is_heading(text: str, start: int) -> bool:
    """Whether a short line that ends without a sentence's mark begins here."""
    line_end = text.find("\n", start)
    line = text[start:line_end].rstrip()
    return line_end >= 0 and 0 < len(line) <= _LONGEST_HEADING and line[-1] not in _SENTENCE_CLOSES


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
