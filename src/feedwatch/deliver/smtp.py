"""Mail over SMTP: STARTTLS, TLS or plain, with login; one connection for a batch of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import aiosmtplib

from feedwatch.errors import DeliveryError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from feedwatch.settings import SmtpSettings

_CLOSING = 421
_PERMANENT = 500
_WANTS_LOGIN = (530, 534, 535, 538)
"""RFC 4954, 6."""
_TOO_LARGE = 552
_ACCEPTANCE_S = 180.0
"""The least that a server is given to accept a mail it has read: giving up there makes a second copy
(RFC 5321, 4.5.3.2.6, asks for ten minutes)."""


class SmtpSender:
    """One SMTP connection, opened for the first message and again after a failure."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._server = f"{settings.host}:{settings.port}"
        self._client: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            pass
        finally:
            client.close()

    async def send(self, message: EmailMessage, address: str, delivery_id: int) -> str:  # noqa: ARG002
        """Send to the message's one recipient; returns the server's words. Raises DeliveryError.

        Permanent is what the server refuses with a 5xx for this mail (RFC 5321, 4.2.1). A refused login or sender, or
        a server out of reach, is the configuration's fault, not the mail's: it is tried again.
        """
        # From the message, where a domain stands in its ASCII form (RFC 5891).
        sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))
        body = message.as_bytes()
        client, is_kept = await self._ready()
        try:
            try:
                await _announce(client, sender, recipient, len(body))
            except aiosmtplib.SMTPSenderRefused as error:
                if not (is_kept and error.code == _CLOSING):
                    raise
                # Enough mails for one connection, says the server; nothing of this one is under way yet.
                client = await self._connect()
                await _announce(client, sender, recipient, len(body))
            answer = await client.data(body, timeout=max(self._settings.timeout.total_seconds(), _ACCEPTANCE_S))
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(self._server, error) from error
        except aiosmtplib.SMTPNotSupported as error:
            raise DeliveryError(f"{self._server} cannot take this address: {error}", permanent=True) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            self._drop()
            raise DeliveryError(f"{self._server} broke off the connection: {error}", permanent=False) from error
        except BaseException:  # stopped in the middle: what is sent next must not be taken for the rest of this mail
            self._drop()
            raise
        return answer.message

    async def _ready(self) -> tuple[aiosmtplib.SMTP, bool]:
        """A connection without the envelope of a refused mail (RFC 5321, 4.1.1.5), and whether it was used before."""
        if self._client is not None:
            try:
                await self._client.rset()
            except (aiosmtplib.SMTPException, OSError):
                self._drop()
            else:
                return self._client, True
        return await self._connect(), False

    async def _connect(self) -> aiosmtplib.SMTP:
        self._drop()
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            timeout=settings.timeout.total_seconds(),
        )
        try:
            await client.connect()
            if settings.username is not None:
                await client.login(settings.username, self._password())
            await client.rset()  # says EHLO where nothing did
        except aiosmtplib.SMTPAuthenticationError as error:
            raise DeliveryError(
                f"{self._server} refuses the login of {settings.username!r}: {error.code} {_line(error.message)}",
                permanent=False,
            ) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise DeliveryError(f"{self._server} cannot be used: {error}", permanent=False) from error
        else:
            self._client = client
            return client
        finally:
            if self._client is None:
                client.close()

    def _password(self) -> str:
        settings = self._settings
        if settings.password_file is not None:
            return settings.password_file.read_text(encoding="utf-8").strip()
        return settings.password.get_secret_value() if settings.password is not None else ""

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def _announce(client: aiosmtplib.SMTP, sender: str, recipient: str, size: int) -> None:
    """MAIL and RCPT. Raises SMTPNotSupported for a non-ASCII address on a server without SMTPUTF8 (RFC 6531)."""
    options = [f"SIZE={size}"] if client.supports_extension("size") else []
    if not (sender + recipient).isascii():
        if not client.supports_extension("smtputf8"):
            raise aiosmtplib.SMTPNotSupported("the server knows ASCII addresses alone (no SMTPUTF8)")
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    await client.mail(sender, options=options, encoding="utf-8")
    await client.rcpt(recipient, encoding="utf-8")


def _refusal(server: str, error: aiosmtplib.SMTPResponseException) -> DeliveryError:
    is_ours = error.code in _WANTS_LOGIN or (
        isinstance(error, aiosmtplib.SMTPSenderRefused) and error.code != _TOO_LARGE
    )
    return DeliveryError(
        f"{server} refused it: {error.code} {_line(error.message)}", permanent=error.code >= _PERMANENT and not is_ours
    )


def _line(words: str) -> str:
    return " ".join(words.split())
