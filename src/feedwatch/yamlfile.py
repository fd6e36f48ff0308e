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


@dataclass(slots=True)
class YamlFile:
    """A file's values, where each stands, and what was wrong in reading them."""

    values: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    """The 1-based line of each key or list entry."""
    from_environment: set[Path] = field(default_factory=set)
    """The scalars that hold a ${VARIABLE}."""
    problems: list[tuple[Path, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing above it that the file holds."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(text: str, environment: Mapping[str, str]) -> YamlFile:
    """Read YAML and fill in `${VARIABLE}` and `${VARIABLE:-default}` from `environment`.

    Never raises for what the text holds: syntax errors, keys given twice and unset variables become problems.
    """
    file = YamlFile()
    try:
        loader = yaml.SafeLoader(text)
    except yaml.YAMLError as error:  # a character that YAML does not allow
        file.problems.append(((), f"not valid YAML: {error}"))
        return file
    try:
        node = loader.get_single_node()
        if node is not None:
            file.values = _build(node, (), loader, file, environment)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        file.lines[()] = mark.line + 1 if mark else 1
        file.problems.append(((), f"not valid YAML: {error.problem or error.context}"))
        file.values = None
    except yaml.YAMLError as error:
        file.problems.append(((), f"not valid YAML: {error}"))
        file.values = None
    finally:
        loader.dispose()
    return file


def _build(
    node: yaml.Node, path: Path, loader: yaml.SafeLoader, file: YamlFile, environment: Mapping[str, str]
) -> object:
    file.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        mapping: dict[Key, object] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node)
            if not isinstance(key, str | int):
                key = str(key)
            below = (*path, key)
            if key in mapping:
                file.problems.append((below, f"given twice; first in line {file.lines[below]}"))
            file.lines[below] = key_node.start_mark.line + 1
            mapping[key] = _build(value_node, below, loader, file, environment)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(entry, (*path, i), loader, file, environment) for i, entry in enumerate(node.value)]
    value = loader.construct_object(node)
    return _fill_in(value, path, file, environment) if isinstance(value, str) else value


def _fill_in(text: str, path: Path, file: YamlFile, environment: Mapping[str, str]) -> str:
    def replace(found: re.Match[str]) -> str:
        file.from_environment.add(path)
        value = environment.get(found[1], found[2])
        if value is None:
            file.problems.append((path, f"the environment variable {found[1]} is not set"))
            return ""
        return value

    return _VARIABLE.sub(replace, text)
