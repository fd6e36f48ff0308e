"""Which box of bounces the daemon cannot read, in a file under data_dir for `feedwatch health`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME = "bounce-boxes.json"


@dataclass(frozen=True, slots=True)
class BoxTrouble:
    """A box that cannot be read."""

    problem: str
    since: datetime
    """When this problem was first met."""


def read_troubles(data_dir: Path) -> dict[str, BoxTrouble]:
    """By box, `maildir` or `imap`; empty where all is well, or nothing is known."""
    try:
        told = json.loads((data_dir / _NAME).read_text(encoding="utf-8"))
        return {
            name: BoxTrouble(str(trouble["problem"]), datetime.fromisoformat(trouble["since"]))
            for name, trouble in told.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # not written yet, or not by us: the daemon writes it anew with the next change


def keep_troubles(data_dir: Path, problems: Mapping[str, str], now: datetime) -> None:
    """Write the file, whole or not at all; a problem that it has already keeps its time."""
    known = read_troubles(data_dir)
    troubles = {
        name: known[name] if name in known and known[name].problem == problem else BoxTrouble(problem, now)
        for name, problem in problems.items()
    }
    told = {name: {"problem": one.problem, "since": one.since.isoformat()} for name, one in troubles.items()}
    data_dir.mkdir(parents=True, exist_ok=True)
    written = data_dir / f"{_NAME}.{os.getpid()}"
    written.write_text(json.dumps(told, ensure_ascii=False) + "\n", encoding="utf-8")
    written.replace(data_dir / _NAME)
