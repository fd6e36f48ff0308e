"""What is asked of a program, what a run of it came to, and the watching of it. Linux alone: reads /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import psutil

from tests.bench.deliver.sink import Sink
from tests.bench.poll.children import ProgramError

LIMIT_S = 900.0
"""The longest that one run may take."""
_LOOK_S = 0.5
_SETTLE_S = 2.0
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Case:
    """What every program is given."""

    subscribers: int
    watchlists: int
    stories: int
    connections: int
    peers: Path | None
    sink: Path | None
    """smtp-sink; our own where None."""
    profiler: Path | None = None
    """py-spy, for where the time goes."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a mail says, for programs that are given it."""

    subject: str
    html: str
    text: str


@dataclass(slots=True)
class Measured:
    """What a run took. None: the program has no such thing."""

    program: str
    mails: int
    wall_s: float
    """From when all were due until the sink had the last mail."""
    first_mail_s: float
    cpu_s: float
    """Of the program's processes."""
    others_cpu_s: float
    """Of the database's server."""
    sink_cpu_s: float
    rest_cpu_s: float
    """Of everything else on the machine, this benchmark's own looking left out: what the program had to share with."""
    peak_rss_mb: float
    """The largest sum over the program's processes."""
    pss_mb: Sequence[float]
    """The same with shared pages counted once, when the first mail, a quarter, a half and all had arrived."""
    mail_bytes: float
    """Of one mail on the wire."""
    made_s: float | None = None
    """Until the last edition was made."""
    bodies: int | None = None
    database_mb: tuple[float, float] | None = None
    """Before and after."""
    body: Body | None = field(default=None, repr=False)
    """One of those that were sent, of middling length."""
    shares: str = field(default="", repr=False)
    """Where the time went, as Markdown, where a profiler looked on."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Look:
    at_s: float
    mails: int
    made: int
    rss_bytes: int
    pss_bytes: int


class Watch:
    """Looks at a program and a sink, from the moment that it is made until so many mails have arrived."""

    def __init__(self, name: str, pid: int, sink: Sink, mails: int, made: Callable[[], int] | None = None) -> None:
        """`made` tells how many editions there are by now."""
        self._name = name
        self._program = psutil.Process(pid)
        self._sink = sink
        self._mails = mails
        self._made = made
        self._cpu_before = self._cpu()
        self._busy_before = _busy_s()
        self._begun = perf_counter()
        self._looks: list[_Look] = []

    def until_all_arrived(self) -> None:
        """Wait. Raises ProgramError when the program ends first, the time does, or one mail too many comes."""
        while True:
            look = self._look()
            self._looks.append(look)
            if look.mails >= self._mails:
                break
            if _has_ended(self._program) and self._sink.mails() < self._mails:
                raise ProgramError(f"{self._name} ended after {look.mails} of {self._mails} mails")
            if look.at_s > LIMIT_S:
                raise ProgramError(f"{self._name}: only {look.mails} of {self._mails} mails in {LIMIT_S:.0f} s")
            time.sleep(_LOOK_S)

    def told(self) -> Measured:
        """The figures. Raises ProgramError unless exactly so many mails have arrived a little later, too."""
        cpu = [after - before for before, after in zip(self._cpu_before, self._cpu(), strict=True)]
        busy = _busy_s() - self._busy_before
        mail_bytes = self._sink.bytes_a_mail()
        time.sleep(_SETTLE_S)
        if (arrived := self._sink.mails()) != self._mails:
            raise ProgramError(f"{self._name} sent {arrived} mails in place of {self._mails}")
        return Measured(
            program=self._name,
            mails=self._mails,
            wall_s=self._looks[-1].at_s,
            first_mail_s=self._when(lambda look: look.mails > 0).at_s,
            cpu_s=cpu[0],
            others_cpu_s=cpu[1],
            sink_cpu_s=cpu[2],
            rest_cpu_s=max(busy - sum(cpu), 0.0),
            peak_rss_mb=max(look.rss_bytes for look in self._looks) / _MEGABYTE,
            pss_mb=[self._pss_mb(share) for share in (0.0, 0.25, 0.5, 1.0)],
            mail_bytes=mail_bytes,
            made_s=self._when(lambda look: look.made >= self._mails).at_s if self._made else None,
        )

    def _pss_mb(self, share: float) -> float:
        """When so large a share of the mails had arrived, or the first of them."""
        return self._when(lambda look: look.mails >= max(share * self._mails, 1)).pss_bytes / _MEGABYTE

    def _when(self, is_so: Callable[[_Look], bool]) -> _Look:
        return next((look for look in self._looks if is_so(look)), self._looks[-1])

    def _look(self) -> _Look:
        at_s, mails = perf_counter() - self._begun, self._sink.mails()
        return _Look(at_s, mails, self._made() if self._made else 0, *_memory_bytes(self._program))

    def _cpu(self) -> tuple[float, float, float]:
        """Of the program, of everything else that this process started, and of the sink."""
        program = _cpu_s(self._program)
        sink = _cpu_s(psutil.Process(self._sink.pid))
        rest = sum(_cpu_s(child) for child in psutil.Process(os.getpid()).children()) - program - sink
        return program, rest, sink


def _has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _memory_bytes(root: psutil.Process) -> tuple[int, int]:
    """RSS and PSS, of a process and all below it."""
    rss = pss = 0
    for process in _living(root):
        with suppress(psutil.Error):  # it has just ended
            memory = process.memory_full_info()
            rss += memory.rss
            pss += memory.pss
    return rss, pss


def _living(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _busy_s() -> float:
    """CPU time that the machine has spent on anything but this process."""
    times = psutil.cpu_times()
    own = psutil.Process().cpu_times()
    everything = times.user + times.nice + times.system + times.irq + times.softirq + times.steal
    return everything - own.user - own.system


def _cpu_s(root: psutil.Process) -> float:
    """Of a process and all below it, those that have ended too."""
    found = 0.0
    for process in _living(root):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            found += times.user + times.system + times.children_user + times.children_system
    return found
