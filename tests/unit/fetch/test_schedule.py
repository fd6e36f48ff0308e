"""When a source is polled next, and what the admin is told of why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.fetch.schedule import Advice, PollHistory, Rhythm, next_pace, pace_of, plan_next
from feedwatch.model import UpdateHints

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)  # a Wednesday
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
OWN = Rhythm(interval=None, usual=15 * MINUTE, shortest=5 * MINUTE, longest=HOUR, longest_backoff=6 * HOUR)
QUARTER = Rhythm(interval=15 * MINUTE, usual=MINUTE, shortest=MINUTE, longest=HOUR, longest_backoff=6 * HOUR)
DAILY = Rhythm(interval=DAY, usual=MINUTE, shortest=MINUTE, longest=HOUR, longest_backoff=6 * HOUR)
CAPPED = "the feed asks for a visit every 365d at the most (ttl); poll.max_interval sends for it every 1h all the same"
FRESH = "the server says that its answer holds for 50m (Cache-Control)"
UNTOLD = PollHistory()
ALL_HOURS = UpdateHints(skip_hours=tuple(range(24)))


def lively(pace: timedelta, quiet_for: timedelta = timedelta()) -> PollHistory:
    return PollHistory(pace=pace, last_new_at=NOW - quiet_for)


def asks(period: timedelta) -> Advice:
    return Advice(hints=UpdateHints(period=period, said_by="ttl"))


@pytest.mark.parametrize(
    "rhythm, failures, retry_after, wait, why",
    [
        (QUARTER, 0, None, 15 * MINUTE, "its interval is 15m"),
        (QUARTER, 1, None, 15 * MINUTE, "it failed once"),
        (QUARTER, 2, None, 30 * MINUTE, "it failed 2 times in a row"),
        (QUARTER, 3, None, HOUR, "it failed 3 times in a row"),
        (QUARTER, 5, None, 4 * HOUR, "it failed 5 times in a row"),
        (QUARTER, 6, None, 6 * HOUR, "it failed 6 times in a row"),  # 8 hours, but for the longest
        (QUARTER, 10_000, None, 6 * HOUR, "it failed 10000 times in a row"),
        (OWN, 1, None, 15 * MINUTE, "it failed once"),
        (DAILY, 3, None, DAY, "it failed 3 times in a row"),  # never sooner than when all is well
        (QUARTER, 1, 120, 120 * SECOND, "the server asked to wait (Retry-After)"),
        (QUARTER, 9, 120, 120 * SECOND, "the server asked to wait (Retry-After)"),
        (QUARTER, 1, 7 * 86400, DAY, "the server asked to wait (Retry-After)"),
        (QUARTER, 1, 1e20, DAY, "the server asked to wait (Retry-After)"),
        (QUARTER, 1, float("inf"), DAY, "the server asked to wait (Retry-After)"),
        (QUARTER, 1, 0, SECOND, "the server asked to wait (Retry-After)"),
    ],
)
def test_failures_and_orders(
    rhythm: Rhythm, failures: int, retry_after: float | None, wait: timedelta, why: str
) -> None:
    plan = plan_next(NOW, rhythm, PollHistory(failures=failures), Advice(retry_after=retry_after))
    assert (plan.at - NOW, plan.why) == (wait, why)


@pytest.mark.parametrize(
    "history, wait, why",
    [
        (UNTOLD, 15 * MINUTE, "its rhythm is not known yet"),
        (lively(MINUTE), 5 * MINUTE, "it has something new about every 1m"),  # the shortest
        (lively(40 * MINUTE), 20 * MINUTE, "it has something new about every 40m"),
        (lively(40 * MINUTE, HOUR), 20 * MINUTE, "it has something new about every 40m"),
        (lively(9 * HOUR), HOUR, "it has something new about every 9h"),  # the longest
        (lively(10 * MINUTE, 3 * HOUR), 22.5 * MINUTE, "it has been quiet for 3h"),
        (lively(10 * MINUTE, 5 * DAY), HOUR, "it has been quiet for 5d"),
    ],
)
def test_its_own_rhythm(history: PollHistory, wait: timedelta, why: str) -> None:
    plan = plan_next(NOW, OWN, history)
    assert (plan.at - NOW, plan.why) == (wait, why)


@pytest.mark.parametrize(
    "rhythm, advice, wait, why",
    [
        (OWN, asks(10 * MINUTE), 20 * MINUTE, "it has something new about every 40m"),
        (OWN, asks(30 * MINUTE), 31.5 * MINUTE, "the feed asks for a visit every 30m at the most (ttl)"),
        (OWN, asks(365 * DAY), 63 * MINUTE, CAPPED),
        (OWN, Advice(fresh_for=50 * MINUTE), 52.5 * MINUTE, FRESH),
        (OWN, Advice(fresh_for=timedelta()), 20 * MINUTE, "it has something new about every 40m"),
        (OWN, Advice(is_pushed=True), HOUR, "its hub pushes what is new (WebSub); polled to be sure"),
        (QUARTER, asks(30 * MINUTE), 15 * MINUTE, "its interval is 15m"),  # the admin knows better
        (QUARTER, Advice(hints=UpdateHints(skip_hours=(8,))), 15 * MINUTE, "its interval is 15m"),
    ],
)  # fmt: skip
def test_advice(rhythm: Rhythm, advice: Advice, wait: timedelta, why: str) -> None:
    plan = plan_next(NOW, rhythm, lively(40 * MINUTE), advice)
    assert (plan.at - NOW, plan.why) == (wait, why)


@pytest.mark.parametrize(
    "hints, at",
    [
        (UpdateHints(skip_hours=(9, 10)), NOW + 20 * MINUTE),
        (UpdateHints(skip_hours=(8, 9, 10)), NOW.replace(hour=11, minute=5)),
        (UpdateHints(skip_days=(2,)), NOW.replace(day=26, hour=0, minute=5)),
        (UpdateHints(skip_days=(2,), skip_hours=(0, 1)), NOW.replace(day=26, hour=2, minute=5)),
        (UpdateHints(skip_hours=(8, 9), skip_days=(5, 6)), NOW.replace(hour=10, minute=5)),
        (ALL_HOURS, NOW + 20 * MINUTE),  # cannot be meant
        (UpdateHints(skip_days=tuple(range(7))), NOW + 20 * MINUTE),
    ],
)
def test_skipped_hours_and_days(hints: UpdateHints, at: datetime) -> None:
    assert plan_next(NOW, OWN, lively(40 * MINUTE), Advice(hints=hints)).at == at


def test_skipped_hours_are_told() -> None:
    plan = plan_next(NOW, OWN, UNTOLD, Advice(hints=UpdateHints(skip_hours=(8,))))
    assert plan.why == "the feed says that nothing is new before (skipHours)"


def test_recovery_is_at_once() -> None:
    assert plan_next(NOW, QUARTER, PollHistory(failures=40)).at - NOW == 6 * HOUR
    assert plan_next(NOW, QUARTER, UNTOLD).at - NOW == 15 * MINUTE


CHANCES = st.floats(0, 1, exclude_max=True)


@given(CHANCES, st.integers(0, 100))
def test_chance_moves_the_time_by_a_tenth_at_most(chance: float, failures: int) -> None:
    even = plan_next(NOW, QUARTER, PollHistory(failures=failures)).at - NOW
    wait = plan_next(NOW, QUARTER, PollHistory(failures=failures), chance=chance).at - NOW
    assert 0.9 * even <= wait <= 1.1 * even


def test_chance_moves_the_time_at_all() -> None:
    waits = [plan_next(NOW, QUARTER, UNTOLD, chance=chance).at - NOW for chance in (0, 0.25, 0.5, 0.75)]
    assert waits == [810 * SECOND, 855 * SECOND, 900 * SECOND, 945 * SECOND]


def test_sources_added_together_part_after_their_first_visit() -> None:
    waits = [plan_next(NOW, OWN, PollHistory(is_first=True), chance=number / 100).at - NOW for number in range(100)]
    assert min(waits) == 7.5 * MINUTE
    assert max(waits) > 14.9 * MINUTE
    assert all(later - earlier == 4.5 * SECOND for earlier, later in pairwise(waits))


@given(CHANCES, st.timedeltas(MINUTE, 30 * DAY))
def test_never_before_what_was_asked_for(chance: float, period: timedelta) -> None:
    wait = plan_next(NOW, OWN, lively(MINUTE), asks(period), chance=chance).at - NOW
    assert wait >= min(period, OWN.longest) * 0.9
    assert wait >= min(period, OWN.longest) or period <= 5 * MINUTE


@given(st.integers(0, 100), CHANCES, st.none() | st.floats(0, 1e30), st.timedeltas(-DAY, 100 * DAY))
def test_the_next_poll_is_later_than_now(
    failures: int, chance: float, retry_after: float | None, quiet_for: timedelta
) -> None:
    history = PollHistory(failures, pace=SECOND, last_new_at=NOW - quiet_for, is_first=chance > 0.5)
    assert plan_next(NOW, OWN, history, Advice(retry_after=retry_after), chance=chance).at > NOW


@pytest.mark.parametrize(
    "ages, pace",
    [
        ([], None),
        ([HOUR, 2 * HOUR], None),
        ([HOUR, 2 * HOUR, 3 * HOUR], HOUR),
        ([3 * HOUR, HOUR, 2 * HOUR], HOUR),  # in any order
        ([-DAY, HOUR, 2 * HOUR, 4 * HOUR], 1.5 * HOUR),  # the future does not count
        ([HOUR] * 5, SECOND),  # never nothing
        ([*[number * MINUTE for number in range(10)], 900 * DAY], MINUTE),  # the newest ten alone
    ],
)
def test_pace_of_published_times(ages: list[timedelta], pace: timedelta | None) -> None:
    assert pace_of([NOW - age for age in ages], NOW) == pace


@pytest.mark.parametrize(
    "pace, quiet_for, new, after",
    [
        (HOUR, 2 * HOUR, 0, HOUR),
        (HOUR, 2 * HOUR, 1, 1.3 * HOUR),
        (HOUR, 2 * HOUR, 2, HOUR),
        (HOUR, HOUR, 60, 42.3 * MINUTE),
        (None, 2 * HOUR, 2, HOUR),
    ],
)
def test_pace_after_a_visit(pace: timedelta | None, quiet_for: timedelta, new: int, after: timedelta) -> None:
    assert next_pace(pace, NOW - quiet_for, new, NOW) == after
