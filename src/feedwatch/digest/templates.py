"""The templates: the shipped ones, and an admin's overrides file by file, which can break without breaking a mail."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2 import TemplateSyntaxError as SyntaxFault
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedwatch.errors import FeedwatchError

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_templates() -> Path:
    """The folder of the shipped templates: in the installed package, or beside `src` in a checkout.

    Raises FeedwatchError where neither is there.
    """
    for folder in (_PACKAGE / "templates", _PACKAGE.parents[1] / "templates"):
        if (folder / "digest.html.j2").is_file():
            return folder
    raise FeedwatchError(f"The templates are missing from {_PACKAGE}: install feedwatch again.")


class Templates:
    """Renders a template by name; a file of that name in `overrides` comes before the shipped one."""

    def __init__(self, shipped: Path, overrides: Path | None, filters: Mapping[str, Callable[..., Any]]) -> None:
        self._shipped = shipped
        self._overrides = overrides
        self._filters = filters
        self._usual = self._environment(ignored=())

    def render(self, name: str, context: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
        """The text, and one sentence for each override that failed and that the shipped template stood in for.

        Raises FeedwatchError where a shipped template fails.
        """
        faults: list[str] = []
        ignored: set[str] = set()
        environment = self._usual
        while True:
            try:
                return environment.get_template(name).render(context), tuple(faults)
            except Exception as error:  # whatever an admin's template can raise; the digest goes out all the same
                culprit = self._culprit(error)
                if culprit is None or culprit in ignored:
                    raise FeedwatchError(f"The template {name} cannot be rendered: {_reason(error)}") from error
                ignored.add(culprit)
                faults.append(self._fault(culprit, error))
                environment = self._environment(ignored)

    def _environment(self, ignored: Collection[str]) -> Environment:
        loaders: list[BaseLoader] = [FileSystemLoader(self._shipped)]
        if self._overrides is not None:
            loaders.insert(0, _Overrides(self._overrides, frozenset(ignored)))
        environment = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader(loaders),
            autoescape=lambda name: name is not None and name.endswith(".html.j2"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(self._filters)
        return environment

    def _culprit(self, error: BaseException) -> str | None:
        """The name of the innermost override that the error passed through."""
        if self._overrides is None:
            return None
        files = [error.filename] if isinstance(error, SyntaxFault) and error.filename else []
        trace = error.__traceback__
        passed = []
        while trace is not None:
            passed.append(trace.tb_frame.f_code.co_filename)
            trace = trace.tb_next
        for file in files + passed[::-1]:
            if Path(file).is_relative_to(self._overrides):
                return Path(file).relative_to(self._overrides).as_posix()
        return None

    def _fault(self, name: str, error: Exception) -> str:
        line = error.lineno if isinstance(error, SyntaxFault) else None
        trace = error.__traceback__
        while trace is not None:
            if Path(trace.tb_frame.f_code.co_filename) == Path(self._overrides or "", name):
                line = trace.tb_lineno
            trace = trace.tb_next
        where = f"{name}, line {line}" if line else name
        return f"Your template {where} failed ({_reason(error)}); the shipped {name} was used in its place."


class _Overrides(FileSystemLoader):
    """The admin's folder without the files to be ignored; a file that cannot be read is at fault like any other."""

    def __init__(self, folder: Path, ignored: frozenset[str]) -> None:
        super().__init__(folder)
        self._folder = folder
        self._ignored = ignored

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if template in self._ignored:
            raise TemplateNotFound(template)
        try:
            return super().get_source(environment, template)
        except (OSError, UnicodeDecodeError) as error:
            if isinstance(error, TemplateNotFound):
                raise
            file = str(self._folder / template)
            raise SyntaxFault(f"the file cannot be read: {error}", 1, template, file) from error


def _reason(error: Exception) -> str:
    text = error.message if isinstance(error, SyntaxFault) else str(error)
    return " ".join((text or type(error).__name__).split())
