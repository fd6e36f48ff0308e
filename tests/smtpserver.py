"""A real SMTP server in a process of its own, which keeps what it accepts in a folder and misbehaves on request.

By hand: `python -m tests.smtpserver --folder mails --script '{"security": "starttls", "login": "me:secret"}'`; it
prints `{"port": 40123}`. In a test:

    with SmtpServer(tmp_path / "mails", Script(greylist=("*",))) as server:
        ...  # send to 127.0.0.1, server.port
        assert [mail.recipients for mail in server.mails()] == [("reader@example.org",)]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import logging
import os
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, AnyStr, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

_ROOT = Path(__file__).resolve().parents[1]
EVERYONE = "*"
_HELD, _GO_ON = "held", "go-on"
"""Files that say so, between the server's process and the test's."""


@dataclass(frozen=True, slots=True)
class Script:
    """How the server behaves. Addresses are named one by one, or all of them as `*`."""

    security: Literal["none", "starttls", "tls"] = "none"
    login: str | None = None
    """`name:password`, without which no mail is taken."""
    smtputf8: bool = False
    refuse_recipients: tuple[str, ...] = ()
    """550 at RCPT."""
    greylist: tuple[str, ...] = ()
    """451 at the first RCPT of each."""
    refuse_mail: tuple[str, ...] = ()
    """554 after DATA."""
    defer_mail: tuple[str, ...] = ()
    """451 after DATA."""
    drop_after_data: int = 0
    """The first so many mails are kept, but the connection is cut before the 250."""
    close_after: int | None = None
    """The connection is cut behind the 250 of so many mails."""
    mails_per_connection: int | None = None
    """421 and the end of the connection at MAIL beyond so many."""
    most_bytes: int = 33_554_432
    """552 at MAIL for a larger mail."""
    delay_s: float = 0
    """How long the answer to DATA is held back."""
    pipelining: bool = False
    """Whether PIPELINING is offered (RFC 2920)."""
    refuse_sender: str | None = None
    """This answer to MAIL, such as `451 4.3.0 no room`."""
    hold_at: Literal["mail", "data", "taken"] | None = None
    """Where the `hold_mail`-th mail is held until `SmtpServer.go_on`: before the answer to MAIL, before that to the end
    of DATA with nothing kept yet, or with the mail kept."""
    hold_mail: int = 1


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One mail as the server took it."""

    sender: str
    recipients: tuple[str, ...]
    body: bytes
    """Everything between DATA and the dot, dots unstuffed, CRLF line ends."""
    connection: int
    """Which connection it came over, from 1."""
    is_encrypted: bool
    login: str | None
    mail_options: tuple[str, ...]
    was_pipelined: bool = False
    """Whether DATA stood behind RCPT before RCPT was answered."""

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        message = message_from_bytes(self.body, policy=default)
        assert isinstance(message, EmailMessage)
        return message


def received_mails(folder: Path) -> list[ReceivedMail]:
    """The mails in a server's folder, in the order in which they came."""
    mails = []
    for path in sorted(folder.glob("*.json")):
        envelope = json.loads(path.read_text(encoding="utf-8"), object_hook=_with_tuples)
        mails.append(ReceivedMail(body=path.with_suffix(".eml").read_bytes(), **envelope))
    return mails


def _with_tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


class SmtpServer:
    """The server for the time of a block, on 127.0.0.1; stopped and started again it keeps its port and folder."""

    def __init__(self, folder: Path, script: Script | None = None, *, port: int = 0) -> None:
        self.folder = folder
        self.script = script or Script()
        self.port = port
        self._running: subprocess.Popen[str] | None = None

    @property
    def certificate(self) -> Path:
        """What a client must trust (SSL_CERT_FILE) where the script asks for TLS."""
        return self.folder / "tls" / "certificate.pem"

    def start(self) -> None:
        """Start the process, and wait until it listens."""
        script = json.dumps(dataclasses.asdict(self.script))
        options = ("--port", str(self.port), "--folder", str(self.folder.absolute()), "--script", script)
        self._running = subprocess.Popen(
            (sys.executable, "-W", "ignore", "-m", "tests.smtpserver", *options),
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._running.stdout is not None
        line = self._running.stdout.readline()
        if not line:
            raise RuntimeError(f"the SMTP server did not start: exit code {self._running.wait(10)}")
        self.port = json.loads(line)["port"]

    def stop(self) -> None:
        """End the process with every connection it has."""
        running, self._running = self._running, None
        if running is not None:
            running.terminate()
            running.wait(timeout=10)
            if running.stdout is not None:
                running.stdout.close()

    @property
    def holds(self) -> bool:
        """Whether a mail has reached the place where it is held."""
        return (self.folder / _HELD).exists()

    def go_on(self) -> None:
        """Let the mail that is held go on."""
        (self.folder / _GO_ON).touch()

    def mails(self) -> list[ReceivedMail]:
        """What was accepted so far."""
        return received_mails(self.folder)

    def wait_for(self, count: int, timeout_s: float = 30) -> list[ReceivedMail]:
        """The mails, once there are so many of them."""
        end = time.monotonic() + timeout_s
        while len(mails := self.mails()) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(mails)} of {count} mails came within {timeout_s:g} s")
            time.sleep(0.05)
        return mails

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and localhost, and its key; made with the openssl command."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key, wishes = folder / "certificate.pem", folder / "key.pem", folder / "openssl.cnf"
    if certificate.exists():
        return certificate, key
    wishes.write_text(
        "[req]\nprompt=no\ndistinguished_name=name\nx509_extensions=extensions\n[name]\nCN=localhost\n[extensions]\n"
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature,keyCertSign\n"
        "subjectAltName=IP:127.0.0.1,DNS:localhost\nsubjectKeyIdentifier=hash\n"
    )
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3")
    subprocess.run(
        ("openssl", "req", *kind, "-config", str(wishes), "-keyout", str(key), "-out", str(certificate)),
        check=True,
        capture_output=True,
    )
    return certificate, key


class _Connection(SMTP):
    """aiosmtpd's own, with a number and a way to cut it behind an answer."""

    count = 0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        type(self).count += 1
        self.number = type(self).count
        self.mail_count = 0
        self.ends_with_this_answer = False
        self.was_pipelined = False

    async def push(self, status: AnyStr) -> None:
        await super().push(status)
        if self.ends_with_this_answer and self.transport is not None:
            self.transport.close()


class _Keeper:
    """Answers as the script says, and keeps what it takes."""

    def __init__(self, folder: Path, script: Script) -> None:
        self._folder = folder
        self._script = script
        self._greylisted: set[str] = set()
        self._mail_count = len(list(folder.glob("*.json")))
        self._drops_left = script.drop_after_data
        self._reached = 0

    async def _hold(self, place: str) -> None:
        """Wait here with the mail that is to be held, until told to go on."""
        if place != self._script.hold_at:
            return
        self._reached += 1
        if self._reached == self._script.hold_mail:
            (self._folder / _HELD).touch()
            while not (self._folder / _GO_ON).exists():  # noqa: ASYNC110 - the word comes from another process
                await asyncio.sleep(0.01)

    async def handle_EHLO(  # noqa: N802
        self, _server: _Connection, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self._script.pipelining else []), responses[-1]]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: _Connection, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        limit = self._script.mails_per_connection
        if limit is not None and server.mail_count >= limit:
            server.ends_with_this_answer = True
            return "421 4.7.0 too many mails in this connection"
        if self._script.refuse_sender is not None:
            return self._script.refuse_sender
        await self._hold("mail")
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: _Connection, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        server.was_pipelined = b"DATA" in bytes(server._reader._buffer)  # type: ignore[attr-defined]
        if _names(self._script.refuse_recipients, address):
            return "550 5.1.1 no such user here"
        if _names(self._script.greylist, address) and address not in self._greylisted:
            self._greylisted.add(address)
            return "451 4.7.1 greylisted, come again"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: _Connection, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self._script.delay_s:
            await asyncio.sleep(self._script.delay_s)
        if any(_names(self._script.refuse_mail, address) for address in envelope.rcpt_tos):
            return "554 5.7.1 this mail is not wanted"
        if any(_names(self._script.defer_mail, address) for address in envelope.rcpt_tos):
            return "451 4.3.0 not now"
        await self._hold("data")
        server.mail_count += 1
        self._keep(server, session, envelope)
        await self._hold("taken")
        if self._drops_left:
            self._drops_left -= 1
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        if self._script.close_after is not None and server.mail_count >= self._script.close_after:
            server.ends_with_this_answer = True
        return "250 2.0.0 taken"

    def _keep(self, server: _Connection, session: Session, envelope: Envelope) -> None:
        self._mail_count += 1
        path = self._folder / f"{self._mail_count:05d}.json"
        path.with_suffix(".eml").write_bytes(envelope.original_content or b"")
        partial = path.with_suffix(".partial")
        partial.write_text(
            json.dumps(
                {
                    "sender": envelope.mail_from,
                    "recipients": envelope.rcpt_tos,
                    "connection": server.number,
                    "is_encrypted": self._script.security == "tls" or session.ssl is not None,
                    "login": session.auth_data if session.authenticated else None,
                    "mail_options": envelope.mail_options,
                    "was_pipelined": server.was_pipelined,
                }
            ),
            encoding="utf-8",
        )
        partial.replace(path)  # the envelope last, and whole: who sees it may read the mail


def _names(addresses: tuple[str, ...], address: str) -> bool:
    return EVERYONE in addresses or address in addresses


async def _serve(port: int, folder: Path, script: Script) -> None:
    keeper = _Keeper(folder, script)
    tls = None
    if script.security != "none":
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*make_certificate(folder / "tls"))

    def authenticate(_server: object, _session: object, _envelope: object, _mechanism: str, auth: object) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        name, password = auth.login.decode(), auth.password.decode()
        return AuthResult(success=f"{name}:{password}" == script.login, handled=False, auth_data=name)

    def connection() -> _Connection:
        return _Connection(
            keeper,
            hostname="mail.example.org",
            ident="test",
            data_size_limit=script.most_bytes,
            enable_SMTPUTF8=script.smtputf8,
            tls_context=tls if script.security == "starttls" else None,
            require_starttls=script.security == "starttls",
            auth_required=script.login is not None,
            auth_require_tls=script.security == "starttls",
            authenticator=authenticate,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", port, ssl=tls if script.security == "tls" else None)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - without it nobody is left who would stop us
        await asyncio.sleep(0.5)


def main() -> None:
    """Serve until a signal, or until the process that started this one is gone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--folder", type=Path, required=True, help="where the mails go")
    parser.add_argument("--script", default="{}", help="the fields of Script, as JSON")
    options = parser.parse_args()
    logging.getLogger("mail").setLevel(logging.CRITICAL)  # a login without TLS is meant here
    script = Script(**json.loads(options.script, object_hook=_with_tuples))
    options.folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.port, options.folder, script))


if __name__ == "__main__":
    main()
