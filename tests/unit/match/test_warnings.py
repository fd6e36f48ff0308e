"""What is legal and probably not meant: each warning once, and none for what is well written."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from feedwatch.match import query_warnings, term_warnings
from feedwatch.model import QueryDef

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "query-language.md").read_text(encoding="utf-8")
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
DECLARED = CONFIG["watchlists"]


@pytest.mark.parametrize(
    "drawn",
    [
        """
        A is a single character, which stands in most texts: write more of what is meant
        A AND bridge
        ^
        """,
        """
        区 is a single character, which stands in other words: write more of what is meant
        「区」 port
          ^
        """,
        """
        this matches every item without port: write what to find too, as in x AND NOT y
        NOT port
        ^
        """,
        """
        this alternative matches every item without port: write what to find too, as in x AND NOT y
        bridge OR NOT port
                  ^
        """,
        """
        and is looked for as a word: the operator is AND; write "and" if meant
        port and bridge
             ^
        """,
        """
        Near is looked for as a word: the operator is NEAR/8; write "Near" if meant
        port Near bridge
             ^
        """,
        """
        NEAR5 is looked for as a word: the operator is NEAR/5
        port NEAR5 bridge
             ^
        """,
        """
        , is looked for with the word: write OR for a list, or leave it out
        port, bridge
            ^
        """,
        """
        AND binds closer than OR, and words side by side mean AND: parentheses say what is meant
        大湾区 OR port bridge
               ^
        """,
        """
        AND binds closer than OR, and words side by side mean AND: parentheses say what is meant
        toll (port NOT road OR bridge)
                            ^
        """,
        """
        ban is no part of NEAR/8: write "export ban" if they are one phrase
        chip NEAR/8 export ban
                           ^
        """,
        """
        export is no part of NEAR/8: write "export ban" if they are one phrase
        export ban NEAR/8 chip
        ^
        """,
        """
        never matches: port is asked for and forbidden
        port bridge NOT Port
                    ^
        """,
        """
        never matches: port is asked for and forbidden
        port AND NOT (bridge OR port)
                 ^
        """,
        """
        hardly ever matches: where "Greater Bay Area" stands, "Bay Area" stands too, which is forbidden
        "Greater Bay Area" NOT "Bay Area"
                           ^
        """,
        """
        hardly ever matches: where 大灣區 stands, 湾区 stands too, which is forbidden
        大灣區 AND NOT 湾区
                   ^
        """,
        """
        hardly ever matches: where title:port stands, port stands too, which is forbidden
        title:port NOT port
                   ^
        """,
        """
        never matches: an item is not both lang:en and lang:zh; write OR between them
        port lang:en lang:zh
                     ^
        """,
        """
        never matches: an item is not both source:rthk-* and source:hkfp; write OR between them
        port source:rthk-* source:hkfp
                           ^
        """,
        """
        never matches: its two sides are looked for in two fields, and NEAR counts words in one
        title:port NEAR/3 text:bridge
                   ^
        """,
        """
        Port stands here a second time: leave it out
        port OR bridge OR Port
                          ^
        """,
        """
        these quotes are read as plain ones, and not looked for: write "high quality"
        「high quality」 goods
        ^
        """,
        """
        "大湾区 GBA" is found only where the two stand side by side: write OR or AND between them if not meant
        "大湾区 GBA"
                ^
        """,
        """
        "of the" stands in most texts: write what is meant with it
        "of the" port
         ^
        """,
        """
        WHO finds the common word "who" too: write "exact:WHO"
        vaccine WHO
                ^
        """,
        """
        ch* finds every word that begins with ch: write more of it
        ch* port
          ^
        """,
        """
        * changes nothing after a Chinese character, which is found within longer words anyway
        大湾*
            ^
        """,
        """
        bank is short: with one letter other, many words are found (bank~ finds tank)
        bank~ port
        ^
        """,
        r"""
        no letters stand in everything that this finds, so every item is searched: slow
        port OR /\d{4}/
                ^
        """,
    ],
)
def test_warns(drawn: str) -> None:
    problem, query, caret = (line[8:] for line in drawn.split("\n")[1:4])
    assert [str(warning) for warning in query_warnings(query)] == [f"{problem}\n  {query}\n  {caret}"]


@pytest.mark.parametrize(
    ("term", "problem"),
    [
        ("GBA OR 大湾区", "OR is looked for as written"),
        ('"GBA"', "the quotes are looked for as written"),
        ("semiconductor*", "* is looked for as written"),
        ("title:port", "title: is looked for as written"),
        ("WHO", 'WHO finds the common word "who" too: write "exact:WHO" under queries'),
        ("区", "区 is a single character"),
        ("GBA 大湾区", "is found only where the two stand side by side"),
    ],
)
def test_warns_of_a_term(term: str, problem: str) -> None:
    (warning,) = term_warnings(term)
    assert problem in str(warning)


@pytest.mark.parametrize(
    "query",
    [
        "(chip OR semiconductor*) NEAR/8 (export OR ban)",
        'title:"bridge economy" lang:en source:rthk-* tag:policy',
        "port NOT title:port",
        '"Bay Area" NOT "Greater Bay Area"',
        "port AND (bridge OR NOT toll)",
        '"exact:WHO" vaccine',
        '"and" port',
        "lang:en lang:en-HK",
        "source:rthk-* source:rthk-local",
        "(lang:en port) OR (lang:zh 港口)",
        "AT&T OR C++ OR 5G",
        "「大湾区」 OR “GBA”",
        "(port title:port) OR (port bridge)",
        "toll AND chip* NEAR/3 ban* AND bridge",
        "chip NEAR/3 export NEAR/3 ban",
        "Keqiang~ OR 粤港澳大~",
        r"/\bGDP\b/",
        "lang:en source:rthk-*",
    ],
)
def test_says_nothing_of_what_is_well_written(query: str) -> None:
    assert query_warnings(query) == ()


@pytest.mark.parametrize("watchlist", DECLARED, ids=lambda watchlist: watchlist["name"])
def test_says_nothing_of_the_example(watchlist: dict[str, list[Any]]) -> None:
    assert [warning for term in watchlist["terms"] for warning in term_warnings(term)] == []
    written = [query for key in ("queries", "exclude") for query in watchlist[key]]
    queries = [query["query"] if isinstance(query, dict) else query for query in written]
    assert [warning for query in queries for warning in query_warnings(query)] == []


def test_says_nothing_of_the_pages_examples_but_of_the_one_that_shows_the_precedence() -> None:
    written = [query.replace(r"\|", "|") for query in re.findall(r"^\| `(.+?)` \|", PAGE, re.MULTILINE)]
    options = [yaml.safe_load(query) if query.startswith("{") else {"query": query} for query in written]
    queries = [QueryDef(text=each.pop("query"), **each) for each in options]
    assert [query.text for query in queries if query_warnings(query)] == ["port OR bridge toll"]


def test_a_long_query_is_looked_at_in_a_time_that_grows_with_its_length() -> None:
    words = " OR ".join(f'"bridge {number} of the port"' for number in range(3000))
    begin = time.process_time()
    assert query_warnings(f"({words}) NOT ({words.replace('bridge', 'road')})") == ()
    assert time.process_time() - begin < 10  # a square would take a minute
