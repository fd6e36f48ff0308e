"""JSON Lines: nothing of an item is left out, and a line is a line for every program."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime

from hypothesis import given

from feedwatch.export.json_lines import items_as_json_lines, stories_as_json_lines
from feedwatch.export.values import ExportedItem
from feedwatch.model import Item
from tests.unit.export.examples import exported, items, story


def test_every_field_of_an_item_is_there() -> None:
    (line,) = items_as_json_lines([exported()])
    written = json.loads(line)
    assert set(written) == {field.name for field in fields(Item)} | {
        "id", "story_id", "source", "first_seen_at", "revision", "matches",
    }  # fmt: skip
    assert [name for name, value in written.items() if not value] == []


def test_times_end_with_z_and_matches_keep_their_spans() -> None:
    (line,) = items_as_json_lines([exported()])
    written = json.loads(line)
    assert (written["published_at"], written["updated_at"]) == ("2026-03-02T09:30:15Z", "2026-03-02T10:30:15Z")
    assert written["enclosures"] == [
        {"url": "https://news.example/1.mp3", "type": "audio/mpeg", "length": 12345},
    ]
    assert written["matches"] == [
        {
            "watchlist": "Bay Area",
            "score": 1.5,
            "queries": ["bridge"],
            "spans": [{"field": "title", "start": 0, "end": 6}, {"field": "text", "start": 4, "end": 10}],
        }
    ]


def test_chinese_stays_readable() -> None:
    (line,) = items_as_json_lines([exported(title="大湾区")])
    assert '"title": "大湾区"' in line.decode()


def test_half_of_a_surrogate_pair_does_not_stop_an_export() -> None:
    (line,) = items_as_json_lines([exported(title="a\ud83d")])
    assert b'"title": "a\\ud83d"' in line


def test_a_story_has_its_items_and_its_relations() -> None:
    (line,) = stories_as_json_lines([story()])
    written = json.loads(line)
    assert (written["sources"], written["languages"]) == (["rthk", "xinhua"], ["en", "zh-Hans"])
    assert [item["id"] for item in written["items"]] == [1, 2, 3]
    assert written["items"][1]["published_at"] == written["published_at"] == "2026-03-02T11:30:15Z"
    assert written["related"] == [
        {
            "story_id": 12,
            "title": "大桥开通",
            "language": "zh",
            "url": "https://sina.example/9",
            "sources": ["sina", "rthk"],
        }
    ]


@given(items())
def test_what_is_written_is_read_back(one: ExportedItem) -> None:
    (line,) = items_as_json_lines([one])
    assert line.endswith(b"\n")
    assert len(line.decode().splitlines()) == 1
    written = json.loads(line)
    for name in ("guid", "url", "title", "text", "html", "language", "comments", "place", "canonical", "doubted_date"):
        assert written[name] == getattr(one.item, name)
    assert (tuple(written["authors"]), tuple(written["tags"])) == (one.item.authors, one.item.tags)
    assert datetime.fromisoformat(written["published_at"]) == one.item.published_at
    assert written["matches"][0]["score"] == one.matches[0].score
