"""A mail taken apart into its parts, whatever its bytes are.

The standard library's parser reads a `message/global-delivery-status` (RFC 6533) as a mail, and ends in a
RecursionError for a mail of many parts inside each other. A report needs less: its parts, and their header fields.
"""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST = 5
"""Multiparts inside each other that are looked into: a report in what a gateway or a mailing list wraps around it."""
_MOST_PARTS = 50
_MOST_FIELDS = 500
_BOUNDARY = re.compile(r"""boundary\s*=\s*(?:"([^"\n]+)"|([^\s;"]+))""", re.IGNORECASE)
_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class Part:
    """A mail, or a part of one."""

    kind: str
    """Its type in lower case, such as message/delivery-status."""
    fields: Mapping[str, str]
    """Its header fields by their names in lower case."""
    content: bytes
    """As it was before it was encoded for its way; line ends are newlines."""


def read_part(raw: bytes) -> Part:
    """The mail, or the part, of these bytes: its header fields to the first empty line, then its content."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head, _, content = (b"", b"", lines[1:]) if lines.startswith(b"\n") else lines.partition(b"\n\n")
    fields = read_fields(head)
    kind = re.split(r"[;\s]", fields.get("content-type", "text/plain").strip(), maxsplit=1)[0].lower()
    return Part(kind, fields, _decoded(content, fields.get("content-transfer-encoding", "").strip().lower()))


def leaves(part: Part) -> list[Part]:
    """The parts that hold something, in order: the mail itself where it has no parts."""
    found: list[Part] = []
    _gather(part, found, depth=0)
    return found


def read_fields(head: bytes) -> dict[str, str]:
    """The header fields of a block of lines, unfolded, by their names in lower case; of two alike the first one."""
    fields: dict[str, str] = {}
    for line in re.split(r"\n(?![ \t])", as_text(head))[:_MOST_FIELDS]:
        if (found := _FIELD.fullmatch(line)) is not None:
            fields.setdefault(found[1].lower(), " ".join(found[2].split()))
    return fields


def as_text(content: bytes) -> str:
    """UTF-8 (RFC 6532), with whatever else it is replaced: nothing that is looked for is written in it."""
    return content.decode("utf-8", "replace")


def _gather(part: Part, found: list[Part], *, depth: int) -> None:
    boundary = _BOUNDARY.search(part.fields.get("content-type", ""))
    if not part.kind.startswith("multipart/") or boundary is None or depth == _DEEPEST:
        found.append(part)
        return
    for raw in _split(part.content, (boundary[1] or boundary[2]).encode()):
        if len(found) < _MOST_PARTS:
            _gather(read_part(raw), found, depth=depth + 1)


def _split(content: bytes, boundary: bytes) -> Iterator[bytes]:
    """What stands between the boundaries (RFC 2046, 5.1.1); the last part of a mail that was cut off ends with it."""
    pieces = re.split(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\n|\Z)", content, flags=re.MULTILINE)
    for end, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if end is not None:
            return
        yield piece


def _decoded(content: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        letters = _NOT_BASE64.sub(b"", content)
        whole = letters[: len(letters) - (len(letters) % 4 == 1)]
        content = base64.b64decode(whole + b"=" * (-len(whole) % 4))
    elif encoding == "quoted-printable":
        content = quopri.decodestring(content)
    else:
        return content
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
