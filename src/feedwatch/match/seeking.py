"""What has to be in an item for a query to be met by it: the cheapest to search for, of the choices there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple, cast

from .fuzzy import compile_fuzzy, fuzzy_sought
from .phrase import Sought, sought_of
from .regex_literals import regex_literals
from .stem import compile_stem, stem_sought
from .tree import And, Near, Node, Not, Or, Phrase, Regex

Cost = Callable[[str, str], float]
"""About how many of a hundred items have a squeezed literal, which is of a phrase as written."""


class Need(NamedTuple):
    """At least one of `sought` stands in every text that meets the query."""

    cost: float
    sought: tuple[Sought, ...]


def need_of(node: Node, cost: Cost) -> tuple[Need | None, list[Sought]]:
    """What a tree needs, and all that it has to be searched for, needed or not.

    It needs None where nothing can be searched for, so that each item has to be asked.
    """
    sought: list[Sought] = []
    return _need(node, cost, sought, negated=False), sought


def sought_of_leaf(leaf: Phrase | Regex) -> tuple[Sought, ...]:
    """What a leaf is searched for by: one of it stands wherever the leaf does; nothing where nothing is sure."""
    if isinstance(leaf, Regex):
        return tuple(map(Sought, regex_literals(leaf.pattern)))
    if leaf.edits and not leaf.exact:
        return fuzzy_sought(compile_fuzzy(leaf.text))
    if leaf.stem and not leaf.exact:
        stem = stem_sought(compile_stem(leaf.text, leaf.stem))
        return (stem,) if stem else ()
    return (sought_of(leaf.text, exact=leaf.exact, is_prefix=leaf.is_prefix),)


def by_writing(phrase: str, squeezed: str) -> float:
    """The cost where nothing is known of texts, by how a phrase is written.

    Common words are single and in lower case; names are rarer, and the rarer the longer; a Chinese character is as good
    as three letters.
    """
    length = len(squeezed) if squeezed.isascii() else len(squeezed.encode())
    if not phrase.isalnum() or not phrase.isascii():
        return float(0.5**length)
    if phrase.islower():
        return float(0.5 ** (length / 2))
    return float(0.5 ** (length / 2 + _NAME))


_NAME = 4
"""How often the cost is halved where a word is a name."""


def _need(node: Node, cost: Cost, sought: list[Sought], *, negated: bool) -> Need | None:
    kind = node.__class__  # a class is compared with in a third of the time of isinstance
    if kind is Phrase or kind is Regex:
        return _of_leaf(cast("Phrase | Regex", node), cost, sought, negated=negated)
    if kind is And or kind is Or:
        parts = cast("And | Or", node).parts
        needs = [_need(part, cost, sought, negated=negated) for part in parts]
        return _cheapest(needs) if (kind is And) is not negated else _together(needs)
    if isinstance(node, Not):
        return _need(node.part, cost, sought, negated=not negated)
    if isinstance(node, Near):
        sides = [_need(node.left, cost, sought, negated=False), _need(node.right, cost, sought, negated=False)]
        return None if negated else _cheapest(sides)
    return None


def _of_leaf(leaf: Phrase | Regex, cost: Cost, sought: list[Sought], *, negated: bool) -> Need | None:
    if isinstance(leaf, Phrase) and not (leaf.exact or leaf.is_prefix or leaf.edits or leaf.stem):
        need = _of_plain_phrase(leaf.text, cost)
        sought += need.sought
        return None if negated else need
    own = sought_of_leaf(leaf)
    sought += own
    if negated or not own:
        return None
    written = leaf.text if isinstance(leaf, Phrase) and not leaf.edits else ""
    return Need(sum([cost(written, one.squeezed) for one in own]), own)


@lru_cache(maxsize=1 << 17)
def _of_plain_phrase(text: str, cost: Cost) -> Need:
    """The same for the same phrase: most stand in many queries."""
    own = sought_of(text)
    return Need(cost(text, own.squeezed), (own,))


def _cheapest(needs: Sequence[Need | None]) -> Need | None:
    return min(filter(None, needs), key=_COST, default=None)


def _together(needs: Sequence[Need | None]) -> Need | None:
    cost = 0.0
    sought: list[Sought] = []
    for need in needs:
        if need is None:
            return None
        cost += need.cost
        sought += need.sought
    return Need(cost, tuple(sought))


_COST = attrgetter("cost")
