"""`feedwatch watchlists suggest`: what a watchlist could have, or should leave out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.text import Text

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    ConfigFile,
    load_config,
    open_store,
    plural,
    print_json,
    stderr,
    stdout,
)
from feedwatch.cli.filtering import Since, parse_when
from feedwatch.cli.watchlist_named import WatchlistName, watchlist_named
from feedwatch.digest.columns import clip, columns
from feedwatch.jobs.suggest import Suggestion, Suggestions
from feedwatch.jobs.suggest import suggest as suggest_phrases
from feedwatch.store.items import ItemFilter
from feedwatch.store.rarity import read_rarity

_WIDEST_PHRASE = 32
_LEAST_TITLE = 20


def suggest(
    name: WatchlistName, since: Since = "90d", config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False
) -> None:
    """Words and phrases that stand out in what a watchlist finds: some to add, some to exclude."""
    loaded = load_config(config)
    wanted = ItemFilter(since=parse_when("--since", since))
    with open_store(loaded) as store, store.read() as session, stderr.status("Searching the archive"):
        definition = watchlist_named(session, name, loaded).definition
        found = suggest_phrases(session, definition, wanted, read_rarity(session))
    if as_json:
        print_json(found)
        return
    _show(definition.name, found)


def _show(name: str, found: Suggestions) -> None:
    stdout.print(Text(name, style="bold"))
    of_all = "" if found.read_stories == found.stories else f"{found.read_stories:,} of "
    sampled = "" if found.step == 1 else f", one in {found.step:,} of the archive"
    _line(
        f"  {of_all}{plural(found.stories, 'story', 'stories')} compared with "
        f"{plural(found.background, 'other item')}{sampled}"
    )
    about = "" if found.step == 1 else "about "
    _group(
        "To add: what stands out in its stories, and others have too",
        found.to_add,
        lambda one: (f"in {one.inside:,} of {one.inside_of:,}", f"and {about}{one.outside:,} others"),
    )
    _group(
        "To exclude: what stands out in its stories that are rated low",
        found.to_exclude,
        lambda one: (f"in {one.inside:,} of {one.inside_of:,}", f"and {one.outside:,} rated higher"),
    )
    if not found.to_add and not found.to_exclude:
        _line("  Nothing stands out. It takes three stories or more that share a phrase which is rare elsewhere.")


def _group(title: str, suggestions: Sequence[Suggestion], counts: Callable[[Suggestion], tuple[str, str]]) -> None:
    """A line each: the phrase, how many have it, how surprising that is, and the title of one that has it."""
    if not suggestions:
        return
    stdout.print()
    stdout.print(Text(title, style="bold"))
    rows = [(clip(one.phrase, _WIDEST_PHRASE), *counts(one), f"{one.likelihood:,.0f}") for one in suggestions]
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for one, (phrase, inside, outside, likelihood) in zip(suggestions, rows, strict=True):
        cells = (_padded(phrase, widths[0]), inside.rjust(widths[1]), _padded(outside, widths[2]))
        line = f"  {'  '.join(cells)}  {likelihood.rjust(widths[3])}"
        room = stdout.width - columns(line) - 2
        title_shown = one.example if not stdout.is_terminal else clip(one.example, room) if room >= _LEAST_TITLE else ""
        stdout.print(Text(line) + Text(f"  {title_shown}" if title_shown else "", style="dim"), soft_wrap=True)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def _line(line: str) -> None:
    stdout.print(Text(line), soft_wrap=not stdout.is_terminal)
