"""What `sources try` and `sources add` are both asked: the address, its kind, and the selectors of a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast
from urllib.parse import unquote, urlsplit

import typer
from pydantic import ValidationError

from feedwatch.cli.common import CallError
from feedwatch.cli.pasting import to_paste
from feedwatch.declared import SelectorSettings, SourceSettings
from feedwatch.jobs.look import file_url
from feedwatch.kinds import FORMS
from feedwatch.model import Kind, Selectors
from feedwatch.parse.page import check_selector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

KINDS = ("feed", "sitemap", "page")
_HOST = re.compile(
    r"(?:[a-z0-9-]+\.)+(?!xml\b|rss\b|atom\b|rdf\b|json\b|opml\b|html?\b|txt\b)[a-z]{2,}(?::\d+)?(?:/\S*)?",
    re.IGNORECASE,
)
_WEB = ("http://", "https://")

KindOption = Annotated[str | None, typer.Option(help="feed, sitemap or page; found out otherwise.")]
ItemOption = Annotated[
    str | None, typer.Option(metavar="SELECTOR", help="Of a page: each news item's element, such as 'ul.news > li'.")
]
LinkOption = Annotated[
    str | None, typer.Option(metavar="SELECTOR", help="Within an item: the link to the article; the first otherwise.")
]
ItemTitleOption = Annotated[
    str | None,
    typer.Option("--item-title", metavar="SELECTOR", help="Within an item: the headline; the link's text otherwise."),
]
DateOption = Annotated[str | None, typer.Option(metavar="SELECTOR", help="Within an item: its date.")]
SummaryOption = Annotated[str | None, typer.Option(metavar="SELECTOR", help="Within an item: its teaser.")]
FullTextOption = Annotated[bool, typer.Option("--full-text", help="Read each new article's own page.")]
ZoneOption = Annotated[str, typer.Option(help="Of dates that name no zone, such as Asia/Shanghai.")]


def chosen_address(given: str, config: Path, command: str) -> str:
    """The web address, or the file:// URL of a local file.

    `command` is `try` or `add`. Raises CallError, which gives it with the address that seems to be meant.
    """
    if given.startswith(_WEB):
        return given
    if given.lower().startswith(_WEB):  # the scheme's case is not minded (RFC 3986, 3.1)
        scheme, _, rest = given.partition(":")
        return f"{scheme.lower()}:{rest}"
    if given.startswith("feed:"):
        inner = given.removeprefix("feed:").removeprefix("//")
        meant = inner if inner.startswith(_WEB) else f"https://{inner}"
        raise CallError(
            f"{given} is a link for a feed reader; the address in it:\n  {to_paste(config, 'sources', command, meant)}"
        )
    if "://" in given:
        scheme = given.partition("://")[0]
        hint = (
            "give the file's path instead" if scheme == "file" else "expected one that begins with https:// or http://"
        )
        raise CallError(f"{given} cannot be polled: {hint}")
    if Path(given).is_file():
        return file_url(given)
    if Path(given).is_dir():
        raise CallError(f"{given} is a folder; name a file in it, or a web address")
    if _HOST.fullmatch(given):
        meant = to_paste(config, "sources", command, f"https://{given}")
        raise CallError(f"there is no file {given}; if it is a web address:\n  {meant}")
    raise CallError(f"there is no file {given}; a web address begins with https:// or http://")


def chosen_kind(kind: str | None, selectors: Selectors | None) -> Kind | None:
    """What the options say of the kind; None where they leave it open. Raises CallError."""
    if kind is not None and kind not in KINDS:
        raise CallError(f"--kind {kind!r}: expected one of {', '.join(KINDS)}")
    if selectors is not None and kind not in (None, "page"):
        raise CallError(f"--item and its like read a page, not a {kind}: leave them out, or --kind")
    if kind == "page" and selectors is None:
        raise CallError(
            "a page is read by selectors: give at least --item; without --kind, 'sources try' proposes some"
        )
    return cast("Kind | None", "page" if selectors is not None else kind)


def chosen_selectors(
    *, item: str | None, link: str | None, title: str | None, date: str | None, summary: str | None
) -> Selectors | None:
    """The selectors that the options name; None without --item. Raises CallError."""
    named = {"--item": item, "--link": link, "--item-title": title, "--date": date, "--summary": summary}
    for option, selector in named.items():
        if selector is None:
            continue
        if item is None:
            raise CallError(f"{option} is looked for within an item: give --item too")
        try:
            check_selector(selector)
        except ValueError as error:
            raise CallError(f"{option} {selector!r}: {error}") from None
    if item is None:
        return None
    return Selectors(item, link or "a[href]", title or "", date or "", summary or "")


def options_of(selectors: Selectors) -> list[str]:
    """The words that give these selectors again."""
    options = [
        ("--item", selectors.item),
        ("--link", selectors.link if selectors.link != "a[href]" else ""),
        ("--item-title", selectors.title),
        ("--date", selectors.date),
        ("--summary", selectors.summary),
    ]
    return [word for option in options if option[1] for word in option]


def checked_source(values: Mapping[str, object]) -> SourceSettings:
    """The settings of one source, None standing for what was not given. Raises CallError, which names the options."""
    given = {key: value for key, value in values.items() if value is not None}
    try:
        return SourceSettings.model_validate(given, context={"check_selector": check_selector})
    except ValidationError as error:
        raise CallError("; ".join(_problem(detail, values) for detail in error.errors(include_url=False))) from None


def _problem(detail: ErrorDetails, values: Mapping[str, object]) -> str:
    key = ".".join(map(str, detail["loc"]))
    expected = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "string_pattern_mismatch":
        expected = f"expected {FORMS[detail['ctx']['pattern']]}"
    if detail["loc"][0] == "tags":
        return f"--tag {detail['input']!r}: {expected}"
    if key not in values:
        return f"{key}: {expected}".strip(": ")
    option = {"url": "", "path": ""}.get(key, f"--{key.replace('_', '-')} ")
    return f"{option}{values[key]!r}: {expected}"


def place_of(address: str) -> dict[str, object]:
    """The address as the settings have it: a url, or the path of a file."""
    if address.startswith("file:"):
        return {"path": path_of(address)}
    return {"url": address}


def path_of(address: str) -> str:
    """The path of a file:// URL."""
    return unquote(urlsplit(address).path)


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
