"""OPML 2.0 in and out: outlines with an xmlUrl are sources, the folders above them their tags."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from feedwatch.errors import OpmlError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Outline:
    """One subscription of an OPML file."""

    title: str
    url: str
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpmlFile:
    """What an OPML file holds, and sentences on what was left out."""

    outlines: tuple[Outline, ...]
    warnings: tuple[str, ...]


def read_opml(body: bytes, name: str) -> OpmlFile:
    """Read OPML 1.0 or 2.0; `name` is the file's name for messages. A URL that comes twice is taken once.

    The case of element and attribute names and a namespace are not minded: exporters differ in them. Raises OpmlError
    when it is no OPML at all.
    """
    if b"<!ENTITY" in body.replace(b"\0", b""):  # in UTF-16 too
        raise OpmlError(f"{name}: declares XML entities, which no OPML file needs; not read")
    try:
        root = _parse(body)
    except ET.ParseError as error:
        raise OpmlError(f"{name}:{error.position[0]}: not well-formed XML: {error}") from None
    except (LookupError, ValueError):
        raise OpmlError(f"{name}: its encoding cannot be read; save it in UTF-8") from None
    if _kind(root) != "opml":
        raise OpmlError(f"{name}: not OPML: its root element is <{_kind(root)}>")
    outlines: dict[str, Outline] = {}
    warnings: list[str] = []
    bodies = [element for element in root if _kind(element) == "body"]
    try:
        for outline in (outline for element in bodies for outline in _walk(element, (), warnings)):
            if outline.url in outlines:
                warnings.append(f"{outline.title or outline.url}: the URL stands twice; taken once")
            outlines.setdefault(outline.url, outline)
    except RecursionError:
        raise OpmlError(f"{name}: its folders are nested too deeply") from None
    return OpmlFile(tuple(outlines.values()), tuple(warnings))


def _parse(body: bytes) -> ET.Element:
    declared = re.match(rb"\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)", body)
    try:
        return ET.fromstring(body)  # noqa: S314 - no entities, see above
    except ValueError:  # expat knows no encoding of several bytes, such as GBK; Python does
        if not declared:
            raise
        return ET.fromstring(body.decode(declared[1].decode()))  # noqa: S314


def _kind(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _walk(above: ET.Element, folders: tuple[str, ...], warnings: list[str]) -> Iterator[Outline]:
    for element in above:
        if _kind(element) != "outline":
            continue
        given = {key.lower(): " ".join(value.split()) for key, value in element.items()}
        title = given.get("title") or given.get("text") or ""
        url = given.get("xmlurl", "")
        if _is_web_url(url):
            categories = [part.strip(" /") for part in given.get("category", "").split(",")]
            tags = dict.fromkeys(tag for tag in (*folders, *categories) if tag)
            yield Outline(title, url, given.get("language") or None, tuple(tags))
        elif url:
            warnings.append(f"{title or url}: left out, {url!r} is not an http(s) URL")
        yield from _walk(element, (*folders, title) if title and not url else folders, warnings)


def _is_web_url(url: str) -> bool:
    try:
        return re.fullmatch(r"https?://[^\s/]+(/\S*)?", url) is not None and bool(urlsplit(url).hostname)
    except ValueError:  # an IPv6 address without its bracket
        return False


def write_opml(outlines: Iterable[Outline], title: str) -> str:
    """OPML 2.0: each outline in the folder of its first tag, all its tags in `category`."""
    folders: dict[str, list[Outline]] = {}
    for outline in outlines:
        folders.setdefault(outline.tags[0] if outline.tags else "", []).append(outline)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{escape(_legal(title))}</title></head>", "  <body>"]
    for folder, members in sorted(folders.items()):
        indent = "    "
        if folder:
            lines.append(f"    <outline text={quoteattr(_legal(folder))}>")
            indent = "      "
        lines += [indent + _outline(outline) for outline in members]
        if folder:
            lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _outline(outline: Outline) -> str:
    attributes = {"type": "rss", "text": outline.title, "title": outline.title, "xmlUrl": outline.url}
    if outline.language:
        attributes["language"] = outline.language
    if outline.tags:
        attributes["category"] = ",".join(outline.tags)
    return f"<outline {' '.join(f'{key}={quoteattr(_legal(value))}' for key, value in attributes.items())}/>"


def _legal(text: str) -> str:
    """The text without the characters that no XML document may hold (XML 1.0, 2.2)."""
    return re.sub("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]", "", text)


def name_for(outline: Outline, taken: set[str]) -> str:
    """A source name that is short, stable and free: from the title if it is Latin, else from the host."""
    host = (urlsplit(outline.url).hostname or "").removeprefix("www.")
    slug = _slug(outline.title) or _slug(host) or "source"
    name, count = slug, 1
    while name in taken:
        count += 1
        name = f"{slug}-{count}"
    return name


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
    letters = sum(character.isalnum() for character in text)
    # A title of which the slug keeps no more than half ("RTHK 本地新聞") would not be recognised.
    return slug if slug and 2 * len(slug.replace("-", "")) > letters else ""
