"""`feedwatch items rules`: what is cleaned from the texts of items, and what is read from their beginnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedwatch.cli.common import print_json, print_table, stdout
from feedwatch.normalize.credit_rules import CREDITS
from feedwatch.normalize.debris_rules import RULES

if TYPE_CHECKING:
    from feedwatch.normalize.credit_rules import Credit
    from feedwatch.normalize.rules import Rule

_PLACES = {"head": "beginning", "tail": "end", "line": "a line", "inside": "anywhere"}


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    what: str
    where: str
    example: str
    becomes: str


def show_rules(*, as_json: bool) -> None:
    """Each rule: its name, what it is about, where it looks, and what becomes of an example."""
    rows = [*map(_cleaning, RULES), *map(_reading, CREDITS)]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("rule", "what", "where", "example", "becomes"),
        [(row.name, row.what, row.where, _line(row.example), _line(row.becomes)) for row in rows],
        empty="There are no rules.",
        widest="what",
        below={"example": "", "becomes": "→ "},
    )
    if stdout.is_terminal:
        stdout.print("\nTo do without a rule for one source, in config.yaml: rules_off: [NAME]", markup=False)


def _cleaning(rule: Rule) -> _Row:
    telling = next((example for example in rule.examples if example.left != example.text), rule.examples[0])
    return _Row(rule.name, rule.what, _PLACES[rule.where], telling.text, telling.left)


def _reading(credit: Credit) -> _Row:
    example = credit.examples[0]
    told = {"authors": ", ".join(example.authors), "place": example.place, "origin": example.origin}
    becomes = "; ".join(f"{name}: {value}" for name, value in told.items() if value)
    return _Row(credit.name, f"{credit.what} (read, and kept)", _PLACES["head"], example.text, becomes)


def _line(text: str) -> str:
    return text.replace("\n", " ⏎ ")
