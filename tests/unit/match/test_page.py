"""docs/query-language.md says what is so: every row of its tables, and the errors and warnings that it shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import Matcher, check_query, query_warnings
from feedwatch.model import Item, Query, QueryDef, WatchlistDef

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "query-language.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
SHOWN = re.findall(r"^    (\S.*)\n      (.*)\n      ( *\^)$", PAGE, re.MULTILINE)


def test_the_page_has_its_examples() -> None:
    assert len(ROWS) == sum(line.startswith("| `") for line in PAGE.splitlines()) > 50
    assert len(SHOWN) == 5


@pytest.mark.parametrize(("query", "marked", "other"), ROWS)
def test_example(query: str, marked: str, other: str) -> None:
    definition = WatchlistDef("w", queries=(_query(query.replace(r"\|", "|")),))
    matcher = Matcher([(definition, 1)])
    assert matcher.problems == ()
    told = _told(marked)
    assert _spans(matcher, told) == [*_marked("title", told), *_marked("text", told)]
    assert _spans(matcher, told) != []
    assert _spans(matcher, _told(other)) == []


@pytest.mark.parametrize(("problem", "query", "caret"), SHOWN)
def test_what_is_said_of_a_query(problem: str, query: str, caret: str) -> None:
    drawn = f"{problem}\n  {query}\n  {caret}"
    if warnings := _warnings(query):
        assert warnings == [drawn]
        return
    with pytest.raises(QuerySyntaxError) as caught:
        check_query(query)
    assert str(caught.value) == drawn


def _warnings(query: str) -> list[str]:
    try:
        return list(map(str, query_warnings(query)))
    except QuerySyntaxError:
        return []


def _query(written: str) -> Query:
    return (
        QueryDef(**{"text" if key == "query" else key: value for key, value in yaml.safe_load(written).items()})
        if (written.startswith("{"))
        else written
    )


def _told(cell: str) -> dict[str, str]:
    """`title: A · lang: en · B` -> what is told of an item; what has no name is its text."""
    parts = [re.fullmatch(r"(?:(title|text|lang|source|tag|author|site): )?(.*)", part) for part in cell.split(" · ")]
    return {part[1] or "text": part[2] for part in parts if part is not None}


def _marked(field: str, told: dict[str, str]) -> list[tuple[str, int, int]]:
    parts = told.get(field, "").split("**")
    borders = [len("".join(parts[:count])) for count in range(1, len(parts))]
    return [(field, start, end) for start, end in zip(borders[::2], borders[1::2], strict=True)]


def _spans(matcher: Matcher, told: dict[str, str]) -> list[tuple[str, int, int]]:
    item = Item(
        guid="1",
        url=f"https://{told.get('site', 'example.org')}/1",
        title=told.get("title", "").replace("**", ""),
        text=told.get("text", "").replace("**", ""),
        html="",
        authors=tuple(filter(None, [told.get("author", "")])),
        tags=tuple(filter(None, [told.get("tag", "")])),
        language=told.get("lang", "und"),
        published_at=datetime(2026, 11, 24, tzinfo=UTC),
        published_from="published",
    )
    matches = matcher.match(item, source=told.get("source", ""))
    return [(span.field, span.start, span.end) for match in matches for span in match.spans]
