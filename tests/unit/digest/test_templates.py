from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.errors import FeedwatchError
from feedwatch.model import Edition, RenderedEdition

LINKS: dict[str, Any] = {"archive_url": None, "settings_url": None, "unsubscribe": "mailto:bye@example.org"}


def write(folder: Path, name: str, template: str | bytes) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(template if isinstance(template, bytes) else template.encode())


def render_with(overrides: Path, edition: Edition) -> tuple[RenderedEdition, tuple[str, ...]]:
    return Renderer(shipped_templates(), overrides).render(edition, **LINKS)


def test_an_override_comes_before_the_shipped_template(tmp_path: Path, full_edition: Edition) -> None:
    write(tmp_path, "subject.txt.j2", "{{ edition.story_count }} for {{ edition.subscriber }}")
    write(tmp_path, "parts/footer.html.j2", "<tr><td>Bye {{ edition.subscription }}</td></tr>")
    mail, faults = render_with(tmp_path, full_edition)
    assert faults == ()
    assert mail.subject == "20 for 陈大文"
    assert "<td>Bye Morning brief</td>" in mail.html
    assert "Greater Bay Area" in mail.html
    assert "You get this because" in mail.text


def test_an_override_is_escaped_like_a_shipped_template(tmp_path: Path, edition_of: Callable[..., Edition]) -> None:
    write(tmp_path, "digest.html.j2", "{{ edition.subscription }}")
    assert render_with(tmp_path, edition_of(subscription="<b>"))[0].html == "&lt;b&gt;"


@pytest.mark.parametrize(
    "template, reason",
    [
        ("a\n{{ edition.", "line 2 failed (expected name"),
        ("a\n{{ edition.nothing }}", "line 2 failed ('feedwatch.model.Edition object' has no attribute 'nothing')"),
        ("{{ 1 / 0 }}", "line 1 failed (division by zero)"),
        ("{{ 'a' | no_filter }}", "line 1 failed (No filter named 'no_filter'.)"),
        ("{% include 'parts/none.j2' %}", "failed (parts/none.j2)"),
        ("{{ edition.__class__.__mro__ }}", "line 1 failed (access to attribute '__class__'"),
        ("{% for i in range(10000000000) %}{% endfor %}", "line 1 failed (Range too big"),
        ("{% include 'digest.txt.j2' %}", "failed (maximum recursion depth exceeded"),
        (b"\xff\xfe broken", "line 1 failed (the file cannot be read: "),
    ],
)
def test_a_failing_override_gives_way_and_is_reported(
    template: str | bytes, reason: str, tmp_path: Path, full_edition: Edition, render: Callable[..., RenderedEdition]
) -> None:
    write(tmp_path, "digest.txt.j2", template)
    mail, faults = render_with(tmp_path, full_edition)
    assert mail == render(full_edition, **LINKS)
    assert len(faults) == 1
    assert faults[0].startswith("Your template digest.txt.j2")
    assert reason in faults[0]
    assert faults[0].endswith("; the shipped digest.txt.j2 was used in its place.")


def test_a_failing_part_does_not_take_the_other_overrides_with_it(tmp_path: Path, full_edition: Edition) -> None:
    write(tmp_path, "parts/story.html.j2", "{{ story.nothing }}")
    write(tmp_path, "parts/footer.html.j2", "<tr><td>Mine</td></tr>")
    mail, faults = render_with(tmp_path, full_edition)
    assert [fault.split(",")[0] for fault in faults] == ["Your template parts/story.html.j2"]
    assert "<td>Mine</td>" in mail.html
    assert "<h3" in mail.html


def test_a_mended_override_is_taken_at_the_next_edition(tmp_path: Path, full_edition: Edition) -> None:
    renderer = Renderer(shipped_templates(), tmp_path)
    write(tmp_path, "subject.txt.j2", "{{")
    assert renderer.render(full_edition, **LINKS)[1]
    write(tmp_path, "subject.txt.j2", "mended and longer")
    mail, faults = renderer.render(full_edition, **LINKS)
    assert (mail.subject, faults) == ("mended and longer", ())


def test_a_failing_shipped_template_is_an_error(tmp_path: Path, full_edition: Edition) -> None:
    write(tmp_path, "digest.html.j2", "{{ nothing }}")
    with pytest.raises(FeedwatchError, match=r"digest\.html\.j2 cannot be rendered: 'nothing' is undefined"):
        Renderer(tmp_path).render(full_edition, **LINKS)
