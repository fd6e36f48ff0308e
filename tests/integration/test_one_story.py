"""The page that shows the sample and its republications as one story says what comes of them today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_what_feedwatch_makes_of_the_documents() -> None:
    command = [sys.executable, str(DOCS / "make_one_story.py"), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_it_shows_one_story_and_its_chinese_original() -> None:
    page = (DOCS / "one-story.md").read_text(encoding="utf-8")
    after = page[page.index("## After") :]
    assert "6 items in 6 sources" in after
    assert "also in Chinese: 蓬江区召开高质量发展推进大会" in " ".join(after.split())
    story_by_item = re.findall(r"^\*\*(\d)-.*?^story: (\d+)$", after, re.MULTILINE | re.DOTALL)
    assert {item for item, story in story_by_item if story == story_by_item[0][1]} == set("012345")
