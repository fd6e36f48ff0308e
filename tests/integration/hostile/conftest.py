from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.fetch.conftest import make_fetcher

__all__ = ["make_fetcher", "memory_of_less_than"]


@contextmanager
def memory_of_less_than(most_bytes: int) -> Iterator[None]:
    """The process's peak of real memory within the block, which C libraries add to as well, stays so near to what it
    had before."""
    peaks, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    try:
        peaks.write_text("5")  # the peak begins anew (proc(5))
    except OSError:
        pytest.skip("needs Linux, which tells a process's peak of memory")
    before = _kilobytes(status.read_text(), "VmRSS")
    yield
    grown = (_kilobytes(status.read_text(), "VmHWM") - before) * 1024
    assert grown < most_bytes, f"took {grown / 1e6:.0f} MB"


def _kilobytes(status: str, name: str) -> int:
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))
