"""`feedwatch sources try`: what stands at an address, for a person and for a program."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feedwatch.cli.advice import complaint
from feedwatch.cli.common import DEFAULT_CONFIG, AsJson, ConfigFile, load_config, print_json
from feedwatch.cli.look_shown import show_look
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
    place_of,
    selector_settings,
)
from feedwatch.errors import DocumentError, FetchError
from feedwatch.jobs.look import look_at
from feedwatch.model import SourceTraits
from feedwatch.ops import set_up_logging
from feedwatch.settings import Settings

if TYPE_CHECKING:
    from feedwatch.jobs.look import Look


def try_(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="A web address, or the path of a local file.")],
    kind: KindOption = None,
    item: ItemOption = None,
    link: LinkOption = None,
    item_title: ItemTitleOption = None,
    date: DateOption = None,
    summary: SummaryOption = None,
    full_text: FullTextOption = False,
    timezone: ZoneOption = "UTC",
    limit: Annotated[int, typer.Option("--limit", "-n", min=0, max=1000, help="The most items shown.")] = 5,
    config: ConfigFile = DEFAULT_CONFIG,
    as_json: AsJson = False,
) -> None:
    """Look at an address before it becomes a source: what would be read of it; of a page, what it leads to.

    Stores nothing, and needs no configuration.
    """
    settings = _settings(context, config)
    selectors = chosen_selectors(item=item, link=link, title=item_title, date=date, summary=summary)
    chosen = chosen_kind(kind, selectors)
    address = chosen_address(url, config, "try")
    place = place_of(address)
    checked_source(
        {"name": "tried", **place, "timezone": timezone, "kind": chosen, "selectors": selector_settings(selectors)}
    )
    traits = None
    if chosen is not None or full_text or timezone != "UTC":
        traits = SourceTraits(
            address, timezone=timezone, kind=chosen or "feed", selectors=selectors, full_text=full_text
        )
    try:
        look = asyncio.run(look_at(settings, address, traits))
    except (FetchError, DocumentError) as error:
        raise complaint(error, address, config, selectors) from None
    if as_json:
        print_json(as_plain(look, limit))
        return
    show_look(look, limit, config)


def _settings(context: typer.Context, config: Path) -> Settings:
    """Those of the configuration; where there is none and none was named, the defaults: a look needs no more."""
    origin = context.get_parameter_source("config")
    is_named = origin is not None and origin.name != "DEFAULT"
    if is_named or config.exists():
        return load_config(config).settings
    set_up_logging("info", "auto")
    return Settings()


def as_plain(look: Look, limit: int) -> dict[str, object]:
    """What stands at the address, for a program: always the same keys, of the items the first `limit`."""
    document, fetched = look.document, look.fetched
    return {
        "url": look.traits.url,
        "kind": look.traits.kind,
        "is_readable": document is not None,
        "title": document.title if document else None,
        "language": document.language if document else None,
        "ended_at": fetched.url,
        "moved_to": fetched.moved_to,
        "fresh_for": fetched.fresh_for,
        "hints": document.hints if document else None,
        "hub": fetched.hub or (document.hub if document else None),
        "archive": document.archive if document else None,
        "warnings": document.warnings if document else [],
        "reader": document.reader if document else None,
        "sitemaps": look.sitemaps,
        "read_sitemap": look.read_sitemap,
        "articles": look.articles,
        "item_count": len(look.items),
        "items": look.items[:limit],
        "wants_login": look.wants_login,
        "candidates": look.candidates,
        "guesses": look.guesses,
    }
