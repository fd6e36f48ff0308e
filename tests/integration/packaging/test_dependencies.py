"""What the package imports is what it declares: a library that happens to lie in a developer's environment does not."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[3]
_SOURCES = sorted((_ROOT / "src").rglob("*.py"))
_PROVIDERS = packages_distributions()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared() -> set[str]:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {_normal(re.split(r"[\[<>=!~; ]", requirement)[0]) for requirement in project["dependencies"]}


_DECLARED = _declared()


def _imports(tree: ast.AST) -> Iterator[str]:
    """The top-level names that running the module imports; what only a type checker sees does not count."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        yield from _imports(node)


@pytest.mark.parametrize("path", _SOURCES, ids=lambda path: path.relative_to(_ROOT / "src").as_posix())
def test_every_import_is_a_declared_dependency(path: Path) -> None:
    for name in set(_imports(ast.parse(path.read_text(encoding="utf-8")))) - sys.stdlib_module_names - {"feedwatch"}:
        distributions = {_normal(provider) for provider in _PROVIDERS.get(name, [name])}
        assert distributions & _DECLARED, f"{name} is imported, but pyproject.toml does not declare {distributions}"


@pytest.mark.parametrize("name", sorted(_DECLARED))
def test_every_declared_dependency_is_locked(name: str) -> None:
    lock = (_ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE), (
        f"{name} is not in requirements.lock; run: make lock"
    )
