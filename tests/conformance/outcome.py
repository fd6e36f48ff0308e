"""What one expectation asked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation of a case, on one of our fields."""

    case: str
    """The file, relative to the corpus' folder of feeds."""
    field: str
    """The field of Entry; of Document with `document.` before it."""
    passed: bool
    expected: str
    got: str
