"""`feedwatch query`: how a query is read, and which of a list cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

EXPLAINED = """\
AND
  OR
    "high-quality"  folded to high quality; found too: high quality, highquality, #HighQuality
    "大灣區"  folded to 大湾区; in Traditional and Simplified, within longer words, across a line break
  NOT
    title:"chip*"  folded to chip; its last word may go on

New items are asked where one of these stands: highquality, 大湾区
"""


def test_a_query_explained(feedwatch: Call, nowhere: Path) -> None:
    answer = feedwatch("query", "explain", "(high-quality OR 大灣區) NOT title:chip*")
    assert answer.code == 0
    assert answer.out.startswith(EXPLAINED)
    assert answer.out.splitlines()[-1].startswith("The archive's index is asked for: ")
    assert answer.err == ""
    assert list(nowhere.iterdir()) == []


def test_its_options_and_warnings(feedwatch: Call, nowhere: Path) -> None:
    assert '"exact:Port"  only as written' in feedwatch("query", "explain", "Port", "--exact").out
    assert "in items whose language is en" in feedwatch("query", "explain", "ports", "--stem", "en").out
    answer = feedwatch("query", "explain", "port and bridge")
    assert answer.code == 0
    assert answer.err.strip().endswith("port and bridge\n       ^")
    refused = feedwatch("query", "explain", "ports", "--stem", "xx")
    assert refused.code == 2
    assert "--stem xx: there are no rules for this language; there are" in refused.err


def test_a_query_explained_for_programs(feedwatch: Call, nowhere: Path) -> None:
    told = json.loads(feedwatch("query", "explain", "NOT port", "--json").out)
    assert told["tree"]["label"] == "NOT"
    assert told["tree"]["parts"][0]["folded"] == "port"
    assert (told["literals"], told["plan"]) == ([], "every item")
    assert told["warnings"][0]["problem"].startswith("this matches every item without port")


def test_a_misspelt_query_as_a_person_reads_it(feedwatch: Call, nowhere: Path) -> None:
    answer = feedwatch("query", "explain", '大湾区 titel:"bridge economy"')
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        'feedwatch: there is no field titel: write title:; if the colon is meant, write "titel:bridge economy"\n'
        '  大湾区 titel:"bridge economy"\n'
        "         ^\n"
    )


def test_a_list_of_queries(feedwatch: Call, nowhere: Path) -> None:
    Path("queries.txt").write_text("port AND bridge\n\nport AND\nport and bridge\n", encoding="utf-8")
    answer = feedwatch("query", "check", "queries.txt")
    assert answer.code == 1
    assert [line for line in answer.out.splitlines() if line.startswith("line")] == [
        "line 3: AND has nothing after it: the query ends, expected a word, a phrase or a parenthesis",
        'line 4: warning: and is looked for as a word: the operator is AND; write "and" if meant',
    ]
    assert answer.out.splitlines()[-1] == "3 queries: 1 cannot be read, 1 warning"
    Path("queries.txt").write_text("port AND bridge\n", encoding="utf-8")
    assert feedwatch("query", "check", "queries.txt").code == 0


@pytest.mark.parametrize("content", ["port\n".encode("utf-16"), b"caf\xe9\n"])
def test_a_list_that_is_no_text(content: bytes, feedwatch: Call, nowhere: Path) -> None:
    Path("queries.txt").write_bytes(content)
    answer = feedwatch("query", "check", "queries.txt")
    assert answer.code == 2
    assert "queries.txt is not text in UTF-8" in answer.err


def test_a_list_that_is_not_there(feedwatch: Call, nowhere: Path) -> None:
    answer = feedwatch("query", "check", "nowhere.txt")
    assert answer.code == 1
    assert "nowhere.txt: No such file" in answer.err
