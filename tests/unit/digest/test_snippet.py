from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.columns import columns
from feedwatch.digest.snippet import best_passage, matched_terms
from feedwatch.model import Span

FILLER = "The council met on Monday. "
CLAUSE = "全市经济运行总体平稳，"


def spans_of(pattern: str, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(pattern, text)]


def passage(pattern: str, text: str, width: int = 80) -> tuple[str, list[str]]:
    snippet, spans = best_passage(text, spans_of(pattern, text), width=width)
    return snippet, [snippet[start:end] for start, end in spans]


@pytest.mark.parametrize(
    "pattern, text, snippet",
    [
        ("bond", "A bond.", "A bond."),
        ("bond", "One\nbond", "One bond"),  # a newline becomes a space
        ("bond", "", ""),
        ("nothing", FILLER * 9, (FILLER * 2).strip() + " …"),  # no match: the beginning
        ("bond", FILLER * 9 + "A bond was sold. " + FILLER * 9, f"… A bond was sold. {FILLER * 2}…"),
        ("bond", FILLER * 9 + "A bond was sold.", f"… {FILLER * 2}A bond was sold."),  # the end: room is used before
        (
            "bond",
            "word " * 40 + "bond " + "word " * 40,
            "… word word word word word bond word word word word word word word word word…",
        ),
        (
            "湾区",
            CLAUSE * 9 + "湾区获批，" + CLAUSE * 9,
            "…全市经济运行总体平稳，湾区获批，全市经济运行总体平稳，全市经济运行总体平稳，…",
        ),
        ("湾区", "字" * 60 + "湾区" + "字" * 60, "…" + "字" * 12 + "湾区" + "字" * 24 + "…"),
        ("x+", "x" * 200, "x" * 76 + "…"),  # longer than the passage
        ("bond", "Mr. " * 40 + "The bond of Mr. Lee", "… " + "Mr. " * 14 + "The bond of Mr. Lee"),
    ],
)
def test_passage(pattern: str, text: str, snippet: str) -> None:
    assert passage(pattern, text)[0] == snippet


LONG = "The council met and spoke for hours of the harbour before "


@pytest.mark.parametrize(
    "pattern, text, begins, ends",
    [
        # A sentence that begins further in front is worth more room than half a sentence.
        ("bond", FILLER * 9 + LONG + "a bond was sold, " + "word " * 60, "… The council met and spoke", "word…"),
        # With nothing better near, a clause.
        ("bond", "word " * 60 + "and so, the bond was sold " + "word " * 60, "… the bond was sold word", "word…"),
        ("湾区", "字" * 90 + ",湾区获批" + "字" * 90, "…湾区获批字", "字…"),  # a half-width comma in Chinese
        # Not within a quotation, nor with one that stays open.
        (
            "bond",
            FILLER * 9 + "He said: “" + "We came and we saw. " * 6 + "We won.” A bond was sold. " + FILLER * 9,
            "… A bond was sold. The council",
            "Monday. …",
        ),
        (
            "湾区",
            CLAUSE * 9 + "。湾区获批，" + "全市上下都欢欣鼓舞，" * 2 + "大家都很高兴。“" + "今天开工。" * 9 + "”",
            "…湾区获批，",
            "大家都很高兴。…",
        ),
        # A headline within the text neither begins nor ends it.
        (
            "bond",
            FILLER * 9
            + "\nWhat was sold\nA bond was sold. "
            + FILLER * 2
            + "It went well.\nWhat comes\n"
            + "word " * 60,
            "… A bond was sold.",
            "It went well. …",
        ),
        # But where the match stands in it.
        ("sold", FILLER * 9 + "\nWhat was sold\nA bond. " + FILLER * 9, "… What was sold A bond.", "Monday. …"),
    ],
)
def test_where_a_passage_begins_and_ends(pattern: str, text: str, begins: str, ends: str) -> None:
    snippet, found = passage(pattern, text, width=100)
    assert snippet.startswith(begins)
    assert snippet.endswith(ends)
    assert found


@pytest.mark.parametrize("before, after", [(0, 3000), (3000, 0), (3000, 3000)])
def test_in_a_long_text_the_same_passage_is_found(before: int, after: int) -> None:
    near = FILLER * 20 + "A bond and a yuan bond. " + FILLER * 20
    text = FILLER * before + near + FILLER * after + ("A yuan. " + FILLER * 40) * 5
    assert passage("bond|yuan", text)[0] == f"… A bond and a yuan bond. {FILLER}…"


@pytest.mark.parametrize(
    "text, found",
    [
        ("bond " + FILLER * 5 + "yuan bond", ["yuan", "bond"]),  # two terms before one
        ("bond " + FILLER * 5 + "bond bond", ["bond", "bond"]),  # two matches before one
        ("yuan bond " + FILLER * 5 + "bond yuan", ["yuan", "bond"]),  # equally rich: the earliest
        ("yuan " + FILLER * 5 + "yuan Yuan bond", ["yuan", "Yuan", "bond"]),  # case does not make another term
    ],
)
def test_the_richest_passage_is_taken(text: str, found: list[str]) -> None:
    assert passage("bond|yuan|Yuan", text)[1] == found


def test_a_term_cut_by_the_edge_is_not_marked() -> None:
    text = "bond " + "word " * 12 + "yuan market " + "word " * 30
    snippet, spans = best_passage(text, [(0, 4), text_span(text, "yuan market")], width=72)
    assert [snippet[start:end] for start, end in spans] == ["bond"]


def text_span(text: str, term: str) -> tuple[int, int]:
    return text.index(term), text.index(term) + len(term)


@given(
    st.text(alphabet="ab .\n大湾。，", max_size=300),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 12)), max_size=6),
    st.integers(20, 90),
)
def test_spans_are_exact_and_the_width_is_kept(text: str, starts: list[tuple[int, int]], width: int) -> None:
    placed = [(start, start + length) for start, length in starts if start + length <= len(text)]
    spans = [(start, end) for start, end in placed if text[start:end] == text[start:end].strip()]
    snippet, inside = best_passage(text, spans, width=width)
    assert columns(snippet) <= width
    if all(columns(text[start:end]) <= width - 4 for start, end in spans):
        assert {snippet[start:end] for start, end in inside} <= {text[s:e].replace("\n", " ") for s, e in spans}
        assert bool(inside) == bool(spans)


def test_a_long_token_is_not_cut_before_a_combining_mark() -> None:
    text = "e\u0301" * 300
    snippet, _ = best_passage(text, [], width=40)
    assert unicodedata.normalize("NFC", snippet) == "é" * 36 + "…"


@pytest.mark.parametrize(
    "title, text, terms",
    [
        ("", "", ()),
        ("Bond", "a bond, a yuan, a bond", ("Bond", "yuan")),  # case folded, the first form kept
        ("", "yuan, bond bond", ("bond", "yuan")),  # the most frequent first
        ("", "GREEN\n  BOND, green bond", ("GREEN BOND", "GREEN BOND")[:1]),
        ("大湾区", "大湾区 湾区", ("大湾区", "湾区")),
    ],
)
def test_matched_terms(title: str, text: str, terms: tuple[str, ...]) -> None:
    pattern = r"(?i)green\s+bond|bond|yuan|大湾区|湾区"
    spans = [Span("text", *match.span()) for match in re.finditer(pattern, text)]
    spans += [Span("title", *match.span()) for match in re.finditer(pattern, title)]
    assert matched_terms(title, text, spans) == terms


def test_matched_terms_are_at_most_six() -> None:
    text = "a b c d e f g"
    spans = [Span("text", at, at + 1) for at in range(0, len(text), 2)]
    assert matched_terms("", text, spans) == ("a", "b", "c", "d", "e", "f")
