"""The options of a subscriber on the command line, and what is wrong with a value, with what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import available_timezones

import typer
from pydantic import ValidationError

from feedwatch.cli.common import CallError
from feedwatch.cli.filtering import nearest
from feedwatch.declared import MAIL, SubscriberSettings, SubscriptionSettings
from feedwatch.digest import parse_schedule
from feedwatch.errors import ScheduleError
from feedwatch.store.watchlists import list_watchlists

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails
    from sqlalchemy.orm import Session

_WHO, _WHAT = "Who", "What is sent, and when"

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The subscriber's mail address.")]
NameOption = Annotated[
    str | None, typer.Option("--name", help="What mails are addressed to; the address otherwise.", rich_help_panel=_WHO)
]
TimezoneOption = Annotated[
    str | None,
    typer.Option(
        "--timezone", metavar="ZONE", help="Of the schedule and of the times shown, such as Asia/Hong_Kong; UTC "
        "otherwise.", rich_help_panel=_WHO,
    ),
]  # fmt: skip
LocaleOption = Annotated[
    str | None,
    typer.Option(
        "--locale", metavar="TAG", help="The language of the mail's own words: en, zh-Hans or zh-Hant; en otherwise.",
        rich_help_panel=_WHO,
    ),
]  # fmt: skip
QuietHoursOption = Annotated[
    str | None,
    typer.Option(
        "--quiet-hours", metavar="HH:MM-HH:MM", help='When no alert comes, such as 22:00-07:00; "" for never.',
        rich_help_panel=_WHO,
    ),
]  # fmt: skip
ScheduleOption = Annotated[
    str | None,
    typer.Option(
        "--schedule", help="instant, hourly, daily, weekly, or a cron line; daily otherwise.", rich_help_panel=_WHAT
    ),
]
WatchlistOption = Annotated[
    list[str] | None,
    typer.Option(
        "--watchlist", metavar="NAME", help='May be given several times; all otherwise ("" to go back to all).',
        rich_help_panel=_WHAT,
    ),
]  # fmt: skip
MinStoriesOption = Annotated[
    int | None,
    typer.Option("--min-stories", metavar="N", help="A digest of fewer waits for the next.", rich_help_panel=_WHAT),
]
SendEmptyOption = Annotated[
    bool | None,
    typer.Option(
        "--send-empty/--skip-empty", help="Whether a mail comes when there is nothing to tell.", rich_help_panel=_WHAT
    ),
]
ChannelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--channel", metavar="NAME", help="mail, or a configured channel; may be given several times.",
        rich_help_panel=_WHAT,
    ),
]  # fmt: skip
SubscriptionOption = Annotated[
    str | None,
    typer.Option("--subscription", metavar="NAME", help="Which one, where there are several.", rich_help_panel=_WHAT),
]

_OPTIONS = {
    "name": "--name", "email": "EMAIL", "timezone": "--timezone", "locale": "--locale", "quiet_hours": "--quiet-hours",
    "schedule": "--schedule", "min_stories": "--min-stories",
}  # fmt: skip
"""Which option gives each key."""


@dataclass(frozen=True, slots=True)
class Given:
    """The checked values of the options that were given; None for those that were not.

    `timezone`, `locale` and the like are as the configuration would hold them.
    """

    subscriber: Mapping[str, Any]
    """By the key of a subscriber's settings."""
    subscription: Mapping[str, Any]
    """By the key of a subscription's settings."""


def checked(
    *,
    channels_known: Iterable[str],
    email: str | None = None,
    name: str | None = None,
    timezone: str | None = None,
    locale: str | None = None,
    quiet_hours: str | None = None,
    schedule: str | None = None,
    watchlists: Sequence[str] | None = None,
    min_stories: int | None = None,
    send_empty: bool | None = None,
    channels: Sequence[str] | None = None,
) -> Given:
    """What was given, as the configuration would hold it. Raises CallError with a line for each thing that is wrong."""
    about = {"email": email, "name": name, "timezone": timezone, "locale": locale, "quiet_hours": quiet_hours}
    what = {
        "schedule": schedule,
        "watchlists": None if watchlists is None else tuple(one for one in watchlists if one),
        "min_stories": min_stories,
        "skip_if_empty": None if send_empty is None else not send_empty,
        "channels": None if channels is None else tuple(dict.fromkeys(channels)),
    }
    subscriber = {key: value for key, value in about.items() if value is not None}
    subscription = {key: value for key, value in what.items() if value is not None}
    problems = [*_problems(subscriber, subscription), *_unknown_channels(channels or (), channels_known)]
    if problems:
        raise CallError("\n".join(problems))
    settings = SubscriberSettings.model_validate({"name": "A", "email": "a@b", **subscriber})
    return Given({key: getattr(settings, key) for key in subscriber}, subscription)


def check_watchlists(session: Session, names: Sequence[str]) -> None:
    """Raise CallError, with the nearest, for a watchlist that does not exist."""
    known = {row.name.casefold(): row.name for row in list_watchlists(session)}
    for name in names:
        if name.casefold() not in known:
            near = nearest(name, known.values())
            meant = f"did you mean {near!r}?" if near else "see 'feedwatch watchlists list'"
            raise CallError(f"--watchlist: there is no watchlist named {name!r}; {meant}")


def _problems(subscriber: Mapping[str, Any], subscription: Mapping[str, Any]) -> list[str]:
    problems = []
    for settings, values in (
        (SubscriberSettings, {"name": "A", "email": "a@b", **subscriber}),
        (SubscriptionSettings, dict(subscription)),
    ):
        try:
            settings.model_validate(values)
        except ValidationError as error:
            problems += [_problem(detail) for detail in error.errors(include_url=False)]
    try:
        parse_schedule(subscription.get("schedule", "daily"))
    except ScheduleError as error:
        problems.append(f"--schedule {subscription['schedule']!r}: {error}")
    return problems


def _problem(detail: ErrorDetails) -> str:
    key, written = str(detail["loc"][0]), detail["input"]
    sentence = str(detail["ctx"]["error"]) if detail["type"] == "value_error" else f"expected {_expected(key)}"
    near = nearest(str(written), available_timezones()) if key == "timezone" else None
    return f"{_OPTIONS.get(key, key)} {written!r}: {sentence}" + (f"; did you mean {near}?" if near else "")


def _expected(key: str) -> str:
    return {
        "locale": "a language tag such as en, zh-Hans or zh-Hant",
        "min_stories": "a number from 1 to 1000",
        "name": "one line of text with no space at its ends",
    }.get(key, "another value")


def _unknown_channels(channels: Iterable[str], known: Iterable[str]) -> list[str]:
    names = {name: name for name in (MAIL, *known)}
    return [
        f"--channel {name!r}: there is no such channel; "
        + (f"did you mean {near!r}?" if (near := nearest(name, names)) else f"there are: {', '.join(names)}")
        for name in channels
        if name not in names
    ]
