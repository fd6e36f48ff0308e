"""`init`, `check`, `run` and `poll`."""

from __future__ import annotations

import asyncio
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.channels import check_channels
from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    open_store,
    plural,
    print_json,
    program,
    stdout,
)
from feedwatch.cli.doubts import doubts
from feedwatch.cli.example import example_files
from feedwatch.cli.progress import PollingBar
from feedwatch.cli.summary import print_cycle, print_first_cycle
from feedwatch.engine import run_daemon
from feedwatch.jobs.context import open_context, utc_now
from feedwatch.jobs.poll import CycleReport, PollOutcome, poll_due
from feedwatch.jobs.provision import provision, release_dead_leases
from feedwatch.store.claims import count_due_sources
from feedwatch.store.sources import list_sources

if TYPE_CHECKING:
    from feedwatch.config import Config
    from feedwatch.engine import FirstCycle
    from feedwatch.store import Store


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(init)
    app.command()(check)
    app.command()(run)
    app.command()(poll)


def init(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write it.")] = Path()) -> None:
    """Write an example config.yaml, with a sample feed beside it, to start from."""
    for _, name in example_files():
        target = folder / name
        if target.exists():
            raise CallError(f"{target} exists already; nothing was written over it")
    for source, name in example_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        stdout.print(f"wrote {target}", markup=False)
    written = folder / DEFAULT_CONFIG
    named = "" if written == DEFAULT_CONFIG else f" --config {shlex.quote(str(written))}"
    stdout.print(f"Look through {written}, then: {program()} run{named}", markup=False, soft_wrap=True)


def check(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Check the configuration, and say what it comes to and what of it is doubtful."""
    loaded = load_config(config)
    check_channels(loaded)
    settings = loaded.settings
    mail = settings.mail.smtp
    counts = (
        plural(len(settings.sources), "source"),
        plural(len(settings.watchlists), "watchlist"),
        plural(len(settings.subscribers), "subscriber"),
    )
    stdout.print(f"{config} is fine: {', '.join(counts)}.", markup=False)
    goes = f"through {mail.host}:{mail.port}" if mail else f"into the folder {settings.outbox} (no mail.smtp is set)"
    stdout.print(f"Mail goes {goes}.", markup=False, soft_wrap=True)
    where = settings.database or settings.database_url
    stdout.print(f"The database is {_without_password(where)}.", markup=False, soft_wrap=True)
    if found := list(doubts(loaded)):
        stdout.print(f"\n{plural(len(found), 'thing')} in it may not be meant so:")
        for sentence in found:
            stdout.print(sentence, markup=False, soft_wrap=True)


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    credentials, at, place = rest.rpartition("@")
    return f"{scheme}://{credentials.partition(':')[0]}:***@{place}" if at and ":" in credentials else url


def run(
    config: ConfigFile = DEFAULT_CONFIG,
    once: Annotated[bool, typer.Option("--once", help="Leave after the first cycle.")] = False,
) -> None:
    """Run the daemon: a first cycle with a summary, then on until Ctrl-C. SIGHUP reads the configuration again."""
    asyncio.run(run_daemon(load_config(config), onlooker=_Terminal(goes_on=not once), once=once))


class _Terminal:
    """The person who started the daemon: sees a bar, then a summary."""

    def __init__(self, *, goes_on: bool) -> None:
        self._goes_on = goes_on
        self._bar = PollingBar()

    def begin(self, total: int) -> None:
        self._bar.begin(total)

    def visited(self, outcome: PollOutcome) -> None:
        self._bar.visited(outcome)

    def end(self, cycle: FirstCycle | None) -> None:
        self._bar.end()
        if cycle is not None:
            print_first_cycle(cycle, goes_on=self._goes_on)


def poll(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Sources to poll now, due or not.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
    everything: Annotated[bool, typer.Option("--all", help="Poll every enabled source now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Poll what is due, or the named sources now, once; makes no digests."""
    loaded = load_config(config)
    with open_store(loaded) as store:
        provision(store, loaded.settings, utc_now())
        wanted = _wanted(store, names or [], everything=everything)
        with store.read() as session:
            total = count_due_sources(session, utc_now()) if wanted is None else len(wanted)
        report = asyncio.run(_poll(loaded, store, wanted, total))
    if as_json:
        print_json(
            {
                "polled": report.polled,
                "outcomes": dict(report.outcomes),
                "errors": [{"source": source, "error": error} for source, error in report.errors],
                "new_items": report.new_items,
                "new_stories": report.new_stories,
                "matches": dict(report.matches),
                "elapsed_s": round(report.elapsed_s, 3),
            }
        )
    else:
        print_cycle(report)
        if wanted is not None and (held := len(wanted) - report.polled) > 0:
            stdout.print(f"{plural(held, 'source')} left out: another process is polling them just now.")
    if report.outcomes["error"] and (names or report.outcomes["error"] == report.polled):
        raise typer.Exit(1)


def _wanted(store: Store, names: list[str], *, everything: bool) -> set[str] | None:
    if not names and not everything:
        return None
    with store.read() as session:
        rows = {row.name: row for row in list_sources(session)}
    for name in names:
        if name not in rows:
            raise CallError(f"there is no source named {name!r}; see 'feedwatch sources list'")
        if not rows[name].enabled and rows[name].gone_at is None:  # one that is gone may be back
            raise CallError(f"{name} is not polled: {rows[name].disabled_why}; see 'feedwatch sources show {name}'")
    return set(names) or {name for name, row in rows.items() if row.enabled}


async def _poll(loaded: Config, store: Store, names: set[str] | None, total: int) -> CycleReport:
    bar = PollingBar()
    async with open_context(loaded.settings, store) as context:
        release_dead_leases(store, context.owner)
        bar.begin(total)
        try:
            return await poll_due(context, names=names, on_outcome=bar.visited)
        finally:
            bar.end()
