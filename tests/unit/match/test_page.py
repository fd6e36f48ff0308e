"""docs/query-language.md says what is so: every row of its tables, and the error that it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import check_query
from tests.unit.match.finding import spans_of_query

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "query-language.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)


def test_the_page_has_its_examples() -> None:
    assert len(ROWS) == sum(line.startswith("| `") for line in PAGE.splitlines()) > 20


@pytest.mark.parametrize(("query", "marked", "other"), ROWS)
def test_example(query: str, marked: str, other: str) -> None:
    parts = marked.split("**")
    borders = [len("".join(parts[:count])) for count in range(1, len(parts))]
    assert spans_of_query(query, "".join(parts)) == list(zip(borders[::2], borders[1::2], strict=True))
    assert spans_of_query(query, other) == []


def test_the_error_on_the_page() -> None:
    shown = re.search(r"^    (AND has nothing.*)\n      (.*)\n      ( *\^)$", PAGE, re.MULTILINE)
    assert shown is not None
    problem, query, caret = shown.groups()
    with pytest.raises(QuerySyntaxError) as caught:
        check_query(query)
    assert str(caught.value) == f"{problem}\n  {query}\n  {caret}"
