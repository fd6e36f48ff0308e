"""A schedule as the fields of a form: how often, at what time, on which day; and what is none of that as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("instant", "hourly", "daily", "weekly")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OWN = "own"
"""The kind of a cron line that no form makes: it can be kept."""
_USUAL = "08:00"
_DAY_AND_TIME = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (\*|[a-z]{3}|[0-7])")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:\d\d)?")


@dataclass(frozen=True, slots=True)
class ChosenSchedule:
    """What the fields say. `at` and `weekday` count for some kinds alone."""

    kind: str
    at: str = _USUAL
    weekday: str = "mon"


def fields_of(schedule: str) -> ChosenSchedule:
    """The fields that a schedule is shown by."""
    text = " ".join(schedule.lower().split())
    if text in KINDS:
        return ChosenSchedule(text)
    found = _DAY_AND_TIME.fullmatch(text)
    if found is None or int(found[1]) > 59 or int(found[2]) > 23:  # noqa: PLR2004 - a clock's
        return ChosenSchedule(OWN)
    at = f"{int(found[2]):02}:{int(found[1]):02}"
    if found[3] == "*":
        return ChosenSchedule("daily", at)
    weekday = WEEKDAYS[(int(found[3]) - 1) % 7] if found[3].isdigit() else found[3]
    return ChosenSchedule("weekly", at, weekday) if weekday in WEEKDAYS else ChosenSchedule(OWN)


def schedule_of(chosen: ChosenSchedule) -> str | None:
    """The schedule that the fields ask for; None where they make no sense, and for `own`."""
    found = _TIME.fullmatch(chosen.at.strip())
    if chosen.kind in ("instant", "hourly"):
        return chosen.kind
    if chosen.kind not in KINDS or found is None or chosen.weekday not in WEEKDAYS:
        return None
    hour, minute = int(found[1]), int(found[2])
    if chosen.kind == "daily":
        return "daily" if f"{hour:02}:{minute:02}" == _USUAL else f"{minute} {hour} * * *"
    is_usual = f"{hour:02}:{minute:02}" == _USUAL and chosen.weekday == "mon"
    return "weekly" if is_usual else f"{minute} {hour} * * {chosen.weekday}"
