"""A plan holds for every item that its query matches."""

from __future__ import annotations

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import Matcher
from feedwatch.match.index_tokens import index_tokens
from feedwatch.match.planning import looks_at_names, plan_of, plan_of_watchlist
from feedwatch.match.word_pairs import pair_token
from feedwatch.model import QueryDef, WatchlistDef
from feedwatch.plan import AllOf, AnyOf, Everything, HasFact, HasPrefix, HasToken, Plan
from tests.integration.store.examples import item
from tests.unit.match.drawn import queries, texts

NEIGHBOURS = (
    "high·quality",
    "quality·growth",
    "export·bans",
    "green·bond",
    "greaterbay·area",
    "greater·bayarea",
    "area·plan",
)
PAIRS = {pair_token(*pair.split("·")): pair for pair in NEIGHBOURS}


def shown(plan: Plan) -> str:
    """A plan in a short form: token, prefix*, (a & b), (a | b), everything; a·b for neighbours, of those above."""
    match plan:
        case HasToken(token=token) if token in PAIRS:
            return PAIRS[token]
        case HasToken(token=token):
            return token
        case HasPrefix(prefix=prefix):
            return f"{prefix}*"
        case HasFact(name=name, pattern=pattern):
            return f"{name}:{pattern}"
        case AllOf(parts=parts):
            return f"({' & '.join(map(shown, parts))})"
        case AnyOf(parts=parts):
            return f"({' | '.join(map(shown, parts))})"
        case Everything():
            return "everything"


HIGH_QUALITY_GROWTH = (
    "((high·quality & quality·growth & high & quality & growth) | (quality·growth & highquality & growth)"
    " | (high·quality & high & qualitygrowth) | highqualitygrowth)"
)


@pytest.mark.parametrize(
    ("query", "plan"),
    [
        ("GBA", "gba"),
        ("title:GBA", "¶gba"),
        ("title:chip*", "¶chip*"),
        ("title:大湾区 text:chip", "(¶大湾 & ¶湾区 & chip)"),
        ('title:"green bond"', "((green·bond & ¶green & ¶bond) | ¶greenbond)"),
        ('"high-quality growth"', HIGH_QUALITY_GROWTH),
        ('"export bans*"', "((export·bans & export & bans*) | exportbans*)"),
        ('"export ban*"', "((export & ban*) | exportban*)"),
        (
            '"bay area plan"',
            "((area·plan & bay & area & plan) | (area·plan & bayarea & plan) | (bay & areaplan) | bayareaplan)",
        ),
        ('"exact:green #bond"', "(green & bond)"),
        ('"exact:green bond"', "((green·bond & green & bond) | greenbond)"),
        ("chip*", "chip*"),
        ("chips~1", "everything"),
        ("/chip/", "everything"),
        ("NOT chip", "everything"),
        ("chip OR NOT ban", "everything"),
        ("chip NEAR/3 ban", "(chip & ban)"),
        ("chip lang:EN source:rthk-* tag:policy", "(chip & lang:en & source:rthk-*)"),
        ("chip semiconductor", "(chip & semiconductor)"),
        ("chip OR semiconductor", "(chip | semiconductor)"),
        ("chip AND NOT potato", "chip"),
        ('"bay area"', "((bay & area) | bayarea)"),
        ('"9 20"', "(9 & 20)"),
        ("e-mail", "((e & mail) | email)"),
        ("R&D", "(r & d)"),
        (
            '"Greater Bay Area"',
            "((greater & bay & area) | (greaterbay·area & greaterbay & area)"
            " | (greater·bayarea & greater & bayarea) | greaterbayarea)",
        ),
        (
            '"a b c d e"',
            "((a & b & c & d*) | (ab & c & d*) | (a & bc & d*) | (abc & d*)"
            " | (a & b & cd*) | (ab & cd*) | (a & bcd*) | abcd*)",
        ),
        ("大湾区", "(大湾 & 湾区)"),
        ("大灣區", "(大湾 & 湾区)"),
        ("湾", "湾*"),
        ("X光", "(x & 光*)"),
        ('"GBA 大湾区"', "(gba & 大湾 & 湾区)"),
    ],
)
def test_the_plan_of_a_query(query: str, plan: str) -> None:
    assert shown(plan_of(query)) == plan


@pytest.mark.parametrize(
    ("definition", "plan"),
    [
        (WatchlistDef("w"), "()"),
        (WatchlistDef("w", ("chip",), ("GBA OR ban",), exclude=("potato",)), "(chip | gba | ban)"),
        (WatchlistDef("w", ("chip",), ("GBA OR ban",), mode="all"), "(chip & (gba | ban))"),
        (WatchlistDef("w", ("chip",), ("(", "AND")), "chip"),  # what cannot be read is left out
        (WatchlistDef("w", ("chip",), languages=("en", "zh_HK")), "(chip & (lang:en | lang:zh-hk))"),
        (WatchlistDef("w", ("chip",), sources=("rthk-*",), tags=("x",)), "(chip & source:rthk-*)"),
        (
            WatchlistDef("w", ("GBA",), synonyms=(("gba", "大湾区", "bay area"),)),
            "(gba | (大湾 & 湾区) | (bay & area) | bayarea)",
        ),
    ],
)
def test_the_plan_of_a_watchlist(definition: WatchlistDef, plan: str) -> None:
    assert shown(plan_of_watchlist(definition)) == plan


@pytest.mark.parametrize(
    ("query", "plan"),
    [
        (QueryDef("policies", stem="en"), "(policies | polic*)"),
        (QueryDef('"export bans"', stem="en"), "((export·bans & export & bans) | exportbans | (expor* & ba*))"),
        (QueryDef("湾区", stem="zh"), "(湾区)"[1:-1]),
        (QueryDef("GBA", exact=True), "gba"),
    ],
)
def test_the_plan_of_a_query_with_options(query: QueryDef, plan: str) -> None:
    assert shown(plan_of(query)) == plan


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (WatchlistDef("w", ("tag:x",), ("chip lang:en site:rthk.hk source:rthk",), languages=("en",)), False),
        (WatchlistDef("w", ("chip",), ("chip AND NOT (ban OR author:ada)",)), True),
        (WatchlistDef("w", ("chip",), ("(tag:x OR ban",)), False),  # what cannot be read is left out
        (WatchlistDef("w", ("chip",), exclude=("tag:x",)), True),
        (WatchlistDef("w", ("chip",), tags=("x",)), True),
    ],
)
def test_whether_authors_and_tags_are_asked_for(definition: WatchlistDef, expected: bool) -> None:
    assert looks_at_names(definition) is expected


def holds(plan: Plan, tokens: frozenset[str]) -> bool:
    match plan:
        case HasToken(token=token):
            return token in tokens
        case HasPrefix(prefix=prefix):
            return any(token.startswith(prefix) for token in tokens)
        case AllOf(parts=parts):
            return all(holds(part, tokens) for part in parts)
        case AnyOf(parts=parts):
            return any(holds(part, tokens) for part in parts)
        case HasFact() | Everything():
            return True


@settings(max_examples=500, deadline=None)
@given(queries(), st.data())
def test_a_plan_holds_for_all_that_its_query_matches(query: tuple[str, list[str]], data: st.DataObject) -> None:
    written, sought = query
    try:
        plan = plan_of(written)
    except QuerySyntaxError:
        reject()
    title, text = data.draw(texts(sought[:1])), data.draw(texts(sought))
    if Matcher([(WatchlistDef("w", queries=(written,)), 1)]).find(title, text):
        tokens = index_tokens(title, text)
        assert holds(plan, tokens), (
            f"{written!r}: {shown(plan)} does not hold for {title!r}, {text!r}: {sorted(tokens)}"
        )


FORMS = [
    "policy",
    "policies",
    "Policing",
    "export",
    "exports",
    "exporting",
    "ban",
    "bans",
    "banned",
    "China's",
    "-",
    "大",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(FORMS), min_size=1, max_size=3), st.lists(st.sampled_from(FORMS), max_size=8), st.data()
)
def test_a_plan_holds_for_other_forms_of_its_words(sought: list[str], found: list[str], data: st.DataObject) -> None:
    query = QueryDef(f'"{" ".join(sought)}"', stem="en")
    text = "".join(word + data.draw(st.sampled_from([" ", "-", " #", ""])) for word in found)
    try:
        plan = plan_of(query)
    except QuerySyntaxError:
        reject()
    if Matcher([(WatchlistDef("w", queries=(query,)), 1)]).match(item(text=text, language="en-HK")):
        assert holds(plan, index_tokens("", text)), f"{query.text}: {shown(plan)} does not hold for {text!r}"


WORDS = ["high", "quality", "growth", "of", "2025", "x1", "GDP", "which", "their"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8, unique=True), st.data())
def test_a_plan_holds_for_all_that_is_written_joined(words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    sought = words[first : data.draw(st.integers(first + 1, len(words)))]
    phrase = "".join(word + data.draw(st.sampled_from([" ", " ", "-"])) for word in sought).strip(" -")
    joints = st.sampled_from(["", "", "", "-", " ", " ", " - ", "\u2011", "\xad", "_ ", "\u3000"])
    text = data.draw(st.sampled_from(["#", "#", ""])) + "".join(
        data.draw(st.sampled_from([word, word.title()])) + data.draw(joints) for word in words
    )
    if Matcher([(WatchlistDef("w", (phrase,)), 1)]).find("", text):
        plan = plan_of_watchlist(WatchlistDef("w", (phrase,)))
        assert holds(plan, index_tokens("", text)), f"{phrase!r}: {shown(plan)} does not hold for {text!r}"
