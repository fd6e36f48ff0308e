"""When to poll a source next, and why: decided in values, so that it can be tabled in a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_JITTER = 0.1
_LONGEST_RETRY_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a source is polled when all is well, and at the longest after failures."""

    interval: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class PollPlan:
    """When to poll next, and why: a sentence shown to the admin as it stands."""

    at: datetime
    why: str


def plan_next(
    now: datetime, rhythm: Rhythm, *, failures: int = 0, retry_after: float | None = None, chance: float = 0.5
) -> PollPlan:
    """The earliest polite time for the next poll.

    A Retry-After (RFC 9110, 10.2.3) outranks everything, capped at a day; then failures double the wait each time,
    up to the longest; else it is the source's interval. `failures` counts those in a row, this one included;
    `chance` in [0, 1) spreads the time by a tenth either way, so that sources do not knock together.
    """
    spread = 1 + _JITTER * (2 * chance - 1)
    if retry_after is not None:
        wait = timedelta(seconds=min(retry_after, _LONGEST_RETRY_AFTER.total_seconds()))  # a server may say 10**20
        return PollPlan(now + max(wait, timedelta(seconds=1)), "the server asked to wait (Retry-After)")
    if failures:
        # Above 2**20 intervals the cap holds anyhow; the bound keeps the arithmetic in range.
        wait = min(rhythm.interval * 2 ** min(failures - 1, 20), max(rhythm.longest, rhythm.interval))
        times = "once" if failures == 1 else f"{failures} times in a row"
        return PollPlan(now + wait * spread, f"it failed {times}")
    return PollPlan(now + rhythm.interval * spread, "its interval")
