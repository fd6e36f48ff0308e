"""Schedules as the fields of a form: what the fields say comes back from the schedule that they make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.digest.schedule import parse_schedule
from feedwatch.web.schedule_form import KINDS, OWN, WEEKDAYS, ChosenSchedule, fields_of, schedule_of

TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
CHOSEN = st.builds(ChosenSchedule, st.sampled_from(KINDS), TIMES, st.sampled_from(WEEKDAYS))


@given(CHOSEN)
def test_what_was_chosen_is_shown_again(chosen: ChosenSchedule) -> None:
    schedule = schedule_of(chosen)
    assert schedule is not None
    shown = fields_of(schedule)
    assert shown.kind == chosen.kind
    assert chosen.kind not in ("daily", "weekly") or shown.at == chosen.at
    assert chosen.kind != "weekly" or shown.weekday == chosen.weekday


@given(CHOSEN)
def test_what_was_chosen_is_a_schedule(chosen: ChosenSchedule) -> None:
    assert parse_schedule(str(schedule_of(chosen))).is_instant == (chosen.kind == "instant")


@given(st.text(max_size=12), st.text(max_size=8), st.text(max_size=5))
def test_anything_else_is_none_or_a_schedule(kind: str, at: str, weekday: str) -> None:
    schedule = schedule_of(ChosenSchedule(kind, at, weekday))
    assert schedule is None or parse_schedule(schedule)


@pytest.mark.parametrize(
    "schedule, fields",
    [
        ("instant", ChosenSchedule("instant")),
        ("Daily", ChosenSchedule("daily", "08:00")),
        ("weekly", ChosenSchedule("weekly", "08:00", "mon")),
        ("30 7 * * *", ChosenSchedule("daily", "07:30")),
        ("0 18 * * fri", ChosenSchedule("weekly", "18:00", "fri")),
        ("0 18 * * 0", ChosenSchedule("weekly", "18:00", "sun")),
        ("0 18 * * 7", ChosenSchedule("weekly", "18:00", "sun")),
        ("0 18 * * 1", ChosenSchedule("weekly", "18:00", "mon")),
        ("0 8,18 * * *", ChosenSchedule(OWN)),
        ("*/5 * * * *", ChosenSchedule(OWN)),
        ("0 8 1 * *", ChosenSchedule(OWN)),
        ("0 8 * * mon-fri", ChosenSchedule(OWN)),
        ("0 8 * * foo", ChosenSchedule(OWN)),
        ("0 99 * * *", ChosenSchedule(OWN)),
    ],
)
def test_a_schedule_is_shown_as(schedule: str, fields: ChosenSchedule) -> None:
    assert fields_of(schedule) == fields


@pytest.mark.parametrize(
    "chosen, schedule",
    [
        (ChosenSchedule("daily", "08:00"), "daily"),
        (ChosenSchedule("daily", "7:05"), "5 7 * * *"),
        (ChosenSchedule("daily", "07:05:00"), "5 7 * * *"),
        (ChosenSchedule("weekly", "08:00", "mon"), "weekly"),
        (ChosenSchedule("weekly", "08:00", "tue"), "0 8 * * tue"),
        (ChosenSchedule("hourly", "nonsense", "nonsense"), "hourly"),
        (ChosenSchedule("daily", "24:00"), None),
        (ChosenSchedule("daily", ""), None),
        (ChosenSchedule("weekly", "08:00", "* * *"), None),
        (ChosenSchedule(OWN), None),
    ],
)
def test_fields_are_read_as(chosen: ChosenSchedule, schedule: str | None) -> None:
    assert schedule_of(chosen) == schedule
