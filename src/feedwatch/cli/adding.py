"""`feedwatch sources add`: an address becomes a source, after a look at what stands there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.advice import complaint
from feedwatch.cli.common import DEFAULT_CONFIG, CallError, ConfigFile, load_config, open_store, plural, stdout
from feedwatch.cli.look_shown import told_of_candidate
from feedwatch.cli.pasting import to_paste
from feedwatch.cli.source_options import (
    DateOption,
    FullTextOption,
    ItemOption,
    ItemTitleOption,
    KindOption,
    LinkOption,
    SummaryOption,
    ZoneOption,
    checked_source,
    chosen_address,
    chosen_kind,
    chosen_selectors,
    path_of,
    place_of,
    selector_settings,
)
from feedwatch.errors import DocumentError, FetchError, StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.jobs.look import look_at
from feedwatch.jobs.provision import source_spec
from feedwatch.model import SourceTraits
from feedwatch.sources.opml import Outline, name_for
from feedwatch.store.sources import add_source, list_sources

if TYPE_CHECKING:
    from feedwatch.jobs.look import Look
    from feedwatch.model import Kind, Selectors
    from feedwatch.settings import Settings
    from feedwatch.store import Store


@dataclass(frozen=True, slots=True)
class Taken:
    """What sources there are, those that the configuration declares and the database does not hold yet included."""

    names: frozenset[str]
    names_by_url: dict[str, str]
    """By their own address, and by the one that they have moved to."""


def taken_by(store: Store, settings: Settings) -> Taken:
    """Look them up."""
    with store.read() as session:
        rows = list_sources(session)
    by_url = {source.location: source.name for source in settings.sources}
    by_url |= {row.moved_to: row.name for row in rows if row.moved_to}
    by_url |= {row.url: row.name for row in rows}
    return Taken(frozenset(row.name for row in rows) | {source.name for source in settings.sources}, by_url)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is to be added."""

    address: str
    kind: Kind
    title: str = ""
    told: str = ""
    """What it is, for the person who adds it."""


def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="The address of a feed, or of a page that names one; or a local file.")
    ],
    name: Annotated[str | None, typer.Option(help="Short and stable; made from the title or host otherwise.")] = None,
    title: Annotated[str, typer.Option(help="What digests call it; as the feed calls itself otherwise.")] = "",
    language: Annotated[str | None, typer.Option(help="Where the feed does not tell, such as en or zh-Hant.")] = None,
    timezone: ZoneOption = "UTC",
    interval: Annotated[str | None, typer.Option(help="How often to poll it, such as 30m.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="May be given several times.")] = None,
    kind: KindOption = None,
    item: ItemOption = None,
    link: LinkOption = None,
    item_title: ItemTitleOption = None,
    date: DateOption = None,
    summary: SummaryOption = None,
    full_text: FullTextOption = False,
    archive_pages: Annotated[int, typer.Option(min=0, max=100, help="Documents of earlier entries to read.")] = 0,
    check: Annotated[bool, typer.Option(help="Look at the address first.")] = True,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add a source; the daemon polls it within seconds. Given a page that names one feed, that feed is added."""
    loaded = load_config(config)
    selectors = chosen_selectors(item=item, link=link, title=item_title, date=date, summary=summary)
    chosen = chosen_kind(kind, selectors)
    address = chosen_address(url, config, "add")
    values: dict[str, object] = {
        "title": title,
        "language": language,
        "timezone": timezone,
        "interval": interval,
        "tags": tuple(tag or ()),
        "selectors": selector_settings(selectors),
        "full_text": full_text,
        "archive_pages": archive_pages,
    }
    checked_source({"name": name or "unnamed", **place_of(address), "kind": chosen, **values})
    with open_store(loaded) as store:
        taken = taken_by(store, loaded.settings)
        _refuse_known(address, taken, config)
        if name in taken.names:
            raise CallError(f"a source named {name} exists already: {to_paste(config, 'sources', 'show', name)}")
        found = _Found(address, chosen or "feed")
        if check:
            found = _look(loaded.settings, address, chosen, selectors, config)
            _refuse_known(found.address, taken, config)
        called = name or _name(found, title, taken)
        source = checked_source({"name": called, **place_of(found.address), "kind": found.kind, **values})
        with store.begin() as session:
            try:
                add_source(session, source_spec(source), utc_now())
            except StoreError as error:
                raise CallError(str(error)) from None
    stdout.print(f"added {called}{found.told}; to poll it now:", markup=False, soft_wrap=True)
    stdout.print(f"  {to_paste(config, 'poll', called)}", markup=False, soft_wrap=True)


def _refuse_known(address: str, taken: Taken, config: Path) -> None:
    if (known := taken.names_by_url.get(address)) is not None:
        show = to_paste(config, "sources", "show", known)
        raise CallError(f"{_shown(address)} is polled already, by the source {known}:\n  {show}")


def _shown(address: str) -> str:
    return path_of(address) if address.startswith("file:") else address


def _name(found: _Found, title: str, taken: Taken) -> str:
    is_file = found.address.startswith("file:")
    outline = Outline(title or (Path(path_of(found.address)).stem if is_file else found.title), found.address)
    return name_for(outline, set(taken.names))


def _look(settings: Settings, address: str, kind: Kind | None, selectors: Selectors | None, config: Path) -> _Found:
    """What is to be added for the address. Raises CallError for a page that leaves open what, and what look_at does."""
    traits = SourceTraits(address, kind=kind, selectors=selectors) if kind is not None else None
    try:
        look = asyncio.run(look_at(settings, address, traits, articles=0))
    except (FetchError, DocumentError) as error:
        raise complaint(error, address, config, selectors, hint="To add it all the same, give --no-check.") from None
    if look.document is None:
        return _feed_of_page(look, config)
    if look.fetched.moved_to is not None:
        _say(f"{address} has moved for good to {look.fetched.moved_to}: that is added")
    title = " ".join(look.document.title.split())
    what = {"feed": "a feed", "sitemap": "a sitemap", "page": "a page"}[look.traits.kind]
    held = f" with {plural(len(look.items), 'item')}" if look.items else ", empty so far" if not look.sitemaps else ""
    if look.articles is not None:
        held = f" with {plural(look.articles.wanted, 'page')} to read at the first visit"
    return _Found(look.fetched.moved_to or address, look.traits.kind, title, f": {what}{held}")


def _feed_of_page(look: Look, config: Path) -> _Found:
    address = look.traits.url
    feeds = [candidate for candidate in look.candidates if candidate.kind == "feed"]
    if len(feeds) == 1:
        _say(f"{address} is a page; its feed is {feeds[0].url} ({feeds[0].why})")
        entries = plural(feeds[0].entries, "entry", "entries")
        return _Found(feeds[0].url, "feed", feeds[0].title, f": a feed with {entries}")
    if look.candidates:
        several = f"{len(feeds)} feeds; add the one that you want" if feeds else "a sitemap and no feed; to add that"
        listed = "\n".join(
            f"  {to_paste(config, 'sources', 'add', candidate.url)}\n    {told_of_candidate(candidate)}"
            for candidate in feeds or look.candidates
        )
        raise CallError(f"{address} is a page with {several}:\n{listed}")
    look_again = to_paste(config, "sources", "try", address)
    login = " It asks for a password." if look.wants_login else ""
    raise CallError(
        f"{address} is a page, and no feed of it was found.{login} To see what can be read of it:\n  {look_again}"
    )


def _say(sentence: str) -> None:
    stdout.print(sentence, markup=False, soft_wrap=True)
