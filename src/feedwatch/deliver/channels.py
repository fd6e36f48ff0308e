"""Other ways than mail for what a digest tells: a chat or push service by Apprise, and a program's webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from feedwatch.digest.personal import Personal
    from feedwatch.model import Body
    from feedwatch.settings import ChannelSettings


class Channel(Protocol):
    """Takes bodies one after the other; an asynchronous context, so that a connection can be kept between them."""

    async def __aenter__(self) -> Self:
        """Get ready; whatever is slow or may fail waits for the first body."""

    async def __aexit__(self, *exception: object) -> None:
        """Let go of everything."""

    async def send(self, body: Body, personal: Personal, *, message_id: str) -> str:
        """Fill in what is personal and send. Returns what was answered, for the record; raises DeliveryError.

        `message_id` is the delivery's own, the same at every try.
        """


def open_channel(settings: ChannelSettings) -> Channel:
    """The channel that the settings name; a fault of theirs shows at its first `send`."""
    # Each brings libraries along that take a tenth of a second to load, and most configurations name no channel.
    if settings.webhook is not None and settings.secret is not None:
        from feedwatch.deliver.webhook import WebhookChannel  # noqa: PLC0415

        return WebhookChannel(settings.webhook, settings.secret.get_secret_value())
    from feedwatch.deliver.chat import ChatChannel  # noqa: PLC0415

    return ChatChannel(_apprise_url(settings))


def check_channel(settings: ChannelSettings) -> str | None:
    """What is wrong with the settings, as a sentence without their secrets; None where nothing is. Sends nothing."""
    if settings.secret is not None:
        from feedwatch.deliver.webhook import check_secret  # noqa: PLC0415

        return check_secret(settings.secret.get_secret_value())
    from feedwatch.deliver.chat import check_url  # noqa: PLC0415

    return check_url(_apprise_url(settings))


def kind_of(settings: ChannelSettings) -> str:
    """`webhook`, or `apprise:slack`: of an Apprise URL its service alone, as the rest is secret."""
    return "webhook" if settings.webhook is not None else f"apprise:{scheme_of(_apprise_url(settings))}"


def scheme_of(url: str) -> str:
    """`slack`: what an Apprise URL begins with, of which alone nothing is secret; ? where it is no URL."""
    scheme, parted, _ = url.strip().partition("://")
    return scheme.lower() if parted and scheme.isalnum() else "?"


def _apprise_url(settings: ChannelSettings) -> str:
    return settings.apprise.get_secret_value() if settings.apprise is not None else ""
