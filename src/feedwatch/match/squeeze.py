"""A text made ready to be searched, and the judging of what the search found in it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate

from ahocorasick_rs import BytesAhoCorasick

from .fold import Folded, fold, is_dash, separators_in, squeeze
from .phrase import Gap, Literal, begins_word
from .scripts import is_word_character


class SqueezedText:
    """A text, folded and without separators; folded with offsets once a span is asked for.

    Offsets named `at` point into its squeezed form, `place` into the folded text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._squeezed = squeeze(text)

    def search(self, automaton: BytesAhoCorasick) -> list[tuple[int, int]]:
        """The numbers of the patterns found, each with its `at`; in no order."""
        hits = [
            (start, pattern)
            for pattern, start, _ in automaton.find_matches_as_indexes(self._squeezed, overlapping=True)
        ]
        if not hits or self._squeezed.isascii():
            return [(pattern, start) for start, pattern in hits]
        found: list[tuple[int, int]] = []
        done = at = 0
        for start, pattern in sorted(hits):
            at += len(self._squeezed[done:start].decode())
            done = start
            found.append((pattern, at))
        return found

    def span(self, literal: Literal, at: int) -> tuple[int, int] | None:
        """Where the phrase stands in the text as it was written, or None where this is another word or spelling.

        The squeezed text has the literal's characters at `at`, which counts characters.
        """
        end = at + len(literal.squeezed)
        low = bisect_right(self._breaks, at)
        high = bisect_left(self._breaks, end, low)
        first, last = at + low, end - 1 + high
        if literal.starts_word and self._goes_on_at(first):
            return None
        if literal.ends_word and self._goes_on_at(last + 1):
            return None
        breaks: set[int] | tuple[()] = ()
        if low < high:
            breaks = {place - at for place in self._breaks[low:high]}
            if not all(self._may_part(literal.gaps[inside - 1], at + inside) for inside in breaks):
                return None
        for inside in literal.wanted:
            if inside not in breaks and not self._may_join(literal.gaps[inside - 1], at + inside):
                return None
        return self._folded.start(first), self._folded.end(last + 1)

    @cached_property
    def _folded(self) -> Folded:
        return fold(self._text)

    @cached_property
    def _breaks(self) -> list[int]:
        """Before which squeezed characters the separators stood; most texts are never asked for it."""
        return list(accumulate(map(len, self._folded.folded.split(" "))))

    @cached_property
    def _has_hashtag(self) -> bool:
        return "#" in self._folded.folded

    def _place(self, at: int) -> int:
        return at + bisect_right(self._breaks, at)

    def _goes_on_at(self, place: int) -> bool:
        """Whether a word goes on over the border before `place`. The words of a hashtag end where the next begins."""
        folded = self._folded.folded
        if not 0 < place < len(folded):
            return False
        if not (is_word_character(folded[place - 1]) and is_word_character(folded[place])):
            return False
        origin = self._folded.start(place)
        return not (self._in_hashtag(origin) and begins_word(self._folded.original, origin))

    def _may_part(self, gap: int, at: int) -> bool:
        """Whether the separator before `at` may stand in this gap."""
        if gap >= Gap.ANY_OR_NOTHING:
            return True
        if gap == Gap.NOTHING:
            return False
        start = self._folded.end(self._place(at - 1) + 1)
        between = separators_in(self._folded.original[start : self._folded.start(self._place(at))])
        if gap == Gap.HYPHEN_OR_NOTHING:
            return all(map(is_dash, between))
        return between.isspace()

    def _may_join(self, gap: int, at: int) -> bool:
        """Whether the gap, which wants a separator, will do with nothing before `at`."""
        if gap == Gap.ANY:
            return False
        origin = self._folded.start(self._place(at))
        return begins_word(self._folded.original, origin) or self._in_hashtag(origin)

    def _in_hashtag(self, origin: int) -> bool:
        if not self._has_hashtag:
            return False
        original = self._folded.original
        while origin and _in_tag_word(original[origin - 1]):
            origin -= 1
        if not origin or original[origin - 1] not in "#＃":
            return False
        return origin == 1 or not _in_tag_word(original[origin - 2])


def _in_tag_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
