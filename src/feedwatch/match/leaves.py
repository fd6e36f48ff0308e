"""The leaves of queries made ready to be found in items; equal ones are one object, and looked up once an item."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache
from weakref import WeakValueDictionary

from feedwatch.model import Field

from .facts import fact_test
from .fold import fold
from .found import FactTest, Leaf
from .fuzzy import compile_fuzzy
from .leaf_kinds import ExactLeaf, Fields, FuzzyLeaf, PhraseLeaf, RegexLeaf, StemLeaf
from .near_leaf import NearLeaf, Side
from .phrase import compile_phrase
from .regexes import RegexSet
from .seeking import sought_of_leaf
from .stem import compile_stem
from .tree import Fact, Near, Node, Or, Phrase, Regex


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
