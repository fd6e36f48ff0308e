from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.deliver.pace import Pace
from feedwatch.deliver.rates import Bucket
from feedwatch.settings import SmtpSettings

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@given(st.integers(1, 60), st.lists(st.floats(0, 30), min_size=1, max_size=40))
def test_no_minute_sees_more_than_it_may(per_minute: int, waits: list[float]) -> None:
    bucket, now, sent = Bucket(per_minute), NOW, []
    for wait in waits:
        now += timedelta(seconds=wait)
        while bucket.take(now):
            sent.append(now)
    for first, one_too_many in zip(sent, sent[per_minute:], strict=False):
        assert one_too_many - first >= timedelta(minutes=1)


@pytest.mark.parametrize("per_minute", [1, 2, 7, 60, 600])
def test_who_asks_often_gets_most_of_it(per_minute: int) -> None:
    bucket = Bucket(per_minute)
    sent = sum(bucket.take(NOW + 2 * SECOND * tick) for tick in range(30 * 10 + 1) for _ in range(per_minute))
    assert 8 * per_minute <= sent <= 10 * per_minute + per_minute


def test_a_wait_is_long_enough_and_no_longer() -> None:
    bucket = Bucket(60)
    while bucket.take(NOW):
        pass
    wait = bucket.wait(NOW)
    assert not bucket.take(NOW + wait - SECOND / 10)
    assert bucket.take(NOW + wait)


def test_a_clock_set_back_gives_nothing() -> None:
    bucket = Bucket(10)
    assert bucket.take(NOW)
    assert not bucket.take(NOW - timedelta(days=1))


def pace(**settings: object) -> Pace:
    made = Pace()
    made.use(SmtpSettings.model_validate({"host": "mail.example.org"} | settings))
    return made


class TestADomain:
    def test_that_has_its_fill_waits_longer_mail_by_mail_and_no_other_does(self) -> None:
        paced = pace(domains={"Slow.example": 6})
        assert paced.wait_for("a@slow.example", NOW) is None
        waits = [paced.wait_for(f"{name}@SLOW.example", NOW) for name in "bcd"]
        assert waits == [10 * SECOND, 20 * SECOND, 30 * SECOND]
        assert paced.wait_for("a@quick.example", NOW) is None

    def test_takes_each_at_the_time_it_was_told(self) -> None:
        paced = pace(domains={"slow.example": 6})
        paced.wait_for("a@slow.example", NOW)
        for seconds in (10, 20, 30):
            assert paced.wait_for("b@slow.example", NOW + seconds * SECOND) is None


class TestTheServer:
    def test_is_given_no_more_than_its_rate(self) -> None:
        paced = pace(per_minute=60)
        assert paced.allowed(NOW, 100) == 6
        for _ in range(6):
            assert paced.wait_for("a@example.org", NOW) is None
        assert paced.allowed(NOW, 100) == 0
        assert paced.allowed(NOW + 2 * SECOND, 100) == 1

    def test_that_is_down_rests_ever_longer_and_is_tried_with_one(self) -> None:
        paced, now, rests = pace(), NOW, []
        for _ in range(9):
            until = paced.rest(now)
            assert paced.rest(now + SECOND) == until  # what another connection met
            assert paced.allowed(until - SECOND, 100) == 0
            assert paced.allowed(until, 100) == 1
            rests.append((until - now).total_seconds())
            now = until
        assert rests == [10, 20, 40, 80, 160, 320, 600, 600, 600]
        paced.revive()
        assert paced.allowed(now, 100) == 100

    def test_is_believed_anew_when_its_settings_change(self) -> None:
        paced = pace()
        paced.rest(NOW)
        paced.use(SmtpSettings(host="other.example.org"))
        assert paced.allowed(NOW, 100) == 100

    def test_keeps_its_rest_from_one_emptying_of_the_outbox_to_the_next(self) -> None:
        paced = pace()
        paced.rest(NOW)
        paced.use(SmtpSettings(host="mail.example.org"))
        assert paced.allowed(NOW, 100) == 0
