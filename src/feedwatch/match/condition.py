"""A query made ready to be asked of a text: its tree over the numbers of the phrases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .tree import And, Node, Not, Or, Phrase


@dataclass(frozen=True, slots=True)
class Has:
    """The phrase of this number is there."""

    phrase: int


@dataclass(frozen=True, slots=True)
class Lacks:
    """The phrase of this number is not there."""

    phrase: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Some part holds."""

    parts: tuple[Condition, ...]


Condition = Has | Lacks | All | Any
IsFound = Callable[[int], bool]


def condition_of(node: Node, number: Callable[[Phrase], int]) -> Condition:
    """The condition of a tree whose NOTs stand on phrases alone."""
    match node:
        case Phrase():
            return Has(number(node))
        case Not(part=Phrase() as phrase):
            return Lacks(number(phrase))
        case And(parts=parts):
            return All(tuple(condition_of(part, number) for part in parts))
        case Or(parts=parts):
            return Any(tuple(condition_of(part, number) for part in parts))
    raise TypeError(node)


def holds(condition: Condition, is_found: IsFound) -> bool:
    """Whether a text meets the condition."""
    match condition:
        case Has(phrase=phrase):
            return is_found(phrase)
        case Lacks(phrase=phrase):
            return not is_found(phrase)
        case All(parts=parts):
            return all(holds(part, is_found) for part in parts)
        case Any(parts=parts):
            return any(holds(part, is_found) for part in parts)


def phrases_that_took_part(condition: Condition, is_found: IsFound) -> Iterator[int]:
    """The phrases through which a condition that holds does so: those of every alternative that holds."""
    match condition:
        case Has(phrase=phrase):
            yield phrase
        case All(parts=parts):
            for part in parts:
                yield from phrases_that_took_part(part, is_found)
        case Any(parts=parts):
            for part in parts:
                if holds(part, is_found):
                    yield from phrases_that_took_part(part, is_found)
        case Lacks():
            return


def needed(condition: Condition, lengths: Sequence[int]) -> frozenset[int]:
    """Phrases of which at least one is in every text that the condition holds for; empty where there are none such.

    Of the choices that an All leaves, the one with the longest literals, which are the rarest in texts.
    """
    match condition:
        case Has(phrase=phrase):
            return frozenset((phrase,))
        case Lacks():
            return frozenset()
        case All(parts=parts):
            choices = [choice for part in parts if (choice := needed(part, lengths))]
            return max(choices, key=lambda choice: min(lengths[phrase] for phrase in choice), default=frozenset())
        case Any(parts=parts):
            choices = [needed(part, lengths) for part in parts]
            return frozenset().union(*choices) if all(choices) else frozenset()
