"""When hubs are asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedwatch.jobs.hub_plan import lease_granted, renew_after, wait_after, wait_as_told

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_failures_wait_a_minute_doubling_up_to_a_day() -> None:
    waits = [wait_after(attempts) / MINUTE for attempts in (1, 2, 3, 4, 11, 12, 13, 1000)]
    assert waits == [1, 2, 4, 8, 1024, 1440, 1440, 1440]


@pytest.mark.parametrize(
    "attempts, retry_after, wait",
    [
        (1, None, MINUTE),
        (1, 0.0, MINUTE),
        (1, 5.0, MINUTE),  # never sooner than we would
        (1, 3600.0, HOUR),
        (1, 1e12, DAY),  # nor later than in a day
        (9, 3600.0, 256 * MINUTE),
    ],
)
def test_a_hub_may_ask_for_more_patience(attempts: int, retry_after: float | None, wait: timedelta) -> None:
    assert wait_as_told(attempts, retry_after) == wait


@pytest.mark.parametrize(
    "said, granted",
    [
        ("864000", 10 * DAY),
        ("1", SECOND),
        (" 3600 ", HOUR),
        ("999999999", 30 * DAY),
        ("9" * 5000, 30 * DAY),
        # what is no number of seconds
        (None, DAY),
        ("", DAY),
        ("0", DAY),
        ("-5", DAY),
        ("3600.5", DAY),
        ("for ever", DAY),
        ("٣٦٠٠", DAY),
    ],
)
def test_a_lease_is_what_the_hub_grants_within_bounds(said: str | None, granted: timedelta) -> None:
    assert lease_granted(said) == granted


@pytest.mark.parametrize(
    "lease, after",
    [
        (10 * DAY, 8 * DAY),
        (30 * DAY, 24 * DAY),
        (5 * HOUR, 4 * HOUR),
        (3 * HOUR, 2 * HOUR),  # an hour before its end, not 36 minutes
        (HOUR, 30 * MINUTE),
        (30 * MINUTE, 15 * MINUTE),
        (SECOND, 10 * MINUTE),  # a gap is better than a storm
    ],
)
def test_a_lease_is_renewed_in_time(lease: timedelta, after: timedelta) -> None:
    assert renew_after(lease) == after
