"""A mail to send, and the settings of a server to send it through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from feedwatch.deliver import build_message
from feedwatch.model import OutgoingMail
from feedwatch.settings import SmtpSettings

if TYPE_CHECKING:
    from feedwatch.deliver import Message
    from tests.smtpserver import SmtpServer

MAIL = OutgoingMail(
    message_id="<d42@watch.example.org>",
    sent_by="feedwatch <watch@example.org>",
    to_name="Ann",
    to_address="ann@example.org",
    subject="Brief · 25 Nov · 20 stories",
    html="<p>大湾区 &amp; more</p>\n",
    text="大湾区 & more\n",
    dated=datetime(2026, 11, 25, 0, 0, 5, tzinfo=UTC),
    list_id="brief.watch.example.org",
    list_name="Brief",
    unsubscribe_mailto="bye@example.org",
)


def message(**changes: Any) -> Message:
    return build_message(replace(MAIL, **changes))


def smtp_settings(server: SmtpServer, **changes: Any) -> SmtpSettings:
    """How to reach the server, with its security and login."""
    name, _, password = (server.script.login or "").partition(":")
    fields = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": server.script.security,
        "username": name or None,
        "password": password or None,
        "timeout": "5s",
    }
    return SmtpSettings.model_validate(fields | changes)
