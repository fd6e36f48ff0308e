"""`feedwatch watchlists test`: a watchlist tried on the archive, and a change of it before it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from dateutil.tz import tzlocal

from feedwatch.cli.backtest_shown import show_backtest, show_comparison
from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigFile,
    load_config,
    open_store,
    print_json,
    stderr,
    stdout,
)
from feedwatch.cli.drafts import compared_with, drafted
from feedwatch.cli.filtering import Since, parse_when
from feedwatch.cli.watchlist_named import WatchlistName, watchlist_named
from feedwatch.cli.watchlist_options import ExcludeOption, QueryOption, TermOption
from feedwatch.jobs.backtest import back_test, compare
from feedwatch.jobs.context import utc_now
from feedwatch.store.items import ItemFilter
from feedwatch.store.rarity import read_rarity

if TYPE_CHECKING:
    from feedwatch.model import WatchlistDef

Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="OTHER",
        help="What a change to it would gain and lose: another watchlist's name, or a file: a configuration with a "
        "watchlist of this name, or one watchlist's keys.",
    ),
]


def try_out(
    name: WatchlistName,
    since: Since = "30d",
    against: Against = None,
    term: TermOption = None,
    query: QueryOption = None,
    exclude: ExcludeOption = None,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Try a watchlist on the archive: how much it brings, which query brings the noise, and what only repeats another.

    With --term, --query or --exclude it is tried as if these were added, and compared with what it is now.
    """
    loaded = load_config(config)
    wanted = ItemFilter(since=parse_when("--since", since))
    with open_store(loaded) as store, store.read() as session, stderr.status("Searching the archive"):
        saved = watchlist_named(session, name, loaded).definition
        tried = drafted(saved, term, query, exclude)
        rarity = read_rarity(session)
        before, after, named = saved, tried, ("what is saved", "the draft")
        if against is not None:
            before, after = tried, compared_with(session, loaded, against, saved.name)
            named = (_called(tried, is_draft=tried != saved), against)
        found = back_test(session, tried, wanted, utc_now(), tzlocal(), rarity)
        changed = compare(session, before, after, wanted, rarity) if before != after else None
    if as_json:
        print_json({"test": found, "change": changed})
        return
    show_backtest(found)
    if changed is not None:
        show_comparison(changed, *named)
    elif against is not None:
        stdout.print(f"\n{against} has the same: nothing would change.", markup=False, soft_wrap=True)


def _called(definition: WatchlistDef, *, is_draft: bool) -> str:
    return "the draft" if is_draft else repr(definition.name)
