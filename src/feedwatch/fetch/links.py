"""Link headers (RFC 8288), as far as WebSub needs them."""

from __future__ import annotations

import re
from urllib.parse import urljoin

# A name or a token stops at an angle bracket, and white space is folded before: no input takes quadratic time.
_LINK = re.compile(r'<([^<>]*)> ?((?:; ?[^ =;,"<>]+(?: ?= ?(?:"(?:[^"\\]|\\.)*"|[^ ;,"<>]*))? ?)*);? ?(?:,|$)')
_PARAMETER = re.compile(r'; ?([^ =;,"]+)(?: ?= ?(?:"((?:[^"\\]|\\.)*)"|([^ ;,"]*)))?')
_SPACE = re.compile(r"\s+")
_LONGEST = 16_384


def hub_and_topic(value: str, base: str) -> tuple[str | None, str | None]:
    """The first `rel=hub` and the first `rel=self` of a Link header, absolute (WebSub, 4).

    Only http and https URLs. A link about another document (`anchor`) is not looked at (RFC 8288, 3.2).
    """
    found: dict[str, str] = {}
    for target, listed in _LINK.findall(_SPACE.sub(" ", value[:_LONGEST])):
        parameters: dict[str, str] = {}
        for name, quoted, token in _PARAMETER.findall(listed):
            parameters.setdefault(name.lower(), quoted or token)  # a second rel does not count (RFC 8288, 3.3)
        if "anchor" in parameters:
            continue
        for relation in parameters.get("rel", "").lower().split():
            url = _absolute(target.strip(), base)
            if url is not None:
                found.setdefault(relation, url)
    return found.get("hub"), found.get("self")


def _absolute(target: str, base: str) -> str | None:
    try:
        url = urljoin(base, target)
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None
