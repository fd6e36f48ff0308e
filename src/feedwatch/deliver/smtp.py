"""Mail over SMTP: STARTTLS, TLS or plain, with login; one connection for a batch of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import aiosmtplib

from feedwatch.errors import DeliveryError

if TYPE_CHECKING:
    from email.message import EmailMessage

    from feedwatch.settings import SmtpSettings

_PERMANENT = 500


class SmtpSender:
    """One SMTP connection, opened for the first message and again after a failure."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._disconnect()

    async def send(self, message: EmailMessage, address: str, delivery_id: int) -> str:  # noqa: ARG002
        """Send to one address; returns the server's words. Raises DeliveryError.

        Permanent is what the server refuses with a 5xx for this mail (RFC 5321, 4.2.1). A refused login or a
        server out of reach is the configuration's fault, not the mail's: it is tried again.
        """
        server = f"{self._settings.host}:{self._settings.port}"
        client = await self._connect(server)
        try:
            refused, answer = await client.send_message(message, recipients=[address])
        except aiosmtplib.SMTPRecipientsRefused as error:
            await self._reset(client)
            first = error.recipients[0]
            raise _refusal(server, first.code, first.message) from error
        except aiosmtplib.SMTPResponseException as error:
            await self._reset(client)
            raise _refusal(server, error.code, error.message) from error
        except aiosmtplib.SMTPNotSupported as error:  # an SMTPUTF8 address, and a server without it
            await self._reset(client)
            raise DeliveryError(f"{server} cannot take this address: {error}", permanent=True) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            await self._disconnect()
            raise DeliveryError(f"{server} broke off the connection: {error}", permanent=False) from error
        if refused:
            code, words = next(iter(refused.values()))
            raise _refusal(server, code, words)
        return answer

    async def _connect(self, server: str) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
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
        except aiosmtplib.SMTPAuthenticationError as error:
            client.close()
            raise DeliveryError(
                f"{server} refuses the login of {settings.username!r}: {error.code} {error.message}", permanent=False
            ) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise DeliveryError(f"{server} cannot be used: {error}", permanent=False) from error
        self._client = client
        return client

    def _password(self) -> str:
        settings = self._settings
        if settings.password_file is not None:
            return settings.password_file.read_text(encoding="utf-8").strip()
        return settings.password.get_secret_value() if settings.password is not None else ""

    async def _reset(self, client: aiosmtplib.SMTP) -> None:
        """Ready for the next mail: a refused one must not leave its envelope behind (RFC 5321, 4.1.1.5)."""
        try:
            await client.rset()
        except (aiosmtplib.SMTPException, OSError):
            await self._disconnect()

    async def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            client.close()


def _refusal(server: str, code: int, words: str) -> DeliveryError:
    return DeliveryError(f"{server} refused it: {code} {words}", permanent=code >= _PERMANENT)
