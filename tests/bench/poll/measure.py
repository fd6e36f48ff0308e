"""What a phase costs: wall time, CPU time and memory of all processes that the benchmark started, but the server.

Linux alone: everything is read from /proc.
"""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_SAMPLE_S = 0.1
_SAMPLING_SHARE = 0.03
"""The most of one core that looking may cost."""


@dataclass(slots=True)
class Usage:
    """Of one phase; complete after the block of `metered`. Memory: the largest sum over processes that was seen."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    others_cpu_s: float = 0.0
    """What the rest of the machine used meanwhile, the server and the benchmark itself left out."""
    rss_bytes: int = 0
    pss_bytes: int = 0
    """Shared pages counted once, so that sums over processes mean something."""


@dataclass(frozen=True, slots=True)
class _Process:
    parent: int
    cpu_s: float
    """Its own and that of the children that it has waited for."""
    rss_bytes: int


@contextmanager
def metered(without: int) -> Iterator[Usage]:
    """Measure what happens in the block; process `without` and its children are left out."""
    usage = Usage()
    stop = threading.Event()
    sampler = threading.Thread(target=_sample, args=(usage, without, stop), daemon=True)
    before, rest_before = _cpu_s(without), _busy_s() - _overhead_s(without)
    begun = perf_counter()
    sampler.start()
    try:
        yield usage
    finally:
        usage.wall_s = perf_counter() - begun
        usage.cpu_s = _cpu_s(without) - before
        usage.others_cpu_s = max(_busy_s() - _overhead_s(without) - rest_before - usage.cpu_s, 0.0)
        stop.set()
        sampler.join()


def _sample(usage: Usage, without: int, stop: threading.Event) -> None:
    pause = 0.0
    while not stop.wait(pause):
        begun = perf_counter()
        _note_memory(usage, without)
        pause = max(_SAMPLE_S, (perf_counter() - begun) / _SAMPLING_SHARE)
    _note_memory(usage, without)


def _note_memory(usage: Usage, without: int) -> None:
    own = os.getpid()
    # Between fork and exec a child still is the benchmark, with its memory.
    ours = {pid: each for pid, each in _descendants(own, without).items() if _command(pid) != _command(own)}
    usage.rss_bytes = max(usage.rss_bytes, sum(process.rss_bytes for process in ours.values()))
    usage.pss_bytes = max(usage.pss_bytes, sum(map(_pss_bytes, ours)))


def _cpu_s(without: int) -> float:
    """Of all descendants, living and waited for: what one of them has used is in the sum once, wherever it is kept."""
    waited_for = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(process.cpu_s for process in _descendants(os.getpid(), without).values())
    return waited_for.ru_utime + waited_for.ru_stime + living


def _overhead_s(server: int) -> float:
    """Of the benchmark itself, and of the server with its worker."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    master = _read(Path(f"/proc/{server}"))
    workers = _descendants(server).values()
    return own.ru_utime + own.ru_stime + sum(process.cpu_s for process in (master, *workers) if process)


def _busy_s() -> float:
    """CPU time that the machine's cores have spent on anything (proc(5): user, nice, system, irq, softirq, steal)."""
    fields = Path("/proc/stat").read_bytes().partition(b"\n")[0].split()
    return sum(int(fields[column]) for column in (1, 2, 3, 6, 7, 8)) * _TICK_S


def _descendants(root: int, without: int = 0) -> dict[int, _Process]:
    everyone = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and (process := _read(place)):
            everyone[int(place.name)] = process
    found: dict[int, _Process] = {}
    generation = {root}
    while generation:
        generation = {pid for pid, process in everyone.items() if process.parent in generation and pid != without}
        found |= {pid: everyone[pid] for pid in generation}
    return found


def _read(place: Path) -> _Process | None:
    try:
        stat = (place / "stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return None
    # proc(5): after the name in parentheses come state, ppid (4th field), ... utime to cstime (14 to 17), ... rss (24).
    fields = stat[stat.rindex(b")") + 2 :].split()
    return _Process(int(fields[1]), sum(map(int, fields[11:15])) * _TICK_S, int(fields[21]) * _PAGE_BYTES)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has just ended
        return b""


def _pss_bytes(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_bytes()
    except OSError:  # it has just ended
        return 0
    line = next((line for line in rollup.splitlines() if line.startswith(b"Pss:")), b"Pss: 0 kB")
    return int(line.split()[1]) * 1024
