"""An admin's templates looked at before a digest needs them: what each file is to feedwatch, and what fails in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import Environment, TemplateError
from jinja2.meta import find_referenced_templates

from feedwatch.digest.personal import PLACEHOLDERS
from feedwatch.digest.render import FILTERS, Renderer
from feedwatch.digest.samples import SAMPLES, sample_edition
from feedwatch.digest.templates import Templates
from feedwatch.digest.words import LOCALES


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template that is in force, or a file in the admin's folder."""

    name: str
    """Its path below the folder of templates, with slashes."""
    state: Literal["shipped", "overridden", "added", "unused"]
    """`added` is one of the admin's own that an override includes; `unused` is looked at by nobody."""


def list_templates(shipped: Path, overrides: Path | None) -> list[TemplateFile]:
    """Every template of either folder, by name."""
    ours = set(_files(shipped, "*.j2"))
    theirs = set(_files(overrides, "*")) if overrides is not None else set()
    included = _included(overrides, ours & theirs, theirs) if overrides is not None else set()
    listed = [TemplateFile(name, "overridden" if name in theirs else "shipped") for name in ours]
    listed += [TemplateFile(name, "added" if name in included else "unused") for name in theirs - ours]
    return sorted(listed, key=lambda file: file.name)


def check_templates(shipped: Path, overrides: Path) -> list[str]:
    """What fails in the admin's templates: a sentence for each fault, with file and line where they are known.

    Every file is read; the digest's are rendered with each of the sample editions, in each language, with links to
    pages and without. What is left out that no mail may be without is said too.
    """
    templates = Templates(shipped, overrides, FILTERS)
    used = [file.name for file in list_templates(shipped, overrides) if file.state in ("overridden", "added")]
    faults = [fault for name in used if (fault := templates.fault_in(name)) is not None]
    renderer = Renderer(shipped, overrides)
    for locale in LOCALES:
        for sample in SAMPLES:
            edition = sample_edition(sample, locale)
            for has_pages in (True, False):
                mail, mail_faults = renderer.render(edition, has_pages=has_pages)
                _, short_faults = renderer.render_short(edition, has_pages=has_pages)
                faults += [*mail_faults, *short_faults]
                faults += [
                    f"The mail that {name} makes does not say how to unsubscribe; show personal.unsubscribe_url."
                    for name, text in (("digest.html.j2", mail.body.html), ("digest.txt.j2", mail.body.text))
                    if PLACEHOLDERS["unsubscribe_url"] not in text
                ]
    return list(dict.fromkeys(faults))


def _files(folder: Path, pattern: str) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file())


def _included(folder: Path, overrides: set[str], files: set[str]) -> set[str]:
    """The files that the overrides include, and those that these include."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    seen, ahead = set(overrides), list(overrides)
    while ahead:
        try:
            parsed = environment.parse((folder / ahead.pop()).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, TemplateError):
            continue  # check_templates says what is wrong with it
        found = {name for name in find_referenced_templates(parsed) if name in files} - seen
        seen |= found
        ahead += found
    return seen - overrides
