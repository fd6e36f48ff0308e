"""The room's door: the bytes of a document to its entries."""

from __future__ import annotations

from dataclasses import replace

from feedwatch.errors import DocumentError
from feedwatch.model import Document
from feedwatch.parse import json_feed, straight, xml_feed
from feedwatch.parse.decode import decode
from feedwatch.parse.markup import isolate


def parse(body: bytes, *, content_type: str | None, url: str) -> Document:
    """Read a feed of any known format.

    content_type is the response's header, of which only the charset counts; what the document is, its content tells.
    url is where the document was found: the base of its relative links.

    Raises:
        DocumentError: no feed can be read; the text says what the document looks like instead.
    """
    if not body or body.isspace():
        raise DocumentError("An empty document, not a feed")
    if found := straight.read(body, content_type, url):
        return found
    text, warnings = decode(body, content_type)
    if not text:
        raise DocumentError("An empty document, not a feed")
    document = json_feed.read(text, url) if text[0] in "{[" else xml_feed.read(isolate(text), url)
    return replace(document, warnings=warnings + document.warnings) if warnings else document
