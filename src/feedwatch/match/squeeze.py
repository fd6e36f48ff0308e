"""A text made ready to be searched, and the judging of what the search found in it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from .fold import Folded, fold, fold_bytes, is_dash, separators_in
from .phrase import BEGINS_WORD, ENDS_WORD, WORD_CHARACTERS, Gap, Literal, begins_word
from .scripts import is_word_character

# A word may begin and end anywhere in a hashtag. It goes on past separators, which are left out here, to the next sign.
_HASHTAG = re.compile(r"#[0-9a-z\x80-\U0010ffff]+")


class SqueezedText:
    """A text, folded and without separators; folded with offsets once a span is asked for.

    Offsets named `at` count characters of the squeezed form, those named `place` of the folded text.
    """

    def __init__(self, text: str) -> None:
        self.original = text
        self._spaced, self._folded_before = fold_bytes(text)
        self.characters = self._spaced.translate(None, b" ").decode()
        """The squeezed form."""
        self.hits: dict[str, list[int]] = {}
        """By literal searched for: at which characters it stands; some places where it is but a part of a word, too."""

    def search(self, automaton: AhoCorasick, literals: Sequence[str], borders: bytes) -> Iterable[int]:
        """Fill `hits`; tell which of the literals are in it, by number.

        A literal's entry in `borders` tells where it has to have a border of a word (BEGINS_WORD, ENDS_WORD); left out
        are most of the places where it has none, as of AI in "said".
        """
        characters = self.characters
        hits = automaton.find_matches_as_indexes(characters, overlapping=True)
        if not hits:
            return ()
        known = self._borders
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number, start, end in hits:
            if start not in known and borders[number] & BEGINS_WORD and characters[start - 1] in WORD_CHARACTERS:
                continue
            if end not in known and borders[number] & ENDS_WORD and characters[end] in WORD_CHARACTERS:
                continue
            found[number].append(start)
        for number, starts in found.items():
            literal = literals[number]
            others = self.hits.get(literal)  # from a search for other watchlists, with other borders perhaps
            self.hits[literal] = starts if others is None else sorted({*others, *starts})
        return found

    def has(self, literal: Literal) -> bool:
        """Whether a phrase stands in the text, of those that have been searched for."""
        for at in self.hits.get(literal.squeezed, ()):  # noqa: SIM110 - faster than any() of a generator
            if self.span(literal, at) is not None:
                return True
        return False

    def sought_places(self, literal: Literal) -> list[tuple[int, int]]:
        """As `places`, of a phrase that has been searched for."""
        starts = self.hits.get(literal.squeezed, ())
        return [span for at in starts if (span := self.span(literal, at)) is not None]

    def places(self, literal: Literal) -> list[tuple[int, int]]:
        """Where a phrase stands in the text as it was written, in order; places may overlap."""
        found: list[tuple[int, int]] = []
        at = self.characters.find(literal.squeezed)
        while at >= 0:
            span = self.span(literal, at)
            if span is not None:
                found.append(span)
            at = self.characters.find(literal.squeezed, at + 1)
        return found

    def span(self, literal: Literal, at: int) -> tuple[int, int] | None:
        """Where the phrase stands in the text as it was written, or None where this is another word or spelling.

        The squeezed text has the literal's characters at `at`.
        """
        end = at + len(literal.squeezed)
        if literal.starts_word and self._goes_on_before(at):
            return None
        if literal.ends_word and self._goes_on_before(end):
            return None
        breaks = self._breaks
        low = bisect_right(breaks, at)
        first, last = at + low, end - 1 + low
        inner: set[int] | tuple[()] = ()
        if low < len(breaks) and breaks[low] < end:
            high = bisect_left(breaks, end, low)
            last = end - 1 + high
            inner = {place - at for place in breaks[low:high]}
            if not all(self._may_part(literal.gaps[inside - 1], at + inside) for inside in inner):
                return None
        for inside in literal.wanted:
            if inside not in inner and not self._may_join(literal.gaps[inside - 1], at + inside):
                return None
        return self.folded.start(first), self.folded.end(last + 1)

    @cached_property
    def folded(self) -> Folded:
        """The text folded, with the way back to it as it was written."""
        return self._folded_before or fold(self.original)

    def place_of(self, at: int) -> int:
        """Where a squeezed character stands in the folded text."""
        return at + bisect_right(self._breaks, at)

    def goes_on_at(self, place: int) -> bool:
        """Whether a word goes on over the border before `place`. The words of a hashtag end where the next begins."""
        folded = self.folded.folded
        if not 0 < place < len(folded):
            return False
        if not (is_word_character(folded[place - 1]) and is_word_character(folded[place])):
            return False
        origin = self.folded.start(place)
        return not (self._in_hashtag(origin) and begins_word(self.folded.original, origin))

    @cached_property
    def _borders(self) -> frozenset[int]:
        """Before which squeezed characters a word may begin or end: at separators, in hashtags, and some more."""
        if self.original.isascii():
            borders = self._breaks_at
        else:
            borders = frozenset(accumulate(map(len, self._spaced.decode().split(" ")), initial=0))
        if not self._has_hashtag:
            return borders
        tags = _HASHTAG.finditer(self.characters)
        return borders.union(at for tag in tags for at in range(tag.start(), tag.end() + 1))

    @cached_property
    def _breaks(self) -> list[int]:
        """Before which squeezed characters the separators stood, and the end; most texts are never asked for it."""
        if self.original.isascii():
            return list(accumulate(map(len, self._spaced.split(b" "))))
        return list(accumulate(map(len, self.folded.folded.split(" "))))

    @cached_property
    def _breaks_at(self) -> frozenset[int]:
        return frozenset((0, *self._breaks))

    @cached_property
    def _has_hashtag(self) -> bool:
        return "#" in self.characters

    def _goes_on_before(self, at: int) -> bool:
        """Whether the word of the squeezed character before `at` goes on with the one at it."""
        if at in self._breaks_at:
            return False
        characters = self.characters
        for character in characters[at - 1 : at + 1]:
            if character not in WORD_CHARACTERS and (character.isascii() or not is_word_character(character)):
                return False
        return not self._has_hashtag or self.goes_on_at(self.place_of(at))

    def _may_part(self, gap: int, at: int) -> bool:
        """Whether the separator before `at` may stand in this gap."""
        if gap >= Gap.ANY_OR_NOTHING:
            return True
        if gap == Gap.NOTHING:
            return False
        start = self.folded.end(self.place_of(at - 1) + 1)
        between = separators_in(self.folded.original[start : self.folded.start(self.place_of(at))])
        if gap == Gap.HYPHEN_OR_NOTHING:
            return all(map(is_dash, between))
        return between.isspace()

    def _may_join(self, gap: int, at: int) -> bool:
        """Whether the gap, which wants a separator, will do with nothing before `at`."""
        if gap == Gap.ANY:
            return False
        origin = self.folded.start(self.place_of(at))
        return begins_word(self.folded.original, origin) or self._in_hashtag(origin)

    def _in_hashtag(self, origin: int) -> bool:
        if not self._has_hashtag:
            return False
        original = self.folded.original
        while origin and _in_tag_word(original[origin - 1]):
            origin -= 1
        if not origin or original[origin - 1] not in "#＃":
            return False
        return origin == 1 or not _in_tag_word(original[origin - 2])


def _in_tag_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
