"""What a channel of delivery must do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from email.message import EmailMessage


class Sender(Protocol):
    """Takes messages one after the other; an asynchronous context, so that a connection can be kept between them."""

    async def __aenter__(self) -> Self:
        """Get ready; connecting may wait for the first message."""

    async def __aexit__(self, *exception: object) -> None:
        """Let go of everything."""

    async def send(self, message: EmailMessage, address: str, delivery_id: int) -> str:
        """Send to one address. Returns where it went, for the record; raises DeliveryError."""
