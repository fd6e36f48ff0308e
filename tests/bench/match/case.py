"""What every program is given, and what is known of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import NamedTuple

from feedwatch.match.tree import Node
from feedwatch.model import Item


class Sourced(NamedTuple):
    """An item and the name of its source."""

    item: Item
    source: str


class Query(NamedTuple):
    """One query of the mix."""

    kind: str
    tree: Node
    written: str
    """In feedwatch's language."""


@dataclass(frozen=True, slots=True)
class Case:
    """Queries to be asked of items. A query's number is its place."""

    queries: Sequence[Query]
    items: Sequence[Sourced]


@dataclass(slots=True)
class Measured:
    """What a program took; CPU time throughout. None: not measured."""

    program: str
    queries: int
    places: Sequence[int] = field(repr=False)
    """Of the items that were matched; slow programs are given some of them."""
    items_a_second: float
    """Of one core."""
    build_s: float | None = None
    rss_mb: float | None = None
    """The most that its process took, its language's own share included."""
    grown_mb: float | None = None
    """By how much its process grew while it was built."""
    p50_us: float | None = None
    """Of one item."""
    p99_us: float | None = None
    asked: float | None = None
    """Queries that were evaluated, an item."""
    found: list[frozenset[int]] = field(default_factory=list, repr=False)
    """By item of `places`: the queries that it met."""
    note: str = ""


def sample(case: Case, size: int) -> list[int]:
    """The places of so many items that are as long as all are: every so-manieth in the order of their lengths."""
    in_order = sorted(range(len(case.items)), key=lambda place: len(case.items[place].item.text))
    size = min(size, len(in_order))
    return [in_order[(2 * number + 1) * len(in_order) // (2 * size)] for number in range(size)]


def rss_mb(which: str = "VmRSS") -> float:
    """Of this process, now; or, with VmHWM, at its peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1]) / 1024
    raise OSError(f"/proc/self/status has no {which}")


def timed(items: Sequence[Sourced], work: Callable[[Sourced], object], rounds: int) -> list[float]:
    """Seconds of CPU that each item took in the quickest of some rounds, after one that does not count."""
    best: list[float] = []
    for number in range(rounds + 1):
        taken = []
        for sourced in items:
            begun = process_time()
            work(sourced)
            taken.append(process_time() - begun)
        if number == 0:
            continue
        if not best or sum(taken) < sum(best):
            best = taken
    return best


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
