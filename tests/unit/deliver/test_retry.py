from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.deliver.retry import plan_retry

CREATED = datetime(2026, 11, 25, 8, tzinfo=UTC)
TWO_DAYS = timedelta(days=2)


@pytest.mark.parametrize(
    "attempts, wait",
    [
        (1, timedelta(minutes=1)),
        (2, timedelta(minutes=2)),
        (3, timedelta(minutes=4)),
        (8, timedelta(minutes=128)),
        (9, timedelta(hours=4)),  # 256 minutes, but for the longest wait
        (10_000, timedelta(hours=4)),
    ],
)
def test_wait(attempts: int, wait: timedelta) -> None:
    now = CREATED + timedelta(minutes=3)
    assert plan_retry(attempts, CREATED, now, TWO_DAYS) == now + wait


@pytest.mark.parametrize(
    "age, give_up_after, is_tried_again",
    [
        (timedelta(), timedelta(minutes=1), True),
        (timedelta(), timedelta(seconds=59), False),
        (timedelta(hours=44), TWO_DAYS, True),
        (timedelta(hours=44, seconds=1), TWO_DAYS, False),
        (timedelta(days=30), TWO_DAYS, False),
    ],
)
def test_giving_up(age: timedelta, give_up_after: timedelta, is_tried_again: bool) -> None:
    attempts = 1 if age == timedelta() else 20
    assert (plan_retry(attempts, CREATED, CREATED + age, give_up_after) is not None) == is_tried_again


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=10)))
def test_tries_come_ever_more_slowly_and_end_in_time(give_up_after: timedelta) -> None:
    tries = [CREATED]
    while (again_at := plan_retry(len(tries), CREATED, tries[-1], give_up_after)) is not None:
        tries.append(again_at)
    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert waits == sorted(waits)
    assert tries[-1] - CREATED <= give_up_after
    assert give_up_after - (tries[-1] - CREATED) < timedelta(hours=4)  # not long before the time is over
