"""docs/cleaning.md lists the rules that there are, with their examples."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from feedwatch.normalize.credit_rules import CREDITS
from feedwatch.normalize.debris_rules import RULES

DOCS = Path(__file__).parents[3] / "docs"
SCRIPT = "make_cleaning_rules.py"


def test_the_tables_are_what_the_rules_say() -> None:
    command = [sys.executable, str(DOCS / SCRIPT), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_a_stale_table_is_noticed(tmp_path: Path) -> None:
    document = (DOCS / "cleaning.md").read_text(encoding="utf-8")
    (tmp_path / SCRIPT).write_bytes((DOCS / SCRIPT).read_bytes())
    (tmp_path / "cleaning.md").write_text(document.replace("| `hashtags` |", "| `tags` |"), encoding="utf-8")
    command = [sys.executable, str(tmp_path / SCRIPT)]
    assert subprocess.run([*command, "--check"], capture_output=True, check=False).returncode == 1
    subprocess.run(command, check=True)
    assert (tmp_path / "cleaning.md").read_text(encoding="utf-8") == document


def test_every_rule_has_its_line() -> None:
    document = (DOCS / "cleaning.md").read_text(encoding="utf-8")
    names = {rule.name for rule in RULES} | {credit.name for credit in CREDITS}
    assert [name for name in sorted(names) if f"| `{name}` |" not in document] == []
