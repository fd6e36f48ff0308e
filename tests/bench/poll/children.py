"""Starting what is measured: commands that end, and programs that run on and are asked for one visit after another."""

from __future__ import annotations

import json
import os
import select
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

Command = Sequence[str | Path]
"""A program and its arguments."""
BOUND: tuple[str | Path, ...] = ("setpriv", "--pdeathsig", "TERM")
"""Before a command: it ends when the benchmark does, in whatever way."""
POLL_LIMIT_S = 1800.0
"""The longest that one phase of one program may take."""
_START_LIMIT_S = 300.0
_STOP_LIMIT_S = 30


class ProgramError(Exception):
    """A measured program failed; the text says which, and its last words."""


def clean_environment(peers: Path, **more: str) -> dict[str, str]:
    """The environment of whatever is measured: no proxies, none of anybody's settings, Debian's unpacked programs."""
    debian = peers / "debian" / "usr"
    return {
        "PATH": os.pathsep.join((str(debian / "bin"), os.environ.get("PATH", os.defpath))),
        "LD_LIBRARY_PATH": os.pathsep.join(map(str, (debian / "lib", *debian.glob("lib/*-linux-gnu*")))),
        "LANG": "C.UTF-8",
        **more,
    }


def run_command(command: Command, environment: Mapping[str, str], log: Path) -> None:
    """Run to the end. Output goes to the log.

    Raises ProgramError for an exit that is not 0 and for one that did not come in POLL_LIMIT_S.
    """
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*BOUND, *command], env=dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    # Waiting with a limit of subprocess's own would look every 50 ms, which is longer than some commands take.
    limit = threading.Timer(POLL_LIMIT_S, process.kill)
    limit.start()
    try:
        status = process.wait()
    finally:
        limit.cancel()
        process.kill()  # does nothing to one that has ended
    if status:
        raise ProgramError(f"{command[0]} ended with {status}: {_last_words(log)}")


class Child:
    """A program that runs on. It reads a line, does what it says, and answers with one line of JSON."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    def ask(self, word: str, limit_s: float = POLL_LIMIT_S) -> dict[str, Any]:
        """Say the word and wait for the answer. Raises ProgramError when none comes."""
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(word.encode() + b"\n")
            stdin.flush()
        except BrokenPipeError:
            raise ProgramError(f"the program has ended: {_last_words(self._log)}") from None
        return self.answer(limit_s)

    def answer(self, limit_s: float = _START_LIMIT_S) -> dict[str, Any]:
        """The next line of its output. Raises ProgramError when none comes in the time."""
        stdout: IO[bytes] | None = self._process.stdout
        assert stdout is not None
        deadline = time.monotonic() + limit_s
        line = b""
        while not line.endswith(b"\n"):
            if not select.select([stdout], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise ProgramError(f"no answer within {limit_s:.0f} s: {_last_words(self._log)}")
            read = os.read(stdout.fileno(), 65536)
            if not read:
                raise ProgramError(f"the program has ended: {_last_words(self._log)}")
            line += read
        told: dict[str, Any] = json.loads(line)
        return told


@contextmanager
def running(command: Command, environment: Mapping[str, str], log: Path, cwd: Path) -> Iterator[Child]:
    """Run the program for the time of a block, from its word that it is ready."""
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [*BOUND, *command],
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        child = Child(process, log)
        child.answer()
        yield child
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return " / ".join(lines[-8:]) or "it said nothing"
