"""`feedwatch query`: how a query is read, before it is put to use."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from feedwatch.cli.common import AsJson, CallError, plural, print_json, stderr, stdout
from feedwatch.errors import QuerySyntaxError
from feedwatch.match import query_warnings
from feedwatch.match.explain import Explained, Explanation, explain
from feedwatch.match.stem import languages
from feedwatch.model import QueryDef

app = typer.Typer(no_args_is_help=True, help="How a query is read.")

_MOST_SHOWN = 12
_MOST_PLAN = 400


@app.command("explain")
def explain_(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="In single quotes: '\"Greater Bay Area\" AND NOT basketball'")
    ],
    exact: Annotated[bool, typer.Option("--exact", help="Find its words only as they are written.")] = False,
    stem: Annotated[str, typer.Option("--stem", metavar="LANG", help="Find their other forms too: en, pt, ...")] = "",
    as_json: AsJson = False,
) -> None:
    """Draw how a query is read: its tree, what stands for each word, and how items are picked for it."""
    if stem and stem not in languages():
        raise CallError(f"--stem {stem}: there are no rules for this language; there are {', '.join(languages())}")
    explanation = explain(QueryDef(query, exact=exact, stem=stem))
    if as_json:
        print_json(explanation)
        return
    for line in _lines(explanation):
        stdout.print(line, soft_wrap=True)
    _warn(map(str, explanation.warnings))


@app.command()
def check(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file with a query a line; - reads them from standard input.")
    ],
) -> None:
    """Tell which queries of a list cannot be read, and what in the others is probably not meant."""
    queries = [(number, line) for number, line in enumerate(_read(file).splitlines(), 1) if line.strip()]
    unread = warned = 0
    for number, query in queries:
        try:
            warnings = query_warnings(query)
        except QuerySyntaxError as error:
            unread += 1
            stdout.print(Text(f"line {number}: {error}"), soft_wrap=True)
            continue
        warned += len(warnings)
        for warning in warnings:
            stdout.print(Text(f"line {number}: warning: {warning}"), soft_wrap=True)
    said = f"{plural(len(queries), 'query', 'queries')}: {unread} cannot be read, {plural(warned, 'warning')}"
    stdout.print(Text(said, style="bold"))
    if unread:
        raise typer.Exit(1)


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CallError(f"{file} is not text in UTF-8: save it as such") from None


def _lines(explanation: Explanation) -> Iterator[Text]:
    yield from _tree(explanation.tree, 0)
    yield Text()
    literals = explanation.literals
    if literals:
        more = f" and {len(literals) - _MOST_SHOWN:,} more" if len(literals) > _MOST_SHOWN else ""
        yield _said("New items are asked where one of these stands: ", ", ".join(literals[:_MOST_SHOWN]) + more)
    else:
        yield _said("New items are asked: ", "every one; name words that have to stand in them to make it quick")
    plan = explanation.plan
    shown = plan if len(plan) <= _MOST_PLAN else plan[:_MOST_PLAN] + " ..."
    yield _said("The archive's index is asked for: ", shown)


def _said(what: str, of_it: str) -> Text:
    return Text.assemble((what, "bold"), of_it)


def _tree(part: Explained, depth: int) -> Iterator[Text]:
    margin = "  " * depth
    is_operator = bool(part.parts)
    notes = list(part.notes)
    if part.spellings:
        notes.insert(0, f"found too: {', '.join(part.spellings)}")
    if part.folded and part.folded != part.label.strip('"'):
        notes.insert(0, f"folded to {part.folded}")
    told = f"  {'; '.join(notes)}" if notes else ""
    yield Text.assemble(margin, (part.label, "bold" if is_operator else ""), (told, "dim"))
    for inner in part.parts:
        yield from _tree(inner, depth + 1)


def _warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        stderr.print(Text.assemble(("\nwarning: ", "yellow"), warning), soft_wrap=True)
