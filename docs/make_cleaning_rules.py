"""Write the tables of docs/cleaning.md from the rules themselves; what stands above the mark is kept.

python docs/make_cleaning_rules.py            write it
python docs/make_cleaning_rules.py --check    exit with 1 if it is not what would be written
"""

from __future__ import annotations

import sys
from pathlib import Path

from feedwatch.normalize.credit_rules import CREDITS
from feedwatch.normalize.debris_rules import RULES

TARGET = Path(__file__).with_name("cleaning.md")
MARK = "<!-- Written by make_cleaning_rules.py from the rules: do not edit from here on. -->\n"

_WHERE = {"head": "before the text", "tail": "after it", "line": "a line of its own", "inside": "within a line"}
_LINE_BREAK = "⏎"


def write_document() -> str:
    """The whole text of cleaning.md."""
    head, mark, _ = TARGET.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise SystemExit(f"{TARGET} has lost its mark: {MARK}")
    debris = [
        _row(f"`{rule.name}`", _WHERE[rule.where], rule.what, _shown(row.text), _shown(row.left))
        for rule in RULES
        for row in rule.examples
        if row is next(row for row in rule.examples if row.text != row.left)
    ]
    credits_read = [
        _row(f"`{credit.name}`", credit.what, _shown(row.text), _told(row.authors, row.place, row.origin))
        for credit in CREDITS
        for row in credit.examples[:1]
    ]
    parts = [
        "## What goes\n",
        _row("rule", "where", "what", "for example", "becomes"),
        _row(*["---"] * 5),
        *debris,
        "\n## What is read and stays\n",
        _row("rule", "what", "for example", "tells"),
        _row(*["---"] * 4),
        *credits_read,
    ]
    return head + mark + "\n" + "\n".join(parts) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(text: str) -> str:
    """A text as code in a table's cell."""
    return f"`{text.replace(chr(10), _LINE_BREAK).replace('|', chr(92) + '|')}`" if text else "nothing"


def _told(authors: tuple[str, ...], place: str, origin: str) -> str:
    told = {"authors": ", ".join(authors), "place": place, "origin": origin}
    return "; ".join(f"{name}: {value}" for name, value in told.items() if value)


def main() -> int:
    """Write or check; the exit code."""
    wanted = write_document()
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{TARGET} is stale; run: python docs/make_cleaning_rules.py", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
