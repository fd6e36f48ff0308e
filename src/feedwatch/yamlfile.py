"""YAML with line numbers: a file becomes plain values, and each key's place is known for error messages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = str | int
Path = tuple[Key, ...]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TAG = "tag:yaml.org,2002:"
_TEXT = ("timestamp", "value", "merge")
"""What YAML 1.1 gives a meaning and we do not: 2026-01-01, = and <<."""
_KINDS = {"int": "a number", "float": "a number", "bool": "true or false", "binary": "base64"}
_MOST_VALUES = 500_000
"""What a file may hold, aliases written out: nine lines of them can stand for a billion values."""

_HINTS = (
    # (what PyYAML says, what helps)
    (r"found character '\\t'", "a tab stands where spaces are expected; YAML is indented with spaces alone"),
    (r"found character '(.)' that cannot start", r"a value that begins with \1 must be in quotes"),
    (r"mapping values are not allowed", "a value that contains ': ' must be in quotes; else check the indentation"),
    (r"found undefined alias|scanning an alias", "a value that begins with * must be in quotes"),
    (r"scanning an anchor", "a value that begins with & must be in quotes"),
    (r"constructor for the tag '(!.*)'", r"the tag \1 is not known; a value that begins with ! must be in quotes"),
    (r"parsing a flow node", "a value, or the closing ] or }, is missing"),
    (r"parsing a flow", "after the [ or { of line {line} a comma, or its partner, is missing"),
    (r"could not find expected ':'", "a key needs a colon and a space after it"),
    (r"expected <block end>", "the indentation does not fit the lines above"),
    (r"found another document", "a second document begins here (---); only one is read"),
    (r"merge|for merging", "<< takes a mapping, or a list of mappings"),
)


@dataclass(slots=True)
class YamlFile:
    """A file's values, where each stands, and what was wrong in reading them."""

    values: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    """The 1-based line of each key or list entry."""
    written: dict[Path, str] = field(default_factory=dict)
    """The scalars as they stand in the file where their value is another: `no` is False, `${X}` what X holds."""
    problems: list[tuple[Path, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing above it that the file holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, environment: Mapping[str, str]) -> YamlFile:
    """Read YAML and fill in `${VARIABLE}` and `${VARIABLE:-default}` from `environment`.

    Never raises for what the text holds: syntax errors, keys given twice and unset variables become problems. A date
    is text, and so is a number with colons (12:30): no setting is either.
    """
    file = YamlFile()
    try:
        _Builder(text, environment, file).build()
    except yaml.reader.ReaderError as error:
        file.lines[()] = text.count("\n", 0, error.position) + 1
        file.problems.append(((), f"not valid YAML: the character U+{_number(error):04X} is not allowed"))
    except yaml.MarkedYAMLError as error:
        file.lines[()], sentence = _explain(error)
        file.problems.append(((), f"not valid YAML: {sentence}"))
    except RecursionError:
        file.problems.append(((), "not valid YAML: lists and mappings are nested too deeply"))
    except _TooManyError:
        file.problems.append(((), f"holds more than {_MOST_VALUES} values once its aliases (*) are written out"))
    else:
        return file
    file.values = None
    return file


class _TooManyError(Exception):
    pass


def _number(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)


def _explain(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line of a syntax error, and a sentence."""
    said = f"{error.context or ''} {error.problem or ''}".strip()
    lines = [mark.line + 1 for mark in (error.context_mark, error.problem_mark) if mark] or [1]
    if "scanning a quoted scalar" in said:  # where it begins is the news; it is seen at the end of the file
        return lines[0], "a quotation mark is never closed"
    for pattern, hint in _HINTS:
        if found := re.search(pattern, said):
            return lines[-1], found.expand(hint).replace("{line}", str(lines[0]))
    return lines[-1], said


class _Builder:
    """Builds the values of one file from PyYAML's nodes."""

    def __init__(self, text: str, environment: Mapping[str, str], file: YamlFile) -> None:
        self._loader = yaml.SafeLoader(text)
        self._environment = environment
        self._file = file
        self._count = 0
        self._above: set[int] = set()  # the nodes that are being built: one that comes again contains itself
        self._checked: set[int] = set()

    def build(self) -> None:
        try:
            node = self._loader.get_single_node()
            if node is not None:
                self._file.values = self._value(node, ())
        finally:
            self._loader.dispose()

    def _value(self, node: yaml.Node, path: Path) -> object:
        self._file.lines.setdefault(path, node.start_mark.line + 1)
        self._count += 1
        if self._count > _MOST_VALUES:
            raise _TooManyError
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self._above:
            self._file.problems.append((path, "contains itself, by way of an alias (*)"))
            return None
        self._above.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            return [self._value(entry, (*path, i)) for i, entry in enumerate(node.value)]
        finally:
            self._above.discard(id(node))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        if id(node) not in self._checked:  # once, before flattening mixes in what is merged and may be given again
            self._checked.add(id(node))
            self._check_keys(node, path)
        flat = yaml.MappingNode(node.tag, list(node.value), node.start_mark, node.end_mark)
        self._loader.flatten_mapping(flat)
        mapping: dict[str, object] = {}
        for key_node, value_node in flat.value:
            if isinstance(key_node, yaml.ScalarNode):
                key = _SURROGATE.sub("\ufffd", key_node.value)
                self._file.lines[*path, key] = key_node.start_mark.line + 1
                mapping[key] = self._value(value_node, (*path, key))
        return mapping

    def _check_keys(self, node: yaml.MappingNode, path: Path) -> None:
        first: dict[str, int] = {}
        for key_node, _ in node.value:
            key, line = key_node.value, key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._file.problems.append((path, f"the key in line {line} is no plain text"))
            elif key in first:
                self._file.problems.append(((*path, key), f"given twice; first in line {first[key]}"))
            else:
                first[key] = line

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> object:
        kind = node.tag.removeprefix(_TAG)
        if kind in _TEXT or (kind in ("int", "float") and ":" in node.value):
            return node.value
        try:
            value = self._loader.construct_object(node)
        except (ValueError, OverflowError, KeyError):  # `0x_`, `!!bool x`, a number of 5000 digits
            self._file.problems.append(
                (
                    path,
                    f"found {shorten(node.value)}, which cannot be read as {_KINDS.get(kind, kind)}; put it in quotes",
                )
            )
            return None
        if not isinstance(value, str):
            self._file.written[path] = node.value
            return value
        filled = self._fill_in(value, path)
        if _SURROGATE.search(filled):
            self._file.problems.append((path, "holds a character that is no character (half of a surrogate pair)"))
        return _SURROGATE.sub("\ufffd", filled)

    def _fill_in(self, text: str, path: Path) -> str:
        def replace(found: re.Match[str]) -> str:
            self._file.written[path] = text
            value = self._environment.get(found[1], found[2])
            if value is None:
                self._file.problems.append((path, f"the environment variable {found[1]} is not set"))
                return ""
            return value

        return _VARIABLE.sub(replace, text)


def shorten(text: str, most: int = 60) -> str:
    """At most so many characters of `text`, for a message."""
    return text if len(text) <= most else f"{text[: most - 3]}..."
