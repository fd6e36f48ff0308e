"""`feedwatch subscribers`: list, show, pause, resume, unsubscribe and remove; adding and changing are beside it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli import subscriber_writing
from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    open_store,
    plural,
    print_json,
    print_table,
    stdout,
)
from feedwatch.cli.pasting import to_paste
from feedwatch.cli.subscriber_named import declared_at, subscriber_named, subscription_named
from feedwatch.cli.subscriber_options import Email, SubscriptionOption
from feedwatch.cli.subscriber_shown import next_due_shown, print_subscriber
from feedwatch.errors import StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.jobs.provision import due_after
from feedwatch.store.subscriber_changes import resubscribe, set_paused, unsubscribe
from feedwatch.store.subscriber_removal import remove_subscriber
from feedwatch.store.subscribers import list_subscribers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from feedwatch.config import Config
    from feedwatch.store.subscribers import SubscriberRow

app = typer.Typer(no_args_is_help=True, help="Who is told.")
app.command("add")(subscriber_writing.add)
app.command("change")(subscriber_writing.change)

_COLUMNS = ("address", "name", "subscription", "schedule", "watchlists", "channels", "next digest", "editions", "why")


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every subscriber with their subscriptions, and when the next digest is due on their clock."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_subscribers(session)
    if as_json:
        print_json(rows)
        return
    empty = "No subscribers yet. Declare some in config.yaml, or: feedwatch subscribers add EMAIL"
    print_table(
        _COLUMNS,
        map(_cells, rows),
        empty=empty,
        widest="address",
        below={"schedule": "", "why": "blocked: "},
        where_room={"name", "watchlists", "channels"},
    )


def _cells(row: SubscriberRow) -> tuple[str | Text, ...]:
    quiet = f", quiet {row.quiet_hours}" if row.quiet_hours else ""
    return (
        row.email,
        row.name,
        row.subscription or "-",
        f"{row.schedule} ({row.timezone}{quiet})" if row.schedule else "-",
        ", ".join(row.watchlists) or "all",
        ", ".join(row.channels) or "-",
        _next(row),
        str(row.edition_count),
        row.blocked_why or "" if row.blocked_at else "",
    )


def _next(row: SubscriberRow) -> Text:
    """When the next digest comes, or why none does."""
    for holds, state, style in (
        (not row.enabled, "disabled", "dim"),
        (row.blocked_at is not None, "blocked", "red"),
        (row.paused, "paused", "yellow"),
        (row.unsubscribed_at is not None, "unsubscribed", "dim"),
        (row.subscription is None, "-", ""),
    ):
        if holds:
            return Text(state, style=style)
    return Text(next_due_shown(row.schedule, row.next_due_at, row.timezone))


@app.command()
def show(email: Email, config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Everything about one subscriber."""
    loaded = load_config(config)
    with open_store(loaded) as store, store.read() as session:
        state = subscriber_named(session, email, loaded)
    if as_json:
        print_json(state)
        return
    print_subscriber(state, declared_at(loaded, state.email))


@app.command()
def pause(email: Email, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Send this subscriber nothing until resumed."""
    with _writing(config) as (loaded, session):
        state = subscriber_named(session, email, loaded)
        set_paused(session, state.id, True)
    resumed = to_paste(config, "subscribers", "resume", state.email)
    _say(f"{state.email} is paused already" if state.paused else f"paused {state.email}; to go on: {resumed}")


@app.command()
def resume(email: Email, subscription: SubscriptionOption = None, config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Send again: to who is paused, or blocked after bounces; what came meanwhile is in the next digest.

    With --subscription, take back that this one was unsubscribed. Do so only when its reader has asked for it.
    """
    with _writing(config) as (loaded, session):
        state = subscriber_named(session, email, loaded)
        if subscription is not None:
            named = subscription_named(state, subscription)
            is_back = resubscribe(session, named.id, utc_now(), due_after)
            _say(f"{state.email} gets {named.name!r} {'again' if is_back else 'already'}")
        else:
            set_paused(session, state.id, False)
            lifted = [word for word, held in (("paused", state.paused), ("blocked", state.blocked_at)) if held]
            _say(f"resumed {state.email}" if lifted else f"{state.email} is neither paused nor blocked")
    ended = [one.name for one in state.subscriptions if one.unsubscribed_at]
    if subscription is None and ended:
        again = to_paste(config, "subscribers", "resume", state.email, "--subscription", ended[0])
        _say(f"{', '.join(map(repr, ended))} stays unsubscribed; if its reader wants it again:\n  {again}")
    if not state.enabled:
        _say(f"{state.email} is still switched off: {declared_at(loaded, state.email) or 'no longer declared'}")


@app.command("unsubscribe")
def unsubscribe_(
    email: Email,
    subscription: SubscriptionOption = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """End a subscription, or all of a subscriber's, as if they had followed the link in the mail.

    It outlasts what the configuration declares.
    """
    with _writing(config) as (loaded, session):
        state = subscriber_named(session, email, loaded)
        chosen = state.subscriptions if subscription is None else (subscription_named(state, subscription),)
        ended = [one.name for one in chosen if unsubscribe(session, one.id, utc_now())]
    _say(f"unsubscribed {state.email} from {', '.join(map(repr, ended))}" if ended else "unsubscribed already")


@app.command()
def remove(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Forget a subscriber that was added: the address, the subscriptions and what they were told."""
    loaded = load_config(config)
    if place := declared_at(loaded, email):
        raise CallError(f"{email} is declared by the configuration; remove it there:\n  {place}")
    with open_store(loaded) as store:
        with store.read() as session:
            state = subscriber_named(session, email, loaded)
        editions = sum(one.edition_count for one in state.subscriptions)
        if not yes and not typer.confirm(f"Forget {state.email} and {plural(editions, 'edition')}?"):
            raise typer.Exit(1)
        with store.begin() as session:
            try:
                removed = remove_subscriber(session, state.id)
            except StoreError as error:
                raise CallError(str(error)) from None
    _say(f"removed {state.email}" + (f" and {plural(removed, 'edition')}" if removed else ""))


@contextmanager
def _writing(config: Path) -> Iterator[tuple[Config, Session]]:
    loaded = load_config(config)
    with open_store(loaded) as store, store.begin() as session:
        yield loaded, session


def _say(sentence: str) -> None:
    stdout.print(sentence, markup=False, soft_wrap=True)
