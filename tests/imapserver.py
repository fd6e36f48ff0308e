"""A real IMAP server, pymap, in a process of its own, with one account and its mails in memory.

with ImapServer(tmp_path / "imap", tls=True) as server:
    server.deliver(b"Subject: hello\\r\\n\\r\\n")
    ...  # at 127.0.0.1: server.port speaks STARTTLS, server.tls_port TLS from the first byte
    assert server.flags() == [frozenset({"\\\\Seen"})]
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Self

from tests.smtpserver import make_certificate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USERNAME, PASSWORD = "bounces", "secret"
_FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")
_PYMAP = "from pymap.main import main; main()"
_NO_OTHERS = ("--no-service", "admin", "--no-service", "managesieve")
_LIMIT_S = 20


class ImapServer:
    """The server for the time of a block, on 127.0.0.1."""

    def __init__(self, folder: Path, *, tls: bool = False) -> None:
        self.port = 0
        self.tls_port = 0
        self.certificate: Path | None = None
        self._key: Path | None = None
        if tls:
            self.certificate, self._key = make_certificate(folder)
        self._running: subprocess.Popen[bytes] | None = None
        self._relay: socket.socket | None = None

    def __enter__(self) -> Self:
        for _ in range(3):  # another process may take the port that was free
            self.port = _free_port()
            tls = ("--cert", self.certificate, "--key", self._key) if self.certificate else ("--no-tls",)
            listens = ("--host", "127.0.0.1", "--port", str(self.port), *map(str, tls), *_NO_OTHERS)
            account = ("--demo-user", USERNAME, "--demo-password", PASSWORD)
            self._running = subprocess.Popen(
                (sys.executable, "-W", "ignore", "-c", _PYMAP, *listens, "dict", *account),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._listens():
                break
        else:
            raise RuntimeError("the IMAP server did not start")
        if self.certificate:
            self._relay = socket.create_server(("127.0.0.1", 0))
            self.tls_port = self._relay.getsockname()[1]
            threading.Thread(target=self._take_off_tls, args=(self._relay,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._relay is not None:
            self._relay.close()
        if self._running is not None:
            self._running.kill()
            self._running.wait(timeout=10)

    @contextlib.contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Logged in, in that folder."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        if self.certificate:
            client.starttls(ssl.create_default_context(cafile=str(self.certificate)))
        client.login(USERNAME, PASSWORD)
        client.create(f'"{folder}"')
        client.select(f'"{folder}"')
        try:
            yield client
        finally:
            client.logout()

    def deliver(self, *mails: bytes, folder: str = "INBOX", flags: str = "") -> None:
        """Put mails into a folder, which is made where it is not there."""
        with self.client(folder) as client:
            for mail in mails:
                answer, told = client.append(
                    f'"{folder}"', flags, "", mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                )
                assert answer == "OK", told

    def flags(self, folder: str = "INBOX") -> list[frozenset[str]]:
        """Of each mail, the first first."""
        with self.client(folder) as client:
            _, told = client.fetch("1:*", "(FLAGS)")
        found = (_FLAGS.search(line) for line in told if isinstance(line, bytes))
        return [frozenset(flags[1].decode().split()) - {"\\Recent"} for flags in found if flags is not None]

    def _listens(self) -> bool:
        assert self._running is not None
        end = time.monotonic() + _LIMIT_S
        while time.monotonic() < end and self._running.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as found:
                return found.recv(4) == b"* OK"
            time.sleep(0.05)
        return False

    def _take_off_tls(self, listening: socket.socket) -> None:
        """pymap itself has STARTTLS alone."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(str(self.certificate), str(self._key))
        while True:
            try:
                accepted, _ = listening.accept()
            except OSError:  # closed: the block has ended
                return
            # A client that does not trust us breaks the handshake off.
            with contextlib.suppress(OSError), accepted, context.wrap_socket(accepted, server_side=True) as outside:
                self._pass_on(outside)

    def _pass_on(self, outside: ssl.SSLSocket) -> None:
        """One client at a time; each waits for the other, as IMAP does."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_LIMIT_S) as inside:
            back = threading.Thread(target=_pump, args=(inside, outside), daemon=True)
            back.start()
            _pump(outside, inside)
            back.join(_LIMIT_S)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while read := source.recv(65536):
            target.sendall(read)
        target.shutdown(socket.SHUT_WR)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
