"""The limit of the sink and of the machine: postfix' smtp-source, which sends one mail to everybody."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.bench.deliver.measured import Body, Case, Measured, Watch
from tests.bench.deliver.sink import open_sink
from tests.bench.poll.children import BOUND, ProgramError, clean_environment


def measure(name: str, case: Case, body: Body, folder: Path) -> Measured:
    """As many mails as there are subscribers, over as many connections as feedwatch has, each used on and on."""
    assert case.peers is not None
    program = case.peers / "debian" / "usr" / "sbin" / "smtp-source"
    environment = clean_environment(case.peers)
    environment["LD_LIBRARY_PATH"] += os.pathsep + str(program.parents[1] / "lib" / "postfix")
    length = len(body.html.encode()) + len(body.text.encode())
    with open_sink(case.sink, case.peers, folder) as sink, (folder / "log").open("wb") as log:
        source = subprocess.Popen(
            [*BOUND, program, "-d", "-s", str(case.connections), "-m", str(case.subscribers), "-l", str(length),
             "-f", "digest@feedwatch.example.org", "-t", "reader@readers.example", f"127.0.0.1:{sink.port}"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            watch = Watch(name, source.pid, sink, case.subscribers)
            watch.until_all_arrived()
            measured = watch.told()
        except ProgramError as error:
            raise ProgramError(f"{error}: {(folder / 'log').read_text(errors='replace')}") from error
        finally:
            source.kill()
            source.wait()
    measured.note = "one mail of the same size again and again, without commands pipelined"
    return measured
