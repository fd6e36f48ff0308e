"""Mail over SMTP: several connections at one time, each for many mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from feedwatch.deliver.connection import Connection, NotBegun, open_connection
from feedwatch.deliver.sender import ServerDown

if TYPE_CHECKING:
    from feedwatch.deliver.message import Message
    from feedwatch.settings import SmtpSettings


class SmtpSender:
    """Connections to one server, each opened when a mail finds none idle, and for no more mails than it may carry."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._server = f"{settings.host}:{settings.port}"
        self._idle: list[Connection] = []

    @property
    def capacity(self) -> int:
        """As many as there may be connections."""
        return self._settings.connections

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.quit()

    async def send(self, message: Message, address: str, delivery_id: int) -> str:  # noqa: ARG002
        """Send to the message's one recipient; returns the server's words. Raises DeliveryError, or ServerDown.

        A connection that ends before the server has read any of the mail makes way for a new one, once: enough mails
        for one connection, says many a server.
        """
        connection = await self._kept() or await open_connection(self._settings)
        is_new = connection.mail_count == 0
        try:
            try:
                return await connection.send(message)
            except NotBegun:
                if is_new:
                    raise
            connection = await open_connection(self._settings)
            return await connection.send(message)
        except NotBegun as ended:
            raise ServerDown(f"{self._server} {ended}") from ended
        finally:
            if connection.is_open:
                self._idle.append(connection)

    async def _kept(self) -> Connection | None:
        """The connection that was idle for the shortest time."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_open:
                connection.abort()
            elif connection.mail_count >= self._settings.mails_per_connection:
                await connection.quit()
            else:
                return connection
        return None
