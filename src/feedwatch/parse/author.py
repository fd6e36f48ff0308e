"""An author's name out of what feedparser made of one line."""

from __future__ import annotations

import re

_REST_OF_ADDRESS = re.compile(r"^[\w.-]*\s*\((.+)$|\s*<[\w.-]*>$")


def author_name(name: str, address: str, written: str) -> str:
    """The name alone, or the address where there is none.

    name and address are feedparser's; written is the line as the document has it. feedparser ends every address after
    four letters of its last label, so that the rest of "li@press.agency (Li Na)" is left with the name: "cy (Li Na".
    """
    if not address or not name:
        return name or address
    if address + name == written:
        return written
    if "(" in name and ")" not in name:
        return _REST_OF_ADDRESS.sub(r"\1", name)
    return _REST_OF_ADDRESS.sub("", name) or name if name.endswith(">") else name
