"""What a mail in the box of bounces tells: delivery reports, complaints, or nothing of the kind.

Bytes in, values out. Reports are those of RFC 3464 and, for international mail, RFC 6533; complaints those of
RFC 5965; the forms without MIME stand in `bounce_forms`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from feedwatch.deliver.bounce_forms import read_exim, read_qmail
from feedwatch.deliver.bounce_status import is_hard, read_status
from feedwatch.deliver.headers import one_line
from feedwatch.deliver.mime_parts import as_text, leaves, read_fields, read_part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from feedwatch.deliver.mime_parts import Part

Kind = Literal["hard", "soft", "complaint"]

MOST_BYTES = 1_000_000
"""How much of a mail is read: what a report says stands before the copy of the mail that it is about."""

_STATUS_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ORIGINAL_KINDS = frozenset(
    {"message/rfc822", "message/rfc822-headers", "text/rfc822-headers", "message/global", "message/global-headers"}
)
_FEEDBACK = "message/feedback-report"
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
"""Feedback types that say "I do not want this"; the others tell of signatures, viruses, or that it was no spam."""
_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f\x7f]{1,250}>")
_ADDRESS = re.compile(r"""(?:"[^"\s]*"|[^\s<>()",;:]+)@[^\s<>()",;:]+""")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
_MOST_RECIPIENTS = 100
_LONGEST_FIELD = 1000
_LONGEST_ADDRESS = 320
_LONGEST_REASON = 500
_LAST_CHARACTER = 0x10FFFF


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a mail tells of one recipient."""

    kind: Kind
    """`hard`: the address is at fault for good; `soft`: anything else that failed or is late; `complaint`: its owner
    does not want the mail."""
    addresses: tuple[str, ...]
    """As the sender had it, where that is told, then as it failed at the end; a complaint may name none."""
    status: str
    """The enhanced status code (RFC 3463); "" where none is told."""
    reason: str
    """The server's words, on one line."""
    message_id: str | None
    """Of the mail that it is about, with its angle brackets."""


@dataclass(frozen=True, slots=True)
class BounceMail:
    """What a mail comes to."""

    what: Literal["report", "automatic reply", "something else"]
    """`something else` is for a person to read: a letter, or a report that cannot be read."""
    reports: tuple[BounceReport, ...] = ()
    """None for a report that nothing failed."""


def read_bounces(message: bytes) -> BounceMail:
    """Read a mail, or the first MOST_BYTES of it. Never raises, whatever the bytes are."""
    mail = read_part(message[:MOST_BYTES])
    parts = leaves(mail)
    for read in (_read_statuses, _read_feedback, _read_plain):
        if (reports := read(mail, parts)) is not None:
            return BounceMail("report", tuple(reports))
    return BounceMail("automatic reply" if _is_automatic(mail) else "something else")


def as_reason(words: str) -> str:
    """A server's words on one line, and no more of them than are of use."""
    line = " ".join(one_line(words).split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"


def _read_statuses(mail: Part, parts: Sequence[Part]) -> list[BounceReport] | None:
    """RFC 3464: a block of fields for the mail, and one for each recipient, with empty lines between."""
    status = next((part for part in parts if part.kind in _STATUS_KINDS), None)
    if status is None:
        return None
    pieces = re.split(rb"\n[ \t]*\n+", status.content)[: 1 + _MOST_RECIPIENTS]
    blocks = [fields for piece in pieces if (fields := read_fields(piece))]
    recipients = [one for one in blocks if one.keys() & {"final-recipient", "original-recipient"}][:_MOST_RECIPIENTS]
    asked = _message_id(mail, parts, *(fields.get("x-original-message-id", "") for fields in blocks))
    reports = [report for fields in recipients if (report := _of_recipient(fields, asked)) is not None]
    is_read = reports or any(_action(fields) in {"delivered", "relayed", "expanded"} for fields in recipients)
    return reports if is_read else None


def _action(fields: Mapping[str, str]) -> str:
    return fields.get("action", "failed").split(" ")[0].strip(";").lower()


def _of_recipient(fields: Mapping[str, str], message_id: str | None) -> BounceReport | None:
    """None where nothing failed, and nothing is late."""
    action = _action(fields)
    named = (fields.get("original-recipient", ""), fields.get("final-recipient", ""))
    addresses = tuple(dict.fromkeys(address for value in named if (address := _address(value))))
    if action not in {"failed", "delayed"} or not addresses:
        return None
    words = fields.get("diagnostic-code", "").partition(";")
    reason = as_reason(words[2] or words[0])
    status = read_status(fields.get("status", ""), reason)
    return BounceReport(_kind(status, reason, action), addresses, status, reason, message_id)


def _kind(status: str, words: str, action: str = "failed") -> Kind:
    return "hard" if action == "failed" and is_hard(status, words) else "soft"


def _read_feedback(mail: Part, parts: Sequence[Part]) -> list[BounceReport] | None:
    """RFC 5965: a reader pressed a button; who it was is often left out."""
    feedback = next((part for part in parts if part.kind == _FEEDBACK), None)
    if feedback is None:
        return None
    fields = read_fields(feedback.content)
    kind = fields.get("feedback-type", "").lower()
    if kind not in _COMPLAINTS:
        return []
    named = (fields.get("original-rcpt-to", ""), fields.get("removal-recipient", ""))
    addresses = tuple(dict.fromkeys(address for value in named if (address := _address(value))))
    agent = f", says {as_reason(fields['user-agent'])}" if fields.get("user-agent") else ""
    return [BounceReport("complaint", addresses, "", f"reported as {kind}{agent}", _message_id(mail, parts))]


def _read_plain(mail: Part, parts: Sequence[Part]) -> list[BounceReport] | None:
    """What qmail, and Exim before it made reports by the standard, write."""
    text = next((as_text(part.content) for part in parts if part.kind == "text/plain"), "")
    reports = []
    for found in read_exim(mail.fields.get("x-failed-recipients", ""), text) or read_qmail(text):
        if not (address := _address(found.address)):
            continue
        reason = as_reason(found.words)
        status = read_status("", reason)
        message_id = _message_id(mail, parts, read_fields(found.original.encode()).get("message-id", ""))
        reports.append(BounceReport(_kind(status or "5.0.0", reason), (address,), status, reason, message_id))
    return reports or None


def _message_id(mail: Part, parts: Sequence[Part], *told: str) -> str | None:
    """Of the mail that a report is about: from what it holds of it, else from what it says it answers."""
    originals = (read_part(part.content).fields.get("message-id", "") for part in parts if part.kind in _ORIGINAL_KINDS)
    answers = (mail.fields.get("in-reply-to", ""), mail.fields.get("references", "").rpartition(" ")[2])
    for value in (*originals, *told, *answers):
        if (found := _MESSAGE_ID.search(value)) is not None:
            return found[0]
    return None


def _address(value: str) -> str:
    """The address of `rfc822;reader@example.org` or `utf-8;...` (RFC 6533, 3); "" where there is none."""
    kind, _, written = value.rpartition(";")
    if kind.strip().lower() == "utf-8":
        written = _ESCAPED.sub(_character, written)
    found = _ADDRESS.search(one_line(written[:_LONGEST_FIELD]))
    return found[0].rstrip(".") if found is not None and len(found[0]) <= _LONGEST_ADDRESS else ""


def _character(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    return chr(number) if number <= _LAST_CHARACTER else ""


def _is_automatic(mail: Part) -> bool:
    """RFC 3834, 5, and what came before it."""
    fields = mail.fields
    return (
        fields.get("auto-submitted", "no").split(";")[0].strip().lower() != "no"
        or fields.get("precedence", "").lower() == "auto_reply"
        or bool(fields.keys() & {"x-autoreply", "x-autorespond"})
        or "disposition-notification" in fields.get("content-type", "").lower()  # a receipt of having been read
    )
