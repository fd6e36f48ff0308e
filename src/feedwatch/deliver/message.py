"""A digest or an alert as an RFC 5322 message, the same bytes for the same mail."""

from __future__ import annotations

import re
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import parseaddr
from hashlib import sha256
from urllib.parse import quote, urlsplit

from feedwatch.deliver.headers import LINE, Literal, Mailbox, Subject, encoded_phrase, one_line
from feedwatch.errors import DeliveryError
from feedwatch.model import OutgoingMail

_LOCAL_PART = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>()\[\]@,:;\\\"]+")
_DOMAIN = re.compile(r"[A-Za-z0-9._-]+|\[[A-Za-z0-9.:]+\]")
_MAY_STAND_IN_URL = "%:/?#[]@!$&'()*+,;=-._~"
_QUOTED_PRINTABLE_PAYS = 6
"""An escaped byte costs three characters, base64 four for three: beyond one byte in six base64 is shorter."""


def build_message(mail: OutgoingMail) -> EmailMessage:
    """The message: text and HTML as alternatives in UTF-8, encoded to lines of at most 76 ASCII characters.

    The same mail gives the same bytes, which an SMTP server may see again at a retry. A newline in a header's text
    becomes a space. An address with a non-ASCII local part gives a message under the SMTPUTF8 policy (RFC 6532), which
    needs a server with that extension; a non-ASCII domain is written in its ASCII form (RFC 5891). Raises
    DeliveryError, permanent, where the sender or the recipient is no address.
    """
    sender = _mailbox(*parseaddr(one_line(mail.sent_by)), role="sender")
    recipient = _mailbox(one_line(mail.to_name), one_line(mail.to_address), role="recipient")
    needs_utf8 = not (sender.addr_spec + recipient.addr_spec).isascii()
    policy = (SMTPUTF8 if needs_utf8 else SMTP).clone(header_factory=_header_types(), max_line_length=LINE)
    message = EmailMessage(policy=policy)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = one_line(mail.subject)
    message["Date"] = mail.dated
    message["Message-ID"] = one_line(mail.message_id)
    for name, value in _list_headers(mail).items():
        message[name] = value
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    _set_bodies(message, mail)
    return message


def _list_headers(mail: OutgoingMail) -> dict[str, str]:
    """List-Id (RFC 2919), List-Unsubscribe (RFC 2369) and, where there is a URL for it, one click (RFC 8058)."""
    mailto = f"<mailto:{quote(one_line(mail.unsubscribe_mailto), safe='@')}?subject=unsubscribe>"
    headers = {"List-Id": f"{encoded_phrase(one_line(mail.list_name))} <{quote(one_line(mail.list_id))}>".lstrip()}
    url = quote(one_line(mail.unsubscribe_url or ""), safe=_MAY_STAND_IN_URL)
    if urlsplit(url).scheme == "https":
        headers["List-Unsubscribe"] = f"<{url}>, {mailto}"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        headers["List-Unsubscribe"] = mailto
    return headers


def _mailbox(name: str, address: str, *, role: str) -> Address:
    local, _, domain = address.rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not (_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise DeliveryError(f"The {role} {address!r} is not a mail address, which is name@domain.", permanent=True)
    return Address(display_name=name, username=local, domain=domain)


def _header_types() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("from", Mailbox)
    registry.map_to_type("to", Mailbox)
    registry.map_to_type("subject", Subject)
    for name in ("message-id", "list-id", "list-unsubscribe"):
        registry.map_to_type(name, Literal)
    return registry


def _set_bodies(message: EmailMessage, mail: OutgoingMail) -> None:
    text, html = _encodable(mail.text), _encodable(mail.html)
    message.set_content(text, charset="utf-8", cte=_transfer_encoding(text))
    message.add_alternative(html, subtype="html", charset="utf-8", cte=_transfer_encoding(html))
    # "=_" can stand in neither encoding of a body (RFC 2045, 6.7), so that no body holds the boundary.
    message.set_boundary("=_" + sha256(_encodable(mail.message_id).encode()).hexdigest()[:40])


def _encodable(text: str) -> str:
    """The text with lone surrogates replaced, which UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _transfer_encoding(text: str) -> str:
    """The shorter of the two that pass through any server unchanged, which a DKIM signature needs."""
    encoded = text.encode()
    beyond_ascii = len(encoded) - len(text.encode("ascii", "ignore"))
    return "quoted-printable" if beyond_ascii * _QUOTED_PRINTABLE_PAYS < len(encoded) else "base64"
