"""Bytes to text, as RFC 7303 (section 3) orders it, and past it where a document is plainly not what it says.

feedparser follows the older RFC 3023 and, at the first invalid byte, gives the whole encoding up for windows-1252: one
truncated character then turns a Chinese feed into noise. Here the damage stays as large as it is.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from w3lib.encoding import http_content_type_encoding, resolve_encoding

from feedwatch.parse.guess import guess

_BOMS = (  # the longer first: the UTF-32 mark begins with the UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_STARTS = (  # XML 1.0, appendix F; the same for the brace of a JSON document
    (re.compile(rb"[<{]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{]"), "utf-32-be"),
    (re.compile(rb"[<{]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{]\0[^\0]"), "utf-16-be"),
)
_XML_ENCODING = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;,"']{1,40})""", re.IGNORECASE)

_UNICODE = frozenset(["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
_EAST_ASIAN = frozenset(
    ["gb18030", "big5", "big5hkscs", "cp950", "cp932", "shift_jis_2004", "euc_jp", "cp949", "johab", "hz"]
)
_ESCAPED_IN_ASCII = frozenset(["hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr"])
_MULTI_BYTE = _UNICODE | _EAST_ASIAN | _ESCAPED_IN_ASCII
_NEVER = frozenset(["idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7"])
_REPLACED = "\ufffd"
_LEADING = "\ufeff \t\r\n\x0b\x0c\0"
_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]+")
_TOLERABLE_DAMAGE = 0.35
"""Invalid places per character outside ASCII: a text wrongly taken for UTF-8 is above 0.7, a damaged one far below."""


def decode(body: bytes, content_type: str | None) -> tuple[str, tuple[str, ...]]:
    """The text of the body, without byte order mark and leading white space, and warnings.

    A byte order mark outranks everything; then text that is valid UTF-8 is UTF-8, because no other encoding is by
    chance; then the header's charset and the XML declaration, of which the one that proves itself (a multi-byte
    encoding can fail) goes before the one that cannot; and where none of them fits, a guess. Never raises.
    """
    warnings: tuple[str, ...] = ()
    if wide := _wide_encoding(body):
        used, mark_bytes = wide
        body = body[mark_bytes:]
        text = body.decode(used, "replace")
    else:
        labels = labels_of(body, content_type)
        declared = [encoding for label in labels if (encoding := _codec(label)) is not None]
        text, used = _text_and_encoding(body, declared)
        warnings = tuple(_disagreement(labels, declared, used))
    if _REPLACED in text and (damage := _damaged_places(body, text, used)):
        places = "1 place is" if damage == 1 else f"{damage:,} places are"
        warnings += (f"{places} not valid {used}; shown as {_REPLACED}.",)
    return text.lstrip(_LEADING), warnings


def _wide_encoding(body: bytes) -> tuple[str, int] | None:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding, len(mark)
    for start, encoding in _WIDE_STARTS:
        if start.match(body):
            return encoding, 0
    return None


def labels_of(body: bytes, content_type: str | None) -> list[str]:
    """The names of encodings that the header and the XML declaration give, as written."""
    labels = []
    if content_type and (found := _HEADER_CHARSET.search(content_type)):
        labels.append(found[1])
    if in_document := _XML_ENCODING.match(body[:1024]):
        labels.append(in_document[1].decode("ascii", "replace"))
    return labels


def _codec(label: str) -> str | None:
    """The Python codec that web pages mean by the label: gb2312 is read as gb18030, latin-1 as windows-1252."""
    encoding = http_content_type_encoding(f"charset={label}") or (resolve_encoding(label) if label.isascii() else None)
    if encoding is None or encoding in _NEVER:
        return None
    try:
        "a".encode(encoding)
    except (LookupError, UnicodeError):  # such as rot13: a codec, not an encoding of text
        return None
    return encoding


def _text_and_encoding(body: bytes, declared: list[str]) -> tuple[str, str]:
    if body.isascii():
        escaped = [encoding for encoding in declared if encoding in _ESCAPED_IN_ASCII]
        return _first_valid(body, escaped) or (body.decode("ascii"), declared[0] if declared else "utf-8")

    provable = [encoding for encoding in declared if encoding in _MULTI_BYTE]
    if valid := _first_valid(body, ["utf-8", *provable]):
        return valid

    lossy = [(body.decode(encoding, "replace"), encoding) for encoding in dict.fromkeys([*provable, "utf-8"])]
    best = min(lossy, key=lambda reading: _damage(reading[0]))
    if _damage(best[0]) <= _TOLERABLE_DAMAGE:
        return best
    single_byte = [encoding for encoding in declared if encoding not in _MULTI_BYTE]
    if valid := _first_valid(body, single_byte):
        return valid
    if guessed := guess(body):
        return body.decode(guessed, "replace"), guessed
    return _first_valid(body, ["cp1252"]) or (body.decode("latin-1"), "latin-1")


def _first_valid(body: bytes, encodings: Iterable[str]) -> tuple[str, str] | None:
    for encoding in encodings:
        try:
            return body.decode(encoding), encoding
        except (UnicodeError, LookupError):
            continue
    return None


def _damage(text: str) -> float:
    outside_ascii = sum(map(len, _OUTSIDE_ASCII.findall(text)))
    return text.count(_REPLACED) / max(1, outside_ascii)


def _damaged_places(body: bytes, text: str, used: str) -> int:
    """How often the replacement character stands in the text; 0 where the document wrote it itself."""
    return 0 if _first_valid(body, [used]) else text.count(_REPLACED)


def _disagreement(labels: list[str], declared: list[str], used: str) -> Iterator[str]:
    """Silent where one of header and document was right: the other harms nobody."""
    if labels and not declared:
        yield f"The encoding {labels[-1]!r} is unknown; read as {used}."
    elif not labels and used not in _UNICODE:
        yield f"No encoding is declared, and it is not utf-8; read as {used}."
    elif declared and used not in declared:
        names = " and ".join(dict.fromkeys(labels))
        yield f"Declared as {names}, but {'is' if used == 'utf-8' else 'not valid as that; read as'} {used}."
