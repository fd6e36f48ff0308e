"""What is written out is what docs/archive.md says."""

from __future__ import annotations

import re
from pathlib import Path

from feedwatch.cli.exporting import Format
from feedwatch.export.atom import WATCHLIST_SCHEME
from feedwatch.export.json_lines import item_object, story_object
from feedwatch.export.spreadsheet import BETWEEN, ITEM_COLUMNS, STORY_COLUMNS
from tests.unit.export.examples import exported, story

DOCUMENT = (Path(__file__).parents[3] / "docs" / "archive.md").read_text(encoding="utf-8")


def _fields(heading: str) -> list[str]:
    """The names in the first column of the table after the heading."""
    table = DOCUMENT.partition(heading)[2].partition("| --- |")[2].partition("\n\n")[0]
    return [name for row in table.splitlines() for name in re.findall("`([^`]+)`", row.split("|")[1] if row else "")]


def test_the_fields_of_json_lines() -> None:
    assert set(_fields("Of an item, with")) == set(item_object(exported()))
    assert set(_fields("Of a story, with")) == set(story_object(story()))


def test_the_columns_of_csv() -> None:
    assert tuple(_fields("| columns of items |")) == ITEM_COLUMNS
    assert tuple(_fields("| columns of stories |")) == STORY_COLUMNS
    assert f"with `{BETWEEN}` between" in DOCUMENT


def test_the_formats_and_the_scheme() -> None:
    assert set(re.findall(r"--export (\w+)", DOCUMENT)) == {each.value for each in Format}
    assert f"`{WATCHLIST_SCHEME}`" in DOCUMENT
