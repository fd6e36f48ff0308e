"""The figures as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.bench.match.case import Case, Measured

_COLUMNS = (
    "program",
    "items/s",
    "build s",
    "RSS MB",
    "of it queries",
    "p50 us",
    "p99 us",
    "asked an item",
    "met an item",
    "alike",
)


def table(rows: Sequence[Measured]) -> str:
    """A line for each program, with one number of queries; the first is what the others' matches are compared to."""
    lines = [_line(_COLUMNS), _line(["---"] + ["---:"] * (len(_COLUMNS) - 1))]
    return "\n".join(lines + [_line(_cells(row, rows[0])) for row in rows]) + "\n"


def kinds_table(case: Case, found: Measured) -> str:
    """What the mix is made of, an example of each, and the share of its queries that an item meets."""
    counts = Counter(query.kind for query in case.queries)
    met = Counter(case.queries[number].kind for numbers in found.found for number in numbers)
    examples = {query.kind: query.written for query in sorted(case.queries, key=lambda query: -len(query.written))}
    lines = [_line(("kind", "queries", "meet an item", "the shortest one")), _line(("---", "---:", "---:", "---"))]
    for kind, count in counts.most_common():
        share = met[kind] / count / len(found.places)
        lines.append(_line((kind, f"{count / len(case.queries):.1%}", f"{share:.4%}", f"`{examples[kind]}`")))
    return "\n".join(lines) + "\n"


def _cells(row: Measured, first: Measured) -> list[str]:
    known = dict(zip(first.places, first.found, strict=True))
    both = [(known[place], queries) for place, queries in zip(row.places, row.found, strict=True) if place in known]
    shared, either = (sum(len(join(*pair)) for pair in both) for join in (frozenset.intersection, frozenset.union))
    return [
        row.program,
        f"{row.items_a_second:,.0f}" if row.items_a_second >= 10 else f"{row.items_a_second:.2f}",
        _number(row.build_s, ".2f"),
        _number(row.rss_mb, ",.0f"),
        _number(row.grown_mb, ",.0f"),
        _number(row.p50_us, ",.0f"),
        _number(row.p99_us, ",.0f"),
        _number(row.asked, ",.1f"),
        f"{sum(map(len, row.found)) / len(row.places):,.2f}",
        "" if row is first else f"{shared / max(either, 1):.1%} of {either:,}",
    ]


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
