"""How a query is read, and what is said of one that cannot be."""

from __future__ import annotations

import pytest

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import check_query
from feedwatch.match.parse import DEEPEST, parse_query, parse_term
from feedwatch.match.tree import And, Node, Not, Or, Phrase

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
        ("a (b OR NOT c)", And((a, Or((b, Not(c)))))),
        ("((a))", a),
        ('a"b"c', And((a, b, c))),
        ('("a")OR("b")', Or((a, b))),
        ("（“a” OR 「b」）c", And((Or((a, b)), c))),
        ("a\nOR\u3000b", Or((a, b))),
        ("a and b", And((a, Phrase("and"), b))),
        ("ANDES ORCA NOTE NEARBY", And(tuple(map(Phrase, ("ANDES", "ORCA", "NOTE", "NEARBY"))))),
        ('"a OR (b) NOT x:* /c/"', Phrase("a OR (b) NOT x:* /c/")),
        ("9:30 and/or 大湾区，", And(tuple(map(Phrase, ("9:30", "and/or", "大湾区，"))))),
    ],
)
def test_reads(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    "drawn",
    [
        """
        the query is empty: expected a word or a quoted phrase

        ^
        """,
        """
        this parenthesis is not closed: expected ) before the end
        a OR (b (c)
             ^
        """,
        """
        this parenthesis is not closed: expected ) before the end
        a (
          ^
        """,
        """
        this parenthesis closes nothing: expected ( before it
        (a) b) c
             ^
        """,
        """
        nothing between the parentheses: expected a word or a phrase
        a ()
          ^
        """,
        """
        this quotation mark has no partner: expected a closing one after the phrase
        a OR "b c
             ^
        """,
        """
        this quotation mark has no partner: expected a closing one after the phrase
        “high-quality
        ^
        """,
        """
        the quoted phrase is empty: expected words to find
        a OR ""
              ^
        """,
        """
        the quoted phrase -- & has no letter or digit: expected words to find
        a "-- &"
           ^
        """,
        """
        the word && has no letter or digit: expected words to find
        a && b
          ^
        """,
        """
        OR has nothing before it: expected a word, a phrase or a parenthesis
        OR a
        ^
        """,
        """
        AND has nothing before it: expected a word, a phrase or a parenthesis
        a (AND b)
           ^
        """,
        """
        AND has nothing after it: the query ends, expected a word, a phrase or a parenthesis
        a AND
          ^
        """,
        """
        OR has nothing after it: found ), expected a word, a phrase or a parenthesis
        (a OR) b
           ^
        """,
        """
        AND has nothing after it: found OR, expected a word, a phrase or a parenthesis
        a AND OR b
          ^
        """,
        """
        NOT has nothing after it: the query ends, expected a word, a phrase or a parenthesis
        a AND NOT
              ^
        """,
        """
        NOT alone would match every text that lacks the rest: expected something to find, as in x AND NOT y
        NOT a
        ^
        """,
        """
        NOT alone would match every text that lacks the rest: expected something to find, as in x AND NOT y
        a OR b NOT c OR NOT d
                        ^
        """,
        """
        NOT alone would match every text that lacks the rest: expected something to find, as in x AND NOT y
        NOT (a AND NOT b)
        ^
        """,
        """
        NEAR/8 is not available yet; AND finds texts that have both, at any distance
        chip NEAR/8 ban
             ^
        """,
        """
        ONEAR/3 is not available yet; AND finds texts that have both, at any distance
        chip ONEAR/3 ban
             ^
        """,
        """
        fields (title:) are not available yet; if the colon is meant, put the words in double quotes
        a title:"bridge economy"
          ^
        """,
        """
        regular expressions (/.../) are not available yet; if the slash is meant, put it in double quotes
        /GDP .*/
        ^
        """,
        """
        semiconductor*: * for the rest of a word is not available yet; write the words out with OR
        chip OR semiconductor*
                ^
        """,
        """
        "exact:..." is not available yet; without exact: upper and lower case, accents and hyphens are one
        "exact:US"
        ^
        """,
        """
        a minus sign does not exclude; write NOT before the word, or quotes around it
        chip -ban
             ^
        """,
    ],
)
def test_points_at_what_cannot_be_read(drawn: str) -> None:
    problem, query, caret = (line[8:] for line in drawn.split("\n")[1:4])
    with pytest.raises(QuerySyntaxError) as caught:
        check_query(query)
    assert str(caught.value) == f"{problem}\n  {query}\n  {caret}"


def test_deep_nesting_is_refused_and_the_deepest_allowed_is_read() -> None:
    check_query("(" * DEEPEST + "a" + ")" * DEEPEST)
    check_query(" OR ".join(["(a NOT b)"] * 2000))
    for query in ("(" * 5000 + "a" + ")" * 5000, "NOT " * 5000 + "a"):
        with pytest.raises(QuerySyntaxError, match=f"more than {DEEPEST}"):
            check_query(query)


def test_a_term_is_one_phrase_whatever_stands_in_it() -> None:
    assert parse_term('NOT "a" OR (b') == Phrase('NOT "a" OR (b')


@pytest.mark.parametrize("term", ["", "  ", "--", "&!"])
def test_a_term_without_letter_or_digit_is_refused(term: str) -> None:
    with pytest.raises(QuerySyntaxError, match="term"):
        parse_term(term)
