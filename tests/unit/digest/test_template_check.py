from __future__ import annotations

from pathlib import Path

from feedwatch.digest.render import shipped_templates
from feedwatch.digest.template_check import check_templates, list_templates

SHIPPED = shipped_templates()


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_without_a_folder_all_are_shipped() -> None:
    listed = list_templates(SHIPPED, None)
    assert {file.state for file in listed} == {"shipped"}
    assert {"digest.html.j2", "parts/story.txt.j2", "short.txt.j2"} < {file.name for file in listed}


def test_what_each_file_is(tmp_path: Path) -> None:
    put(tmp_path, "subject.txt.j2", "{% include 'mine.txt.j2' %}")
    put(tmp_path, "mine.txt.j2", "{% import 'parts/deep.txt.j2' as deep %}")
    put(tmp_path, "parts/deep.txt.j2", "{% include 'subject.txt.j2' %}")
    put(tmp_path, "parts/story.html.j2.bak", "")
    put(tmp_path, "storry.html.j2", "")
    put(tmp_path, "parts/footer.txt.j2", "{{")
    states = {file.name: file.state for file in list_templates(SHIPPED, tmp_path) if file.state != "shipped"}
    assert states == {
        "subject.txt.j2": "overridden",
        "mine.txt.j2": "added",
        "parts/deep.txt.j2": "added",
        "parts/story.html.j2.bak": "unused",
        "storry.html.j2": "unused",
        "parts/footer.txt.j2": "overridden",
    }


def test_copies_of_the_shipped_ones_are_fine(tmp_path: Path) -> None:
    for name in ("digest.html.j2", "short.txt.j2", "parts/look.css.j2", "parts/story.html.j2"):
        put(tmp_path, name, (SHIPPED / name).read_text(encoding="utf-8"))
    assert check_templates(SHIPPED, tmp_path) == []


def test_each_fault_is_told_once_with_its_place(tmp_path: Path) -> None:
    put(tmp_path, "parts/story.html.j2", "\n{{ story.nothing }}")
    put(tmp_path, "parts/rising.txt.j2", "{{ 1 / 0 }}")
    put(tmp_path, "parts/more.html.j2", "{{ personal.archive_url }}")
    put(tmp_path, "short.txt.j2", "{{ shown[99].watchlist }}")
    put(tmp_path, "pages/settings.html.j2", "{% if %}")  # of the pages, the form alone is looked at
    put(tmp_path, "subject.txt.j2", "\n\n{{ 1 / edition.story_count }}")  # fails in an edition without stories alone
    faults = check_templates(SHIPPED, tmp_path)
    assert sorted(fault.split(" failed (")[0] for fault in faults) == [
        "Your template pages/settings.html.j2, line 1",
        "Your template parts/more.html.j2, line 1",
        "Your template parts/rising.txt.j2, line 1",
        "Your template parts/story.html.j2, line 2",
        "Your template short.txt.j2, line 1",
        "Your template subject.txt.j2, line 3",
    ]


def test_a_mail_without_a_way_out_is_a_fault_and_so_is_an_added_part(tmp_path: Path) -> None:
    put(tmp_path, "digest.txt.j2", "Hello")
    put(tmp_path, "parts/footer.html.j2", "<tr></tr>{% include 'mine.j2' %}")
    put(tmp_path, "mine.j2", "{{ 'a' | no_filter }}")
    faults = check_templates(SHIPPED, tmp_path)
    assert "The mail that digest.txt.j2 makes does not say how to unsubscribe; show personal.unsubscribe_url." in faults
    assert any(fault.startswith("Your template mine.j2, line 1 failed (No filter named") for fault in faults)
    assert any(fault.startswith("Your template parts/footer.html.j2") for fault in faults)  # includes what is left out
