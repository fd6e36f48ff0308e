"""`feedwatch sources`: list, show, try, add, import and export."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.text import Text

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    ago,
    load_config,
    local,
    open_store,
    plural,
    print_json,
    print_table,
    program,
    stdout,
)
from feedwatch.cli.looking import (
    DateOption,
    FullTextOption,
    ItemOption,
    ItemTitleOption,
    KindOption,
    LinkOption,
    SummaryOption,
    TitleOption,
    as_plain,
    chosen_kind,
    chosen_selectors,
    selector_settings,
    show_look,
    web_address,
)
from feedwatch.errors import FeedwatchError, StoreError
from feedwatch.jobs.context import utc_now
from feedwatch.jobs.look import file_url, find_source, look_at
from feedwatch.jobs.provision import source_spec
from feedwatch.kinds import show_duration
from feedwatch.model import SourceTraits
from feedwatch.parse.page import check_selector
from feedwatch.settings import SourceSettings
from feedwatch.sources.opml import Outline, name_for, read_opml, write_opml
from feedwatch.store.claims import SourceOptions
from feedwatch.store.hubs import HubStatus
from feedwatch.store.sources import SourceRow, SourceSpec, add_source, list_polls, list_sources, show_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedwatch.model import Kind
    from feedwatch.settings import Settings

app = typer.Typer(no_args_is_help=True, help="What is polled.")


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every source: how its last visit went, and when the next is due."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_sources(session)
    if as_json:
        print_json(rows)
        return
    columns = ("name", "title", "language", "items", "last visit", "outcome", "next visit")
    now = utc_now()
    when = partial(ago, now=now) if stdout.is_terminal else local
    cells = [
        (
            row.name,
            row.title,
            row.language or "-",
            f"{row.item_count:,}",
            when(row.last_poll_at),
            _outcome(row),
            _next(row, when, now),
        )
        for row in rows
    ]
    print_table(
        columns,
        cells,
        empty="No sources yet. Declare some in config.yaml, or: feedwatch sources add URL",
        widest="outcome",
        where_room={"title", "language"},
    )


def _outcome(row: SourceRow) -> Text:
    if not row.enabled:
        return Text(f"disabled: {row.disabled_why}", style="yellow")
    if row.last_outcome == "error":
        return Text(row.last_error or "error", style="red")
    return Text(row.last_outcome or "never visited")


def _next(row: SourceRow, when: Callable[[datetime], str], now: datetime) -> str:
    if not row.enabled:
        return "-"
    return "now" if row.next_poll_at <= now and stdout.is_terminal else when(row.next_poll_at)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The source's name.")],
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """One source: its settings, its latest visits, and when it is polled next and why."""
    with open_store(load_config(config)) as store, store.read() as session:
        row = show_source(session, name)
        if row is None:
            raise CallError(f"there is no source named {name!r}; see 'feedwatch sources list'")
        polls = list_polls(session, name, 10)
    if as_json:
        print_json({"source": row, "polls": polls})
        return
    facts = _facts(row)
    width = max(map(len, facts))
    stdout.print(Text(row.name, style="bold"))
    for label, value in facts.items():
        stdout.print(f"  {label:<{width}}  {value}", markup=False, soft_wrap=True)
    columns = ("when", "outcome", "status", "ms", "bytes", "new", "matches", "remark")
    cells = [
        (
            local(poll.at), poll.outcome, str(poll.status or "-"), f"{poll.elapsed_ms:,}", f"{poll.body_bytes:,}",
            str(poll.new_items), str(poll.matches), poll.error or "; ".join(poll.warnings),
        )
        for poll in polls
    ]  # fmt: skip
    stdout.print()
    print_table(columns, cells, empty="Never visited yet.", widest="outcome", below="remark")


def _facts(row: SourceRow) -> dict[str, str]:
    facts = {
        "Title": row.title,
        "URL": row.url,
        "Language": row.language or "as the feed says",
        "Time zone": f"{row.timezone}, for dates that name none",
        "Interval": show_duration(row.interval) if row.interval else "its own rhythm",
        "Tags": ", ".join(row.tags) or "none",
        "Comes from": "the configuration" if row.declared else "the command line",
        "Items": f"{row.item_count:,}",
    }
    if row.moved_to:
        facts["Moved to"] = f"{row.moved_to}, for good as the server says; polled there"
    if row.kind != "feed":
        facts["Read as"] = f"a {row.kind}" + (f", by {row.options.selectors.item!r}" if row.options.selectors else "")
    if row.options.full_text:
        facts["Full text"] = "of each new article's own page"
    if row.hub is not None:
        facts["Hub"] = _hub(row.hub)
    if row.enabled:
        facts["Next visit"] = f"{local(row.next_poll_at)}: {row.next_poll_why}"
    else:
        facts["Disabled"] = row.disabled_why or "yes"
    if row.gone_at:
        facts["Disabled"] += f"; feedwatch poll {row.name} looks whether it is back"
    if row.last_error:
        facts["Last error"] = row.last_error + (f" ({row.failures} times in a row)" if row.failures > 1 else "")
    return facts


def _hub(hub: HubStatus) -> str:
    again = f"asked again {local(hub.next_attempt_at)}"
    is_over = hub.lease_until is not None and hub.lease_until < utc_now()
    told = {
        "wanted": "to be asked to push",
        "asked": f"asked to push, and has not confirmed yet; {again}",
        "active": "lease ended" if is_over else f"pushes until {local(hub.lease_until)}",
        "denied": f"refuses to push; {again}",
        "unwanted": "to be told to stop",
    }[hub.state]
    last = f"; last push {local(hub.last_pushed_at)}" if hub.last_pushed_at else ""
    return f"{hub.hub}: {told}{last}" + (f" ({hub.last_error})" if hub.last_error else "")


@app.command("try")
def try_(
    url: Annotated[str, typer.Argument(help="A web address, or the path of a local file.")],
    kind: KindOption = None,
    item: ItemOption = None,
    link: LinkOption = None,
    title: TitleOption = None,
    date: DateOption = None,
    summary: SummaryOption = None,
    full_text: FullTextOption = False,
    timezone: Annotated[str, typer.Option(help="Of dates that name no zone.")] = "UTC",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="The most items shown.")] = 5,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Look at an address before it becomes a source: what would be read of it; of a page, what it leads to."""
    settings = load_config(config).settings
    selectors = chosen_selectors(item=item, link=link, title=title, date=date, summary=summary)
    address = file_url(url) if "://" not in url and Path(url).is_file() else web_address(url)
    chosen = chosen_kind(kind, selectors)
    traits = None
    if chosen is not None or full_text or timezone != "UTC" or address.startswith("file:"):
        traits = SourceTraits(
            url=address, timezone=timezone, kind=chosen or "feed", selectors=selectors, full_text=full_text
        )
    look = asyncio.run(look_at(settings, traits, address))
    if as_json:
        print_json(as_plain(look))
        return
    show_look(look, limit)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="The address of a feed, or of a page that names one; or a local file.")],
    name: Annotated[str | None, typer.Option(help="Short and stable; made from the title or host otherwise.")] = None,
    title: Annotated[str, typer.Option(help="What digests call it; as the feed calls itself otherwise.")] = "",
    language: Annotated[str | None, typer.Option(help="BCP 47, where the feed does not tell.")] = None,
    timezone: Annotated[str, typer.Option(help="Of dates that name no zone.")] = "UTC",
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
    if "://" not in url and not Path(url).is_file():
        raise CallError(f"there is no file {url}; a web address begins with https:// or http://")
    loaded = load_config(config)
    selectors = chosen_selectors(item=item, link=link, title=item_title, date=date, summary=summary)
    chosen = chosen_kind(kind, selectors)
    if check and chosen is None and "://" in url:
        url, chosen = _what_to_add(loaded.settings, url)
    with open_store(loaded) as store, store.begin() as session:
        taken = {row.name for row in list_sources(session)}
        place = {"url": url} if "://" in url else {"path": str(Path(url).absolute())}
        called = name or name_for(Outline(title, url), taken)
        source = _checked(
            {
                "name": called,
                "title": title,
                **place,
                "language": language,
                "timezone": timezone,
                "interval": interval,
                "tags": tuple(tag or ()),
                "kind": chosen,
                "selectors": selector_settings(selectors),
                "full_text": full_text,
                "archive_pages": archive_pages,
            }
        )
        try:
            add_source(session, source_spec(source), utc_now())
        except StoreError as error:
            raise CallError(str(error)) from None
    stdout.print(f"added {called}; to poll it now: {program()} poll {called}", markup=False)


def _what_to_add(settings: Settings, url: str) -> tuple[str, Kind]:
    """The address itself where it can be polled, else the one feed of the page. Raises CallError."""
    again = "; --no-check adds it all the same"
    try:
        candidates = asyncio.run(find_source(settings, url))
    except FeedwatchError as error:
        raise CallError(f"{url}: {error}{again}") from None
    feeds = [candidate for candidate in candidates if candidate.kind == "feed"] or candidates
    if not feeds:
        look = f"{program()} sources try {url}"
        raise CallError(f"{url} is a page, and no feed of it was found; to read the page itself: {look}{again}")
    if len(feeds) > 1:
        listed = "\n".join(f"  {feed.url}  {feed.title}" for feed in feeds)
        raise CallError(f"{url} is a page with {len(feeds)} feeds; add the one that you want:\n{listed}")
    if feeds[0].url != url:
        stdout.print(f"{url} is a page; its feed is {feeds[0].url}", markup=False, soft_wrap=True)
    return feeds[0].url, feeds[0].kind


def _checked(values: dict[str, object]) -> SourceSettings:
    context = {"check_selector": check_selector}
    try:
        return SourceSettings.model_validate(
            {key: value for key, value in values.items() if value is not None}, context=context
        )
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False):
            key = ".".join(map(str, detail["loc"]))
            expected = detail["msg"].removeprefix("Value error, ")
            problems.append(f"{key} {values[key]!r}: {expected}" if key in values else f"{key}: {expected}".strip(": "))
        raise CallError("; ".join(problems)) from None


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file.", exists=True, dir_okay=False)],
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Add every feed of an OPML file that is not here yet; its folders become tags."""
    loaded = load_config(config)
    opml = read_opml(file.read_bytes(), str(file))
    added, known = 0, 0
    with open_store(loaded) as store, store.begin() as session:
        rows = list_sources(session)
        taken, urls = {row.name for row in rows}, {row.url for row in rows}
        for outline in opml.outlines:
            if outline.url in urls:
                known += 1
                continue
            name = name_for(outline, taken)
            taken.add(name)
            problem = _selector_problem(outline)
            if problem:
                stdout.print(f"{outline.title or outline.url}: left out: {problem}", markup=False, soft_wrap=True)
                continue
            spec = SourceSpec(
                name,
                outline.title,
                outline.url,
                language=outline.language,
                tags=outline.tags,
                kind=outline.kind,
                options=SourceOptions(selectors=outline.selectors),
            )
            add_source(session, spec, utc_now())
            added += 1
    for warning in opml.warnings:
        stdout.print(warning, markup=False, soft_wrap=True)
    stdout.print(f"{plural(added, 'source')} added, {known} known already", markup=False)


def _selector_problem(outline: Outline) -> str | None:
    if (outline.kind == "page") != (outline.selectors is not None):
        return "a page needs selectors, and nothing else does"
    for selector in filter(None, dataclasses.astuple(outline.selectors) if outline.selectors else ()):
        try:
            check_selector(selector)
        except ValueError as error:
            return str(error)
    return None


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output otherwise.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write the sources with a web address as OPML 2.0; tags become folders."""
    with open_store(load_config(config)) as store, store.read() as session:
        rows = list_sources(session)
    outlines = [
        Outline(row.title, row.url, row.language, row.tags, row.kind, row.options.selectors)
        for row in rows
        if row.url.startswith(("http:", "https:"))
    ]
    opml = write_opml(outlines, "feedwatch sources")
    if file is None:
        typer.echo(opml, nl=False)
        return
    file.write_text(opml, encoding="utf-8")
    stdout.print(f"{plural(len(outlines), 'source')} written to {file}", markup=False)
