"""OPML 2.0 in and out: outlines with an xmlUrl are sources, the folders above them their tags.

Other readers see each source in the folder of its first tag, all its tags in `category`, and a page or sitemap as a
link and not as a feed. What OPML has no place for stands in attributes of a namespace of our own, as OPML 2.0 allows
("Extending OPML"), and only where it is needed: a tag with a comma, which ends a category; a kind; selectors.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from feedwatch.errors import OpmlError
from feedwatch.model import Selectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from feedwatch.model import Kind

_NAMESPACE: Final = "urn:feedwatch:opml"
_OURS: Final = f"{{{_NAMESPACE}}}"
_SELECTORS: Final = ("item", "link", "title", "date", "summary")
_KINDS: Final[dict[str, Kind]] = {"feed": "feed", "sitemap": "sitemap", "page": "page"}


@dataclass(frozen=True, slots=True)
class Outline:
    """One source of an OPML file."""

    title: str
    url: str
    language: str | None = None
    tags: tuple[str, ...] = ()
    kind: Kind = "feed"
    selectors: Selectors | None = None
    """Of a page, as written: not yet checked."""


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
        ours = {key.removeprefix(_OURS): value for key, value in element.items() if key.startswith(_OURS)}
        title = given.get("title") or given.get("text") or ""
        kind = _KINDS.get(ours.get("kind", "feed"))
        url = given.get("xmlurl") or (given.get("url", "") if "kind" in ours else "")
        if problem := _problem(url, kind, ours):
            warnings.append(f"{title or url}: left out, {problem}")
        elif url and kind:
            tags = _exact_tags(ours) or _tags(folders, given.get("category", ""))
            selectors = _selectors(ours) if kind == "page" else None
            yield Outline(ours.get("title", title), url, given.get("language") or None, tags, kind, selectors)
        yield from _walk(element, (*folders, title) if title and not url else folders, warnings)


def _problem(url: str, kind: Kind | None, ours: Mapping[str, str]) -> str | None:
    if url and not _is_web_url(url):
        return f"{url!r} is not an http(s) URL"
    if url and kind is None:
        return f"{ours['kind']!r} is no kind of source that is known"
    return "a page without a selector for its items" if kind == "page" and not ours.get("select-item") else None


def _tags(folders: tuple[str, ...], category: str) -> tuple[str, ...]:
    categories = [part.strip(" /") for part in category.split(",")]
    return tuple(dict.fromkeys(tag for tag in (*folders, *categories) if tag))


def _exact_tags(ours: Mapping[str, str]) -> tuple[str, ...]:
    try:
        tags = json.loads(ours.get("tags", ""))
    except (ValueError, RecursionError):
        return ()
    return tuple(tag for tag in tags if isinstance(tag, str) and tag) if isinstance(tags, list) else ()


def _selectors(ours: Mapping[str, str]) -> Selectors:
    return Selectors(**{key: ours[f"select-{key}"] for key in _SELECTORS if f"select-{key}" in ours})


def _is_web_url(url: str) -> bool:
    try:
        return re.fullmatch(r"https?://[^\s/]+(/\S*)?", url) is not None and bool(urlsplit(url).hostname)
    except ValueError:  # an IPv6 address without its bracket
        return False


def write_opml(outlines: Iterable[Outline], title: str) -> str:
    """OPML 2.0, of which `read_opml` makes the same outlines again, but for characters that XML cannot hold."""
    folders: dict[str, list[str]] = {}
    is_extended = False
    for outline in outlines:
        tags = tuple(tag for tag in map(_legal, outline.tags) if tag)
        folder = " ".join(tags[0].split()) if tags else ""
        ours = _extension(outline, tags, folder)
        is_extended = is_extended or bool(ours)
        folders.setdefault(folder, []).append(_element(_plain(outline, tags) | ours))
    namespace = f' xmlns:feedwatch="{_NAMESPACE}"' if is_extended else ""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<opml version="2.0"{namespace}>']
    lines += [f"  <head><title>{escape(_legal(title))}</title></head>", "  <body>"]
    for folder, members in sorted(folders.items()):
        if folder:
            lines += [f"    <outline text={quoteattr(folder)}>", *(f"      {member}" for member in members)]
            lines.append("    </outline>")
        else:
            lines += [f"    {member}" for member in members]
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _element(attributes: dict[str, str]) -> str:
    return f"<outline {' '.join(f'{key}={quoteattr(_legal(value))}' for key, value in attributes.items())}/>"


def _plain(outline: Outline, tags: tuple[str, ...]) -> dict[str, str]:
    """What every reader understands. A page is no feed: as one, others would poll it in vain."""
    is_feed = outline.kind == "feed"
    attributes = {"type": "rss" if is_feed else "link", "text": outline.title, "title": outline.title}
    attributes["xmlUrl" if is_feed else "url"] = outline.url
    if outline.language:
        attributes["language"] = outline.language
    if tags:
        attributes["category"] = _category(tags)
    return attributes


def _category(tags: tuple[str, ...]) -> str:
    return ",".join(tag.replace(",", " ") for tag in tags)


def _extension(outline: Outline, tags: tuple[str, ...], folder: str) -> dict[str, str]:
    """What would be lost without our own attributes."""
    ours: dict[str, str] = {}
    if " ".join(_legal(outline.title).split()) != _legal(outline.title):
        ours["feedwatch:title"] = outline.title
    if _tags((folder,) if folder else (), " ".join(_category(tags).split())) != tags:
        ours["feedwatch:tags"] = json.dumps(tags, ensure_ascii=False)
    if outline.kind != "feed":
        ours["feedwatch:kind"] = outline.kind
    if outline.selectors:
        chosen = ((key, getattr(outline.selectors, key)) for key in _SELECTORS)
        ours |= {f"feedwatch:select-{key}": selector for key, selector in chosen if selector}
    return ours


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
