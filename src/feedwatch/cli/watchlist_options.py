"""What `watchlists add` and `watchlists change` are both asked, and how the answers become a definition."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from feedwatch.cli.common import CallError
from feedwatch.config import CHECKS, expected_words
from feedwatch.declared import OPTIONS, TEXT, WatchlistSettings
from feedwatch.jobs.provision import watchlist_def

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

    from feedwatch.model import WatchlistDef

_FIND = "What it finds"
_WHERE = "Where it looks"
_ABOUT = "What is known of it"

TermOption = Annotated[
    list[str] | None, typer.Option("--term", metavar="PHRASE", help="A phrase.", rich_help_panel=_FIND)
]
QueryOption = Annotated[
    list[str] | None, typer.Option("--query", metavar="QUERY", help="A boolean query.", rich_help_panel=_FIND)
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="QUERY", help="A query whose items are left out.", rich_help_panel=_FIND),
]
ExactOption = Annotated[
    bool,
    typer.Option("--exact", help="Find the words of the queries of this call only as written.", rich_help_panel=_FIND),
]
StemOption = Annotated[
    str | None,
    typer.Option(
        "--stem", metavar="LANG", help="Find their words in other forms too: en for English.", rich_help_panel=_FIND
    ),
]
ModeOption = Annotated[
    str | None,
    typer.Option("--mode", metavar="any|all", help="Whether one of them is enough.", rich_help_panel=_FIND),
]
SynonymsOption = Annotated[
    list[str] | None,
    typer.Option("--synonyms", metavar="SET", help="The name of a set in the configuration.", rich_help_panel=_FIND),
]
LanguageOption = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="Items in this language alone.", rich_help_panel=_WHERE),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Items of this source alone, or rthk-*.", rich_help_panel=_WHERE),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="TAG", help="Items with this tag, or of a source with it.", rich_help_panel=_WHERE),
]
MinScoreOption = Annotated[
    float | None,
    typer.Option("--min-score", metavar="N", help="Leave out what is rated lower.", rich_help_panel=_WHERE),
]
PriorityOption = Annotated[
    int | None,
    typer.Option("--priority", metavar="N", help="The higher stand first in digests.", rich_help_panel=_ABOUT),
]
DescriptionOption = Annotated[
    str | None, typer.Option("--description", help="For those who tune it later.", rich_help_panel=_ABOUT)
]
OwnerOption = Annotated[str | None, typer.Option("--owner", help="Who answers for it.", rich_help_panel=_ABOUT)]

_OPTIONS = {
    "name": "the name", "terms": "--term", "queries": "--query", "exclude": "--exclude", "mode": "--mode",
    "languages": "--language", "sources": "--source", "tags": "--tag", "min_score": "--min-score",
    "priority": "--priority", "description": "--description", "owner": "--owner", "synonyms": "--synonyms",
}  # fmt: skip
"""Which option gives each key."""


def written_queries(texts: Sequence[str], *, exact: bool, stem: str | None) -> list[str | dict[str, Any]]:
    """The queries of one call with the options that it gives them, as the configuration writes them."""
    options: dict[str, Any] = {"exact": True} if exact else {}
    options |= {"stem": stem} if stem else {}
    return [{"query": text, **options} if options else text for text in texts]


def checked_watchlist(
    values: Mapping[str, object], synonyms: Mapping[str, tuple[str, ...]], *, call: bool = True
) -> WatchlistDef:
    """The definition of keys and values as the configuration writes them, checked as it is.

    Raises CallError with a sentence a problem, each naming the option (or, not of a `call`, the key) that is wrong.
    """
    given = {key: value for key, value in values.items() if value not in (None, [], "", ())}
    try:
        settings = WatchlistSettings.model_validate(given, context=CHECKS)
    except ValidationError as error:
        named = _OPTIONS if call else {}
        problems = [_problem(detail, named) for detail in error.errors(include_url=False)]
        raise CallError("\n".join(dict.fromkeys(problems))) from None
    for name in settings.synonyms:
        if name not in synonyms:
            near = difflib.get_close_matches(name, synonyms, n=1)
            known = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(synonyms) or 'none'}"
            raise CallError(f"the configuration has no synonyms set named {name!r}; {known}")
    return watchlist_def(settings, synonyms)


def _problem(detail: ErrorDetails, named: Mapping[str, str]) -> str:
    at = [part for part in detail["loc"] if part not in (TEXT, OPTIONS)]
    is_ours = detail["type"] == "value_error"
    sentence = str(detail["ctx"]["error"]) if is_ours else f"expected {expected_words(detail)}"
    if not at:
        is_empty = sentence.startswith("expected at least one entry")
        return "a watchlist needs something to find: give --term or --query" if is_empty and named else sentence
    key = str(at[0])
    called = named.get(key, key)
    if "\n" in sentence:  # a query's error draws the query
        return f"{called}: {sentence}"
    if at[-1] == "stem":
        return f"{'--stem' if named else 'stem'} {detail['input']!r}: {sentence}"
    if isinstance(detail["input"], str | int | float):
        return f"{called} {detail['input']!r}: {sentence}"
    return f"{called}: {sentence}"
