"""Markup that stands in a feed as elements, or escaped under an xml:base, written out as HTML."""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from feedwatch.parse.names import ATOM, XML_BASE, XML_LANG

XHTML: Final = "application/xhtml+xml"
_VOID_TAGS: Final = "area base basefont br col embed frame hr img input link meta param source track wbr"
_VOID: Final = frozenset(_VOID_TAGS.split())
_FOREIGN: Final = {"math": "http://www.w3.org/1998/Math/MathML", "svg": "http://www.w3.org/2000/svg"}
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_LINKS: Final = frozenset(["action", "background", "cite", "data", "href", "longdesc", "poster", "src"])
_LAST_LETTERS: Final = "".join(sorted({name[-1] for name in _LINKS}))
_BEHIND_NAME: Final = "|".join(rf"(?<=\s{name}=)" for name in sorted(_LINKS))
_BEHIND_LINK: Final = f"(?<=[{_LAST_LETTERS}]=)(?:{_BEHIND_NAME})"  # the letters spare most signs the rest
_NOT_ABSOLUTE: Final = "(?!https?://|mailto:|data:)"
_RELATIVE: Final = re.compile(
    rf"""={_BEHIND_LINK}("{_NOT_ABSOLUTE}[^"]*"|'{_NOT_ABSOLUTE}[^']*'|{_NOT_ABSOLUTE}[^\s"'<>]+)""", re.IGNORECASE
)
"""The value of an attribute that is a link and not plainly absolute; whether it stands in a tag is looked at apart."""
_LONGEST_TAG: Final = 5_000


def inline_value(element: etree._Element, kind: str, base: str | None) -> tuple[str, str]:
    """Markup that stands in the feed as elements, written out; and its kind, XHTML unless it was a mere <div>."""
    pieces: list[str] = []
    holder = element
    if kind.endswith("xml"):
        # RFC 4287, 3.1.1.3: the div is not part of the content.
        if (only := _only_div(element)) is not None and element.tag.startswith(f"{{{ATOM}}}"):
            holder = only
        _write_inner(holder, pieces, base)
        return "".join(pieces).strip(), XHTML
    # Markup where escaped text was promised: what stands before the first element may still be escaped text.
    while (only := _only_div(holder)) is not None:
        holder = only
    if not len(holder):
        return (holder.text or "").strip(), kind
    before = holder.text or ""
    pieces.append(rebased(before, base))
    _write_children(holder, pieces, base)
    return "".join(pieces).strip(), XHTML


def rebased(fragment_of_html: str, base: str | None) -> str:
    """The fragment with the relative links of its tags resolved against base; as it stands where there is none."""
    if not base:
        return fragment_of_html

    def resolved(found: re.Match[str]) -> str:
        value = found[1]
        opened = fragment_of_html.rfind("<", max(0, found.start() - _LONGEST_TAG), found.start())
        if opened < 0 or fragment_of_html.find(">", opened, found.start()) >= 0:
            return found[0]
        quote = value[0] if value[0] in "\"'" else ""
        link = html.unescape(value[1:-1] if quote else value)
        return f"={quote}{html.escape(_joined(base, link))}{quote}"

    return _RELATIVE.sub(resolved, fragment_of_html)


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:  # such as "http://[": an address that never ends
        return link


def _only_div(element: etree._Element) -> etree._Element | None:
    if len(element) != 1 or (element.text or "").strip():
        return None
    child = element[0]
    return child if _local(child) == "div" and not (child.tail or "").strip() else None


def _write_inner(element: etree._Element, pieces: list[str], base: str | None) -> None:
    if element.text:
        pieces.append(html.escape(element.text, quote=False))
    _write_children(element, pieces, base)


def _write_children(element: etree._Element, pieces: list[str], base: str | None) -> None:
    """As deep as the parser lets a tree grow: 256 levels."""
    for child in element:
        name = _local(child)
        own = child.get(XML_BASE)
        inner = _joined(base or "", own) if own is not None else base
        pieces.append(f"<{name}")
        if name in _FOREIGN and child.tag == f"{{{_FOREIGN[name]}}}{name}":
            pieces.append(f' xmlns="{_FOREIGN[name]}"')
        for key, value in child.attrib.items():
            _write_attribute(str(key), str(value), pieces, inner)
        if name in _VOID and not len(child) and not child.text:
            pieces.append(" />")
        else:
            pieces.append(">")
            _write_inner(child, pieces, inner)
            pieces.append(f"</{name}>")
        if child.tail:
            pieces.append(html.escape(child.tail, quote=False))


def _write_attribute(name: str, value: str, pieces: list[str], base: str | None) -> None:
    if name == XML_LANG:
        name = "xml:lang"
    elif name.startswith(_XLINK):
        name = f"xlink:{name.removeprefix(_XLINK)}"
    elif name[0] == "{":
        return
    if base and name.lower() in _LINKS:
        value = _joined(base, value)
    pieces.append(f' {name.lower()}="{html.escape(value)}"')


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower()
