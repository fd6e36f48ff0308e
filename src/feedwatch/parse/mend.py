"""What keeps a text from being XML and can be mended with certainty: HTML's entities, characters that XML forbids.

Only a text that the strict parser refused comes here. What is mended need not be read by feedparser's loose parser,
which is slower and loses more.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Mapping
from dataclasses import replace

from feedwatch.parse.markup import Markup

_REFERENCE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);|#[0-9]|#[xX][0-9a-fA-F])([A-Za-z]\w{0,31};)?")
_NAMED = {
    name: text
    for name, text in html.entities.html5.items()
    if name.endswith(";") and not any(character in "<>&\"'" for character in text)
}
_CHARACTER_REFERENCE = re.compile(r"&#(?:([xX])([0-9a-fA-F]+)|([0-9]+));?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODE_POINT_DIGITS = 7
_START = re.compile(r"<([A-Za-z_][\w.:-]{0,99})")
_END = re.compile(r"</([A-Za-z_][\w.:-]{0,99})\s{0,9}>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def mend(markup: Markup) -> Markup:
    """The markup with all references but XML's own resolved or escaped, and without what XML forbids (XML 1.0, 2.2)."""
    text, ampersands = _with_entities(markup.text, markup.entities)
    text, dropped = _without_forbidden(text)
    warnings = list(markup.warnings)
    if ampersands:
        count = "1 ampersand is" if ampersands == 1 else f"{ampersands:,} ampersands are"
        warnings.append(f"{count} not written as &amp;; read all the same.")
    if dropped:
        count = "1 character" if dropped == 1 else f"{dropped:,} characters"
        warnings.append(f"Dropped {count} that XML forbids.")
    return replace(markup, text=text, warnings=tuple(warnings))


def without_stray_ends(text: str) -> str:
    """The text without the end tags of elements that begin nowhere in it, at which libxml2 would end another one."""
    begun = set(_START.findall(text))
    return _END.sub(lambda found: found[0] if found[1] in begun else "", text)


def _with_entities(text: str, own: Mapping[str, str]) -> tuple[str, int]:
    """The text with each reference to one of HTML's or the document's own plain entities replaced.

    All other ampersands are escaped; of those, the ones that begin no reference are counted.
    """
    expansions = _NAMED | dict(own) if own else _NAMED
    bare = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal bare
        if found[1] is None:
            bare += 1
            return "&amp;"
        return expansions.get(found[1]) or f"&amp;{found[1]}"

    pieces: list[str] = []
    at = 0
    while at < len(text):
        start = text.find(_CDATA, at)
        end = text.find(_CDATA_END, start) if start >= 0 else -1
        if end < 0:
            start = end = len(text)
        pieces += (_REFERENCE.sub(replaced, text[at:start]), text[start:end])
        at = end
    return "".join(pieces), bare


def _without_forbidden(text: str) -> tuple[str, int]:
    """The text without characters that XML forbids, written out or as a reference; and how many there were."""
    text, dropped = _FORBIDDEN.subn("", text)
    if "&#" not in text:
        return text, dropped
    references_dropped = 0

    def allowed(found: re.Match[str]) -> str:
        nonlocal references_dropped
        digits = (found[2] or found[3]).lstrip("0")
        code_point = int(digits or "0", 16 if found[1] else 10) if len(digits) <= _CODE_POINT_DIGITS else -1
        if _is_xml_character(code_point):
            return f"&#{'x' if found[1] else ''}{digits};"
        references_dropped += 1
        return ""

    text = _CHARACTER_REFERENCE.sub(allowed, text)
    return text, dropped + references_dropped


def _is_xml_character(code_point: int) -> bool:
    """XML 1.0, 2.2."""
    if code_point < 0x20:  # noqa: PLR2004
        return code_point in (0x9, 0xA, 0xD)
    return code_point <= 0xD7FF or 0xE000 <= code_point <= 0xFFFD or 0x10000 <= code_point <= 0x10FFFF  # noqa: PLR2004
