"""Where the corpus of feed documents lies: beside the project, or where FEEDWATCH_CORPUS says."""

from __future__ import annotations

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def corpus_dir() -> Path | None:
    """The corpus folder, or None on a machine without one; tests that need it are then skipped."""
    named = os.environ.get("FEEDWATCH_CORPUS")
    folder = Path(named) if named else _BESIDE
    return folder if (folder / "feeds").is_dir() else None
