"""How long an answer stays fresh (RFC 9111, 4.2): decided in values."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedwatch.fetch.answer import http_date

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 2**31
"""Seconds; what a larger number is to be taken for (RFC 9111, 1.2.2)."""


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """For how long from now the answer with these headers needs no second visit; None where they do not tell.

    `headers` by names in lower case. `max-age` outranks `Expires`; a private cache, which feedwatch is one of, does not
    look at `s-maxage`. `no-store` and `no-cache` say nothing of how often to come, but that a copy is never fresh:
    zero. So does a lifetime that cannot be read.
    """
    directives = _directives(headers.get("cache-control", ""))
    if "no-store" in directives or "no-cache" in directives:
        return timedelta()
    if "max-age" in directives:
        age = _seconds(headers.get("age", "0").strip())
        lifetime = _seconds(directives["max-age"])
        return timedelta(seconds=max(0, (lifetime or 0) - (age or 0)))
    if "expires" not in headers:
        return None
    expires = http_date(headers["expires"])
    if expires is None:
        return timedelta()
    dated = http_date(headers.get("date", "")) or now
    age = _seconds(headers.get("age", "0").strip())
    return min(max(timedelta(), expires - dated - timedelta(seconds=age or 0)), timedelta(seconds=_LONGEST))


def _directives(value: str) -> dict[str, str]:
    """Each directive's argument, the first one's where it is repeated (RFC 9111, 4.2.1)."""
    found: dict[str, str] = {}
    for part in value.split(","):
        name, _, argument = part.partition("=")
        found.setdefault(name.strip().lower(), argument.strip().strip('"'))
    return found


def _seconds(value: str) -> int | None:
    if not (value.isascii() and value.isdigit()):
        return None
    return min(int(value[:20]), _LONGEST)
