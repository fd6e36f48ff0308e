"""What docs/watchlists.md says of other monitors' ways of writing is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedwatch.watchlists import DIALECTS, translate

PAGE = (Path(__file__).parents[3] / "docs" / "watchlists.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("| written | read as |\n| --- | --- |\n")[2].partition("\n\n")[0].splitlines()


def _pairs() -> list[tuple[str, str]]:
    pairs = []
    for row in TABLE:
        written, ours = (
            re.findall(r"`([^`]+)`", cell.replace(r"\|", "|")) for cell in re.split(r"(?<!\\)\|", row)[1:3]
        )
        written = [text for text in written if text != "and"]
        pairs += list(zip(written, ours * len(written) if len(ours) == 1 else ours, strict=True))
    return pairs


@pytest.mark.parametrize("written, ours", _pairs())
def test_the_table_is_so(written: str, ours: str) -> None:
    assert translate(written).query == ours


def test_the_table_is_read() -> None:
    assert len(_pairs()) >= 17


def test_every_monitor_is_named() -> None:
    assert [name for name in DIALECTS if name != "feedwatch" and f"| `{name}` |" not in PAGE] == []
