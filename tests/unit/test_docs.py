"""The documents say what is so: the reference is fresh, links lead somewhere, and files that are named exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from feedwatch import config
from feedwatch.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DOCUMENTS = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
REFERENCE = (DOCS / "configuration.md").read_text(encoding="utf-8")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_configuration_reference_is_what_the_settings_say() -> None:
    command = [sys.executable, str(DOCS / "make_config_reference.py"), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_a_stale_reference_is_noticed(tmp_path: Path) -> None:
    script = tmp_path / "make_config_reference.py"
    script.write_bytes((DOCS / "make_config_reference.py").read_bytes())
    (tmp_path / "configuration.md").write_text(REFERENCE.replace("| `15m` |", "| `20m` |"), encoding="utf-8")
    command = [sys.executable, str(script), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, "make docs" in checked.stderr) == (1, True)
    subprocess.run([sys.executable, str(script)], check=True)
    assert (tmp_path / "configuration.md").read_text(encoding="utf-8") == REFERENCE


@pytest.mark.parametrize("key", [*Settings.model_fields, "mail.smtp", "subscribers.subscriptions"])
def test_every_section_of_the_settings_stands_in_the_reference(key: str) -> None:
    assert f"`{key}`" in REFERENCE


@pytest.mark.parametrize("schedule", re.findall(r"cron line such as `([^`]+)`", REFERENCE))
def test_the_cron_line_of_the_reference_is_one(schedule: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    subscriber = f"{{name: A, email: a@example.org, subscriptions: [{{schedule: '{schedule}'}}]}}"
    path.write_text(f"subscribers: [{subscriber}]", encoding="utf-8")
    assert config.load(path).settings.subscribers[0].subscriptions[0].schedule == schedule


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", [DOCS / "architecture.md", *DECISIONS], ids=_name)
def test_every_source_file_that_is_named_exists(document: Path) -> None:
    named = re.findall(r"`([\w./]+/[\w.]*|[\w/]+\.(?:py|lark))`", document.read_text(encoding="utf-8"))
    known = (ROOT, ROOT / "src" / "feedwatch", DOCS)
    assert [name for name in named if not any((folder / name).exists() for folder in known)] == []


def test_the_architecture_names_every_room() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "src" / "feedwatch").glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}/`" not in text] == []


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("decision", DECISIONS, ids=_name)
def test_a_decision_is_half_a_page_with_its_parts(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert re.findall(r"^#+ .*", text, re.MULTILINE)[1:] == ["## Context", "## Choice", "## Consequence"]
    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert len(text.splitlines()) <= 40


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    headings = re.findall(r"^#+ .*", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[:3] == ["# Changelog", "## Unreleased", "### Added"]
