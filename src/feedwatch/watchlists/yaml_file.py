"""YAML (and JSON) of a monitor: our own configuration, names with lists, or a list of mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedwatch import yamlfile
from feedwatch.watchlists.cells import joined
from feedwatch.watchlists.csv_file import excluded_queries, looks_boolean, take_set
from feedwatch.watchlists.dialects import OURS
from feedwatch.watchlists.keys import key_of

if TYPE_CHECKING:
    from feedwatch.watchlists.draft import Draft, Drafting

_OUTER = ("watchlists", "topics", "searches", "alerts", "monitors", "queries")
"""Keys that hold all of a file's watchlists."""
_LISTS = ("languages", "sources", "tags")


def read_yaml(text: str, stem: str, drafting: Drafting) -> None:
    """Gather what the file holds; `stem` names the watchlist of a file that is a list of phrases."""
    file = yamlfile.read_yaml(text, {})
    for at, sentence in file.problems:
        drafting.problem(file.line(at), "", sentence)
    values, at = file.values, ()
    if isinstance(values, dict):
        sets = values.pop("synonyms", None) if "watchlists" in values else None
        if isinstance(sets, dict):
            drafting.read.sets |= {str(name): tuple(map(str, phrases)) for name, phrases in sets.items()}
        outer = next((key for key in _OUTER if isinstance(values.get(key), list | dict)), None)
        if outer == "watchlists":
            drafting.dialect = OURS
        if outer is not None and (outer != "queries" or "name" not in values):
            values, at = values[outer], (outer,)
    _Reader(file, drafting, stem).read(values, at)


class _Reader:
    def __init__(self, file: yamlfile.YamlFile, drafting: Drafting, stem: str) -> None:
        self._file = file
        self._drafting = drafting
        self._stem = stem

    def read(self, values: object, at: yamlfile.Path) -> None:
        """A mapping of names, one watchlist, a list of either, or a list of phrases."""
        if isinstance(values, dict):
            keys = {key_of(str(key)) for key in values}
            if None not in keys or ("name" in keys and not isinstance(values.get("name"), dict | list)):
                self._watchlist(values if at or "name" in keys else {"name": self._stem, **values}, at)
                return
            for name, held in values.items():
                self._named(str(name), held, (*at, name))
        elif isinstance(values, list):
            for number, held in enumerate(values):
                if isinstance(held, dict):
                    self.read(held, (*at, number))
                else:
                    self._entry(self._draft(self._stem, (*at, number)), "terms", held, (*at, number))
        elif values is not None:
            self._drafting.problem(self._file.line(at), "", "expected a mapping of names, or a list of watchlists")

    def _draft(self, name: str, at: yamlfile.Path) -> Draft:
        return self._drafting.draft(name, self._file.line(at))

    def _named(self, name: str, held: object, at: yamlfile.Path) -> None:
        if isinstance(held, dict):
            self._watchlist({"name": name, **held}, at)
            return
        draft = self._draft(name, at)
        if isinstance(held, list):
            for number, entry in enumerate(held):
                self._entry(draft, "terms", entry, (*at, number))
        else:
            self._entry(draft, "queries", held, at)

    def _watchlist(self, values: dict[Any, Any], at: yamlfile.Path) -> None:
        by_key = {key_of(str(called)): called for called in values}
        name = str(values[by_key["name"]]).strip() if "name" in by_key else ""
        if not name:
            self._drafting.problem(self._file.line(at), "", "this watchlist has no name; left out")
            return
        draft = self._draft(name, at)
        for called, held in values.items():
            key, place = key_of(str(called)), (*at, called)
            if key is None:
                said = f"the key {called!r} is not known and left out"
                self._drafting.change(self._file.line(place), draft.name, said)
            elif key != "name" and held is not None:
                self._key(draft, key, held, place)

    def _key(self, draft: Draft, key: str, held: object, at: yamlfile.Path) -> None:
        if key in ("terms", "queries", "exclude", "exclude_queries", "synonyms", *_LISTS):
            for number, entry in enumerate(held if isinstance(held, list) else [held]):
                place = (*at, number) if isinstance(held, list) else at
                if key in _LISTS:
                    self._drafting.entry(draft, key, str(self._text(entry, place)))
                elif key == "synonyms":
                    self._set(draft, entry)
                else:
                    self._entry(draft, key.replace("exclude_queries", "exclude"), entry, place)
        elif key in ("exact", "stem"):
            said = f"{key} belongs to a query: write {{query: ..., {key}: ...}}"
            self._drafting.problem(self._file.line(at), draft.name, said)
        else:
            self._drafting.value(draft, key, held, self._file.line(at))

    def _set(self, draft: Draft, entry: object) -> None:
        if isinstance(entry, list):
            take_set(joined(map(str, entry), "=", between=" = "), draft, self._drafting)
        elif self._drafting.dialect is OURS:
            self._drafting.entry(draft, "synonyms", str(entry))
        else:
            take_set(str(entry), draft, self._drafting)

    def _entry(self, draft: Draft, key: str, entry: object, at: yamlfile.Path) -> None:
        line = self._file.line(at)
        is_ours = self._drafting.dialect is OURS
        if isinstance(entry, dict):
            options = {str(name): value for name, value in entry.items() if name != "query" and value}
            self._drafting.query(
                draft, "queries" if key == "terms" else key, str(entry.get("query", "")), line, options
            )
            return
        text = str(self._text(entry, at))
        if key == "terms" and (is_ours or not looks_boolean(text)):
            self._drafting.term(draft, text, line)
        elif key == "terms":
            self._drafting.query(draft, "queries", text, line)
        elif key == "exclude" and not is_ours:
            for query in excluded_queries(text):
                self._drafting.query(draft, key, query, line)
        else:
            self._drafting.query(draft, key, text, line)

    def _text(self, value: object, at: yamlfile.Path) -> object:
        """As written in the file where YAML reads it otherwise: `no` is a word."""
        return value if isinstance(value, str) else self._file.written.get(at, value)
