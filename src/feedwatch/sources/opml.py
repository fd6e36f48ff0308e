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

    Raises OpmlError when it is no OPML at all.
    """
    if b"<!ENTITY" in body:
        raise OpmlError(f"{name}: declares XML entities, which no OPML file needs; not read")
    try:
        root = ET.fromstring(body)  # noqa: S314 - no entities, see above
    except ET.ParseError as error:
        raise OpmlError(f"{name}:{error.position[0]}: not well-formed XML: {error}") from None
    if root.tag.lower() != "opml":
        raise OpmlError(f"{name}: not OPML: its root element is <{root.tag}>")
    outlines: dict[str, Outline] = {}
    warnings: list[str] = []
    for outline in _walk(root.iterfind("./body/outline"), (), warnings):
        if outline.url in outlines:
            warnings.append(f"{outline.title or outline.url}: the URL stands twice; taken once")
        outlines.setdefault(outline.url, outline)
    return OpmlFile(tuple(outlines.values()), tuple(warnings))


def _walk(elements: Iterable[ET.Element], folders: tuple[str, ...], warnings: list[str]) -> Iterator[Outline]:
    for element in elements:
        title = (element.get("title") or element.get("text") or "").strip()
        url = (element.get("xmlUrl") or "").strip()
        if re.fullmatch(r"https?://[^\s/]+(/\S*)?", url):
            categories = [part.strip(" /") for part in (element.get("category") or "").split(",")]
            tags = dict.fromkeys(tag for tag in (*folders, *categories) if tag)
            yield Outline(title, url, element.get("language") or None, tuple(tags))
        elif url:
            warnings.append(f"{title or url}: left out, {url!r} is not an http(s) URL")
        yield from _walk(element, (*folders, title) if title and not url else folders, warnings)


def write_opml(outlines: Iterable[Outline], title: str) -> str:
    """OPML 2.0: each outline in the folder of its first tag, all its tags in `category`."""
    folders: dict[str, list[Outline]] = {}
    for outline in outlines:
        folders.setdefault(outline.tags[0] if outline.tags else "", []).append(outline)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{escape(title)}</title></head>", "  <body>"]
    for folder, members in sorted(folders.items()):
        indent = "    "
        if folder:
            lines.append(f"    <outline text={quoteattr(folder)}>")
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
    return f"<outline {' '.join(f'{key}={quoteattr(value)}' for key, value in attributes.items())}/>"


def name_for(outline: Outline, taken: set[str]) -> str:
    """A source name that is short, stable and free: from the title if it is Latin, else from the host."""
    host = (urlsplit(outline.url).hostname or "source").removeprefix("www.")
    slug = _slug(outline.title) or _slug(host)
    name, count = slug, 1
    while name in taken:
        count += 1
        name = f"{slug}-{count}"
    return name


def _slug(text: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
    letters = sum(character.isalnum() for character in text)
    # A title of which the slug keeps less than half ("RTHK 本地新聞") would not be recognised.
    return slug if slug and 2 * len(slug.replace("-", "")) >= letters else ""
