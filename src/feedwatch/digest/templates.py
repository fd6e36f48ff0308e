"""The templates: the shipped ones, and an admin's overrides file by file, which can break without breaking a mail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
)
from jinja2 import TemplateSyntaxError as SyntaxFault
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedwatch.digest.words import listed, number, signed, translations
from feedwatch.errors import FeedwatchError
from feedwatch.model import Edition, EditionItem, EditionRelative, EditionSection, EditionStory, RisingTerm

_PACKAGE = Path(__file__).resolve().parents[1]
_VALUES = frozenset({Edition, EditionSection, EditionStory, EditionItem, EditionRelative, RisingTerm, LoopContext})


def shipped_templates() -> Path:
    """The folder of the shipped templates: in the installed package, or beside `src` in a checkout.

    Raises FeedwatchError where neither is there.
    """
    for folder in (_PACKAGE / "templates", _PACKAGE.parents[1] / "templates"):
        if (folder / "digest.html.j2").is_file():
            return folder
    raise FeedwatchError(f"The templates are missing from {_PACKAGE}: install feedwatch again.")


class Templates:
    """Renders a template by name; a file of that name in `overrides` comes before the shipped one.

    A template says its words by `_` and `ngettext` (`feedwatch.digest.words`). Overrides are looked for again at every
    call; the shipped files are taken as they were first read. Safe to share between threads.
    """

    def __init__(self, shipped: Path, overrides: Path | None, filters: Mapping[str, Callable[..., Any]]) -> None:
        self.shipped = shipped
        self.overrides = overrides
        self._filters = filters
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._generation = 0
        self._environments: dict[tuple[int, str, frozenset[str]], Environment] = {}
        self._lock = Lock()

    def generation(self) -> int:
        """A number that is another one as soon as an override was added, changed or taken away: what was made by
        templates of an earlier generation is stale."""
        if self.overrides is None:
            return 0
        found = tuple(_files(self.overrides))
        if found != self._seen:
            with self._lock:
                if found != self._seen:
                    self._seen = found
                    self._generation += 1
                    self._environments = {}
        return self._generation

    def render(self, name: str, context: Mapping[str, object], locale: str = "en") -> tuple[str, tuple[str, ...]]:
        """The text in one of `words.LOCALES`, and one sentence for each override that failed and that the shipped
        template stood in for.

        Raises FeedwatchError where a shipped template fails.
        """
        faults: list[str] = []
        ignored: frozenset[str] = frozenset()
        generation = self.generation()
        while True:
            try:
                template = self._environment(generation, locale, ignored).get_template(name)
                return template.render(context), tuple(faults)
            except Exception as error:  # whatever an admin's template can raise; the digest goes out all the same
                culprit = self._culprit(error)
                if culprit is None or culprit in ignored:
                    raise FeedwatchError(f"The template {name} cannot be rendered: {_reason(error)}") from error
                ignored |= {culprit}
                faults.append(self._fault(culprit, error))

    def fault_in(self, name: str) -> str | None:
        """What is wrong with a template that nothing is to be made of: a sentence where it cannot be read."""
        try:
            self._environment(self.generation(), "en", frozenset()).get_template(name)
        except (TemplateError, OSError) as error:
            return self._fault(name, error)
        return None

    def _environment(self, generation: int, locale: str, ignored: frozenset[str]) -> Environment:
        """Kept for each set of overrides that are passed over, so that a broken one costs no compiling at each mail."""
        key = (generation, locale, ignored)
        if key not in self._environments:
            self._environments[key] = self._new_environment(locale, ignored)
        return self._environments[key]

    def _new_environment(self, locale: str, ignored: frozenset[str]) -> Environment:
        loaders: list[BaseLoader] = [FileSystemLoader(self.shipped)]
        if self.overrides is not None:
            loaders.insert(0, _Overrides(self.overrides, ignored))
        environment = _Sandbox(
            loader=ChoiceLoader(loaders),
            autoescape=lambda name: name is not None and name.endswith(".html.j2"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
        for its_words in (listed, number, signed):
            environment.filters[its_words.__name__] = partial(its_words, locale=locale)
        environment.filters.update(self._filters)
        return environment

    def _culprit(self, error: BaseException) -> str | None:
        """The name of the innermost override that the error passed through."""
        if self.overrides is None:
            return None
        files = [error.filename] if isinstance(error, SyntaxFault) and error.filename else []
        trace = error.__traceback__
        passed = []
        while trace is not None:
            passed.append(trace.tb_frame.f_code.co_filename)
            trace = trace.tb_next
        for file in files + passed[::-1]:
            if Path(file).is_relative_to(self.overrides):
                return Path(file).relative_to(self.overrides).as_posix()
        return None

    def _fault(self, name: str, error: Exception) -> str:
        line = error.lineno if isinstance(error, SyntaxFault) else None
        trace = error.__traceback__
        while trace is not None:
            if Path(trace.tb_frame.f_code.co_filename) == Path(self.overrides or "", name):
                line = trace.tb_lineno
            trace = trace.tb_next
        where = f"{name}, line {line}" if line else name
        if not (self.shipped / name).is_file():
            return f"Your template {where} failed ({_reason(error)}); it was left out."
        return f"Your template {where} failed ({_reason(error)}); the shipped {name} was used in its place."


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which looks at each attribute ten times as long as Python does; not where there is nothing to
    guard: the public fields of our own values, which are text and numbers."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) in _VALUES and attribute[0] != "_":
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


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


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Each template below the folder with what tells that it was changed."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".j2"):
                path = os.path.join(parent, name)  # noqa: PTH118 - at every mail, and a Path costs as much as the stat
                stat = os.stat(path)  # noqa: PTH116
                yield path, stat.st_mtime_ns, stat.st_size


def _reason(error: Exception) -> str:
    text = error.message if isinstance(error, SyntaxFault) else str(error)
    return " ".join((text or type(error).__name__).split())
