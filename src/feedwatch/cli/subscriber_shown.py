"""One subscriber in full, for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.text import Text

from feedwatch.cli.common import plural, stdout

if TYPE_CHECKING:
    from feedwatch.store.subscriber_changes import SubscriberState, SubscriptionState

_WIDTH = 13


def print_subscriber(state: SubscriberState, place: str) -> None:
    """A heading and a line for each thing; then the same for each subscription. place: where they are declared."""
    stdout.print(Text(f"{state.name} <{state.email}>", style="bold"))
    for label, value, style in _about(state, place):
        _line(label, value, style)
    for one in state.subscriptions:
        stdout.print()
        stdout.print(Text(one.name, style="bold"))
        for label, value, style in _subscription(one, state):
            _line(label, value, style)
    if not state.subscriptions:
        _line("", "no subscription: nothing is sent", "yellow")


def next_due_shown(schedule: str | None, due: datetime | None, timezone: str) -> str:
    """`2026-11-24 08:00` on the subscriber's clock."""
    if due is None:
        return "with the next match" if schedule == "instant" else "-"
    return _at(due, timezone)


def _about(state: SubscriberState, place: str) -> Iterator[tuple[str, str, str]]:
    if not state.enabled:
        yield "disabled", f"by {place}" if place else "declared no more", "yellow"
    if state.paused:
        yield "paused", f"to go on: feedwatch subscribers resume {state.email}", "yellow"
    if state.blocked_at is not None:
        yield "blocked", f"since {_at(state.blocked_at, state.timezone)}: {state.blocked_why or 'bounces'}", "red"
        yield "", f"when the address works again: feedwatch subscribers resume {state.email}", ""
    yield "from", place or f"added {_at(state.added_at, state.timezone)}", ""
    yield "time zone", f"{state.timezone}; all times here are of its clock", ""
    yield "language", state.locale, ""
    yield "quiet hours", state.quiet_hours or "none", ""


def _subscription(one: SubscriptionState, state: SubscriberState) -> Iterator[tuple[str, str, str]]:
    if one.unsubscribed_at is not None:
        yield "unsubscribed", _at(one.unsubscribed_at, state.timezone), "yellow"
    yield "schedule", one.schedule, ""
    silent = one.unsubscribed_at is not None or state.paused or state.blocked_at is not None or not state.enabled
    yield "next digest", "none" if silent else next_due_shown(one.schedule, one.next_due_at, state.timezone), ""
    yield "watchlists", ", ".join(one.watchlists) or "all", ""
    yield "channels", ", ".join(one.channels), ""
    if one.min_stories > 1:
        yield "stories", f"at least {one.min_stories}; fewer wait for the next digest", ""
    yield "when empty", "nothing is sent" if one.skip_if_empty else "a mail comes all the same", ""
    yield "so far", plural(one.edition_count, "edition"), ""


def _line(label: str, value: str, style: str) -> None:
    stdout.print(Text(f"  {label:<{_WIDTH}}", style="dim") + Text(value, style=style), soft_wrap=True)


def _at(moment: datetime, timezone: str) -> str:
    return moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
