"""Regular expressions: what they find, what is said of those that cannot be read, and what they need."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.match.fold import squeeze
from feedwatch.match.regex_literals import regex_literals
from feedwatch.match.regexes import LONGEST, MOST_PLACES, RegexError, RegexSet, check_regex


@pytest.mark.parametrize(
    ("pattern", "text", "places"),
    [
        ("GDP .{0,20}(100|one hundred) billion", "gdp of 100 billion", [(0, 18)]),
        ("GDP .{0,20}(100|one hundred) billion", "GDP grew by 5%, to one hundred billion", [(0, 38)]),
        ("GDP .{0,20}(100|one hundred) billion", "GDP\ngrew to 100 billion", []),
        ("gdp", "GDP, Gdp", [(0, 3), (5, 8)]),
        ("(?-i)gdp", "GDP, gdp", [(5, 8)]),
        ("ÉTÉ", "été", [(0, 3)]),
        ("第[一二三]季度", "2025年第三季度", [(5, 9)]),
        (r"\d+亿", "增加120亿元，共3亿", [(2, 6), (9, 11)]),
        (r"\p{Han}{2}湾", "A 大大湾区", [(2, 5)]),
        ("灣", "大湾区", []),  # the item's own text, not folded
        ("a.c", "a\nc", []),
        ("a[^x]c", "a\nc", [(0, 3)]),
        ("aa", "aaaaa", [(0, 2), (2, 4)]),
        ("a|ab", "ab", [(0, 1)]),
        (r"\bnet\b", "net network 网net", [(0, 3), (13, 16)]),
        ("^a", "a\na", [(0, 1)]),
        ("(?m)^a", "a\na", [(0, 1), (2, 3)]),
        ("x", "𝕏𠮷x", [(2, 3)]),
        ("x", "\ud800x", [(1, 2)]),
        ("x", "", []),
    ],
)
def test_places(pattern: str, text: str, places: list[tuple[int, int]]) -> None:
    check_regex(pattern)
    regexes = RegexSet(["never found", pattern])
    assert regexes.places(1, text) == places
    assert regexes.matching(text) == ({1} if places else set())


@pytest.mark.parametrize(
    ("pattern", "column", "problem"),
    [
        ("a(?=b)", 1, r"\(\?=\.\.\.\) looks around, .* write two queries joined by AND or AND NOT"),
        ("(?<!a)b", 0, r"\(\?<!\.\.\.\) looks around"),
        (r"(a)\1", 3, r"\\1 asks for an earlier group again, .* write the alternatives out"),
        (r"(?P<n>a)\k<n>", 8, r"\\k asks for an earlier group"),
        ("ab++", 2, r"\+\+: one repetition follows another"),
        ("*a", 0, r"\* repeats nothing"),
        ("(a", 0, "a parenthesis is not closed"),
        ("a)", 0, "a parenthesis closes nothing"),
        ("a[b", 1, "a bracket is not closed"),
        ("a[z-b]", 2, "z-b is no range"),
        (r"a\p{Chinese}", 1, r"\\p{Chinese} is no range or class of characters"),
        ("ab{2000}", 2, r"\{2000\} repeats too often"),
        ("(a{500}){100}", 8, r"\{100\} repeats too often"),
        ("a\\", 1, "a backslash ends the expression"),
        (r"\u5927", 0, r"write the character itself, or \\x{...}"),
        (r"a\Z", 1, r"write \\z"),
        (r"a\y", 1, r"\\y means nothing"),
        ("(?y)a", 0, r"a group cannot begin with \(\?y"),
        ("(?>a)", 0, "not supported, and not needed"),
        (r"(\p{L}{0,300}){3}", 0, "the expression is too large"),
        ("x" * (LONGEST + 1), LONGEST, "has 1,001 characters, of 1,000 at most"),
        ("a*", 0, r"met by no character at all, so by every text: write \+ for \* or \?"),
        ("(a|)", 0, "met by no character at all"),
        ("^", 0, "met by no character at all"),
        (r"(?m)$|a", 0, "met by no character at all"),
        (r"a|\b", 0, "met by no character at all"),
        (r"a|\B", 0, "met by no character at all"),
        (r"[^a]|\z", 0, "met by no character at all"),
        ("", 0, "met by no character at all"),
    ],
)
def test_what_cannot_be_used_is_said_in_words_and_where(pattern: str, column: int, problem: str) -> None:
    with pytest.raises(RegexError, match=problem) as caught:
        check_regex(pattern)
    assert caught.value.column == column


def test_one_pass_tells_which_of_many_are_found() -> None:
    patterns = [f"word{number} .{{0,9}}end" for number in range(300)]
    text = "word7 the end, Word130 end, word299  END, word30 and no more"
    assert RegexSet(patterns).matching(text) == {7, 130, 299}


def test_a_set_that_is_too_large_for_one_automaton_finds_all_the_same() -> None:
    patterns = [rf"a{number}\p{{L}}{{0,9}}\p{{Han}}{{0,9}}z" for number in range(200)]
    for pattern in patterns:
        check_regex(pattern)
    regexes = RegexSet(patterns)
    assert regexes.matching("a7xz a190大z a8") == {7, 190}
    assert None in {together for _, together in regexes._sets}


def test_no_expression_takes_long_and_places_are_bounded() -> None:
    text = "a" * 20_000
    before = time.process_time()
    assert RegexSet(["(a+)+$"]).places(0, text) == [(0, len(text))]
    assert len(RegexSet(["(a|aa|a.)"]).places(0, text)) == MOST_PLACES
    assert RegexSet(["(a+)+b"]).places(0, text) == []
    assert time.process_time() - before < 1


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("GDP .{0,20}(100|one hundred) billion", ("billion",)),
        ("GDP (100|one hundred)", ("gdp",)),
        ("(GDP|GNP|国内生产总值)", ("gdp", "gnp", "国内生产总值")),
        ("(GDP|.)", ()),
        ("colou?r", ("colo",)),
        ("ab+cd", ("ab",)),
        ("(?:export ban)+s?", ("exportban",)),
        ("(?:export ban)*s", ()),
        ("(export){0,2}abc", ("abc",)),
        ("(export){2}abc", ("export",)),
        (r"\bHong-Kong\b", ("hongkong",)),
        (r"3\.5 per", ("3.5per",)),
        (r"ab\x{5927}cde\x41f", ("cde",)),
        (r"\d+%", ()),
        ("大灣區", ("大灣區",)),
        ("か大", ("大",)),
        ("[abc]def[^]x]", ("def",)),
        ("(?i)abc|(?P<n>def)", ("abc", "def")),
        ("ab(?i)?", ()),
        ("é", ()),
        ("a|b", ()),
        (r"\Qa.b\E", ()),
        ("|".join(f"word{number}" for number in range(17)), ()),
    ],
)
def test_literals_that_every_text_has_one_of(pattern: str, literals: tuple[str, ...]) -> None:
    check_regex(pattern)
    assert regex_literals(pattern) == tuple(squeeze(literal).decode() for literal in literals)


_ATOMS = ["a", "b", "ab", "大", "灣", "か", "é", " ", "-", "[ab]", "[^b]", ".", r"\d", r"\.", r"\b", "(?i)", "#"]
_REPEATS = ["", "", "", "", "?", "*", "+", "+?", "{2}", "{0,1}", "{1,2}"]
_patterns = st.recursive(
    st.tuples(st.sampled_from(_ATOMS), st.sampled_from(_REPEATS)).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.tuples(inner, st.sampled_from(_REPEATS)).map(lambda part: f"(?:{part[0]}){part[1]}"),
    ),
    max_leaves=8,
)
_texts = st.lists(st.sampled_from([*"aAbB大灣湾か\u3099é1 -\n.#", "e\u0301", "ab"]), max_size=12).map("".join)


@settings(max_examples=600, deadline=None)
@given(_patterns, st.lists(_texts, min_size=1, max_size=3))
def test_the_set_the_places_and_the_literals_agree(pattern: str, texts: list[str]) -> None:
    try:
        check_regex(pattern)
    except RegexError:
        return
    regexes = RegexSet([pattern])
    for text in texts:
        places = regexes.places(0, text)
        assert regexes.matching(text) == ({0} if places else set())
        assert all(0 <= start < end <= len(text) for start, end in places)
        literals = regex_literals(pattern)
        if places and literals:
            squeezed = squeeze(text).decode()
            assert any(literal in squeezed for literal in literals)


@settings(max_examples=300, deadline=None)
@given(_patterns.filter(lambda pattern: "(?i)" not in pattern), _texts)
def test_places_are_those_of_another_engine(pattern: str, text: str) -> None:
    try:
        check_regex(pattern)
        expected = [match.span() for match in re.finditer(pattern, text, re.IGNORECASE | re.ASCII)]
    except (RegexError, re.error):
        return
    if not set(text + pattern) & set("éÉ"):
        assert RegexSet([pattern]).places(0, text) == expected
