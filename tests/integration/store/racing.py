"""Two at once: the same work started at one moment by several threads, or by several processes."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.synchronize import Barrier

Result = TypeVar("Result")

_LIMIT_S = 60


def race(*works: Callable[[], Result]) -> list[Result]:
    """Run each work in a thread of its own, all from the same moment on; returns their results, or raises the first."""
    gate = threading.Barrier(len(works), timeout=_LIMIT_S)

    def run(work: Callable[[], Result]) -> Result:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works, timeout=_LIMIT_S))


def race_processes(work: Callable[[str], Result], arguments: Sequence[str]) -> list[Result]:
    """The same with processes, as two daemons on one database are; `work` is a function of a module."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(len(arguments), timeout=_LIMIT_S)
    with ProcessPoolExecutor(len(arguments), mp_context=context, initializer=_take_gate, initargs=(gate,)) as pool:
        return [future.result(_LIMIT_S) for future in [pool.submit(_run, work, argument) for argument in arguments]]


_gates: list[Barrier] = []


def _take_gate(gate: Barrier) -> None:
    _gates.append(gate)


def _run(work: Callable[[str], Result], argument: str) -> Result:
    _gates[-1].wait()
    return work(argument)
