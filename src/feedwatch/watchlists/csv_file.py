"""CSV of a monitor: columns known by their names, a row a query or a row for many."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

from feedwatch.watchlists.cells import parted
from feedwatch.watchlists.dialects import OURS
from feedwatch.watchlists.keys import NO, YES, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedwatch.watchlists.draft import Draft, Drafting

COLUMNS = (
    "name", "term", "query", "exclude_query", "exact", "stem", "mode", "languages", "sources", "tags", "min_score",
    "priority", "synonyms", "owner", "description", "enabled",
)  # fmt: skip
"""What `write_csv` writes."""
_LONGEST = 100
"""Of a set's name, in characters."""
_LOOKS_BOOLEAN = re.compile(r"\b(?:AND|OR|NOT|ANDNOT|O?NEAR(?:/?\d+)?)\b|[()\":=*~]|^\s*-|/\d")


def read_csv(text: str, stem: str, drafting: Drafting) -> None:
    """Gather the rows' entries; `stem` names the watchlist where no column does."""
    rows = _rows(text)
    first = next(rows, None)
    if first is None:
        drafting.problem(1, "", "the file is empty")
        return
    _, header = first
    if tuple(header) == COLUMNS:
        drafting.dialect = OURS
    keys = [key_of(called) for called in header]
    if not any(key in ("terms", "queries", "exclude_queries") for key in keys):
        known = "name, keywords (or terms), query, exclude, language, tags, owner, priority, description"
        drafting.problem(1, "", f"no column is called keywords or query; columns are known by their names: {known}")
        return
    for called, key in zip(header, keys, strict=True):
        if key is None and called.strip():
            drafting.change(1, "", f"the column {called.strip()!r} is not known and left out")
    name = "" if "name" in keys else stem
    for line, row in rows:
        cells = {key: cell for key, cell in zip(keys, row, strict=False) if key is not None and cell.strip()}
        name = cells.pop("name", "").strip() or name
        if not cells:
            continue
        if not name:
            drafting.problem(line, "", "the row names no watchlist, nor does one above it; left out")
            continue
        _take(cells, drafting.draft(name, line), line, drafting)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line that it begins in."""
    lines = list(io.StringIO(text, newline=""))  # str.splitlines ends a line at more than ends one in CSV
    begun = 0
    if lines and (said := re.fullmatch(r"sep=(.)\s*", lines[0])):  # Excel's own hint
        begun, delimiter = 1, said[1]
    else:
        delimiter = _delimiter(next((line for line in lines if line.strip()), ""))
    reader = csv.reader(lines[begun:], delimiter=delimiter)
    line = begun + 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a field of more than 128 KB, a lone carriage return
            row = []
        if any(cell.strip() for cell in row):
            yield line, row
        line = begun + reader.line_num + 1


def _delimiter(header: str) -> str:
    """Of comma, semicolon and tab the one by which most columns are known."""

    def known(delimiter: str) -> int:
        return sum(key_of(called) is not None for called in next(csv.reader([header], delimiter=delimiter), []))

    return max((",", ";", "\t"), key=known)


def _take(cells: dict[str, str], draft: Draft, line: int, drafting: Drafting) -> None:
    options = _options(cells, draft, line, drafting)
    for term in parted(cells.get("terms", "")):
        if drafting.dialect is not OURS and looks_boolean(term):
            drafting.query(draft, "queries", term, line, options)
        else:
            drafting.term(draft, term, line)
    if query := cells.get("queries", "").strip():
        drafting.query(draft, "queries", query, line, options)
    if query := cells.get("exclude_queries", "").strip():
        drafting.query(draft, "exclude", query, line, options)
    if excluded := cells.get("exclude", "").strip():
        for query in excluded_queries(excluded):
            drafting.query(draft, "exclude", query, line)
    _take_about(cells, draft, line, drafting)


def _take_about(cells: dict[str, str], draft: Draft, line: int, drafting: Drafting) -> None:
    for key in ("languages", "sources", "tags"):
        for entry in parted(cells.get(key, "")):
            drafting.entry(draft, key, entry)
    for entry in parted(cells.get("synonyms", ""), ";\n"):
        take_set(entry, draft, drafting)
    for key in ("owner", "description", "mode", "priority", "min_score", "enabled"):
        if key in cells:
            take_value(key, cells[key], draft, line, drafting)


def looks_boolean(text: str) -> bool:
    """Whether a keyword is more than a phrase."""
    return _LOOKS_BOOLEAN.search(text) is not None


def excluded_queries(cell: str) -> list[str]:
    """A cell of excluded keywords: one query, or a list of words and phrases."""
    if looks_boolean(cell):
        return [cell]
    return [f'"{entry}"' if " " in entry else entry for entry in parted(cell)]


def take_set(entry: str, draft: Draft, drafting: Drafting) -> None:
    """A synonyms set by its name, or written out: `GBA = Greater Bay Area = 大湾区`."""
    phrases = tuple(parted(entry, "="))
    name = " ".join(" = ".join(phrases).split())
    if len(phrases) > 1:
        name = f"{name[:_LONGEST].strip()} {len(drafting.read.sets)}" if len(name) > _LONGEST else name
        drafting.read.sets[name] = phrases
    drafting.entry(draft, "synonyms", name)


def take_value(key: str, written: str, draft: Draft, line: int, drafting: Drafting) -> None:
    """What is one of its kind, from text."""
    text = written if key == "description" else written.strip()
    if key in ("priority", "min_score"):
        try:
            drafting.value(draft, key, int(text) if key == "priority" else float(text.replace(",", ".")), line)
        except ValueError:
            drafting.problem(line, draft.name, f"{key} {text!r} is left out: expected a number")
    elif key == "enabled":
        if text.lower() in YES | NO:
            drafting.value(draft, key, text.lower() in YES, line)
        else:
            drafting.problem(line, draft.name, f"enabled {text!r} is left out: expected yes or no")
    elif key == "mode":
        drafting.value(draft, key, text.lower(), line)
    else:
        drafting.value(draft, key, text, line)


def _options(cells: dict[str, str], draft: Draft, line: int, drafting: Drafting) -> dict[str, Any]:
    """How the words of the row's queries are read."""
    options: dict[str, Any] = {}
    exact = cells.get("exact", "").strip().lower()
    if exact in YES:
        options["exact"] = True
    elif exact not in NO:
        drafting.problem(line, draft.name, f"exact {exact!r} is left out: expected yes or no")
    if stem := cells.get("stem", "").strip():
        options["stem"] = stem
    return options
