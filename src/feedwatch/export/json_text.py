"""JSON (RFC 8259) that every program reads: in UTF-8, on one line whatever ends a line there, times as RFC 3339."""

from __future__ import annotations

import json
import re
from datetime import datetime

from feedwatch.export.values import rfc3339

_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Inside JSON they may stand as they are, but some programs end a line there; halves of surrogate pairs have no
UTF-8."""


def json_text(value: object) -> str:
    """The value without a newline, fit for UTF-8. Takes aware times; raises TypeError for what JSON has no form for."""
    text = _encode(value)
    if text.isascii() and "\x7f" not in text:
        return text
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return rfc3339(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


_encode = json.JSONEncoder(ensure_ascii=False, default=_time).encode
