"""How much is tried of what is drawn at random."""

from __future__ import annotations

import os

_USUAL = 150


def examples(usual: int) -> int:
    """How many examples a law is held against: `usual`, or as many times more as FEEDWATCH_EXAMPLES is above 150."""
    return max(1, usual * int(os.environ.get("FEEDWATCH_EXAMPLES", _USUAL)) // _USUAL)
