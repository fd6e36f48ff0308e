"""What `feedwatch sources show` tells of a source, line by line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from feedwatch.cli.common import ago, local, plural
from feedwatch.cli.look_shown import told_of_hints
from feedwatch.cli.pasting import to_paste
from feedwatch.cli.source_options import path_of
from feedwatch.jobs.websub import is_pushable
from feedwatch.kinds import show_duration
from feedwatch.store.sources import REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from feedwatch.model import Selectors
    from feedwatch.settings import Settings
    from feedwatch.store.hubs import HubStatus
    from feedwatch.store.sources import SourceRow

Fact = tuple[str, str]


def facts_of(row: SourceRow, settings: Settings, config: Path, now: datetime) -> Iterator[Fact]:
    """Label and value: what was said of it, what its visits told, and when it is polled next and why."""
    yield "Title", row.title
    if row.url.startswith("file:"):
        yield "File", path_of(row.url)
    else:
        yield "URL", row.url
    yield from _moved(row)
    yield from _reading(row)
    yield "Language", row.language or "as the feed says"
    yield "Time zone", f"{row.timezone}, for dates that name none"
    yield "Interval", show_duration(row.interval) if row.interval else "its own rhythm"
    for told in told_of_hints(row.hints):
        yield "Feed says", told
    yield "Tags", ", ".join(row.tags) or "none"
    yield "Comes from", "the configuration" if row.declared else "the command line"
    yield "Items", f"{row.item_count:,}"
    if not row.options.push:
        yield "Hub", "not used (push: false)"
    elif row.hub is not None:
        yield "Hub", _hub(row.hub, settings, now)
    if row.last_error:
        times = f" ({row.failures} times in a row)" if row.failures > 1 else ""
        yield "Last error", row.last_error + times
    yield from _next(row, config, now)


def _moved(row: SourceRow) -> Iterator[Fact]:
    if row.moved_to:
        yield "Moved to", f"{row.moved_to}, for good as the server says; polled there"
        if row.declared:
            yield "", "to settle it, change its url in config.yaml"


def _reading(row: SourceRow) -> Iterator[Fact]:
    if row.kind == "sitemap":
        yield "Read as", "a sitemap"
    elif row.options.selectors is not None:
        yield "Read as", f"a page: {_selectors(row.options.selectors)}"
    if row.options.full_text:
        yield "Full text", "of each new article's own page"
    if row.options.archive_pages:
        yield "Archive", f"up to {plural(row.options.archive_pages, 'document')} of earlier entries, at the first visit"
    if row.options.rules_off:
        yield "Cleaning", f"without {', '.join(row.options.rules_off)}"
    if row.options.preferred:
        yield "Preferred", "its copy of a story stands for all, where it is as full as the others"
    keep = []
    if row.options.keep_s is not None:
        keep.append(f"for {show_duration(timedelta(seconds=row.options.keep_s))}")
    if row.options.keep_items:
        keep.append(f"the newest {row.options.keep_items:,}")
    if keep:
        yield "Keeps", f"items that match nothing {', '.join(keep)}"


def _selectors(selectors: Selectors) -> str:
    chosen = {
        "item": selectors.item,
        "link": selectors.link if selectors.link != "a[href]" else "",
        "title": selectors.title,
        "date": selectors.date,
        "summary": selectors.summary,
    }
    return ", ".join(f"{key} {selector!r}" for key, selector in chosen.items() if selector)


def _next(row: SourceRow, config: Path, now: datetime) -> Iterator[Fact]:
    if row.enabled:
        is_due = row.next_poll_at <= now
        when = (
            f"due since {local(row.next_poll_at)}"
            if is_due
            else f"{local(row.next_poll_at)}, {ago(row.next_poll_at, now)}"
        )
        yield "Next visit", f"{when}: {row.next_poll_why}"
        return
    since = f", since {local(row.gone_at)}" if row.gone_at else ""
    yield "Next visit", f"none: {row.disabled_why or 'disabled'}{since}"
    yield "", _way_back(row, config)


def _way_back(row: SourceRow, config: Path) -> str:
    if row.disabled_why == REMOVED:
        return "to go on, declare it there again under its name"
    if row.gone_at:
        return f"to look whether it is back: {to_paste(config, 'poll', row.name)}"
    if row.declared:
        return "to go on, set its enabled to true in config.yaml"
    return f"to go on: {to_paste(config, 'sources', 'resume', row.name)}"


def _hub(hub: HubStatus, settings: Settings, now: datetime) -> str:
    again = f"asked again {local(hub.next_attempt_at)}"
    is_over = hub.lease_until is not None and hub.lease_until < now
    told = {
        "wanted": "to be asked to push"
        if is_pushable(settings.web)
        else "could push, once web.listen and web.public_url are set",
        "asked": f"asked to push; it has not confirmed yet; {again}",
        "active": "its promise to push has ended" if is_over else f"pushes until {local(hub.lease_until)}",
        "denied": f"refuses to push; {again}",
        "unwanted": "to be told to stop",
    }[hub.state]
    last = f"; last push {local(hub.last_pushed_at)}" if hub.last_pushed_at else ""
    return f"{hub.hub}: {told}{last}" + (f" ({hub.last_error})" if hub.last_error else "")
