"""`--export`: read back as it stands in the archive, whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
from pathlib import Path

import pytest

from feedwatch.export.spreadsheet import unguarded
from feedwatch.parse import parse
from tests.unit.cli.archives import database, item_of
from tests.unit.cli.conftest import Call


def _json_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_lines_hold_items_with_their_matches(feedwatch: Call, archive: Path) -> None:
    written = _json_lines(feedwatch("items", "--export", "jsonl").out)
    assert len(written) == 6
    one = next(item for item in written if item["matches"])
    assert [match["watchlist"] for match in one["matches"]] == ["Greater Bay Area", "High-quality development"]  # type: ignore[attr-defined]
    for match in one["matches"]:  # type: ignore[attr-defined]
        for span in match["spans"]:
            found = str(one[span["field"]])[span["start"] : span["end"]]
            assert re.fullmatch(
                "Greater Bay Area|Bay Area|High-quality development|integrat(e|es|ed|ion)|Guangdong|Hong Kong|Macao",
                found,
                re.IGNORECASE,
            ), found
    assert written[0]["title"] == "大桥收费7元"
    assert str(written[0]["published_at"]) == "2026-03-02T10:00:00Z"


def test_csv_is_read_back(feedwatch: Call, archive: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(feedwatch("items", "--export", "csv").out, newline=""), strict=True))
    written = _json_lines(feedwatch("items", "--export", "jsonl").out)
    for name in ("title", "text", "url", "guid", "published_at"):
        assert [unguarded(row[name]) for row in rows] == [item[name] for item in written]


@pytest.mark.parametrize(("command", "count"), [("items", 6), ("stories", 5)])
def test_atom_is_read_back(command: str, count: int, feedwatch: Call, archive: Path) -> None:
    document = parse(feedwatch(command, "--export", "atom").out.encode(), content_type=None, url="https://x.example/")
    assert (document.title, document.warnings) == (f"feedwatch: {command}", ())
    assert len({entry.guid for entry in document.entries}) == len(document.entries) == count
    assert (document.entries[0].title, document.entries[0].url) == ("大桥收费7元", "https://zh.example/1")
    assert "小车收费7元" in document.entries[0].content


def test_an_atom_feed_keeps_its_ids(feedwatch: Call, archive: Path) -> None:
    calls = [feedwatch("stories", "--source", "english", "--export", "atom", *more).out for more in ((), ("-n", "1"))]
    assert calls[0] == calls[1]
    assert feedwatch("stories", "--export", "atom").out.splitlines()[2] != calls[0].splitlines()[2]  # the feed's id


@pytest.mark.parametrize("command", ["items", "stories"])
@pytest.mark.parametrize("export", ["jsonl", "csv", "atom"])
@pytest.mark.parametrize(
    ("options", "counts"),
    [
        (["--source", "english"], {"items": 1, "stories": 1}),
        (["--source", "english", "--source", "copy"], {"items": 2, "stories": 1}),
        (["--text", "bridge", "--limit", "3"], {"items": 3, "stories": 2}),
        (["--text", "zebra"], {"items": 0, "stories": 0}),
    ],
)
def test_an_export_goes_by_the_filters(
    command: str, export: str, options: list[str], counts: dict[str, int], feedwatch: Call, archive: Path
) -> None:
    answer = feedwatch(command, "--export", export, *options, "--output", "out")
    count = counts[command]
    one, many = {"items": ("item", "items"), "stories": ("story", "stories")}[command]
    assert answer.out == f"{count} {one if count == 1 else many} written to out\n"
    written = (archive / "out").read_bytes().decode()
    records = {
        "jsonl": len(written.splitlines()),
        "csv": len(list(csv.reader(io.StringIO(written, newline="")))) - 1,
        "atom": written.count("<entry"),
    }
    assert records[export] == count


def test_a_byte_order_mark_for_spreadsheet_programs(feedwatch: Call, archive: Path) -> None:
    feedwatch("items", "--export", "csv", "--bom", "-o", "out.csv")
    assert (archive / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")


def test_a_formula_in_a_title_is_not_run(feedwatch: Call, archive: Path) -> None:
    from feedwatch.store.tables import Item

    with database(archive) as session:
        session.get_one(Item, item_of(archive, "english")).title = '=HYPERLINK("https://x.example")'
    out = feedwatch("items", "--source", "english", "--export", "csv").out
    assert '"\'=HYPERLINK(""https://x.example"")"' in out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("items --output out", "--output is for an export: say in which format"),
        ("items --bom", "--bom is for an export"),
        ("items --export jsonl --bom", "--bom is for --export csv"),
        ("items 3 --export csv", "a list is exported, not one by its number"),
        ("stories --export csv --json", "--json and --export are two ways to write"),
        ("items --export xml", "'xml' is not one of 'jsonl', 'csv', 'atom'"),
    ],
)
def test_options_that_do_not_go_together(call: str, said: str, feedwatch: Call, archive: Path) -> None:
    answer = feedwatch(*call.split())
    assert (answer.code, answer.out) == (2, "")
    assert said in " ".join(answer.err.replace("│", " ").split())
    assert not (archive / "out").exists()


def test_a_file_is_replaced_and_keeps_its_mode(feedwatch: Call, archive: Path) -> None:
    target = archive / "real.csv"
    target.write_text("before", encoding="utf-8")
    target.chmod(0o640)
    (archive / "link.csv").symlink_to("real.csv")
    feedwatch("items", "--export", "csv", "--output", "link.csv")
    assert (archive / "link.csv").is_symlink()
    assert target.read_text(encoding="utf-8").startswith("id,")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_that_others_have(feedwatch: Call, archive: Path) -> None:
    (archive / "other").touch()
    feedwatch("items", "--export", "csv", "--output", "new")
    assert (archive / "new").stat().st_mode == (archive / "other").stat().st_mode


def test_an_export_that_fails_leaves_the_file_as_it_was(feedwatch: Call, archive: Path) -> None:
    (archive / "out.jsonl").write_text("before", encoding="utf-8")
    with database(archive) as session:  # an item that cannot be read, after others that can
        from sqlalchemy import text

        session.execute(text("UPDATE items SET tags = '{' WHERE id = 3"))
    with pytest.raises(json.JSONDecodeError):
        feedwatch("items", "--export", "jsonl", "--output", "out.jsonl")
    assert (archive / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert [path.name for path in archive.iterdir() if path.name.startswith(".out")] == []


@pytest.mark.parametrize("output", ["nowhere/out", "samples"])
def test_a_file_that_cannot_be_written_is_named(output: str, feedwatch: Call, archive: Path) -> None:
    answer = feedwatch("items", "--export", "csv", "--output", output)
    assert answer.code == 1
    assert answer.err.startswith(f"feedwatch: {output}: ")


def test_a_pipe_that_is_named_is_written_to(feedwatch: Call, archive: Path) -> None:
    os.mkfifo(archive / "pipe")
    reader = os.open(archive / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    feedwatch("items", "--source", "english", "--export", "csv", "--output", "pipe")
    assert os.read(reader, 10).startswith(b"id,")
    os.close(reader)
    assert stat.S_ISFIFO((archive / "pipe").stat().st_mode)
