"""What a way of sending mail must do, and when all of it must wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from feedwatch.errors import DeliveryError

if TYPE_CHECKING:
    from feedwatch.deliver.message import Message


class ServerDown(DeliveryError):  # noqa: N818 - what it tells, as the others of the standard library do
    """No mail can be sent now, this one as little as any other; none was begun. Nothing is permanent about it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, permanent=False)


class Sender(Protocol):
    """Takes messages, several at one time; an asynchronous context, so that connections can be kept between them."""

    @property
    def capacity(self) -> int:
        """How many messages it can take at one time."""

    async def __aenter__(self) -> Self:
        """Get ready; connecting may wait for the first message."""

    async def __aexit__(self, *exception: object) -> None:
        """Let go of everything."""

    async def send(self, message: Message, address: str, delivery_id: int) -> str:
        """Send to one address. Returns where it went, for the record; raises DeliveryError, or ServerDown."""
