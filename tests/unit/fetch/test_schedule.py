from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.fetch import Rhythm, plan_next

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
QUARTER = Rhythm(interval=timedelta(minutes=15), longest=timedelta(hours=6))
DAILY = Rhythm(interval=timedelta(days=1), longest=timedelta(hours=6))


@pytest.mark.parametrize(
    "rhythm, failures, retry_after, wait, why",
    [
        (QUARTER, 0, None, timedelta(minutes=15), "its interval"),
        (QUARTER, 1, None, timedelta(minutes=15), "it failed once"),
        (QUARTER, 2, None, timedelta(minutes=30), "it failed 2 times in a row"),
        (QUARTER, 3, None, timedelta(hours=1), "it failed 3 times in a row"),
        (QUARTER, 5, None, timedelta(hours=4), "it failed 5 times in a row"),
        (QUARTER, 6, None, timedelta(hours=6), "it failed 6 times in a row"),  # 8 hours, but for `longest`
        (QUARTER, 10_000, None, timedelta(hours=6), "it failed 10000 times in a row"),
        (DAILY, 3, None, timedelta(days=1), "it failed 3 times in a row"),  # never sooner than when all is well
        (QUARTER, 1, 120, timedelta(seconds=120), "the server asked to wait (Retry-After)"),
        (QUARTER, 9, 120, timedelta(seconds=120), "the server asked to wait (Retry-After)"),
        (QUARTER, 1, 7 * 86400, timedelta(days=1), "the server asked to wait (Retry-After)"),
        (QUARTER, 1, 1e20, timedelta(days=1), "the server asked to wait (Retry-After)"),
        (QUARTER, 1, float("inf"), timedelta(days=1), "the server asked to wait (Retry-After)"),
        (QUARTER, 1, 0, timedelta(seconds=1), "the server asked to wait (Retry-After)"),
    ],
)
def test_wait(rhythm: Rhythm, failures: int, retry_after: float | None, wait: timedelta, why: str) -> None:
    plan = plan_next(NOW, rhythm, failures=failures, retry_after=retry_after)
    assert (plan.at - NOW, plan.why) == (wait, why)


def test_recovery_is_at_once() -> None:
    assert plan_next(NOW, QUARTER, failures=40).at - NOW == timedelta(hours=6)
    assert plan_next(NOW, QUARTER).at - NOW == timedelta(minutes=15)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 100))
def test_chance_moves_the_time_by_a_tenth_at_most(chance: float, failures: int) -> None:
    even = plan_next(NOW, QUARTER, failures=failures).at - NOW
    wait = plan_next(NOW, QUARTER, failures=failures, chance=chance).at - NOW
    assert 0.9 * even <= wait <= 1.1 * even


def test_chance_moves_the_time_at_all() -> None:
    waits = [plan_next(NOW, QUARTER, chance=chance).at - NOW for chance in (0, 0.25, 0.5, 0.75)]
    assert waits == [timedelta(seconds=seconds) for seconds in (810, 855, 900, 945)]


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e30))
def test_the_next_poll_is_later_than_now(failures: int, chance: float, retry_after: float | None) -> None:
    assert plan_next(NOW, QUARTER, failures=failures, retry_after=retry_after, chance=chance).at > NOW
