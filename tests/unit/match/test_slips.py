"""What is said of a query that cannot be read: what was found, where, and what to write instead."""

from __future__ import annotations

import pytest

from feedwatch.errors import QuerySyntaxError
from feedwatch.match.parse import check_query


@pytest.mark.parametrize(
    "drawn",
    [
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
        the word -- has no letter or digit: expected words to find
        a -- b
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
        AND has nothing after it: found OR, expected a word, a phrase or a parenthesis
        大湾区 AND OR 广东
               ^
        """,
    ],
)
def test_words_phrases_operators_and_parentheses(drawn: str) -> None:
    _says(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        """
        && is no operator: write AND
        a && b
          ^
        """,
        """
        | is no operator: write OR
        a | b
          ^
        """,
        """
        a minus sign does not exclude; write NOT before the word, or quotes around it
        chip -ban
             ^
        """,
        """
        a plus sign is not needed: words side by side all have to be found; leave it out, or quotes around it
        chip +ban
             ^
        """,
        """
        an exclamation mark does not exclude; write NOT before the word, or quotes around it
        !ban
        ^
        """,
        """
        , has no meaning between words: write OR where any of them will do, AND where all are needed
        a , b
          ^
        """,
        """
        、 has no meaning between words: write OR where any of them will do, AND where all are needed
        大湾区 、 广东
               ^
        """,
        """
        single quotes make no phrase: write "high quality" in double quotes
        a 'high quality'
          ^
        """,
        """
        ANDNOT is written as two words: AND NOT
        ANDNOT x
        ^
        """,
        """
        near/8 is no operator: write NEAR/8, in upper case; or quotes around it if meant
        a near/8 b
          ^
        """,
        """
        w/5 is no operator: write NEAR/5, in upper case; or quotes around it if meant
        a w/5 b
          ^
        """,
        """
        NEAR~8 is no operator: write NEAR/8, in upper case; or quotes around it if meant
        a NEAR~8 b
          ^
        """,
        """
        wom?n: ? does not stand for a letter; write the words out with OR, or "wom?n" if meant
        wom?n
           ^
        """,
        """
        semi*conductor: * stands for the rest of a word, at its end alone; if meant, write "semi*conductor"
        semi*conductor
            ^
        """,
        """
        *ductor: the beginning of a word cannot be left open, its end alone: expected letters before the *
        *ductor
        ^
        """,
        """
        * has no word before it: it stands for the rest of a word, as in semiconductor*
        *
        ^
        """,
        """
        * stands for the rest of the last word alone: write the other forms out with OR
        "high* quality"
             ^
        """,
        """
        the * stands inside the quotes, after the last word, as in "high qual*"
        "high"*
              ^
        """,
        """
        ~5: one letter may differ, and no more: write ~1; for words near each other write export NEAR/5 ban
        "export ban"~5
                    ^
        """,
        """
        ~2: one letter may differ, and no more: write ~1; if the sign is meant, put it in quotes
        Keqiang~2
               ^
        """,
        """
        ~20: one letter may differ, and no more: write ~1; if the sign is meant, put it in quotes
        10~20
          ^
        """,
        """
        ~a: ~ stands after a word of which a letter may differ, as in name~1; if meant, write "~a"
        ~a
        ^
        """,
    ],
)
def test_what_other_monitors_write(drawn: str) -> None:
    _says(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        """
        side by side means AND, which NEAR/3 cannot take: write "a b" for a phrase, else (a NEAR/3 c) AND (b NEAR/3 c)
        (a b) NEAR/3 c
           ^
        """,
        """
        NEAR has to say how near: write NEAR/8 (no blank) for at most 8 words from one to the other
        a NEAR b
          ^
        """,
        """
        ONEAR has to say how near: write ONEAR/8 (no blank) for at most 8 words from one to the other, in order
        a ONEAR b
          ^
        """,
        """
        NEAR/0: the number is how many words lie from one to the other: expected 1 to 1,000
        a NEAR/0 b
          ^
        """,
        """
        NEAR/1001: the number is how many words lie from one to the other: expected 1 to 1,000
        a NEAR/1001 b
          ^
        """,
        """
        NEAR/99999999999999999999: the number is how many words lie from one to the other: expected 1 to 1,000
        a NEAR/99999999999999999999 b
          ^
        """,
        """
        NEAR/x is no operator: write NEAR/8, in upper case; or quotes around it if meant
        a NEAR/x b
          ^
        """,
        """
        NEAR/3 has nothing before it: expected a word, a phrase or a parenthesis
        NEAR/3 a
        ^
        """,
        """
        NEAR/3 has nothing after it: the query ends, expected a word, a phrase or a parenthesis
        a NEAR/3
          ^
        """,
        """
        NEAR/3 has nothing after it: found OR, expected a word, a phrase or a parenthesis
        a NEAR/3 OR b
          ^
        """,
        """
        NEAR/3 cannot take NOT: write it around the whole, NOT (a NEAR/3 b), or beside it, a AND NOT b
        NOT a NEAR/3 b
        ^
        """,
        """
        NEAR/3 cannot take NOT: write it around the whole, NOT (a NEAR/3 b), or beside it, a AND NOT b
        a NEAR/3 NOT b
                 ^
        """,
        """
        NEAR/3 cannot take AND: write (a NEAR/3 c) AND (b NEAR/3 c)
        (a AND (b OR c)) NEAR/3 d
           ^
        """,
        """
        side by side means AND, which NEAR/3 cannot take: write (a NEAR/3 c) AND (b NEAR/3 c)
        (a (b OR c)) NEAR/3 d
        ^
        """,
        """
        NEAR/3 cannot take NOT: write it around the whole, NOT (a NEAR/3 b), or beside it, a AND NOT b
        a NEAR/3 (b OR NOT c)
                       ^
        """,
        """
        NEAR/3 cannot take lang:, which has no place in the text: write (a NEAR/3 b) AND lang:...
        lang:en NEAR/3 c
        ^
        """,
    ],
)
def test_near(drawn: str) -> None:
    _says(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        """
        there is no field titel: write title:; if the colon is meant, write "titel:x"
        titel:x
        ^
        """,
        """
        there is no field 标题: write title:; if the colon is meant, write "标题:大湾区"
        标题：大湾区
        ^
        """,
        """
        there is no field headline: write title:
        headline:(a)
        ^
        """,
        """
        there is no field GDP (but title, text, lang, source, tag, author, site); if the colon is meant, write "GDP:"
        GDP: x
        ^
        """,
        """
        this is an address: write site:rthk.hk for what that site publishes; if the colon is meant, write "http://rthk.hk/news"
        http://rthk.hk/news
        ^
        """,
        """
        exact: stands inside the quotes: write "exact:US"
        exact:US
        ^
        """,
        """
        stem: is an option beside the query: write {query: ..., stem: en} in the configuration
        stem:en
        ^
        """,
        """
        title: has nothing right after it: write title:word, title:"a phrase" or title:(word OR other)
        title: a
        ^
        """,
        """
        title: has nothing right after it: write title:word, title:"a phrase" or title:(word OR other)
        title:
        ^
        """,
        """
        this quotation mark has no partner: expected a closing one after the phrase
        title:"a
              ^
        """,
        """
        this parenthesis is not closed: expected ) before the end
        title:(a
              ^
        """,
        """
        nothing between the parentheses: expected a word or a phrase
        a title:()
          ^
        """,
        """
        title:AND has an operator in place of a word: if the word is meant, write title:"AND"
        title:AND b
              ^
        """,
        """
        text: within title:(...) would look for one place in both: write title:... AND text:...
        title:(a text:b)
                 ^
        """,
        """
        lang: right after title: cannot be read: write title:word AND lang:..., or title:"..." if meant
        title:lang:en
              ^
        """,
        """
        lang: takes one value: write (lang:... OR lang:...) for several
        lang:(en OR zh)
             ^
        """,
        """
        english is no code of a language (BCP 47): write lang:en
        lang:english
             ^
        """,
        """
        zh_CN is no code of a language (BCP 47): write lang:zh-CN
        lang:zh_CN
             ^
        """,
        """
        lang: has nothing right after it: write the value without a blank, as in lang:en
        lang: en
             ^
        """,
        """
        https://www.rthk.hk/news: expected a host alone, which stands for those below it too: write site:www.rthk.hk
        site:https://www.rthk.hk/news
             ^
        """,
        """
        *.rthk.hk: expected a host alone, which stands for those below it too: write site:rthk.hk
        site:*.rthk.hk
             ^
        """,
        """
        tag:-- has no letter or digit: expected something to find
        tag:--
            ^
        """,
        """
        * cannot stand here: the value of tag: ends with its quote
        tag:"a"*
               ^
        """,
    ],
)
def test_fields(drawn: str) -> None:
    _says(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        """
        ~ is for words of 4 letters or more: a letter off, abc would be many others
        abc~
           ^
        """,
        """
        ~1 lets a letter differ, and exact: none: leave one of them out
        "exact:US"~1
                  ^
        """,
        """
        ~1b cannot stand here: expected ~1, a blank or a parenthesis after the phrase
        "a"~1b
           ^
        """,
        """
        word*~1 has both * and ~: one of them alone can be asked of a word
        word*~1
            ^
        """,
        """
        this slash begins a regular expression, /.../, that does not end; if the sign is meant, write "/abc"
        /abc
        ^
        """,
        """
        this slash begins a regular expression, /.../, that does not end; if the sign is meant, put it in double quotes
        /
        ^
        """,
        """
        (?=...) looks around, which is not supported: write two queries joined by AND or AND NOT
        title:/x(?=y)/
                ^
        """,
        r"""
        a parenthesis is not closed: expected ), or \( for the sign itself
        /a(/ b
         ^
        """,
    ],
)
def test_marks(drawn: str) -> None:
    _says(drawn)


@pytest.mark.parametrize("empty", ["", " \u3000\n"])
def test_an_empty_query(empty: str) -> None:
    with pytest.raises(QuerySyntaxError, match="the query is empty: expected a word"):
        check_query(empty)


def test_half_a_character() -> None:
    with pytest.raises(QuerySyntaxError, match="this is no character: expected text in UTF-8"):
        check_query("a \ud800")


def _says(drawn: str) -> None:
    """The error of the query in the second line is as drawn."""
    problem, query, caret = (line[8:] for line in drawn.split("\n")[1:4])
    with pytest.raises(QuerySyntaxError) as caught:
        check_query(query)
    assert str(caught.value) == f"{problem}\n  {query}\n  {caret}"
