"""When to poll a source next, and why: decided in values, so that it can be tabled in a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from feedwatch.kinds import show_duration
from feedwatch.model import UpdateHints

if TYPE_CHECKING:
    from collections.abc import Sequence

_JITTER = 0.1
_LONGEST_RETRY_AFTER = timedelta(days=1)
_MOST_DOUBLINGS = 20
"""Above 2**20 intervals the cap holds anyhow; the bound keeps the arithmetic in range."""
_VISITS_PER_ITEM = 2
"""Visits in the time in which one new item is expected: it is found, at the latest, after half that time."""
_QUIET_SHARE = 4
"""A source that has been quiet for a day is visited as one that publishes every six hours."""
_OF_NEWEST = 10
_FEWEST_DATES = 3
_NEW_WEIGHT = 0.3
_DAY_HOURS = 24
_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a source may be polled, as the admin has it."""

    interval: timedelta | None
    """What the source's own setting says; None lets its pace and its hints decide."""
    usual: timedelta
    """While its pace is not known."""
    shortest: timedelta
    longest: timedelta
    longest_backoff: timedelta


@dataclass(frozen=True, slots=True)
class PollHistory:
    """What the visits so far have told, this one included."""

    failures: int = 0
    """Those in a row."""
    pace: timedelta | None = None
    """The usual time between two new items."""
    last_new_at: datetime | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What the server and the document say of when to come again."""

    retry_after: float | None = None
    """Seconds (RFC 9110, 10.2.3)."""
    fresh_for: timedelta | None = None
    """How long the answer stays fresh (RFC 9111, 4.2)."""
    hints: UpdateHints = UpdateHints()
    is_pushed: bool = False
    """Whether a hub pushes what is new (WebSub)."""


@dataclass(frozen=True, slots=True)
class PollPlan:
    """When to poll next, and why: words shown to the admin as they stand."""

    at: datetime
    why: str


def plan_next(
    now: datetime, rhythm: Rhythm, history: PollHistory, advice: Advice = Advice(), *, chance: float = 0.5
) -> PollPlan:
    """The earliest polite time for the next poll.

    A Retry-After outranks everything, capped at a day; then failures double the wait each time, up to the longest;
    then the admin's interval, where the source has one. Else the source's pace decides, between the shortest wait and
    the longest; what the document (ttl, sy:updatePeriod) and the server (Cache-Control) ask for lengthens it, up to
    the longest; and hours and days that the document tells to skip are skipped.

    `chance` in [0, 1) spreads the time by a tenth, and after the first visit by a half, so that sources do not knock
    together; never to earlier than what was asked for.
    """
    if advice.retry_after is not None:
        wait = timedelta(seconds=min(advice.retry_after, _LONGEST_RETRY_AFTER.total_seconds()))  # may say 10**20
        return PollPlan(now + max(wait, timedelta(seconds=1)), "the server asked to wait (Retry-After)")
    if history.failures:
        base = rhythm.interval or rhythm.usual
        doublings = min(history.failures - 1, _MOST_DOUBLINGS)
        wait = min(base * 2**doublings, max(rhythm.longest_backoff, base))
        times = "once" if history.failures == 1 else f"{history.failures} times in a row"
        return PollPlan(now + wait * _spread(chance), f"it failed {times}")
    if rhythm.interval is not None:
        spread = _first_spread(chance) if history.is_first else _spread(chance)
        return PollPlan(now + rhythm.interval * spread, f"its interval is {show_duration(rhythm.interval)}")

    wait, why = _own_wait(now, rhythm, history, advice)
    asked, who = _asked_wait(advice)
    if asked > rhythm.longest:
        who += f"; poll.max_interval sends for it every {show_duration(rhythm.longest)} all the same"
    if asked > wait:
        plan = PollPlan(now + min(asked, rhythm.longest) * (1 + _JITTER * chance), who)
    else:
        plan = PollPlan(now + wait * (_first_spread(chance) if history.is_first else _spread(chance)), why)
    return _outside_skipped(plan, advice.hints, chance)


def _spread(chance: float) -> float:
    return 1 + _JITTER * (2 * chance - 1)


def _first_spread(chance: float) -> float:
    return 0.5 + chance / 2


def _own_wait(now: datetime, rhythm: Rhythm, history: PollHistory, advice: Advice) -> tuple[timedelta, str]:
    if advice.is_pushed:
        return rhythm.longest, "its hub pushes what is new (WebSub); polled to be sure"
    if history.pace is None:
        return rhythm.usual, "its rhythm is not known yet"
    quiet_for = now - history.last_new_at if history.last_new_at is not None else timedelta()
    expected = max(history.pace, quiet_for / _QUIET_SHARE)
    wait = min(max(expected / _VISITS_PER_ITEM, rhythm.shortest), rhythm.longest)
    if quiet_for / _QUIET_SHARE > history.pace:
        return wait, f"it has been quiet for {_roughly(quiet_for)}"
    return wait, f"it has something new about every {_roughly(history.pace)}"


def _asked_wait(advice: Advice) -> tuple[timedelta, str]:
    asked, who = timedelta(), ""
    if advice.hints.period is not None:
        asked = advice.hints.period
        who = f"the feed asks for a visit every {_roughly(asked)} at the most ({advice.hints.said_by})"
    if advice.fresh_for is not None and advice.fresh_for > asked:
        asked = advice.fresh_for
        who = f"the server says that its answer holds for {_roughly(asked)} (Cache-Control)"
    return asked, who


def _roughly(time: timedelta) -> str:
    """In the largest unit that leaves a number above one: `40m`, `6h`, `3d`."""
    seconds = max(1, round(time.total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size or seconds == size:
            return f"{round(seconds / size)}{unit}"
    return f"{seconds}s"


def _outside_skipped(plan: PollPlan, hints: UpdateHints, chance: float) -> PollPlan:
    """The plan, or the first hour after it that the document does not tell to skip (RSS 2.0, skipHours, skipDays)."""
    if not hints.skip_hours and not hints.skip_days:
        return plan
    at = plan.at.astimezone(UTC)
    for _ in range(_DAY_HOURS * _WEEK_DAYS):
        if at.hour not in hints.skip_hours and at.weekday() not in hints.skip_days:
            break
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        return plan  # every hour of the week is skipped: that cannot be meant
    if at == plan.at:
        return plan
    which = "skipHours" if plan.at.hour in hints.skip_hours else "skipDays"
    return PollPlan(at + timedelta(minutes=10) * chance, f"the feed says that nothing is new before ({which})")


def pace_of(published: Sequence[datetime], now: datetime) -> timedelta | None:
    """The mean gap between the newest ten of these times that are not in the future; None of fewer than three."""
    newest = sorted((time for time in published if time <= now), reverse=True)[:_OF_NEWEST]
    if len(newest) < _FEWEST_DATES:
        return None
    return max((newest[0] - newest[-1]) / (len(newest) - 1), timedelta(seconds=1))


def next_pace(pace: timedelta | None, last_new_at: datetime | None, new: int, now: datetime) -> timedelta | None:
    """The pace after a visit that found `new` items, each counting for three tenths of the new value at the most."""
    if new <= 0 or last_new_at is None:
        return pace
    gap = max((now - last_new_at) / new, timedelta(seconds=1))
    return gap if pace is None else pace * (1 - _NEW_WEIGHT) + gap * _NEW_WEIGHT
