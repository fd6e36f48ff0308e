"""nginx as the sites that are polled: files with ETag and Last-Modified, on a loopback port, in a temporary folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.poll.children import BOUND, Command, clean_environment

_CONFIG = """
{user}
daemon off;
worker_processes 1;
error_log {folder}/nginx-error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    log_format statuses '$status $uri';
    access_log {log} statuses buffer=256k;
    client_body_temp_path {folder}/nginx-temp;
    proxy_temp_path {folder}/nginx-temp;
    fastcgi_temp_path {folder}/nginx-temp;
    uwsgi_temp_path {folder}/nginx-temp;
    scgi_temp_path {folder}/nginx-temp;
    default_type application/xml;
    if_modified_since before;  # RFC 9110, 13.1.3: any time that is not earlier
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 60s;
    keepalive_requests 1000000;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        root {root};
        {validators}
    }}
}}
"""
_WITHOUT_VALIDATORS = "etag off; if_modified_since off; add_header Last-Modified '';"
_START_LIMIT_S = 10
_STOP_LIMIT_S = 30


@dataclass(slots=True)
class Answers:
    """What the server answered, complete when it has stopped."""

    pid: int
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        """All of them."""
        return self.statuses.total()


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(peers: Path, folder: Path, root: Path, port: int, *, validators: bool) -> Iterator[Answers]:
    """Serve the files under `root` for the time of a block. Raises RuntimeError when the server does not start."""
    log, config = folder / "access.log", folder / "nginx.conf"
    log.write_text("")
    config.write_text(
        _CONFIG.format(
            user="user root;" if os.geteuid() == 0 else "",  # the folder is closed to everybody else
            folder=folder,
            log=log,
            port=port,
            root=root,
            validators="" if validators else _WITHOUT_VALIDATORS,
        )
    )
    program = peers / "debian" / "usr" / "sbin" / "nginx"
    command: Command = [*BOUND, program, "-e", folder / "nginx-error.log", "-p", folder, "-c", config]
    with subprocess.Popen(
        command, env=clean_environment(peers), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as server:
        try:
            _await_listening(server, port, folder / "nginx-error.log")
            answers = Answers(server.pid)
            yield answers
        finally:
            server.send_signal(signal.SIGQUIT)  # ends when nothing is under way, and writes its log out
            try:
                server.wait(_STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                server.terminate()
        answers.statuses.update(int(line[:3]) for line in log.read_text().splitlines())


def _await_listening(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    told = log.read_text(errors="replace") if log.exists() else "it wrote no log"
    raise RuntimeError(f"nginx does not answer on port {port}: {told}")
