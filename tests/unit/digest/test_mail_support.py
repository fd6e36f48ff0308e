"""What the mail's HTML and CSS use is known to be supported, or why it is used all the same: docs/mail-support.md."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
TABLE = (DOCS / "mail-support.md").read_text(encoding="utf-8")


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "make_mail_support.py"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_all_that_is_used_stands_in_the_table() -> None:
    checked = check(DOCS)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_what_the_table_does_not_name_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "make_mail_support.py").write_bytes((DOCS / "make_mail_support.py").read_bytes())
    without = re.sub(r"^\| \[css-(margin|selector-class)\].*\n", "", TABLE, flags=re.MULTILINE)
    (tmp_path / "mail-support.md").write_text(without, encoding="utf-8")
    checked = check(tmp_path)
    assert checked.returncode == 1
    assert "who supports .class, margin, margin-top: see" in checked.stderr


def test_where_a_client_lacks_something_there_is_a_reason() -> None:
    rows = re.findall(r"^\| \[([\w-]+)\]\(\S+\) \|(.*)\|$", TABLE, re.MULTILINE)
    assert len(rows) > 40
    for name, cells in rows:
        *support, why = (cell.strip() for cell in cells.split(" | "))
        assert len(support) == 7
        assert bool(why) == bool({"no", "partly"}.intersection(support)), name


def test_nothing_that_reading_needs_is_lacking_anywhere() -> None:
    """Type, colours and the column stand in what every client has."""
    for name in ("css-background-color", "css-font", "html-table", "html-align", "html-h1-h6", "html-span"):
        (row,) = re.findall(rf"^\| \[{name}\].*", TABLE, re.MULTILINE)
        assert not re.search(r"\b(no|partly)\b", row)
