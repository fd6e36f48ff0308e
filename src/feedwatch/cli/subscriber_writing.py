"""`feedwatch subscribers add` and `change`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedwatch.cli.common import DEFAULT_CONFIG, CallError, ConfigFile, load_config, open_store, stdout
from feedwatch.cli.pasting import to_paste
from feedwatch.cli.subscriber_named import declared_at, subscriber_named, subscription_named
from feedwatch.cli.subscriber_options import (
    ChannelOption,
    Email,
    LocaleOption,
    MinStoriesOption,
    NameOption,
    QuietHoursOption,
    ScheduleOption,
    SendEmptyOption,
    SubscriptionOption,
    TimezoneOption,
    WatchlistOption,
    check_watchlists,
    checked,
)
from feedwatch.cli.subscriber_shown import next_due_shown
from feedwatch.errors import StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.jobs.provision import due_after
from feedwatch.store.subscriber_changes import change_subscriber, change_subscription, subscriber_at
from feedwatch.store.subscribers import SubscriberSpec, SubscriptionSpec, add_subscriber

if TYPE_CHECKING:
    from feedwatch.config import Config
    from feedwatch.store.subscriber_changes import SubscriberState, SubscriptionState


def add(
    email: Email,
    name: NameOption = None,
    timezone: TimezoneOption = None,
    locale: LocaleOption = None,
    quiet_hours: QuietHoursOption = None,
    schedule: ScheduleOption = None,
    watchlist: WatchlistOption = None,
    min_stories: MinStoriesOption = None,
    send_empty: SendEmptyOption = None,
    channel: ChannelOption = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add a subscriber; the first digest comes at once, if there is something to tell."""
    loaded = load_config(config)
    given = checked(
        channels_known=loaded.settings.channels,
        email=email,
        name=name or email,
        timezone=timezone,
        locale=locale,
        quiet_hours=quiet_hours,
        schedule=schedule,
        watchlists=watchlist,
        min_stories=min_stories,
        send_empty=send_empty,
        channels=channel,
    )
    _refuse_declared(loaded, email)
    subscription = SubscriptionSpec(**{"name": "Digest", "schedule": "daily", **given.subscription})
    spec = SubscriberSpec(**{**given.subscriber, "subscriptions": (subscription,)})
    with open_store(loaded) as store, store.begin() as session:
        check_watchlists(session, subscription.watchlists)
        try:
            add_subscriber(session, spec, utc_now(), due_after)
        except StoreError as error:
            again = to_paste(config, "subscribers", "change", email)
            raise CallError(f"{error}; to change it:\n  {again} ...") from None
    stdout.print(f"added {email}", markup=False)


def change(
    email: Email,
    name: NameOption = None,
    timezone: TimezoneOption = None,
    locale: LocaleOption = None,
    quiet_hours: QuietHoursOption = None,
    schedule: ScheduleOption = None,
    watchlist: WatchlistOption = None,
    min_stories: MinStoriesOption = None,
    send_empty: SendEmptyOption = None,
    channel: ChannelOption = None,
    subscription: SubscriptionOption = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Change a subscriber that was added: what is given is replaced, the rest stays."""
    loaded = load_config(config)
    given = checked(
        channels_known=loaded.settings.channels,
        name=name,
        timezone=timezone,
        locale=locale,
        quiet_hours=quiet_hours,
        schedule=schedule,
        watchlists=watchlist,
        min_stories=min_stories,
        send_empty=send_empty,
        channels=channel,
    )
    if not given.subscriber and not given.subscription:
        raise CallError("nothing to change: give an option, such as --schedule weekly")
    _refuse_declared(loaded, email)
    with open_store(loaded) as store, store.begin() as session:
        before = subscriber_named(session, email, loaded)
        one = subscription_named(before, subscription) if given.subscription or subscription else None
        check_watchlists(session, given.subscription.get("watchlists", ()))
        now = utc_now()
        try:
            has_changed = change_subscriber(session, before.id, now=now, next_due=due_after, **given.subscriber)
            if one is not None:
                has_changed |= change_subscription(session, one.id, now=now, next_due=due_after, **given.subscription)
        except StoreError as error:
            raise CallError(str(error)) from None
        after = subscriber_at(session, before.email)
    if not has_changed or after is None:
        _say(f"{before.email} is like that already; nothing was changed")
        return
    _say(f"changed {before.email}")
    for other in after.subscriptions:
        _say(f"  {other.name!r}: next digest {_next(other, after)}")


def _refuse_declared(loaded: Config, email: str) -> None:
    if place := declared_at(loaded, email):
        raise CallError(f"{email} is declared by the configuration; change it there:\n  {place}")


def _next(one: SubscriptionState, state: SubscriberState) -> str:
    if one.unsubscribed_at is not None:
        return "none: unsubscribed"
    shown = next_due_shown(one.schedule, one.next_due_at, state.timezone)
    return f"{shown} ({state.timezone})" if one.next_due_at else shown


def _say(sentence: str) -> None:
    stdout.print(sentence, markup=False, soft_wrap=True)
