"""A channel tried out: a short message of our own, and what was said to it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from feedwatch.deliver.channels import check_channel, open_channel
from feedwatch.digest.personal import Personal
from feedwatch.export.json_text import json_text
from feedwatch.model import Body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from feedwatch.settings import Settings

TEST = "channel.test"
"""What the `type` of a test message to a webhook says."""


async def try_channel(settings: Settings, name: str, now: datetime) -> str:
    """Send a test message by a configured channel; returns what was answered. Raises DeliveryError."""
    chosen = settings.channels[name]
    title = "A test by feedwatch"
    text = f"Digests that are sent to the channel {name} arrive here."
    if chosen.webhook is not None:
        text = json_text({"type": TEST, "version": 1, "timestamp": now, "channel": name, "text": text})
    message_id = f"<{uuid.uuid4()}@{settings.mail.list_domain}>"
    async with open_channel(chosen) as channel:
        return await channel.send(Body(title, "", text), Personal("", ""), message_id=message_id)


def channel_problems(settings: Settings) -> Iterator[tuple[str, str]]:
    """(name, sentence) of each channel whose settings cannot work. Sends nothing."""
    for name, chosen in settings.channels.items():
        if problem := check_channel(chosen):
            yield name, problem
