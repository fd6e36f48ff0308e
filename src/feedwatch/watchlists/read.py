"""The bytes of a file -> drafts of watchlists."""

from __future__ import annotations

from pathlib import PurePath

from feedwatch.watchlists.csv_file import looks_boolean, read_csv
from feedwatch.watchlists.dialects import ANY, Dialect
from feedwatch.watchlists.draft import Drafting, ReadFile
from feedwatch.watchlists.text import decoded
from feedwatch.watchlists.yaml_file import read_yaml

_YAML = (".yaml", ".yml", ".json")
_LINES = (".txt", ".list", ".rules")


def read_watchlists(body: bytes, name: str, dialect: Dialect = ANY) -> ReadFile:
    """Read YAML or JSON, lines of phrases or rules (.txt), else CSV; which one the file's name says.

    Never raises for what the file holds: what cannot be read is left out and told with its line.
    """
    path = PurePath(name)
    drafting = Drafting(dialect)
    text = decoded(body)
    if path.suffix.lower() in _YAML:
        read_yaml(text, path.stem, drafting)
    elif path.suffix.lower() in _LINES:
        _read_lines(text, path.stem, drafting)
    else:
        read_csv(text, path.stem, drafting)
    drafting.read.drafts = [draft for draft in drafting.read.drafts if draft.values]
    return drafting.read


def _read_lines(text: str, stem: str, drafting: Drafting) -> None:
    """A phrase, query or rule a line; those behind # are comments."""
    for number, written in enumerate(text.splitlines(), 1):
        line = written.strip()
        if not line or line.startswith("#"):
            continue
        draft = drafting.draft(stem, number)
        if drafting.dialect.name == "miniflux" or looks_boolean(line):
            drafting.query(draft, "queries", line, number)
        else:
            drafting.term(draft, line, number)
