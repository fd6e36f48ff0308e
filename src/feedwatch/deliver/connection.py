"""One SMTP connection, and the mails that go over it one after the other (RFC 5321), pipelined (RFC 2920) where the
server takes that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import aiosmtplib

from feedwatch.deliver.replies import Replies, Reply
from feedwatch.deliver.sender import ServerDown
from feedwatch.errors import DeliveryError

if TYPE_CHECKING:
    from feedwatch.deliver.message import Message
    from feedwatch.settings import SmtpSettings

_GO_ON = 354
_CLOSING = 421
_PERMANENT = 500
_WANTS_LOGIN = (530, 534, 535, 538)
"""RFC 4954, 6."""
_TOO_LARGE = 552
_ACCEPTANCE_S = 180.0
"""The least that a server is given to accept a mail it has read: giving up there makes a second copy
(RFC 5321, 4.5.3.2.6, asks for ten minutes)."""
_GOODBYE_S = 2.0


class NotBegun(Exception):  # noqa: N818 - no error yet: another connection will do
    """The connection ended before the mail was on its way. Knows the words to tell, if nothing else helps."""


class Connection:
    """A connection that is ready for mails. Made by `open_connection`."""

    def __init__(self, settings: SmtpSettings, client: aiosmtplib.SMTP) -> None:
        self._server = f"{settings.host}:{settings.port}"
        self._timeout_s = settings.timeout.total_seconds()
        self._takes_size = client.supports_extension("size")
        self._takes_utf8 = client.supports_extension("smtputf8")
        self._pipelines = client.supports_extension("pipelining")
        # The client has connected, secured the connection and logged in. From here on its protocol, which knows one
        # command at one time and costs a task for each, makes way for ours.
        self._transport = cast("asyncio.Transport", client.transport)
        self._replies = Replies()
        self._transport.set_protocol(self._replies)
        self._must_reset = False
        self.mail_count = 0

    @property
    def is_open(self) -> bool:
        """Whether nothing is known against sending a mail over it."""
        return not self._transport.is_closing() and self._replies.is_silent

    async def send(self, message: Message) -> str:
        """Send to the message's one recipient; returns the server's words.

        Permanent is what the server refuses with a 5xx for this mail or this recipient (RFC 5321, 4.2.1). What it says
        to MAIL concerns every mail, as they have one sender: ServerDown. Raises NotBegun when the connection ends
        before the server has read any of the mail.
        """
        if message.needs_utf8 and not self._takes_utf8:
            raise DeliveryError(
                f"{self._server} cannot take this address: it knows ASCII addresses alone (no SMTPUTF8)",
                permanent=True,
            )
        self.mail_count += 1
        try:
            await self._announce(message)
            return await self._hand_over(message.as_bytes())
        except DeliveryError:
            self._must_reset = True
            raise
        except BaseException:  # stopped in the middle: what is sent next must not be taken for the rest of this mail
            self.abort()
            raise

    async def _announce(self, message: Message) -> None:
        """MAIL, RCPT and DATA, until the server asks for the mail."""
        try:
            asked = await self._ask(message)
        except TimeoutError:
            raise NotBegun(f"does not answer within {self._timeout_s:g} s") from None
        except OSError as error:
            raise NotBegun(f"broke off the connection: {error}") from error
        if any(reply.code == _CLOSING for reply in asked.values()):
            self.abort()
            raise NotBegun(f"closes the connection: {next(r for r in asked.values() if r.code == _CLOSING)}")
        mail, recipient, data = asked["MAIL"], asked.get("RCPT"), asked.get("DATA")
        if not mail.is_good:
            if mail.code == _TOO_LARGE or (message.needs_utf8 and mail.code >= _PERMANENT):
                raise self._refusal(mail)
            raise ServerDown(f"{self._server} refuses the sender {message.sender}: {mail}")
        if recipient is not None and not recipient.is_good:
            raise self._refusal(recipient)
        if data is not None and data.code != _GO_ON:
            raise self._refusal(data)
        self._must_reset = False

    async def _ask(self, message: Message) -> dict[str, Reply]:
        """The replies by command: of all, or of those up to the first that is refused."""
        commands = {"RSET": "RSET"} if self._must_reset else {}
        commands |= {"MAIL": self._mail_command(message), "RCPT": f"RCPT TO:<{message.recipient}>", "DATA": "DATA"}
        replies: dict[str, Reply] = {}
        if self._pipelines:
            self._write(*commands.values())
        for name, command in commands.items():
            if not self._pipelines:
                self._write(command)
            reply = replies[name] = await self._replies.next(self._timeout_s)
            if reply.code == _CLOSING or not (self._pipelines or reply.is_good):
                return replies
        if replies["DATA"].code == _GO_ON and not (replies["MAIL"].is_good and replies["RCPT"].is_good):
            self._write(".")  # it waits for a mail that has nobody to go to (RFC 2920, 3.1)
            await self._replies.next(self._timeout_s)
        return replies

    def _mail_command(self, message: Message) -> str:
        size = f" SIZE={len(message.head) + 2 + len(message.body)}" if self._takes_size else ""
        return f"MAIL FROM:<{message.sender}>{size}{' BODY=8BITMIME SMTPUTF8' if message.needs_utf8 else ''}"

    async def _hand_over(self, mail: bytes) -> str:
        """The mail itself; from its last byte on until the answer nobody knows whether it is accepted."""
        stuffed = mail.replace(b"\r\n.", b"\r\n..")
        try:
            self._transport.write(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"))
            answer = await self._replies.next(max(self._timeout_s, _ACCEPTANCE_S))
        except TimeoutError as error:
            self.abort()
            raise DeliveryError(f"{self._server} does not say whether it took the mail", permanent=False) from error
        except OSError as error:
            self.abort()
            raise DeliveryError(f"{self._server} broke off the connection: {error}", permanent=False) from error
        if not answer.is_good:
            raise self._refusal(answer)
        return answer.words

    def _refusal(self, reply: Reply) -> DeliveryError:
        if reply.code in _WANTS_LOGIN:
            return ServerDown(f"{self._server} refused it: {reply}")
        return DeliveryError(f"{self._server} refused it: {reply}", permanent=reply.code >= _PERMANENT)

    def _write(self, *commands: str) -> None:
        self._transport.write("".join(f"{command}\r\n" for command in commands).encode())

    async def quit(self) -> None:
        """Say goodbye, and close."""
        if not self._transport.is_closing():
            self._write("QUIT")
            try:
                await self._replies.next(_GOODBYE_S)
            except OSError:  # TimeoutError is one too: it need not answer
                pass
            finally:
                self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()


async def open_connection(settings: SmtpSettings) -> Connection:
    """Connect, with TLS and a login where they are asked for. Raises ServerDown."""
    server = f"{settings.host}:{settings.port}"
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        use_tls=settings.security == "tls",
        start_tls=settings.security == "starttls",
        timeout=settings.timeout.total_seconds(),
    )
    is_ready = False
    try:
        await client.connect()
        if settings.username is not None:
            await client.login(settings.username, _password(settings))
        await client.rset()  # says EHLO where nothing did
        is_ready = True
        return Connection(settings, client)
    except aiosmtplib.SMTPAuthenticationError as error:
        words = " ".join(error.message.split())
        raise ServerDown(f"{server} refuses the login of {settings.username!r}: {error.code} {words}") from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise ServerDown(f"{server} cannot be used: {error}") from error
    finally:
        if not is_ready:
            client.close()


def _password(settings: SmtpSettings) -> str:
    if settings.password_file is not None:
        return settings.password_file.read_text(encoding="utf-8").strip()
    return settings.password.get_secret_value() if settings.password is not None else ""
