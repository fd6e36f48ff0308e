"""What a file holds: drafts of watchlists, and what is to be said of the reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import check_term
from feedwatch.watchlists.dialects import LANGUAGES
from feedwatch.watchlists.translate import translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedwatch.watchlists.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence on a place of the file."""

    line: int
    watchlist: str
    """Its name; empty where the sentence is of the file."""
    sentence: str


@dataclass(slots=True)
class Draft:
    """A watchlist as a file has it, still to be checked as a whole."""

    name: str
    line: int
    """Where it begins."""
    values: dict[str, Any] = field(default_factory=dict)
    """As the configuration writes them, each query in our language; synonyms are names of sets."""


@dataclass(slots=True)
class ReadFile:
    """What was read, what was changed in reading, and what had to be left out."""

    drafts: list[Draft] = field(default_factory=list)
    changes: list[Remark] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Synonyms sets of the file, by the names that drafts use."""


@dataclass(slots=True)
class Drafting:
    """Gathers a file's entries into drafts; an entry that cannot be read is left out and stops no other."""

    dialect: Dialect
    read: ReadFile = field(default_factory=ReadFile)
    _by_name: dict[str, Draft] = field(default_factory=dict)
    _said: dict[tuple[str, str], int] = field(default_factory=dict)

    def draft(self, name: str, line: int) -> Draft:
        """The draft of this name, its case not minded."""
        name = " ".join(name.split())
        draft = self._by_name.get(name.casefold())
        if draft is None:
            draft = self._by_name[name.casefold()] = Draft(name, line)
            self.read.drafts.append(draft)
        return draft

    def term(self, draft: Draft, text: str, line: int) -> None:
        """A phrase."""
        try:
            check_term(text)
        except QuerySyntaxError as error:
            self.problem(line, draft.name, str(error))
            return
        self._add(draft, "terms", text)

    def query(self, draft: Draft, key: str, text: str, line: int, options: Mapping[str, Any] | None = None) -> None:
        """A query of `queries` or `exclude`, in the file's way of writing."""
        try:
            translated = translate(text, self.dialect)
        except QuerySyntaxError as error:
            self.problem(line, draft.name, str(error))
            return
        for change in translated.changes:
            self.read.changes.append(Remark(line, draft.name, change))
        self._add(draft, key, {"query": translated.query, **options} if options else translated.query)

    def entry(self, draft: Draft, key: str, value: str) -> None:
        """An entry of a list of names; a language may be called by its English or Chinese name."""
        self._add(draft, key, LANGUAGES.get(value.lower(), value) if key == "languages" else value)

    def value(self, draft: Draft, key: str, value: object, line: int) -> None:
        """What a watchlist has one of: the first that is said counts."""
        earlier = self._said.setdefault((draft.name, key), line)
        if draft.values.setdefault(key, value) != value:
            said = f"{key} {value!r} is left out: line {earlier} has {draft.values[key]!r}"
            self.problem(line, draft.name, said)

    def problem(self, line: int, watchlist: str, sentence: str) -> None:
        """Something that is left out."""
        self.read.problems.append(Remark(line, watchlist, sentence))

    def change(self, line: int, watchlist: str, sentence: str) -> None:
        """Something that is read otherwise than written."""
        self.read.changes.append(Remark(line, watchlist, sentence))

    def _add(self, draft: Draft, key: str, value: object) -> None:
        held = draft.values.setdefault(key, [])
        if value not in held:
            held.append(value)
