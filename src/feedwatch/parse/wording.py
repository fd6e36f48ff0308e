"""The text of a feed's element as an HTML fragment, whatever the document says that it is: plain, escaped, inline."""

from __future__ import annotations

import base64
import html
import html.entities
import re
from typing import Final

from lxml import etree

from feedwatch.parse.fragment import escape
from feedwatch.parse.inline import XHTML, inline_value, rebased
from feedwatch.parse.mangled import mended
from feedwatch.parse.scope import Scope

PLAIN: Final = "text/plain"
HTML: Final = "text/html"
_SHORT_TYPES: Final = {"text": PLAIN, "plain": PLAIN, "html": HTML, "xhtml": XHTML}

_MARKUP_SIGN: Final = re.compile(r"</\w+>|&#?\w+;")
_TAG_NAME: Final = re.compile(r"</?(\w+)")
_ENTITY_NAME: Final = re.compile(r"&([A-Za-z]\w*);")
_TAG_LIST: Final = """
    a abbr acronym address area article aside audio b big blockquote br button canvas caption center cite code col
    colgroup command datagrid datalist dd del details dfn dialog dir div dl dt em event-source fieldset figcaption
    figure font footer form h1 h2 h3 h4 h5 h6 header hr i img input ins kbd keygen label legend li m map menu meter
    multicol nav nextid noscript ol optgroup option output p pre progress q s samp section select small sound source
    spacer span strike strong sub sup table tbody td textarea tfoot th thead time tr tt u ul var video wbr
"""
_HTML_TAGS: Final = frozenset(_TAG_LIST.split())


def fragment(element: etree._Element, default_type: str, scope: Scope) -> str:
    """The element's text as HTML: markup as it stands, plain text escaped; relative links resolved by xml:base."""
    base = scope.own_base_of(element) if scope.has_bases else None
    if default_type != XHTML and not len(element) and not element.keys():
        kind, value = default_type, (element.text or "").strip()  # most of all
    else:
        kind, value = _marked_up(element, media_type(element, default_type), base)
    if not value:
        return ""
    if scope.is_mangled:
        value = mended(value)
    if kind == PLAIN:
        return escape(value) if scope.is_atom or not looks_like_html(value) else rebased(value, base)
    if kind == HTML or kind.startswith(HTML) or kind.endswith("xml"):
        return rebased(value, base) if base else value
    return escape(value)


def _marked_up(element: etree._Element, kind: str, base: str | None) -> tuple[str, str]:
    """The type and the text of an element with children or attributes."""
    if len(element):
        value, kind = inline_value(element, kind, base)
    else:
        value = (element.text or "").strip()
        if kind == XHTML:
            value = html.escape(value, quote=False)
    if element.get("mode") == "base64":
        return kind, _decoded(value) or value
    if not is_text(kind) and (decoded := _decoded(value)):
        return HTML, decoded
    return kind, value


def media_type(element: etree._Element, default: str) -> str:
    """The type that the element names, in full and lower case."""
    written = element.get("type")
    if not written:
        return default
    lower = written.strip().lower()
    return _SHORT_TYPES.get(lower, lower)


def is_text(kind: str) -> bool:
    """Whether a value of this type stands as text, not as base64 (RFC 4287, 4.1.3.3)."""
    return kind.startswith("text/") or kind.endswith(("+xml", "/xml"))


def is_prose(element: etree._Element, default_type: str) -> bool:
    """Whether the content is something to read, not a film or a record (RFC 4287, 4.1.3.1)."""
    kind = media_type(element, default_type)
    if is_text(kind):
        return kind.startswith("text/") or kind in (XHTML, "application/xml")
    return kind == "application/octet-stream" and bool(_decoded(element.text or ""))


def text_of(element: etree._Element, scope: Scope) -> str:
    """The words of an element that holds nothing but words, stripped; those of its children too."""
    text = element.text or ""
    if len(element):
        text = "".join(str(piece) for piece in element.itertext())
    text = text.strip()
    return mended(text) if scope.is_mangled else text


def looks_like_html(text: str) -> bool:
    """Whether text that is called plain is HTML all the same: a closing tag or an entity, and none that HTML lacks."""
    if ("<" not in text and "&" not in text) or _MARKUP_SIGN.search(text) is None:
        return False
    return all(name.lower() in _HTML_TAGS for name in _TAG_NAME.findall(text)) and all(
        name in html.entities.entitydefs for name in _ENTITY_NAME.findall(text)
    )


def _decoded(value: str) -> str:
    """Text that base64 wraps; empty where it wraps none."""
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode().strip()
    except ValueError:  # also binascii's and the decoder's
        return ""
