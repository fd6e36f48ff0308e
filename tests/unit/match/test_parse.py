"""How a query is read: its tree. What is said of one that cannot be read: test_slips.py."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from feedwatch.errors import QuerySyntaxError
from feedwatch.match.parse import DEEPEST, check_query, parse_query, parse_term
from feedwatch.match.tree import And, Fact, Near, Node, Not, Or, Phrase, Regex
from feedwatch.model import QueryDef

a, b, c, d = map(Phrase, "abcd")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a", a),
        ('"a"', a),
        ("a b c", And((a, b, c))),
        ("a AND b c", And((a, b, c))),
        ("a OR b OR c", Or((a, b, c))),
        ("a OR b c", Or((a, And((b, c))))),
        ("a b OR c AND d", Or((And((a, b)), And((c, d))))),
        ("(a OR b) c", And((Or((a, b)), c))),
        ("NOT a b", And((Not(a), b))),
        ("a NOT b OR c", Or((And((a, Not(b))), c))),
        ("a AND NOT (b OR c)", And((a, Not(Or((b, c)))))),
        ("NOT NOT a", Not(Not(a))),
        ("NOT a", Not(a)),
        ("a OR NOT b", Or((a, Not(b)))),
        ("a (b OR NOT c)", And((a, Or((b, Not(c)))))),
        ("((a))", a),
        ("(a b) c", And((And((a, b)), c))),
        ('a"b"c', And((a, b, c))),
        ('("a")OR("b")', Or((a, b))),
        ("a\nOR\u3000b", Or((a, b))),
        ("a and b", And((a, Phrase("and"), b))),
        ("ANDES ORCA NOTE NEARBY", And(tuple(map(Phrase, ("ANDES", "ORCA", "NOTE", "NEARBY"))))),
        ('"AND" "NEAR"', And((Phrase("AND"), Phrase("NEAR")))),
        ('"a OR (b) NOT x:* /c/"', Phrase("a OR (b) NOT x:* /c/")),
        ("9:30 and/or 大湾区，", And(tuple(map(Phrase, ("9:30", "and/or", "大湾区，"))))),
        (
            "#GreaterBayArea .net $5 it's AT&T C++",
            And(tuple(map(Phrase, ["#GreaterBayArea", ".net", "$5", "it's", "AT&T", "C++"]))),
        ),
    ],
)
def test_words_and_operators(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a NEAR/3 b", Near(a, b, 3)),
        ("a ONEAR/12 b", Near(a, b, 12, ordered=True)),
        ("a NEAR/3 b c", And((Near(a, b, 3), c))),
        ("a b NEAR/3 c", And((a, Near(b, c, 3)))),
        ("a NEAR/3 b OR c", Or((Near(a, b, 3), c))),
        ("a NEAR/3 b NEAR/4 c", Near(Near(a, b, 3), c, 4)),
        ("a NEAR/3 (b NEAR/4 c)", Near(a, Near(b, c, 4), 3)),
        ("(a OR b) NEAR/3 (c OR /d/)", Near(Or((a, b)), Or((c, Regex("d"))), 3)),
        ("NOT (a NEAR/3 b)", Not(Near(a, b, 3))),
        ("a NEAR／3 b", Near(a, b, 3)),
        ("a NEAR/1000 b", Near(a, b, 1000)),
    ],
)
def test_near(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("chip*", Phrase("chip", is_prefix=True)),
        ('"high qual*"', Phrase("high qual", is_prefix=True)),
        ('"high qual* "', Phrase("high qual", is_prefix=True)),
        ('"A*STAR" "5 * 3"', And((Phrase("A*STAR"), Phrase("5 * 3")))),
        ("大湾*", Phrase("大湾", is_prefix=True)),
        ("Keqiang~1", Phrase("Keqiang", edits=1)),
        ("Keqiang~", Phrase("Keqiang", edits=1)),
        ('"Li Keqiang"~1', Phrase("Li Keqiang", edits=1)),
        ("粤港澳大～1", Phrase("粤港澳大", edits=1)),
        ('"exact:US"', Phrase("US", exact=True)),
        ('"EXACT: US "', Phrase("US", exact=True)),
        ('"exact:Chip*"', Phrase("Chip", exact=True, is_prefix=True)),
        ('"exact:F* word"', Phrase("F* word", exact=True)),
    ],
)
def test_marks_of_words_and_phrases(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("title:a b", And((Phrase("a", scope="title"), b))),
        ('text:"a b"', Phrase("a b", scope="text")),
        ("Title:a", Phrase("a", scope="title")),
        ("title:(a OR NOT b)", Or((Phrase("a", scope="title"), Not(Phrase("b", scope="title"))))),
        ("title:(a title:b)", And((Phrase("a", scope="title"), Phrase("b", scope="title")))),
        ("title:(a NEAR/2 b)", Near(Phrase("a", scope="title"), Phrase("b", scope="title"), 2)),
        ("title:(a lang:en)", And((Phrase("a", scope="title"), Fact("lang", "en")))),
        (
            "title:a* text:abcd~",
            And((Phrase("a", scope="title", is_prefix=True), Phrase("abcd", scope="text", edits=1))),
        ),
        ("title:/a b/", Regex("a b", scope="title")),
        ('title:"exact:US"', Phrase("US", scope="title", exact=True)),
        ("lang:en LANG:zh-Hant", And((Fact("lang", "en"), Fact("lang", "zh-Hant")))),
        ("source:rthk-*", Fact("source", "rthk-*")),
        ('tag:policy tag:"Hong Kong"', And((Fact("tag", "policy"), Fact("tag", "Hong Kong")))),
        ("author:“陈 大文”", Fact("author", "陈 大文")),
        ("site:www.rthk.hk", Fact("site", "www.rthk.hk")),
        ("NOT lang:en", Not(Fact("lang", "en"))),
    ],
)
def test_fields(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("/GDP .{0,20}(100|one hundred) billion/", Regex("GDP .{0,20}(100|one hundred) billion")),
        (r"/and\/or/ a", And((Regex(r"and\/or"), a))),
        ("/a/b/ (/c/)", And((Regex("a/b"), Regex("c")))),
        ('/"a" AND (b)/', Regex('"a" AND (b)')),
        ("/（a）/", Regex("（a）")),
    ],
)
def test_regular_expressions(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("（“a b” OR 「c」）d", '("a b" OR "c") d'),
        ("title：（a OR b）", "title:(a OR b)"),
        ("lang：zh source：rthk-＊", "lang:zh source:rthk-*"),
        ("“high qual＊”", '"high qual*"'),
        ("／a b／", "/a b/"),
    ],
)
def test_what_chinese_keyboards_and_word_processors_write(typed: str, plain: str) -> None:
    assert parse_query(typed) == parse_query(plain)


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ('a "b" title:c title:"d"', [0, 3, 12, 21]),
        ('（大湾区 OR "exact: US"） name~', [1, 16, 21]),
    ],
)
def test_columns_are_those_of_the_first_character(query: str, columns: list[int]) -> None:
    tree = parse_query(query)
    assert isinstance(tree, And)
    leaves = [leaf for part in tree.parts for leaf in (part.parts if isinstance(part, Or) else (part,))]
    assert [leaf.column for leaf in leaves if isinstance(leaf, Phrase)] == columns


def test_the_options_of_a_query_reach_each_of_its_phrases() -> None:
    assert parse_query(QueryDef("a NEAR/2 b", exact=True)) == Near(Phrase("a", exact=True), Phrase("b", exact=True), 2)
    stemmed = parse_query(QueryDef('grow "exact:US" chip* Keqiang~ lang:en', stem="en"))
    assert isinstance(stemmed, And)
    assert [part.stem for part in stemmed.parts if isinstance(part, Phrase)] == ["en", "", "", ""]


def test_deep_nesting_is_refused_and_the_deepest_allowed_is_read() -> None:
    check_query("(" * DEEPEST + "a" + ")" * DEEPEST)
    check_query(" NEAR/1 ".join("a" * (DEEPEST + 1)))
    check_query(" OR ".join(["(a NOT b)"] * 2000))
    for query in (
        "(" * 10_000 + "a" + ")" * 10_000,
        "NOT " * 5000 + "a",
        "title:(" * 5000,
        "(a NEAR/2 " * 60,
        " NEAR/1 ".join("a" * 5000),
    ):
        with pytest.raises(QuerySyntaxError, match=f"more than {DEEPEST}"):
            check_query(query)


@pytest.mark.parametrize(
    "long",
    [
        lambda times: " OR ".join(['"Greater Bay Area"'] * times),
        lambda times: "(a b) " * times,
        lambda times: "a" * 20 * times + "*",
        lambda times: "/" + "a/b" * 5 * times + " x",
        lambda times: '"' + "a " * 10 * times,
        lambda times: "a" + " " * 20 * times,
        lambda times: "titel" * 4 * times + ":",
        lambda times: "'" * 20 * times,
        lambda times: "a~" * 10 * times,
    ],
)
def test_the_time_grows_with_the_length_alone(long: Callable[[int], str]) -> None:
    def seconds(query: str) -> float:
        begin = time.process_time()
        with suppress(QuerySyntaxError):
            check_query(query)
        return time.process_time() - begin

    small, large = (min(seconds(long(times)) for _ in range(3)) for times in (500, 10_000))
    assert large < max(100 * small, 0.3)  # a square would take 400 times as long


def test_an_error_in_a_long_query_shows_what_is_around_it() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        check_query("port " * 10_000 + "-ban " + "port " * 10_000)
    drawn = str(caught.value).splitlines()
    assert len(drawn) == 3
    assert drawn[1].startswith("  …") and drawn[1].endswith("…")
    assert drawn[1][drawn[2].index("^") :].startswith("-ban port")
    assert max(map(len, drawn)) < 120


def test_a_term_is_one_phrase_whatever_stands_in_it() -> None:
    assert parse_term('NOT "a" OR (b* lang:en') == Phrase('NOT "a" OR (b* lang:en')


@pytest.mark.parametrize("term", ["", "  ", "--", "&!"])
def test_a_term_without_letter_or_digit_is_refused(term: str) -> None:
    with pytest.raises(QuerySyntaxError, match="term"):
        parse_term(term)
