"""Where the mails go: postfix' smtp-sink, which counts and throws away, or one of our own that knows whom."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.poll.children import BOUND, Command, ProgramError, clean_environment
from tests.bench.poll.servers import free_port

_START_LIMIT_S = 10
_STOP_LIMIT_S = 10
_TAIL = 200
CONNECTIONS = 256
_ROOT = Path(__file__).resolve().parents[3]
"""From where our own sink is found."""


class Sink:
    """A running sink, which counts into a file: smtp-sink's own line of counters, or one of JSON."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, counts: Path) -> None:
        self.port = port
        self.pid = process.pid
        self._counts = counts
        self._read_before = _bytes_read(self.pid)

    def mails(self) -> int:
        """How many it has accepted."""
        return self._counter(b"mesg")

    def bytes_a_mail(self) -> float:
        """What it read for one mail on average, the commands around it included."""
        read = self._counter(b"bytes") or _bytes_read(self.pid) - self._read_before
        return read / max(self.mails(), 1)

    def _counter(self, name: bytes) -> int:
        """As it stands in the last line that is whole; 0 where there is none."""
        with self._counts.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _TAIL, 0))
            lines = file.read().rpartition(b"\r")[0]
        found = lines.rpartition(name + b"=")[2]
        return int(found.split()[0]) if found and lines.count(name) else 0

    def recipients(self) -> Counter[str] | None:
        """How many mails each address got; None where the sink does not know, or before it has stopped."""
        path = self._counts.with_suffix(".json")
        return Counter(json.loads(path.read_text())) if path.exists() else None


@contextmanager
def open_sink(program: Path | None, peers: Path | None, folder: Path) -> Iterator[Sink]:
    """Listen for the time of a block, on loopback: `program` is smtp-sink; with None our own (`sink_child`)."""
    port = free_port()
    counts, errors = folder / "sink-counts", folder / "sink-errors"
    environment = dict(os.environ)
    command: Command = [sys.executable, "-m", "tests.bench.deliver.sink_child", str(port), counts.with_suffix(".json")]
    if program is not None:
        libraries = program.parents[1] / "lib" / "postfix"
        environment = clean_environment(peers or folder)
        environment["LD_LIBRARY_PATH"] += os.pathsep + str(libraries)
        as_whom = ("-u", "nobody") if os.geteuid() == 0 else ()
        command = [program, *as_whom, "-c", "-m", str(CONNECTIONS), f"127.0.0.1:{port}", "1000"]
    with counts.open("wb") as out, errors.open("wb") as told:
        process = subprocess.Popen(
            [*BOUND, *command], cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=told,
        )  # fmt: skip
    try:
        _await_listening(process, port, errors)
        yield Sink(process, port, counts)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_listening(process: subprocess.Popen[bytes], port: int, errors: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise ProgramError(f"the sink does not listen on port {port}: {errors.read_text(errors='replace')}")


def _bytes_read(pid: int) -> int:
    """What the process has read from anywhere (proc(5): rchar); a sink reads from its connections."""
    try:
        lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    except OSError:  # it has ended, or belongs to somebody else
        return 0
    return int(next(line for line in lines if line.startswith("rchar:")).split()[1])
