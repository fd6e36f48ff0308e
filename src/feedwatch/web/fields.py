"""What forms ask for on several pages: schedules in words, time zones by area, and what of a form can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from feedwatch.digest.words import cldr
from feedwatch.web.schedule_form import OWN, WEEKDAYS, ChosenSchedule, fields_of, schedule_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.datastructures import FormData

    from feedwatch.web.words import Words

_AREAS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip
USUAL_ZONE: Mapping[str, str] = {"en": "UTC", "zh-Hans": "Asia/Shanghai", "zh-Hant": "Asia/Hong_Kong"}
"""What is chosen before anybody chose, by the page's language: pages without scripts cannot ask the browser."""


@dataclass(frozen=True, slots=True)
class ShownSchedule:
    """A schedule as a page shows it."""

    told: str
    """In words; a cron line as it is."""
    fields: ChosenSchedule
    own: str
    """The cron line that no field can say, else ""."""


def show_schedule(schedule: str, said: Words) -> ShownSchedule:
    """The schedule in words, and as fields."""
    fields = fields_of(schedule)
    day = cldr(said.locale).days["format"]["wide"][WEEKDAYS.index(fields.weekday)]
    told = {
        "instant": said("At once, when something comes"),
        "hourly": said("Every hour"),
        "daily": said("Every day at {time}", time=fields.at),
        "weekly": said("Every {day} at {time}", day=day, time=fields.at),
        OWN: schedule,
    }[fields.kind]
    return ShownSchedule(told, fields, schedule if fields.kind == OWN else "")


def weekdays(said: Words) -> list[tuple[str, str]]:
    """Each day's value in a form, and its name."""
    names = cldr(said.locale).days["stand-alone"]["wide"]
    return [(value, names[number]) for number, value in enumerate(WEEKDAYS)]


@cache
def zones_by_area() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The time zones that are named by a place, by area, and UTC before them."""
    zones = sorted(zone for zone in available_timezones() if zone.partition("/")[0] in _AREAS)
    areas = ((area, tuple(zone for zone in zones if zone.startswith(f"{area}/"))) for area in _AREAS)
    return (("UTC", ("UTC",)), *areas)


def zones_with(zone: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The same, with one more where it is none of them: what somebody has can be kept."""
    known = zones_by_area()
    return known if any(zone in zones for _, zones in known) else (("…", (zone,)), *known)


def chosen_schedule(form: FormData) -> ChosenSchedule:
    """The fields of a schedule as they were sent, whatever they say."""
    return ChosenSchedule(field(form, "often"), field(form, "at"), field(form, "weekday"))


def wanted_schedule(form: FormData) -> str | None:
    """The schedule that was chosen; None where the fields make no sense."""
    return schedule_of(chosen_schedule(form))


def wanted_watchlists(form: FormData, choices: Sequence[str]) -> tuple[str, ...]:
    """The watchlists that were ticked, of those that may be chosen."""
    ticked = {str(value) for value in form.getlist("watchlist")}
    return tuple(name for name in choices if name in ticked)


def is_zone(zone: str) -> bool:
    """Whether there is such a time zone."""
    return zone in available_timezones()


def field(form: FormData, name: str) -> str:
    """A field's text, on one line; "" where it was not sent."""
    return " ".join(str(form.get(name, "")).split())
