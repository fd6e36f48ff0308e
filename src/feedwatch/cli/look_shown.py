"""What `feedwatch sources try` shows a person."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from feedwatch.cli.common import local, plural, stdout
from feedwatch.cli.pasting import to_paste
from feedwatch.cli.source_options import options_of, path_of
from feedwatch.kinds import show_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from feedwatch.jobs.look import Look
    from feedwatch.model import Document, Item, UpdateHints
    from feedwatch.sources.discovery import Candidate

_NARROWEST = 20
_WIDEST = 160
"""How much of an item's text is shown."""
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def show_look(look: Look, limit: int, config: Path) -> None:
    """A feed, sitemap or page by selectors with its first `limit` items; of any other page what it leads to."""
    if look.document is None:
        _show_page(look, config)
        return
    read_as = {"feed": "a feed", "sitemap": "a sitemap", "page": "a page, read by selectors"}[look.traits.kind]
    titled = f": {look.document.title}" if look.document.title else ""
    _line(_shown(look.traits.url), bold=True)
    show_facts([("is", read_as + titled), *_facts(look, look.document)])
    for item in look.items[:limit]:
        stdout.print()
        _show_item(item)
    if 0 < limit < len(look.items):
        _line(f"\n{len(look.items) - limit:,} more; see --limit")
    stdout.print()
    _line("To add it:")
    _line(f"  {_to_add(look, config)}")


def show_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Label and value, one a line; on a terminal long values go on below, no word of them broken."""
    listed = list(facts)
    width = max(len(label) for label, _ in listed)
    room = max(_NARROWEST, stdout.width - width - 4) if stdout.is_terminal else None
    for label, value in listed:
        wrapped = textwrap.wrap(value, room, break_long_words=False, break_on_hyphens=False) if room else [value]
        for number, line in enumerate(wrapped or [""]):
            _line(f"  {'' if number else label:<{width}}  {line}")


def _to_add(look: Look, config: Path) -> str:
    traits = look.traits
    words = [_shown(look.fetched.moved_to or traits.url)]
    words += options_of(traits.selectors) if traits.selectors else []
    words += ["--timezone", traits.timezone] if traits.timezone != "UTC" else []
    words += ["--full-text"] if traits.full_text else []
    return to_paste(config, "sources", "add", *words)


def _shown(address: str) -> str:
    return path_of(address) if address.startswith("file:") else address


def _facts(look: Look, document: Document) -> Iterator[tuple[str, str]]:
    if look.fetched.moved_to is not None:
        yield "moved to", f"{look.fetched.moved_to}, for good as the server says"
    elif look.fetched.url != look.traits.url:
        yield "redirects to", look.fetched.url
    if look.read_sitemap is not None:
        yield "lists", f"{plural(look.sitemaps, 'sitemap')}; below, what is new in {look.read_sitemap}"
    yield "items", f"{len(look.items):,}" if look.items else "none yet"
    if document.language:
        yield "language", document.language
    if look.traits.selectors is not None and look.traits.selectors.date and look.traits.timezone == "UTC":
        yield "dates", "taken as UTC where they name no zone; see --timezone"
    yield from _told_of_articles(look)
    if look.fetched.fresh_for:
        yield "server says", f"the answer holds for {show_duration(look.fetched.fresh_for)} (Cache-Control)"
    yield from (("feed says", told) for told in told_of_hints(document.hints))
    if hub := look.fetched.hub or document.hub:
        yield "hub", f"{hub} can push what is new (WebSub)"
    if document.archive:
        yield "archive", "links to earlier entries: 'sources add' reads them with --archive-pages"
    for warning in document.warnings:
        yield "warning", warning


def _told_of_articles(look: Look) -> Iterator[tuple[str, str]]:
    if look.articles is None:
        return
    yield (
        "articles",
        f"the pages of {look.articles.read} were read for this look, a first visit asks for {look.articles.wanted}",
    )
    for problem in look.articles.problems:
        yield "not read", problem


def told_of_hints(hints: UpdateHints) -> Iterator[str]:
    """What a feed asks for, in sentences."""
    if hints.period is not None:
        yield f"a visit every {show_duration(hints.period)} is enough ({hints.said_by})"
    if hints.skip_hours:
        hours = ", ".join(f"{hour:02}" for hour in hints.skip_hours)
        yield f"nothing is new in the hours {hours} of UTC (skipHours)"
    if hints.skip_days:
        yield f"nothing is new on {', '.join(_DAYS[day] for day in hints.skip_days)} (skipDays)"


def _show_item(item: Item) -> None:
    _paragraph(item.title, bold=True)
    dated = local(item.published_at) if item.published_from != "fetched" else "no date"
    language = item.language if item.language != "und" else "language unknown"
    _line(f"  {dated}  {language}  {item.url or 'no link'}")
    if item.text and item.text != item.title:
        text = " ".join(item.text.split())
        _paragraph(f"{text[:_WIDEST]}{'…' if len(text) > _WIDEST else ''} ({len(item.text):,} characters)", indent=2)


def _show_page(look: Look, config: Path) -> None:
    url = look.traits.url
    _line(url, bold=True)
    _line("  is a page, not a feed")
    if look.fetched.url != url:
        _line(f"  redirects to {look.fetched.url}")
    if look.wants_login:
        _line("  asks for a password: what stands behind it is not seen from here")
    if look.candidates:
        _line("\nIt leads to:")
        for candidate in look.candidates:
            _line(f"  {candidate.url}")
            _line(f"    {told_of_candidate(candidate)}")
        _line("\nTo add it:" if len(look.candidates) == 1 else "\nTo add one of them:")
        for candidate in look.candidates:
            _line(f"  {to_paste(config, 'sources', 'add', candidate.url)}")
    if look.guesses:
        _line(
            "\nIts own list of news can be read too, by selectors."
            if look.candidates
            else "\nIt names no feed, but its own list of news can be read, by selectors."
        )
        _line("To see what they read:")
        for guess in look.guesses:
            _line(f"\n  {to_paste(config, 'sources', 'try', url, *options_of(guess.selectors))}")
            _line(f"    {plural(guess.count, 'element')}, such as:")
            for title in guess.titles:
                _line(f"      {title}")
    if not look.candidates and not look.guesses:
        _line("\nNo feed, sitemap or list of news was found. Scripts are not run: what they would")
        _line("put into the page cannot be seen.")


def told_of_candidate(candidate: Candidate) -> str:
    """What it is, what it holds, and how it was come by."""
    what = "a feed" if candidate.kind == "feed" else "a sitemap"
    held = f"{what} with {plural(candidate.entries, 'entry', 'entries')}"
    if candidate.sitemaps:
        held = f"an index of {plural(candidate.sitemaps, 'sitemap')}"
    newest = f", the newest of {local(candidate.newest)}" if candidate.newest else ""
    title = f"{candidate.title}: " if candidate.title else ""
    return f"{title}{held}{newest}; {candidate.why}"


def _paragraph(text: str, *, indent: int = 0, bold: bool = False) -> None:
    """Of running text: on a terminal in lines, else one line."""
    if stdout.is_terminal:
        stdout.print(Padding(Text(text, style="bold" if bold else ""), (0, 0, 0, indent)))
    else:
        _line(" " * indent + text, bold=bold)


def _line(text: str, *, bold: bool = False) -> None:
    stdout.print(Text(text, style="bold" if bold else ""), soft_wrap=True)
