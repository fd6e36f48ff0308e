from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from feedwatch.digest.render import Renderer, shipped_templates
from feedwatch.digest.samples import sample_edition
from feedwatch.errors import FeedwatchError
from feedwatch.model import Body, Edition


def write(folder: Path, name: str, template: str | bytes) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(template if isinstance(template, bytes) else template.encode())


def render_with(overrides: Path, edition: Edition) -> tuple[Body, tuple[str, ...]]:
    mail, faults = Renderer(shipped_templates(), overrides).render(edition, has_pages=False)
    return mail.body, faults


@pytest.fixture(scope="module")
def usual() -> Body:
    """The full edition by the shipped templates."""
    return Renderer(shipped_templates()).render(sample_edition(), has_pages=False)[0].body


def test_an_override_comes_before_the_shipped_template(tmp_path: Path, full_edition: Edition) -> None:
    write(tmp_path, "subject.txt.j2", "{{ edition.story_count }} for {{ edition.timezone }}")
    write(tmp_path, "parts/footer.html.j2", "<tr><td>Bye {{ edition.subscription }}</td></tr>")
    mail, faults = render_with(tmp_path, full_edition)
    assert faults == ()
    assert mail.subject == "20 for Asia/Shanghai"
    assert "<td>Bye Morning brief</td>" in mail.html
    assert "Greater Bay Area" in mail.html
    assert "You get this because" in mail.text


def test_an_override_is_escaped_like_a_shipped_template(tmp_path: Path, edition_of: Callable[..., Edition]) -> None:
    write(tmp_path, "digest.html.j2", "<p>{{ edition.subscription }}</p>")
    assert "<p>&lt;b&gt;</p>" in render_with(tmp_path, edition_of(subscription="<b>"))[0].html


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
    template: str | bytes, reason: str, tmp_path: Path, full_edition: Edition, usual: Body
) -> None:
    write(tmp_path, "digest.txt.j2", template)
    mail, faults = render_with(tmp_path, full_edition)
    assert mail == usual
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
    assert renderer.render(full_edition, has_pages=False)[1]
    write(tmp_path, "subject.txt.j2", "mended and longer")
    mail, faults = renderer.render(full_edition, has_pages=False)
    assert (mail.body.subject, faults) == ("mended and longer", ())


def test_a_failing_shipped_template_is_an_error(tmp_path: Path, full_edition: Edition) -> None:
    shutil.copytree(shipped_templates(), tmp_path, dirs_exist_ok=True)
    write(tmp_path, "digest.html.j2", "{{ nothing }}")
    with pytest.raises(FeedwatchError, match=r"digest\.html\.j2 cannot be rendered: 'nothing' is undefined"):
        Renderer(tmp_path).render(full_edition, has_pages=False)


# What is kept between editions


@pytest.mark.parametrize("name", ["parts/story.html.j2", "parts/opening.html.j2", "parts/entry.html.j2"])
def test_a_changed_part_is_taken_at_the_next_edition(name: str, tmp_path: Path, full_edition: Edition) -> None:
    renderer = Renderer(shipped_templates(), tmp_path)
    texts = ["", "<tr><td>mine one</td></tr>", "<tr><td>mine once more</td></tr>"]
    found = []
    for text in texts:
        if text:
            write(tmp_path, name, text)
        html = renderer.render(full_edition, has_pages=False)[0].body.html
        found.append(("mine one" in html, "mine once more" in html))
    (tmp_path / name).unlink()
    assert "mine" not in renderer.render(full_edition, has_pages=False)[0].body.html
    assert found[1:] == [(True, False), (False, True)]


def test_changed_colours_change_the_stories_too(tmp_path: Path, full_edition: Edition) -> None:
    renderer = Renderer(shipped_templates(), tmp_path)
    renderer.render(full_edition, has_pages=False)
    write(tmp_path, "parts/look.css.j2", ".headline { color: #123456 }")
    html = renderer.render(full_edition, has_pages=False)[0].body.html
    assert html.count("#123456") == 20


def test_a_failing_part_is_told_of_at_every_edition(tmp_path: Path, full_edition: Edition) -> None:
    write(tmp_path, "parts/story.txt.j2", "{{ 1 / 0 }}")
    renderer = Renderer(shipped_templates(), tmp_path)
    told = [renderer.render(full_edition, has_pages=False)[1] for _ in range(2)]
    assert told[0] == told[1]
    assert [fault.split(" failed")[0] for fault in told[0]] == ["Your template parts/story.txt.j2, line 1"]


def test_a_part_that_fails_at_one_story_gives_way_there_alone(tmp_path: Path, full_edition: Edition) -> None:
    write(tmp_path, "parts/story.txt.j2", "    {{ 1 / (story.source_language != 'ko') }} mine\n")
    mail, faults = render_with(tmp_path, full_edition)
    assert mail.text.count(". 1.0 mine") == 19
    assert "저고도 경제" in mail.text
    assert len(faults) == 1


def test_what_an_override_adds_stays_in_the_sandbox(tmp_path: Path, full_edition: Edition) -> None:
    for attack in ("edition.__init__", "_.__globals__", "''.__class__.__mro__", "edition.story_count.__class__"):
        write(tmp_path, "subject.txt.j2", "{{ " + attack + " }}")
        mail, faults = render_with(tmp_path, full_edition)
        assert len(faults) == 1, attack
        assert mail.subject.startswith("Morning brief")
