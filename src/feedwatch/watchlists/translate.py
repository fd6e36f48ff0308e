"""A boolean query of another monitor -> the same query in our language, and what was changed about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedwatch.errors import QuerySyntaxError
from feedwatch.match import check_query
from feedwatch.watchlists.dialects import ANY, LANGUAGES, OURS, Dialect
from feedwatch.watchlists.grouping import or_first, words_joined
from feedwatch.watchlists.marks import Mark, marks_of
from feedwatch.watchlists.miniflux import translate_rule

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Translated:
    """A query in our language."""

    query: str
    changes: tuple[str, ...] = ()
    """Sentences; none where it stands as it was written."""


def translate(query: str, dialect: Dialect = ANY) -> Translated:
    """Read a query as the monitor does that it comes from.

    Raises QuerySyntaxError, with the column in `query` where that is known, if it cannot be said in our language.
    """
    if dialect is OURS:
        check_query(query)
        return Translated(query)
    if dialect.name == "miniflux":
        return _rule(query)
    written = _Written(query, dialect)
    marks = written.operators(marks_of(query))
    if dialect.joins_words:
        marks = words_joined(marks)
    if dialect.or_first:
        marks = or_first(marks, written.changes, dialect.spoken)
    ours = written.out(marks)
    if not written.changes:
        check_query(query)
        return Translated(query)
    _check(query, ours)
    return Translated(ours, tuple(dict.fromkeys(written.changes)))


def _rule(rule: str) -> Translated:
    ours, changes = translate_rule(rule)
    _check(rule, ours)
    return Translated(ours, changes)


def _check(query: str, ours: str) -> None:
    """Raise the error of a translation as one of the query."""
    try:
        check_query(ours)
    except QuerySyntaxError as error:
        said = f"{error.problem} (read as {ours})"
        raise QuerySyntaxError(query, _column(query, ours, error.column), said) from None


def _column(query: str, ours: str, column: int) -> int:
    """Where in the query the word stands that is at a column of the translation; its beginning if nowhere."""
    word = ours[column:].split(maxsplit=1)[0].strip('()"') if ours[column:].split() else ""
    return max(query.find(word), 0) if word else max(len(query.rstrip()) - 1, 0)


@dataclass(slots=True)
class _Written:
    """One query on its way."""

    query: str
    dialect: Dialect
    changes: list[str] = field(default_factory=list)

    def operators(self, marks: Sequence[Mark]) -> list[Mark]:
        """The same marks; operators in small letters are words where they may be meant so."""
        read: list[Mark] = []
        for number, mark in enumerate(marks):
            before = read[-1].kind if read else None
            after = marks[number + 1].kind if number + 1 < len(marks) else None
            is_meant = mark.is_upper or self.dialect.any_case
            is_meant = is_meant or (before in ("phrase", "close") and after in ("phrase", "open"))
            if mark.text == "ADJ" and mark.count is None:
                is_meant = self.dialect.joins_words
            is_operator = mark.kind in ("and", "or", "not", "near")
            read.append(mark if is_meant or not is_operator else Mark("word", self._as_written(mark), mark.column))
        return read

    def _as_written(self, mark: Mark) -> str:
        return self.query[mark.column :].split(maxsplit=1)[0].rstrip('()"')

    def out(self, marks: Sequence[Mark]) -> str:
        """The query in our language."""
        parts: list[str] = []
        closing = 0
        for number, mark in enumerate(marks):
            before = marks[number - 1] if number else None
            is_all = mark.kind == "field" and mark.text == "allintitle"
            closing += is_all
            parts += self._all_in_title() if is_all else self._said_here(mark, before)
        return _spaced([*parts, *")" * closing])

    def _said_here(self, mark: Mark, before: Mark | None) -> list[str]:
        match mark.kind:
            case "and" | "or":
                return [self._said(mark, mark.kind.upper())]
            case "not":
                return self._not(mark, before)
            case "near":
                return [self._near(mark)]
            case "plus":
                self.changes.append("+ before a word is left out: all words have to be found")
                return []
            case "field":
                return [self._field(mark)]
            case "phrase":
                return [self._phrase(mark, before)]
            case "word":
                return [self._word(mark, before)]
            case _:
                return [mark.text]

    def _all_in_title(self) -> list[str]:
        self.changes.append("allintitle: is title:(...)")
        return ["title:("]

    def _said(self, mark: Mark, ours: str) -> str:
        if mark.text != ours and mark.text:
            self.changes.append(f"{mark.text} is {ours}")
        return ours

    def _not(self, mark: Mark, before: Mark | None) -> list[str]:
        is_joined = before is not None and before.kind in ("and", "or")
        if mark.text.lower() == "andnot":
            self.changes.append(f"{mark.text} is AND NOT")
            return ["AND", "NOT"]
        if mark.text in ("-", "!"):
            self.changes.append(f"{mark.text} before a word is NOT")
            return ["NOT"] if is_joined or before is None or before.kind in ("open", "not") else ["AND", "NOT"]
        return [self._said(mark, "NOT")]

    def _near(self, mark: Mark) -> str:
        written = f"AROUND({mark.count})" if mark.text == "AROUND" else self._as_written(mark)
        count = mark.count
        if count is None:
            count = 1 if mark.text == "ADJ" else self.dialect.near_alone
            if count is None:
                raise QuerySyntaxError(self.query, mark.column, f"{written} has to say how near: write NEAR/8, say")
        is_ordered = (
            mark.ordered or mark.text in ("ONEAR", "PRE", "ADJ") or (mark.text == "W" and self.dialect.w_is_ordered)
        )
        between = (
            mark.ordered
            or mark.text in ("AROUND", "WITHIN")
            or (self.dialect.counts_between and mark.text in ("NEAR", "ONEAR"))
        )
        steps = max(count + 1 if between else count, 1)
        ours = f"{'ONEAR' if is_ordered else 'NEAR'}/{steps}"
        if written != ours:
            why = ": n words between are n + 1 steps" if between else ""
            self.changes.append(f"{written} is {ours}{why}")
        return ours

    def _field(self, mark: Mark) -> str:
        written = self.query[mark.column :]
        if not written.startswith(f"{mark.text}:") or written[len(mark.text) + 1 :][:1].isspace():
            name = written.partition(":")[0].partition("=")[0]
            sign = written[len(name) : len(name) + 1]
            self.changes.append(f"{name.strip()}{sign} is {mark.text}:")
        return f"{mark.text}:"

    def _phrase(self, mark: Mark, before: Mark | None) -> str:
        text = mark.text
        if before is not None and before.kind == "field":
            return self._value(before.text, text, mark.column)
        is_plain = self.query[mark.column] != "'"
        if not is_plain:
            self.changes.append(f"'{text}' is \"{text}\"")
        if mark.count is None or (mark.count <= 1 and (len(text.split()) == 1 or self.dialect is ANY)):
            return f'"{text}"' if mark.count is None else f'"{text}"~{mark.count}'
        words = text.split()
        if len(words) == 1:
            raise QuerySyntaxError(
                self.query, mark.column, f'"{text}"~{mark.count}: one word has no distance; write ~1'
            )
        ours = f" NEAR/{mark.count + 1} ".join(f'"{word}"' if not word.isalnum() else word for word in words)
        self.changes.append(f'"{text}"~{mark.count} is {ours}')
        return f"({ours})"

    def _word(self, mark: Mark, before: Mark | None) -> str:
        word = mark.text
        if before is not None and before.kind == "field":
            return self._value(before.text, word, mark.column)
        if word.startswith("~") and before is not None and before.kind == "close":
            said = f"{word} behind parentheses is not known here: write NEAR/8 between the two sides, say"
            raise QuerySyntaxError(self.query, mark.column, said)
        if self.dialect.has_bang and word.endswith("!"):
            self.changes.append(f"{word} is {word[:-1]}*")
            return f"{word[:-1]}*"
        if self.dialect.has_mark and "?" in word:
            said = "? for one character is not known here: write the words out with OR, or a regular expression"
            raise QuerySyntaxError(self.query, mark.column + word.index("?"), said)
        return word

    def _value(self, name: str, value: str, column: int) -> str:
        """What stands behind a field's colon."""
        quoted = f'"{value}"' if self.query[column] in "\"“”'‘’" else value
        if name == "lang" and value.lower() in LANGUAGES:
            self.changes.append(f"{value} is the language {LANGUAGES[value.lower()]}")
            return LANGUAGES[value.lower()]
        if name == "site":
            host = urlsplit(value if "//" in value else f"//{value}")
            if host.path.strip("/"):
                raise QuerySyntaxError(self.query, column, "a site is a host without a path, such as rthk.hk")
            wanted = (host.hostname or "").removeprefix("www.")
            if wanted != value:
                self.changes.append(f"site:{value} is site:{wanted}")
            return wanted
        return quoted


def _spaced(parts: Sequence[str]) -> str:
    """Blanks between the parts, none within parentheses or behind a field's colon."""
    text = ""
    for part in parts:
        is_close = part.startswith(")")
        text += part if not text or text.endswith(("(", ":")) or is_close else f" {part}"
    return text
