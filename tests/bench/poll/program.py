"""What the benchmark knows of a program that polls: how it is set up, visits every source once, and what it stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a program is set up, and with what it is to do."""

    folder: Path
    """Its own, empty."""
    peers: Path
    """Where tests.bench.poll.install put the programs."""
    urls: tuple[str, ...]
    workers: int | None = None
    """How many visits at once; the number that served the program best where None."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a program said of one phase, beside what was measured of it."""

    seconds: Mapping[str, float] = field(default_factory=dict)
    """By step."""
    remarks: str = ""


class Poller(Protocol):
    """A program that is set up."""

    def make_due(self) -> None:
        """Whatever must be so that every source is visited at the next poll; not measured."""

    def poll(self) -> Told:
        """Visit every source once. Raises ProgramError."""

    def stored(self) -> int | None:
        """How many items it has; None for a program that stores none."""


Program = Callable[[Workplace], AbstractContextManager[Poller]]
