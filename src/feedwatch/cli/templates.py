"""`feedwatch templates`: list, check and preview the templates of the mails."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from feedwatch.cli.common import (
    DEFAULT_CONFIG,
    AsJson,
    CallError,
    ConfigFile,
    load_config,
    plural,
    print_json,
    print_table,
    stderr,
    stdout,
)
from feedwatch.digest import Renderer, shipped_templates
from feedwatch.digest.personal import fill
from feedwatch.digest.samples import PERSON, SAMPLES, sample_edition
from feedwatch.digest.template_check import check_templates, list_templates
from feedwatch.digest.words import LOCALES

if TYPE_CHECKING:
    from feedwatch.digest.template_check import TemplateFile

app = typer.Typer(no_args_is_help=True, help="The templates of the mails, and your own in their place.")

_TOLD = {
    "shipped": "as shipped",
    "overridden": "yours, in place of the shipped one",
    "added": "yours, included by another of yours",
    "unused": "yours, used by nothing: no shipped template has this name, and none of yours includes it",
}


@app.command("list")
def list_(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Every template: which are yours, and which files in your folder are used by nothing."""
    overrides = load_config(config).settings.digest.templates
    shipped = shipped_templates()
    files = list_templates(shipped, overrides)
    if as_json:
        print_json(files)
        return
    print_table(("template", "state"), [(file.name, _told(file)) for file in files], empty="", widest="state")
    stderr.print(f"The shipped ones are in {shipped}", markup=False, soft_wrap=True)
    where = f"yours in {overrides}" if overrides is not None else "you have none: digest.templates names no folder"
    stderr.print(where, markup=False, soft_wrap=True)


def _told(file: TemplateFile) -> Text:
    return Text(_TOLD[file.state], style={"shipped": "dim", "unused": "yellow"}.get(file.state, ""))


@app.command()
def check(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Render your templates with sample editions in every language; say what fails, with file and line."""
    overrides = load_config(config).settings.digest.templates
    if overrides is None:
        stdout.print("You have no templates of your own: digest.templates names no folder.")
        return
    shipped = shipped_templates()
    faults = check_templates(shipped, overrides)
    for fault in faults:
        stdout.print(fault, markup=False, soft_wrap=True)
    unused = [file.name for file in list_templates(shipped, overrides) if file.state == "unused"]
    for name in unused:
        stderr.print(
            f"{overrides / name} is used by nothing; see 'feedwatch templates list'", markup=False, soft_wrap=True
        )
    if faults:
        raise typer.Exit(1)
    count = sum(file.state == "overridden" for file in list_templates(shipped, overrides))
    tried = f"{len(SAMPLES)} sample editions in {len(LOCALES)} languages"
    stdout.print(f"{plural(count, 'template')} of yours: {tried}, nothing failed.")


@app.command()
def preview(
    locale: Annotated[str, typer.Option("--locale", help="en, zh-Hans or zh-Hant.")] = "en",
    html: Annotated[Path | None, typer.Option("--html", help="Write the HTML part to this file.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Show the HTML part in a browser.")] = False,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """A sample edition made by the templates in force: what your changes look like, without news."""
    if locale not in LOCALES:
        raise CallError(f"there are no mails in {locale}; the languages are {', '.join(LOCALES)}")
    settings = load_config(config).settings
    renderer = Renderer(shipped_templates(), settings.digest.templates)
    mail, faults = renderer.render(sample_edition("full", locale), has_pages=True)
    for fault in faults:
        stderr.print(fault, markup=False, soft_wrap=True)
    if open_ and html is None:
        html = Path(tempfile.mkdtemp(prefix="feedwatch-")) / "preview.html"
    if html is None:
        typer.echo(f"Subject: {mail.body.subject}\n\n{fill(mail.body.text, PERSON)}")
        return
    html.write_text(fill(mail.body.html, PERSON, is_html=True), encoding="utf-8")
    typer.echo(f"written to {html}")
    if open_:
        typer.launch(html.resolve().as_uri())
