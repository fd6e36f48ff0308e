"""The kinds of what queries look for in a text: a phrase, whole, exact, with a letter wrong or in other forms; a regex.

NEAR, the remaining kind, is in `near_leaf`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .found import Found, Leaf, Place
from .fuzzy import FuzzyPhrase, fuzzy_places
from .near import marks_of
from .phrase import Literal
from .regexes import RegexSet
from .scripts import Kind, kind_of
from .stem import StemPhrase, stem_places

Fields = tuple[int, ...]
"""The numbers of the fields to look in."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class PhraseLeaf:
    """A phrase, found by folding."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 1
    text: str
    """Empty where its last word may go on."""
    literal: Literal
    fields: Fields

    @property
    def needs(self) -> tuple[str, ...]:
        """Literals of which an item has one wherever it stands."""
        return (self.literal.squeezed,)

    def places(self, found: Found) -> list[Place]:
        """Where it stands; so with each kind of leaf."""
        return [(field, *span) for field in self.fields for span in found.texts[field].sought_places(self.literal)]

    def stands(self, found: Found) -> bool:
        """Whether it stands anywhere."""
        for field in self.fields:  # noqa: SIM110 - twice as fast as any() of a generator
            if found.texts[field].has(self.literal):
                return True
        return False

    def marks(self, found: Found, field: int) -> int:
        """A bit for the number of the first and of the last word of each of its places in a field, and perhaps more.

        Of every place that has its characters: whether it is one is asked when another is near.
        """
        squeezed = self.literal.squeezed
        if field not in self.fields:
            return 0
        if Kind.SIGN in (kind_of(squeezed[0]), kind_of(squeezed[-1])):
            return marks_of(found.hulls(self, field))
        return found.words(field).marks(found.texts[field].hits.get(squeezed, ()), len(squeezed))


class _PlacedLeaf:
    """A leaf of which nothing is known before its places are."""

    __slots__ = ()

    def stands(self: Leaf, found: Found) -> bool:
        """See `PhraseLeaf`."""
        return bool(found.places(self))

    def marks(self: Leaf, found: Found, field: int) -> int:
        """See `PhraseLeaf`."""
        return marks_of(found.hulls(self, field))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class ExactLeaf(_PlacedLeaf):
    """A phrase, found where the text has it character for character."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 1
    text: str
    literal: Literal
    lead: int
    """Characters of the phrase before the first that folding keeps."""
    fields: Fields

    @property
    def needs(self) -> tuple[str, ...]:
        """See `PhraseLeaf`."""
        return (self.literal.squeezed,)

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        places = []
        for field in self.fields:
            text = found.texts[field]
            for folded_start, folded_end in text.sought_places(self.literal):
                start = folded_start - self.lead
                if start >= 0 and text.original.startswith(self.text, start):
                    end = folded_end if self.literal.is_prefix else start + len(self.text)
                    places.append((field, start, end))
        return places


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class FuzzyLeaf(_PlacedLeaf):
    """A phrase, found with one character wrong too."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 2
    text: str
    phrase: FuzzyPhrase
    needs: tuple[str, ...]
    fields: Fields

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        return [(field, *span) for field in self.fields for span in fuzzy_places(self.phrase, found.texts[field])]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class StemLeaf(_PlacedLeaf):
    """A phrase, found in the other forms of its words too."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 2
    text: str
    phrase: StemPhrase
    needs: tuple[str, ...]
    fields: Fields

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        return [
            (field, *span)
            for field in self.fields
            for span in stem_places(self.phrase, found.texts[field], found.language)
        ]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class RegexLeaf(_PlacedLeaf):
    """A regular expression, found in the text as it was written."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 3
    pattern: str
    compiled: RegexSet
    needs: tuple[str, ...]
    fields: Fields

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        if found.is_ruled_out(self.pattern):
            return []
        return [
            (field, *span) for field in self.fields for span in self.compiled.places(0, found.texts[field].original)
        ]
