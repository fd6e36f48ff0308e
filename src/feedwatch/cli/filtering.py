"""Which items are meant: the options that `items` and `stories` share, read into the store's filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.common import CallError
from feedwatch.jobs.context import utc_now
from feedwatch.kinds import LANGUAGE, parse_duration
from feedwatch.store.items import ItemFilter
from feedwatch.store.sources import list_sources
from feedwatch.store.watchlists import list_watchlists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from feedwatch.config import Config

_PANEL = "Which ones"
OfSources = Annotated[
    list[str] | None,
    typer.Option(
        "--source", metavar="NAME", help="From this source; give it again for another.", rich_help_panel=_PANEL
    ),
]
OfWatchlist = Annotated[
    str | None, typer.Option("--watchlist", metavar="NAME", help="Matched by this watchlist.", rich_help_panel=_PANEL)
]
InLanguage = Annotated[
    str | None,
    typer.Option("--language", metavar="CODE", help="In this language: en, zh, zh-Hant.", rich_help_panel=_PANEL),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="WHEN", help="Published since: an age such as 7d, or a date.", rich_help_panel=_PANEL
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="WHEN",
        help="Published before: an age, or a date, that day included.",
        rich_help_panel=_PANEL,
    ),
]
WithText = Annotated[
    str | None,
    typer.Option(
        "--text",
        metavar="WORDS",
        help="With this phrase in title or text, read as a watchlist's terms are.",
        rich_help_panel=_PANEL,
    ),
]

AtMost = Annotated[
    int | None,
    typer.Option(
        "--limit",
        "-n",
        metavar="N",
        min=1,
        help="No more than these, the newest: 20 are listed, and all exported, where it is not given.",
        rich_help_panel=_PANEL,
    ),
]
LISTED = 20
"""How many are listed where no limit is given."""


def filters(
    session: Session,
    sources: Sequence[str] | None,
    watchlist: str | None,
    language: str | None,
    since: str | None,
    until: str | None,
) -> tuple[ItemFilter, ...]:
    """One filter a source, or one for all. Raises CallError for what nothing has, and for what cannot be read."""
    oldest, newest = parse_when("--since", since), parse_when("--until", until, to_its_end=True)
    if oldest is not None and newest is not None and oldest >= newest:
        raise CallError(f"--since {since} is not before --until {until}: nothing lies between")
    names = tuple(dict.fromkeys(sources or ()))
    _check_sources(session, names)
    if watchlist is not None:
        _check_watchlist(session, watchlist)
    if language is not None:
        _check_language(language)
    return tuple(
        ItemFilter(source=source, watchlist=watchlist, language=language, since=oldest, until=newest)
        for source in names or (None,)
    )


def named(
    loaded: Config, sources: Sequence[str] | None, watchlist: str | None, language: str | None, text: str | None
) -> tuple[str, ...]:
    """What a feed of these is about, after the domain that tells this install's feeds from another's."""
    about = (*sorted(sources or ()), watchlist, language, text)
    return loaded.settings.mail.list_domain, *filter(None, about)


def parse_when(option: str, value: str | None, *, to_its_end: bool = False) -> datetime | None:
    """`30d` or `2026-11-01` (or with a time) as a UTC time. Raises CallError.

    Dates are those of this machine's zone; to_its_end: a date without a time means the end of its day.
    """
    if value is None:
        return None
    try:
        duration = parse_duration(value)
    except ValueError:
        try:
            moment = datetime.fromisoformat(value)
            if to_its_end and moment.time() == time() and re.fullmatch(r"[\d-]+|[\dW-]+", value.strip()):
                moment += timedelta(days=1)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise CallError(
                f"{option} {value!r}: expected an age such as 12h or 30d, or a date such as 2026-11-01"
            ) from None
    assert isinstance(duration, timedelta)  # noqa: S101 - what parse_duration makes of a string
    return utc_now() - duration


def _check_sources(session: Session, names: Sequence[str]) -> None:
    """A name that nothing has is a slip of the pen, not an empty list."""
    known = {row.name for row in list_sources(session, names)} if names else set()
    for name in names:
        if name not in known:
            every = list_sources(session)
            spoken = {row.title: row.name for row in every} | {row.name: row.name for row in every}
            raise CallError(f"there is no source named {name!r}; {_instead(name, spoken, 'sources list')}")


def _check_watchlist(session: Session, name: str) -> None:
    if not list_watchlists(session, name):
        spoken = {row.name: row.name for row in list_watchlists(session)}
        raise CallError(f"there is no watchlist named {name!r}; {_instead(name, spoken, 'watchlists list')}")


def _check_language(code: str) -> None:
    if not re.match(LANGUAGE, code):
        raise CallError(f"--language {code!r}: expected a code such as en, zh or zh-Hant")


def _instead(name: str, spoken: Mapping[str, str], listing: str) -> str:
    """What to do about a name that nothing has; `spoken` leads from what a thing may be called to its name."""
    near = nearest(name, spoken)
    return f"did you mean {spoken[near]!r}? See 'feedwatch {listing}'" if near else f"see 'feedwatch {listing}'"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Of the known names the one that was meant, as far as can be told: that holds this one, or is spelt much alike."""
    folded = {candidate.casefold(): candidate for candidate in known}
    wanted = name.strip().casefold()
    if not wanted:
        return None
    holding = sorted((candidate for candidate in folded if wanted in candidate), key=len)
    alike = get_close_matches(wanted, folded, n=1)
    return folded[(alike or holding)[0]] if alike or holding else None
