"""A text made ready to be searched, and the judging of what the search found in it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from .fold import Folded, fold, fold_bytes, is_dash, separators_in
from .phrase import ENDS_WORD, WORD_CHARACTERS, Gap, Literal, begins_word
from .scripts import is_word_character

# A word may begin and end anywhere in a hashtag. It goes on past separators, which are left out here, to the next sign.
_HASHTAG = re.compile(r"#[0-9a-z\x80-\U0010ffff]+")
# bytes.title() leaves a letter small if, and only if, another stands right before it.
_SMALL = bytes(code in b"abcdefghijklmnopqrstuvwxyz" for code in range(256))
_ENDS = bytes((0, ENDS_WORD)) + bytes(254)
_NOT_FIRST = b" " + bytes(range(0x80, 0xC0))
"""A separator, and what follows the first byte of a character in UTF-8."""
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")


class SqueezedText:
    """A text, folded and without separators; folded with offsets once a span is asked for.

    Offsets named `at` count characters of the squeezed form, those named `place` of the folded text.
    """

    def __init__(self, text: str) -> None:
        self.original = text
        self._spaced, self._folded_before = fold_bytes(text)
        self.characters = self._spaced.translate(None, b" ").decode()
        """The squeezed form."""
        self._has_hashtag = "#" in self.characters
        self._inner: bytes | None = None
        self.hits: dict[str, list[int]] = {}
        """By literal searched for: at which characters it stands; some places where it is but a part of a word, too."""

    def search(self, automaton: AhoCorasick, literals: Sequence[str], borders: bytes) -> None:
        """Fill `hits`.

        A literal's entry in `borders` tells where it has to have a border of a word (BEGINS_WORD, ENDS_WORD); left out
        are most of the places where it has none, as of AI in "said".
        """
        hits = automaton.find_matches_as_indexes(self.characters, overlapping=True)
        if not hits:
            return
        begins = self._goes_on
        ends = begins.translate(_ENDS)
        tagged = _tagged(self.characters) if self._has_hashtag else _NOWHERE
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, start, end in hits:
            if borders[number] & (begins[start] | ends[end]) and not (start in tagged or end in tagged):
                continue
            found[literals[number]].append(start)
        known = self.hits
        self.hits = found
        for literal, starts in known.items():  # of a search for other watchlists, with other borders perhaps
            found[literal] = sorted({*starts, *found.get(literal, ())})

    def has(self, literal: Literal) -> bool:
        """Whether a phrase stands in the text, of those that have been searched for."""
        for at in self.hits.get(literal.squeezed, ()):  # noqa: SIM110 - faster than any() of a generator
            if self._is_at(literal, at):
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

        The squeezed text has the literal's characters at `at`. Where the phrase's last word goes on, it ends with that.
        """
        if not self._is_at(literal, at):
            return None
        end = self.place_of(at + len(literal.squeezed) - 1) + 1
        while literal.is_prefix and self.goes_on_at(end):
            end += 1
        return self.folded.start(self.place_of(at)), self.folded.end(end)

    @cached_property
    def folded(self) -> Folded:
        """The text folded, with the way back to it as it was written."""
        if self._folded_before is not None:
            return self._folded_before
        folded = self._spaced.decode()
        # Here each character became one or more, so that as many are the same one by one.
        return Folded(self.original, folded) if len(folded) == len(self.original) else fold(self.original)

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

    @property
    def _goes_on(self) -> bytes:
        """By squeezed character, and one more: whether it is a letter of ASCII with another right before it."""
        inner = self._inner
        if inner is None:
            inner = self._inner = self._spaced.title().translate(_SMALL, _NOT_FIRST) + b"\0"
        return inner

    @cached_property
    def _breaks(self) -> list[int]:
        """Before which squeezed characters the separators stood, and the end; most texts are never asked for it."""
        if self._spaced.isascii():
            return list(accumulate(map(len, self._spaced.split(b" "))))
        return list(accumulate(map(len, self._spaced.decode().split(" "))))

    def _is_at(self, literal: Literal, at: int) -> bool:
        """Whether the phrase, whose characters stand at `at`, is there: not another word or spelling."""
        end = at + len(literal.squeezed)
        if literal.starts_word and self._goes_on_before(at):
            return False
        if literal.ends_word and self._goes_on_before(end):
            return False
        if self._goes_on[at + 1 : end] == literal.joined:
            return True
        breaks = self._breaks
        low = bisect_right(breaks, at)
        inner = {place - at for place in breaks[low : bisect_left(breaks, end, low)]}
        return all(self._may_part(literal.gaps[inside - 1], at + inside) for inside in inner) and all(
            inside in inner or self._may_join(literal.gaps[inside - 1], at + inside) for inside in literal.wanted
        )

    def _goes_on_before(self, at: int) -> bool:
        """Whether the word of the squeezed character before `at` goes on with the one at it."""
        if not self._goes_on[at]:
            pair = self.characters[at - 1 : at + 1] if at else ""
            if len(pair) < len("ab") or (pair[0] in _LETTERS and pair[1] in _LETTERS):
                return False
            breaks = self._breaks
            if breaks[bisect_left(breaks, at)] == at:
                return False
            for character in pair:
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


_NOWHERE: frozenset[int] = frozenset()


def _tagged(characters: str) -> frozenset[int]:
    """Before which squeezed characters a word may begin or end because they stand in a hashtag, and some more."""
    tags = _HASHTAG.finditer(characters)
    return frozenset(at for tag in tags for at in range(tag.start(), tag.end() + 1))


def _in_tag_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character)[0] == "M"
