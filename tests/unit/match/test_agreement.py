"""The engine agrees with the slow oracle over queries and texts in Latin, Han and both, and its spans are exact."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import Matcher, check_query
from feedwatch.match.fold import fold
from feedwatch.match.parse import parse_query
from feedwatch.match.tree import And, Node, Not, Or, Phrase
from feedwatch.model import WatchlistDef
from tests.unit.match import oracle

LATIN = [
    "a",
    "b",
    "A",
    "B",
    "é",
    "ab",
    "Ab",
    "aB",
    "ﬀ",
    "1",
    "2",
    "-",
    "‑",
    "—",
    " ",
    " ",
    "_",
    "\n",
    "#",
    "&",
    ".",
    "\u00ad",
]
HAN = ["大", "湾", "区", "大湾", "湾区", "網", " ", "\n", "-", "&"]
phrases = st.one_of(
    *(st.lists(st.sampled_from(parts), min_size=1, max_size=5).map("".join) for parts in (LATIN, HAN, LATIN + HAN))
).filter(lambda phrase: re.search(r"[^\W_]", phrase) is not None)
noise = st.one_of(*(st.lists(st.sampled_from(parts), max_size=12).map("".join) for parts in (LATIN, HAN, LATIN + HAN)))


@st.composite
def near(draw: st.DrawFn, sought: list[str]) -> str:
    """A text that has the sought phrases in other spellings, with noise around them."""
    text: str = draw(noise)
    for phrase in sought:
        for character in phrase:
            if character in oracle.SEPARATORS:
                text += draw(st.sampled_from(["", " ", "-", "_", "\n ", " - ", "#"]))
            else:
                text += draw(st.sampled_from([character, character, character.upper(), character + "\u00ad"]))
                text += draw(st.sampled_from(["", "", "", "", "-", " "]))
        text += draw(noise)
    return text


trees = st.recursive(
    phrases.map(Phrase),
    lambda nodes: st.one_of(
        st.lists(nodes, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(nodes, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        nodes.map(Not),
    ),
    max_leaves=5,
)


def written(node: Node) -> str:
    match node:
        case Phrase(text=text):
            return f'"{text}"'
        case And(parts=parts):
            return "(" + " ".join(map(written, parts)) + ")"
        case Or(parts=parts):
            return "(" + " OR ".join(map(written, parts)) + ")"
        case Not(part=part):
            return f"NOT {written(part)}"


def phrases_of(node: Node) -> list[str]:
    match node:
        case Phrase(text=text):
            return [text]
        case Not(part=part):
            return phrases_of(part)
        case And(parts=parts) | Or(parts=parts):
            return [text for part in parts for text in phrases_of(part)]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_terms(data: st.DataObject) -> None:
    terms = data.draw(st.lists(phrases, min_size=1, max_size=4))
    text = data.draw(near(terms))
    matcher = Matcher([(WatchlistDef(str(number), (term,)), 1) for number, term in enumerate(terms)])
    engine = {
        int(match.watchlist): [(span.start, span.end) for span in match.spans] for match in matcher.find("", text)
    }
    expected = {number: oracle.merged(iter(oracle.spans_of_phrase(term, text))) for number, term in enumerate(terms)}
    assert engine == {number: places for number, places in expected.items() if places}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_queries(data: st.DataObject) -> None:
    trees_drawn = data.draw(st.lists(trees, min_size=1, max_size=3))
    queries = list(map(written, trees_drawn))
    lacking = [query for query, tree in zip(queries, trees_drawn, strict=True) if oracle.holds(tree, "")]
    for query in lacking:
        with pytest.raises(QuerySyntaxError, match="NOT alone"):
            check_query(query)
    kept = [(query, tree) for query, tree in zip(queries, trees_drawn, strict=True) if query not in lacking]
    assume(kept)
    assert [parse_query(query) for query, _ in kept] == [tree for _, tree in kept]
    text = data.draw(near([phrase for _, tree in kept for phrase in phrases_of(tree)][:3]))
    matcher = Matcher([(WatchlistDef(str(number), queries=(query,)), 1) for number, (query, _) in enumerate(kept)])
    engine = {
        int(match.watchlist): [(span.start, span.end) for span in match.spans] for match in matcher.find("", text)
    }
    assert engine == {
        number: oracle.merged(oracle.spans(tree, text))
        for number, (_, tree) in enumerate(kept)
        if oracle.holds(tree, text)
    }


@settings(max_examples=300, deadline=None)
@given(phrases.filter(lambda phrase: "#" not in phrase), st.data())
def test_what_stands_at_a_span_is_the_phrase(phrase: str, data: st.DataObject) -> None:
    text = data.draw(near([phrase]))
    for match in Matcher([(WatchlistDef("w", (phrase,)), 1)]).find(text, text):
        for span in match.spans:
            assert 0 <= span.start < span.end <= len(text)
            found = fold(text[span.start : span.end]).folded.replace(" ", "")
            # A span ends with the whole of a character such as ﬀ, and is several places where these overlap.
            assert fold(phrase).folded.replace(" ", "") in found
