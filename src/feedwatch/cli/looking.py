"""What `sources try` is asked and what it shows; `sources add` shares the options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.text import Text

from feedwatch.cli.common import CallError, local, plural, program, stdout
from feedwatch.kinds import show_duration
from feedwatch.model import Kind, Selectors
from feedwatch.parse.page import check_selector
from feedwatch.settings import SelectorSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedwatch.jobs.look import Look
    from feedwatch.model import Document, Item
    from feedwatch.parse.page_guess import Guess
    from feedwatch.sources.discovery import Candidate

KINDS = ("feed", "sitemap", "page")

KindOption = Annotated[str | None, typer.Option(help="feed, sitemap or page; found out otherwise.")]
ItemOption = Annotated[
    str | None, typer.Option(metavar="SELECTOR", help="Of a page: each news item's element, such as 'ul.news > li'.")
]
LinkOption = Annotated[
    str | None, typer.Option(metavar="SELECTOR", help="Within an item: the link to the article; a[href] otherwise.")
]
TitleOption = Annotated[
    str | None, typer.Option(metavar="SELECTOR", help="Within an item: the headline; the link's text otherwise.")
]
ItemTitleOption = Annotated[
    str | None,
    typer.Option("--item-title", metavar="SELECTOR", help="Within an item: the headline; the link's text otherwise."),
]
DateOption = Annotated[str | None, typer.Option(metavar="SELECTOR", help="Within an item: its date.")]
SummaryOption = Annotated[str | None, typer.Option(metavar="SELECTOR", help="Within an item: its teaser.")]
FullTextOption = Annotated[bool, typer.Option("--full-text", help="Read each new article's own page.")]


def web_address(url: str) -> str:
    """The address, or a CallError where it is none and no file either."""
    if not url.startswith(("http://", "https://")):
        raise CallError(f"there is no file {url}; a web address begins with https:// or http://")
    return url


def chosen_kind(kind: str | None, selectors: Selectors | None) -> Kind | None:
    """What the options say of the kind; None where they leave it open. Raises CallError."""
    if kind is not None and kind not in KINDS:
        raise CallError(f"--kind {kind!r}: expected one of {', '.join(KINDS)}")
    if selectors is not None and kind not in (None, "page"):
        raise CallError(f"selectors read a page, and no {kind}")
    if kind == "page" and selectors is None:
        raise CallError("a page is read by selectors: give at least --item")
    return cast("Kind | None", "page" if selectors is not None else kind)


def chosen_selectors(
    *, item: str | None, link: str | None, title: str | None, date: str | None, summary: str | None
) -> Selectors | None:
    """The selectors that the options name; None without --item. Raises CallError."""
    named = {"--item": item, "--link": link, "--title": title, "--date": date, "--summary": summary}
    for option, selector in named.items():
        if selector is None:
            continue
        if item is None:
            raise CallError(f"{option} stands within an item: give --item too")
        try:
            check_selector(selector)
        except ValueError as error:
            raise CallError(f"{option} {selector!r}: {error}") from None
    if item is None:
        return None
    return Selectors(item, link or "a[href]", title or "", date or "", summary or "")


def selector_settings(selectors: Selectors | None) -> SelectorSettings | None:
    """As the configuration has them."""
    if selectors is None:
        return None
    return SelectorSettings(
        item=selectors.item,
        link=selectors.link,
        title=selectors.title or None,
        date=selectors.date or None,
        summary=selectors.summary or None,
    )


def show_look(look: Look, limit: int) -> None:
    """What stands at the address, for a person."""
    document = look.document
    if document is None:
        _show_page(look)
        return
    what = {"feed": "a feed", "sitemap": "a sitemap", "page": "a page, read by selectors"}[look.traits.kind]
    _line(f"{look.traits.url} is {what}" + (f" named {document.title!r}" if document.title else ""), bold=True)
    for fact in _facts(look, document):
        _line(f"  {fact}")
    for warning in document.warnings:
        _line(f"  warning       {warning}")
    for item in look.items[:limit]:
        stdout.print()
        _show_item(item)
    if len(look.items) > limit:
        _line(f"\n… and {len(look.items) - limit:,} more; see --limit")


def _facts(look: Look, document: Document) -> Iterator[str]:
    if look.fetched.url != look.traits.url:
        yield f"redirects to  {look.fetched.url}"
    if look.sitemaps:
        yield f"an index of   {plural(look.sitemaps, 'sitemap')}; a source reads those that changed"
    yield f"items         {len(look.items):,}"
    if document.language:
        yield f"language      {document.language}"
    if document.hints.period is not None:
        period = show_duration(document.hints.period)
        yield f"asks for      a visit every {period} at the most ({document.hints.said_by})"
    if hub := look.fetched.hub or document.hub:
        yield f"hub           {hub} (WebSub)"
    if document.archive:
        yield "archive       links to earlier entries; archive_pages reads them at the first visit"


def _show_item(item: Item) -> None:
    _line(item.title, bold=True)
    dated = local(item.published_at) if item.published_from != "fetched" else "no date"
    _line(f"  {dated}  {item.language}  {item.url}")
    if item.text and item.text != item.title:
        text = " ".join(item.text.split())
        _line(f"  {text[:160]}{'…' if len(text) > 160 else ''}  ({len(item.text):,} characters)")  # noqa: PLR2004


def _show_page(look: Look) -> None:
    url = look.traits.url
    _line(f"{url} is a page", bold=True)
    if look.candidates:
        stdout.print()
        _line("It leads to:")
        for candidate in look.candidates:
            _line(f"  {candidate.url}")
            _line(f"    {_told(candidate)}")
        stdout.print()
        _line(f"To add one: {program()} sources add URL")
    if look.guesses:
        stdout.print()
        _line("Without a feed, its own list of news can be read. Selectors that seem to find it:")
        for guess in look.guesses:
            stdout.print()
            _line(f"  {_options(guess)}")
            _line(f"    {plural(guess.count, 'item')}: {'; '.join(guess.titles)}")
        stdout.print()
        _line(f"To see what they read: {program()} sources try {url} {_options(look.guesses[0])}")
    if not look.candidates and not look.guesses:
        _line("It names no feed, and no list of news was found in it; it may be made by scripts, which are not run.")


def _told(candidate: Candidate) -> str:
    held = (
        plural(candidate.sitemaps, "sitemap") if candidate.sitemaps else plural(candidate.entries, "entry", "entries")
    )
    newest = f", the newest of {local(candidate.newest)}" if candidate.newest else ""
    title = f"{candidate.title}: " if candidate.title else ""
    return f"{title}a {candidate.kind} with {held}{newest}; {candidate.why}"


def _options(guess: Guess) -> str:
    selectors = guess.selectors
    options = [("item", selectors.item), ("title", selectors.title), ("date", selectors.date)]
    if selectors.link != "a[href]":
        options.append(("link", selectors.link))
    return " ".join(f"--{name} {selector!r}" for name, selector in options if selector)


def _line(text: str, *, bold: bool = False) -> None:
    stdout.print(Text(text, style="bold" if bold else ""), soft_wrap=True)


def as_plain(look: Look) -> dict[str, object]:
    """What stands at the address, for a program."""
    return {
        "url": look.fetched.url,
        "kind": look.traits.kind,
        "document": look.document,
        "items": look.items,
        "candidates": look.candidates,
        "guesses": look.guesses,
    }
