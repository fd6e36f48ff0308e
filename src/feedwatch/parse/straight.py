"""The short way of most feeds: in UTF-8, said to be so, and well-formed. They are read as the bytes that they are.

Where it can be taken it gives what the long way gives (decode, isolate, encode again), in a tenth less time.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from feedwatch.model import Document
from feedwatch.parse.decode import labels_of
from feedwatch.parse.tree import NotWellFormedError, strict_tree
from feedwatch.parse.tree_feed import read_tree
from feedwatch.parse.xml_feed import FIRST_CHOICE

# In ASCII, and without a document type.
_PROLOG_AND_ROOT: Final = re.compile(rb"(?:<(?:\?[^<>\x80-\xff]*\?|!--[^<>\x80-\xff]*--)>\s*)*<(rss|feed|rdf:RDF)[\s>]")
_PROLOG_READ_BYTES: Final = 4_096
_UTF_8: Final = frozenset(["utf-8", "utf8"])


def read(body: bytes, content_type: str | None, url: str) -> Document | None:
    """The feed, where there can be no doubt about it; None asks for the long way."""
    if any(label.lower() not in _UTF_8 for label in labels_of(body, content_type)):
        return None
    element = _root_element(body)
    if element is None:
        return None
    try:
        # What is not valid UTF-8 is not well-formed (XML 1.0, 4.3.3).
        reading = read_tree(strict_tree(element), element, url)
    except NotWellFormedError:
        return None
    return replace(reading.document, reader=FIRST_CHOICE) if reading and not reading.doubt else None


def _root_element(body: bytes) -> bytes | None:
    """The root element; None where anything but a prolog and white space stands around it."""
    opening = _PROLOG_AND_ROOT.match(body, 0, _PROLOG_READ_BYTES)
    if opening is None:
        return None
    closing = body.rfind(b"</" + opening[1])
    if closing < 0 or body[closing + 2 + len(opening[1]) :].strip() != b">":
        return None
    return body[opening.start(1) - 1 : body.rfind(b">") + 1]
