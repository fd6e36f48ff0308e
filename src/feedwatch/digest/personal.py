"""What of a mail is personal: placeholders while it is made and stored, filled in as it is sent or shown.

So a digest that tells many subscribers the same is made and stored once, and a link is signed with the key of the day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape

OPEN, CLOSE = "\uf0f0", "\uf0f1"
"""Private-use characters that stand around a placeholder's name; `markup.printable` keeps them out of feeds' text."""


@dataclass(frozen=True, slots=True)
class Personal:
    """The values of the placeholders; a URL is "" where there is none to give."""

    name: str
    """The subscriber's."""
    address: str
    view_url: str = ""
    """The edition as a page."""
    archive_url: str = ""
    """Everything that the edition counts, what its limits cut too."""
    settings_url: str = ""
    unsubscribe_url: str = ""
    """A page that asks, and takes the one-click POST of RFC 8058; a mailto: URL where nothing is served."""
    confirm_url: str = ""
    """Of a signup: the page that says yes to it."""


_FIELDS = tuple(field.name for field in fields(Personal))
PLACEHOLDERS: Mapping[str, str] = {name: f"{OPEN}{name}{CLOSE}" for name in (*_FIELDS, "own", "own_end")}
"""What stands in a body for each field of Personal; and what stands around words that are for the subscriber alone."""
_PLACEHOLDER = re.compile(f"{OPEN}({'|'.join(PLACEHOLDERS)}){CLOSE}")
_OWN = re.compile(rf"{PLACEHOLDERS['own']}.*?(?:{PLACEHOLDERS['own_end']}|\Z)", re.DOTALL)


def fill(text: str, personal: Personal, *, is_html: bool = False) -> str:
    """The text with the values in place, escaped for HTML (attributes too) where it is HTML."""
    values = {name: getattr(personal, name) for name in _FIELDS}
    if is_html:
        values = {name: escape(value) for name, value in values.items()}
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def without_own(text: str) -> str:
    """The text, not yet filled in, as others than its subscriber may read it: without what stands between
    `personal.own` and `personal.own_end`, or the end, in its templates."""
    return _OWN.sub("", text)
