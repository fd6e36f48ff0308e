"""How a query is read, for the person who wrote it: its tree, its words folded, and how items are picked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedwatch.model import Query, query_def
from feedwatch.plan import AllOf, AnyOf, Everything, HasFact, HasPrefix, HasToken, Plan

from .compile import filter_literals
from .parse import parse_query
from .phrase import Gap, compile_phrase
from .planning import plan_of
from .scripts import Kind, kind_of
from .tree import And, Fact, Near, Node, Not, Or, Phrase, Regex
from .warnings import QueryWarning, query_warnings


@dataclass(frozen=True, slots=True)
class Explained:
    """A part of a query's tree."""

    label: str
    """An operator (AND, NEAR/8), or what stands in the query with its field."""
    folded: str = ""
    """A phrase as it is compared; empty for what is no phrase, and for an exact one."""
    spellings: tuple[str, ...] = ()
    """Other ways to write the phrase that are found too, by the gaps between its words."""
    notes: tuple[str, ...] = ()
    """What else is to be known of it."""
    parts: tuple[Explained, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A query explained."""

    query: str
    tree: Explained
    literals: tuple[str, ...]
    """Folded, without separators: an item that has none of them is not asked the query. Every one is where empty."""
    plan: str
    """What the archive's index is asked for; * ends a token that may go on."""
    warnings: tuple[QueryWarning, ...]


def explain(query: Query) -> Explanation:
    """Explain a query. Raises QuerySyntaxError if it cannot be read."""
    tree = _explained(parse_query(query))
    return Explanation(
        query_def(query).text, tree, filter_literals(query), _written(plan_of(query)), query_warnings(query)
    )


def _explained(node: Node) -> Explained:
    match node:
        case Phrase():
            return _of_phrase(node)
        case Regex(pattern=pattern, scope=scope):
            if pattern.startswith("(?-i)"):
                notes = ("upper and lower case differ",)
            else:
                notes = ("upper and lower case are one",)
            return Explained(_in_field(scope, f"/{pattern}/"), notes=("on the text as it stands", *notes))
        case Fact(name=name, pattern=pattern):
            return Explained(f"{name}:{pattern}", notes=(_FACTS[name],))
        case Near(left=left, right=right, distance=distance, ordered=ordered):
            order = "the first before the second" if ordered else "in either order"
            notes = (f"at most {distance} words from one to the other, {order}, in one field",)
            label = f"{'ONEAR' if ordered else 'NEAR'}/{distance}"
            return Explained(label, notes=notes, parts=(_explained(left), _explained(right)))
        case Not(part=part):
            return Explained("NOT", parts=(_explained(part),))
        case And(parts=parts):
            return Explained("AND", parts=tuple(map(_explained, parts)))
        case Or(parts=parts):
            return Explained("OR", parts=tuple(map(_explained, parts)))


_FACTS = {
    "lang": "the item's language, with its regions and scripts",
    "source": "the source's name",
    "tag": "a tag of the item or its source",
    "author": "within an author's name",
    "site": "the host of the item's address, or one below it",
}


def _in_field(scope: str | None, text: str) -> str:
    return f"{scope}:{text}" if scope else text


def _of_phrase(phrase: Phrase) -> Explained:
    written = f'"{"exact:" if phrase.exact else ""}{phrase.text}{"*" if phrase.is_prefix else ""}"'
    label = _in_field(phrase.scope, f"{written}~1" if phrase.edits else written)
    notes = []
    if phrase.is_prefix:
        notes.append("its last word may go on")
    if phrase.edits:
        notes.append("one letter may be changed, left out, added or exchanged with the next")
    if phrase.stem:
        notes.append(f"other forms of its words too, in items whose language is {phrase.stem}")
    if phrase.exact:
        return Explained(label, notes=("only as written: case, accents, hyphens and script count", *notes))
    if any(kind_of(character) is Kind.HAN for character in phrase.text):
        notes.append("in Traditional and Simplified, within longer words, across a line break")
    words, borders = _words(phrase.text)
    spellings = () if phrase.edits else _spellings(words, borders)
    return Explained(label, " ".join(words), tuple(one for one in spellings if one != phrase.text), tuple(notes))


def _words(text: str) -> tuple[list[str], set[int]]:
    """The folded words of a phrase, and the kinds of gaps between them."""
    literal = compile_phrase(text)
    words, borders = [literal.squeezed[:1]], set()
    for character, gap in zip(literal.squeezed[1:], literal.gaps, strict=True):
        if gap >= Gap.ANY_OR_NOTHING:
            words.append(character)
            borders.add(gap)
        else:
            words[-1] += character
    return words, borders


def _spellings(words: Sequence[str], borders: set[int]) -> Iterator[str]:
    """How the words may stand beside each other: with a blank, a hyphen, nothing, or as a hashtag."""
    if not borders:
        return
    yield " ".join(words)
    yield "-".join(words)
    if borders == {Gap.ANY_OR_NOTHING}:
        yield "".join(words)
    if Gap.ANY not in borders and all(kind_of(word[0]) is Kind.LETTER for word in words):
        yield "#" + "".join(word[0].upper() + word[1:] for word in words)


def _written(plan: Plan, *, inner: bool = False) -> str:
    match plan:
        case HasToken(token=token):
            return token
        case HasPrefix(prefix=prefix):
            return f"{prefix}*"
        case HasFact(name=name, pattern=pattern):
            return f"{name}:{pattern}"
        case Everything():
            return "every item"
        case AllOf(parts=parts) | AnyOf(parts=parts):
            operator = " AND " if isinstance(plan, AllOf) else " OR "
            together = operator.join(_written(part, inner=True) for part in parts) or "nothing"
            return f"({together})" if inner and len(parts) > 1 else together
