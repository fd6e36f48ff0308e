"""`feedwatch templates`: what an admin's templates are to feedwatch, what fails in them, and what they look like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call


@pytest.fixture
def templates(nowhere: Path) -> Path:
    """The admin's folder, which the configuration names."""
    (nowhere / "config.yaml").write_text("digest: {templates: mine}\n", encoding="utf-8")
    folder = nowhere / "mine"
    (folder / "parts").mkdir(parents=True)
    return folder


def test_without_a_folder(feedwatch: Call, nowhere: Path) -> None:
    (nowhere / "config.yaml").write_text("{}", encoding="utf-8")
    listed = feedwatch("templates", "list")
    assert "parts/story.html.j2\tas shipped\n" in listed.out
    assert "you have none: digest.templates names no folder" in listed.err
    checked = feedwatch("templates", "check")
    assert (checked.code, checked.out) == (0, "You have no templates of your own: digest.templates names no folder.\n")


def test_list(feedwatch: Call, templates: Path) -> None:
    (templates / "subject.txt.j2").write_text("Hello")
    (templates / "sbject.txt.j2").write_text("Hello")
    listed = feedwatch("templates", "list")
    assert "\nsubject.txt.j2\tyours, in place of the shipped one\n" in listed.out
    assert "\nsbject.txt.j2\tyours, used by nothing: " in listed.out
    assert str(templates) in listed.err
    states = {file["name"]: file["state"] for file in json.loads(feedwatch("templates", "list", "--json").out)}
    assert (states["subject.txt.j2"], states["sbject.txt.j2"], states["digest.txt.j2"]) == (
        "overridden",
        "unused",
        "shipped",
    )


def test_check_says_what_fails_and_where(feedwatch: Call, templates: Path) -> None:
    (templates / "subject.txt.j2").write_text("Hello")
    (templates / "parts" / "notes.txt").write_text("Mine")
    fine = feedwatch("templates", "check")
    assert (fine.code, fine.out) == (0, "1 template of yours: 4 sample editions in 3 languages, nothing failed.\n")
    assert "notes.txt is used by nothing" in fine.err
    (templates / "parts" / "story.txt.j2").write_text("\n{{ story.headline }}")
    bad = feedwatch("templates", "check")
    assert bad.code == 1
    assert bad.out.startswith(
        "Your template parts/story.txt.j2, line 2 failed ('feedwatch.model.EditionStory object' has"
    )
    assert len(bad.out.splitlines()) == 1


def test_preview_shows_the_templates_in_force(feedwatch: Call, templates: Path, nowhere: Path) -> None:
    (templates / "subject.txt.j2").write_text("{{ edition.story_count }} for {{ locale }}")
    (templates / "parts" / "more.txt.j2").write_text("{{")
    answer = feedwatch("templates", "preview", "--locale", "zh-Hant")
    assert answer.out.startswith("Subject: 20 for zh-Hant\n\nMorning brief\n2026年11月24日週二 08:00")
    assert "取消訂閱：\nhttps://watch.example.org/u/9.x\n" in answer.out
    assert answer.err.startswith("Your template parts/more.txt.j2, line 1 failed")
    assert feedwatch("templates", "preview", "--html", "p.html").out == "written to p.html\n"
    page = (nowhere / "p.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "man@example.org" in page
    assert feedwatch("templates", "preview", "--locale", "fr").code == 2
