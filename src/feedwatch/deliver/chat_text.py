"""What a chat makes of a text: nothing that a feed wrote calls people, or hides an address behind other words.

Services read Markdown, tags of their own, both, or neither, and Apprise escapes for some of them alone. An invisible
word joiner where the signs of a link or a mention would touch makes them no sign for any of these.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
"""WORD JOINER: no width, no break, and neither space nor punctuation to any Markdown."""
_ROOM = "everyone|here|all|channel|room"
"""What calls many; services look for @ and these without looking where they stand."""
_URL = re.compile(r"(https?://[^\s<>]+)", re.IGNORECASE)
_SIGN = re.compile(
    rf"(?P<address>(?<![\w.+-])[\w.+-]+@(?!{_ROOM})[\w-]+(?:\.[\w-]+)+)"
    r"|@(?=[\w!&])"  # @everyone, <@!123>
    rf"|<(?![\s{JOINER}])"  # <!channel>, <users/all>, <https://example.org|words>, <img src=...>
    r"|\](?=[(\[:])",  # [words](https://example.org), [words][1], [1]: https://example.org
    re.IGNORECASE,
)
_SIGN_IN_URL = re.compile(rf"^https?://\[[\da-f:.]+\]|\](?=[(\[:])|@(?={_ROOM})", re.IGNORECASE)
"""The brackets around an IP address are no sign, and stay."""
_WRITTEN = {"]": "%5D", "@": "%40"}


def plain(text: str) -> str:
    """The text as a chat shows it for what it says. URLs stay whole, but a sign in one is written with a percent."""
    parts = _URL.split(text)
    parts[::2] = (_SIGN.sub(lambda found: found["address"] or f"{found[0]}{JOINER}", part) for part in parts[::2])
    parts[1::2] = (_SIGN_IN_URL.sub(lambda found: _WRITTEN.get(found[0], found[0]), part) for part in parts[1::2])
    return "".join(parts)
