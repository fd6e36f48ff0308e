"""CSV: read back as it was, by programs; and nothing in it is a formula, for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pytest
from hypothesis import given

from feedwatch.export.spreadsheet import (
    ITEM_COLUMNS,
    STORY_COLUMNS,
    guarded,
    items_as_csv,
    stories_as_csv,
    unguarded,
)
from feedwatch.export.values import ExportedItem
from tests.unit.export.examples import NASTY, exported, items, match, story


def _read(parts: Iterable[bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(parts).decode(), newline=""), strict=True))


def test_an_item_is_a_record_under_its_columns() -> None:
    first, record = items_as_csv([exported()])
    assert first == (",".join(ITEM_COLUMNS) + "\r\n").encode()
    assert record.endswith(b"\r\n")
    (row,) = _read([first, record])
    assert row["title"] == "Bridge <1> & co."
    assert row["authors"] == "A. Writer; 邓少军"
    assert (row["published_at"], row["watchlists"], row["queries"]) == ("2026-03-02T09:30:15Z", "Bay Area", "bridge")
    assert [column for column, cell in row.items() if not cell] == []


def test_several_matches_share_a_cell() -> None:
    (row,) = _read(items_as_csv([exported(1, match("Bay Area"), match("Bridges"))]))
    assert (row["watchlists"], row["queries"]) == ("Bay Area; Bridges", "bridge")


def test_a_story_is_a_record() -> None:
    (row,) = _read(stories_as_csv([story()]))
    assert tuple(row) == STORY_COLUMNS
    assert (row["item_count"], row["sources"], row["languages"], row["related"]) == (
        "3", "rthk; xinhua", "en; zh-Hans", "12",
    )  # fmt: skip
    assert row["urls"] == "https://rthk.example/1; https://xinhua.example/2; https://rthk.example/3"


@pytest.mark.parametrize(("bom", "first"), [(False, b"id,"), (True, b"\xef\xbb\xbfid,")])
def test_a_byte_order_mark_stands_there_where_it_is_asked_for(bom: bool, first: bytes) -> None:
    written = b"".join(items_as_csv([exported()], bom=bom))
    assert written.startswith(first)
    assert written.count(b"\xef\xbb\xbf") == bom


def test_without_items_the_names_of_the_columns_stand_alone() -> None:
    assert _read(items_as_csv([])) == []
    assert len(list(items_as_csv([]))) == 1


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86 750", "'+86 750"),
        ("-5 degrees", "'-5 degrees"),
        ("@mayor", "'@mayor"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1+1", "'＝1+1"),  # taken for = where Chinese or Japanese is set
        ("'=1+1", "''=1+1"),
        ("'quoted'", "'quoted'"),
        ("1-1=0", "1-1=0"),
        ("", ""),
    ],
)
def test_no_cell_begins_a_formula(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


@given(NASTY)
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in {*"=+-@\t\r＝＋－＠"} - {""}


@given(items())
def test_what_is_written_is_read_back(one: ExportedItem) -> None:
    (row,) = _read(items_as_csv([one]))
    for name in ("guid", "url", "title", "text", "language", "comments", "place", "canonical", "doubted_date"):
        assert unguarded(row[name]) == getattr(one.item, name)
    assert int(row["id"]) == one.id
