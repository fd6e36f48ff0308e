"""What other monitors write, and what it is in our language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import check_query
from feedwatch.watchlists import DIALECTS, translate
from feedwatch.watchlists.dialects import ANY

AS_THEY_STAND = [
    "chip",
    "chip AND (export OR ban) AND NOT toy",
    '"Greater Bay Area" OR 大湾区',
    "chip NEAR/5 ban",
    'title:"bridge economy" lang:en source:rthk-* tag:policy',
    "/GDP .{0,20}(100|one hundred) billion/",
    "semiconductor* ONEAR/3 bans~1",
    '"export ban"~1',
    "AT&T OR R&D OR W3",
    "bread and butter",  # a word, in small letters between words
    "and/or",
    "“curly quotes” AND （chip OR ban）",
    "NOT chip",
]


@pytest.mark.parametrize("query", AS_THEY_STAND)
def test_what_is_ours_stays_as_it_is(query: str) -> None:
    assert (translate(query).query, translate(query).changes) == (query, ())


@pytest.mark.parametrize(
    "monitor, written, ours",
    [
        # where nobody says whose it is: what can mean one thing alone
        (None, "apple ANDNOT juice", "apple AND NOT juice"),
        (None, "apple AND -juice", "apple AND NOT juice"),
        (None, "apple -juice", "apple AND NOT juice"),
        (None, "-juice apple", "NOT juice apple"),
        (None, 'apple -"orange juice"', 'apple AND NOT "orange juice"'),
        (None, "apple -(orange OR juice)", "apple AND NOT (orange OR juice)"),
        (None, "+apple +juice", "apple juice"),
        (None, '"apple tree" and "orange juice"', '"apple tree" AND "orange juice"'),
        (None, "(apple OR pear) or (plum)", "(apple OR pear) OR (plum)"),
        (None, '"apple" not "juice"', '"apple" NOT "juice"'),
        (None, "apple & juice", "apple AND juice"),
        (None, "apple && juice || pear", "apple AND juice OR pear"),
        (None, "apple|pear", "apple OR pear"),
        (None, "(apple | pear) & !juice", "(apple OR pear) AND NOT juice"),
        (None, "'apple tree' OR pear", '"apple tree" OR pear'),
        (None, "apple NEAR5 pear", "apple NEAR/5 pear"),
        (None, "apple near/5 pear", "apple NEAR/5 pear"),
        (None, "apple w/5 pear", "apple NEAR/5 pear"),
        (None, "apple pre/5 pear", "apple ONEAR/5 pear"),
        (None, '"apple pear"~5', "(apple NEAR/6 pear)"),
        (None, '"apple plum pear"~5', "(apple NEAR/6 plum NEAR/6 pear)"),
        (None, "apple AROUND(3) pear", "apple NEAR/4 pear"),
        (None, "intitle:apple", "title:apple"),
        (None, 'intitle:"apple tree" pear', 'title:"apple tree" pear'),
        (None, "title=apple OR intitle:(pear OR plum)", "title:apple OR title:(pear OR plum)"),
        (None, "title: apple", "title:apple"),
        (None, "allintitle: apple tree", "title:(apple tree)"),
        (None, "language:english apple", "lang:en apple"),
        (None, "apple site:https://www.rthk.hk/", "apple site:rthk.hk"),
        (None, 'site:"www.cnet.com" apple', "site:cnet.com apple"),
        # Meltwater: the words between, 4 without a number, operators in any case
        ("meltwater", "Apple NEAR watch", "Apple NEAR/5 watch"),
        ("meltwater", "Apple NEAR/10 watch", "Apple NEAR/11 watch"),
        ("meltwater", "Apple ONEAR/10 watch", "Apple ONEAR/11 watch"),
        ("meltwater", "apple and (watch or iwatch) not juice", "apple AND (watch OR iwatch) NOT juice"),
        # Brandwatch: the words between; f for in order
        ("brandwatch", "Summer NEAR/1f Holiday", "Summer ONEAR/2 Holiday"),
        ("brandwatch", "(Christmas OR Xmas) NEAR/0f (pudding)", "(Christmas OR Xmas) ONEAR/1 (pudding)"),
        ("brandwatch", '"apple juice"~1', "(apple NEAR/2 juice)"),
        ("talkwalker", "chocolate -swiss", "chocolate AND NOT swiss"),
        # Factiva: from word to word; words side by side are a phrase
        ("factiva", "technology spending and canada", '"technology spending" AND canada'),
        ("factiva", "carrefour near5 retail sales", 'carrefour NEAR/5 "retail sales"'),
        ("factiva", "world cup adj5 rugby", '"world cup" ONEAR/5 rugby'),
        ("factiva", "president w/2 bush", "president ONEAR/2 bush"),
        # LexisNexis: OR before all else
        ("lexisnexis", "doctor or physician w/5 malpractice", "(doctor OR physician) NEAR/5 malpractice"),
        ("lexisnexis", "bankrupt! w/25 discharg!", "bankrupt* NEAR/25 discharg*"),
        ("lexisnexis", "land trust and ohio or iowa", '"land trust" AND (ohio OR iowa)'),
        ("lexisnexis", "cat or dog", "cat OR dog"),
        # Google: OR before the AND of words side by side
        ("google", "bay area OR gba -basketball", "bay (area OR gba) AND NOT basketball"),
        ("google", '"bay area" | gba', '"bay area" OR gba'),
        ("google", "(a1 b1 OR c1) d1", "(a1 (b1 OR c1)) d1"),
        # Miniflux: rules in RE2's syntax
        ("miniflux", "EntryTitle=(?i)chips?", "title:/chips?/"),
        ("miniflux", "EntryTitle=Chips", "title:/(?-i)Chips/"),
        ("miniflux", "EntryContent=(?i)a/b", r"text:/a\/b/"),
        ("miniflux", "(?i)sponsored", "title:/sponsored/"),
        ("miniflux", "EntryAuthor=(?i)Ann Lee", 'author:"Ann Lee"'),
        ("miniflux", "EntryTag=sport", 'tag:"*sport*"'),
    ],
)
def test_translation(monitor: str | None, written: str, ours: str) -> None:
    translated = translate(written, DIALECTS[monitor] if monitor else ANY)
    assert translated.query == ours
    assert translated.changes
    check_query(ours)


@pytest.mark.parametrize(
    "monitor, written, column, said",
    [
        (None, "chip AND (export OR ban", 9, "this parenthesis is not closed"),
        (None, 'chip ANDNOT ("toy', 13, "this quotation mark has no partner"),
        (None, "chip AND url:rthk.hk/news", 9, "url: asks for what feedwatch does not know"),
        (None, "chip site:rthk.hk/news", 10, "a site is a host without a path"),
        (None, "((a1 OR b1) AND (c1))~5", 21, "~5 behind parentheses is not known here"),
        (None, 'chip "ban"~5', 5, "one word has no distance"),
        ("brandwatch", "wom?n", 3, "? for one character is not known here"),
        ("brandwatch", "chip NEAR ban", 5, "NEAR has to say how near"),
        ("lexisnexis", "chip w/s ban", 5, "wants one sentence or paragraph"),
        ("miniflux", "EntryDate=max-age:7d", 0, "EntryDate asks for what feedwatch does not look at"),
        ("miniflux", "EntryTag=a|b", 9, "EntryTag with a regular expression cannot be said here"),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_place(
    monitor: str | None, written: str, column: int, said: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        translate(written, DIALECTS[monitor] if monitor else ANY)
    assert (caught.value.column, caught.value.query) == (column, written)
    assert said in caught.value.problem


def test_an_error_of_the_translation_shows_both() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        translate("chip ANDNOT OR ban")
    assert caught.value.query == "chip ANDNOT OR ban"
    assert "(read as chip AND NOT OR ban)" in caught.value.problem


def test_each_change_is_told_once() -> None:
    assert translate("a1 NEAR5 b1 ANDNOT c1 ANDNOT d1").changes == ("NEAR5 is NEAR/5", "ANDNOT is AND NOT")


PIECES = [
    "AND",
    "OR",
    "NOT",
    "and",
    "or",
    "(",
    ")",
    '"',
    "'",
    "chip",
    "大湾区",
    "NEAR/3",
    "near5",
    "w/2",
    "-",
    "!",
    "|",
    "&",
]
PIECES += [
    "title:",
    "intitle:",
    "title=",
    "site:a.b",
    '"a b"~3',
    "/a+/",
    "*",
    "?",
    "~2",
    "+",
    " ",
    " ",
    " ",
    "\n",
    "“",
    "（",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.sampled_from([ANY, *DIALECTS.values()]))
def test_anything_is_translated_into_what_can_be_read_or_refused(written: str, dialect: object) -> None:
    try:
        translated = translate(written, dialect)  # type: ignore[arg-type]
    except QuerySyntaxError as error:
        assert 0 <= error.column <= len(written)
        return
    check_query(translated.query)
