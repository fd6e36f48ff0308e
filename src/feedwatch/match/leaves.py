"""The leaves of queries made ready to be found in items; equal ones are one object, and looked up once an item."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar
from weakref import WeakValueDictionary

from feedwatch.model import Field

from .facts import fact_test
from .fold import fold
from .found import FactTest, Found, Leaf, Place
from .fuzzy import FuzzyPhrase, compile_fuzzy, fuzzy_places
from .near import marks_of
from .near_leaf import NearLeaf, Side
from .phrase import Literal, compile_phrase
from .regexes import RegexSet
from .scripts import Kind, kind_of
from .seeking import sought_of_leaf
from .stem import StemPhrase, compile_stem, stem_places
from .tree import Fact, Near, Node, Or, Phrase, Regex

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


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class ExactLeaf:
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

    def stands(self, found: Found) -> bool:
        """See `PhraseLeaf`."""
        return bool(found.places(self))

    def marks(self, found: Found, field: int) -> int:
        """See `PhraseLeaf`."""
        return marks_of(found.hulls(self, field))

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        places = []
        for field in self.fields:
            text = found.texts[field]
            for folded_start, _ in text.sought_places(self.literal):
                start = folded_start - self.lead
                if start >= 0 and text.original.startswith(self.text, start):
                    places.append((field, start, start + len(self.text)))
        return places


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class FuzzyLeaf:
    """A phrase, found with one character wrong too."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 2
    text: str
    phrase: FuzzyPhrase
    needs: tuple[str, ...]
    fields: Fields

    def stands(self, found: Found) -> bool:
        """See `PhraseLeaf`."""
        return bool(found.places(self))

    def marks(self, found: Found, field: int) -> int:
        """See `PhraseLeaf`."""
        return marks_of(found.hulls(self, field))

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        return [(field, *span) for field in self.fields for span in fuzzy_places(self.phrase, found.texts[field])]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class StemLeaf:
    """A phrase, found in the other forms of its words too."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 2
    text: str
    phrase: StemPhrase
    needs: tuple[str, ...]
    fields: Fields

    def stands(self, found: Found) -> bool:
        """See `PhraseLeaf`."""
        return bool(found.places(self))

    def marks(self, found: Found, field: int) -> int:
        """See `PhraseLeaf`."""
        return marks_of(found.hulls(self, field))

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        return [
            (field, *span)
            for field in self.fields
            for span in stem_places(self.phrase, found.texts[field], found.language)
        ]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class RegexLeaf:
    """A regular expression, found in the text as it was written."""

    others: ClassVar[tuple[str, ...]] = ()
    expense: ClassVar[int] = 3
    pattern: str
    compiled: RegexSet
    needs: tuple[str, ...]
    fields: Fields

    def stands(self, found: Found) -> bool:
        """See `PhraseLeaf`."""
        return bool(found.places(self))

    def marks(self, found: Found, field: int) -> int:
        """See `PhraseLeaf`."""
        return marks_of(found.hulls(self, field))

    def places(self, found: Found) -> list[Place]:
        """See `PhraseLeaf`."""
        if found.is_ruled_out(self.pattern):
            return []
        return [
            (field, *span) for field in self.fields for span in self.compiled.places(0, found.texts[field].original)
        ]


class Leaves:
    """Makes leaves of the tree's, equal ones once for as long as a query has them."""

    def __init__(self) -> None:
        self._known: WeakValueDictionary[Hashable, Leaf] = WeakValueDictionary()

    def of(self, node: Phrase | Regex | Near) -> Leaf:
        """The leaf of a node of the tree."""
        match node:
            case Phrase():
                return self._of_phrase(node)
            case Regex(pattern=pattern, scope=scope):
                fields = _FIELDS_BY_SCOPE[scope]
                return self._same(
                    ("regex", pattern, fields),
                    lambda: RegexLeaf(pattern, _regexes(pattern), _needs(node), fields),
                )
            case Near():
                left, right = Side.of(self._side(node.left)), Side.of(self._side(node.right))
                return self._same(
                    (left, right, node.distance, node.ordered),
                    lambda: NearLeaf(left, right, node.distance, node.ordered),
                )

    def _of_phrase(self, phrase: Phrase) -> Leaf:
        fields = _FIELDS_BY_SCOPE[phrase.scope]
        if phrase.exact:
            text = phrase.text.strip()
            literal = compile_phrase(text, exact=True, is_prefix=phrase.is_prefix)
            return self._same((text, literal, fields), lambda: ExactLeaf(text, literal, _lead(text), fields))
        if phrase.edits:
            fuzzy = compile_fuzzy(phrase.text)
            return self._same((fuzzy, fields), lambda: FuzzyLeaf(phrase.text, fuzzy, _needs(phrase), fields))
        if phrase.stem:
            stem = compile_stem(phrase.text, phrase.stem)
            return self._same((stem, fields), lambda: StemLeaf(phrase.text, stem, _needs(phrase), fields))
        literal = compile_phrase(phrase.text, is_prefix=phrase.is_prefix)
        text = "" if phrase.is_prefix else phrase.text
        return self._same((literal, fields), lambda: PhraseLeaf(text, literal, fields))

    def _same(self, key: Hashable, make: Callable[[], Leaf]) -> Leaf:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = make()
        return known

    def _side(self, node: Node) -> Iterator[Leaf]:
        if isinstance(node, Or):
            for part in node.parts:
                yield from self._side(part)
        elif isinstance(node, Phrase | Regex | Near):
            yield self.of(node)
        else:
            raise TypeError(node)


def sought_phrase(leaf: Leaf) -> str:
    """The phrase that a leaf looks for; empty where it is none, or its last word may go on."""
    return leaf.text if isinstance(leaf, PhraseLeaf | ExactLeaf | FuzzyLeaf | StemLeaf) else ""


@lru_cache(maxsize=1 << 12)
def test_of(fact: Fact) -> FactTest:
    """The test of a filter; the same one for equal filters."""
    return fact_test(fact)


@lru_cache(maxsize=1 << 10)
def _regexes(pattern: str) -> RegexSet:
    return RegexSet([pattern])


def _needs(node: Phrase | Regex) -> tuple[str, ...]:
    return tuple(sought.squeezed for sought in sought_of_leaf(node))


def _lead(text: str) -> int:
    """Of an exact phrase: where in it the first character stands that is neither a separator nor invisible."""
    folded = fold(text)
    return folded.start(len(folded.folded) - len(folded.folded.lstrip(" ")))


_FIELDS_BY_SCOPE: dict[Field | None, Fields] = {None: (0, 1), "title": (0,), "text": (1,)}
