"""Selectors that a person would write for an element: by id, class and name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborNode

ROOTS: Final = frozenset(["body", "html", "head", "-document"])
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_MOST_LEVELS: Final = 5


def selectors_of(element: LexborNode) -> Iterator[str]:
    """Selectors that find the element with its like in a page: by the place of its parent, and by each class."""
    above = _place_of(element.parent)
    if above:
        yield f"{above} > {_tag(element)}"
    for name in _classes(element):
        yield f"{_tag(element)}.{name}"


def _place_of(element: LexborNode | None) -> str:
    """A selector for a list's own element: by its id, its classes, or those above it."""
    way: list[str] = []
    while element is not None and element.tag not in ROOTS and len(way) < _MOST_LEVELS:
        if (name := element.id) and _NAME.fullmatch(name):
            return " > ".join([f"{_tag(element)}#{name}", *way])
        if classes := _classes(element):
            return " > ".join([f"{_tag(element)}.{classes[0]}", *way])
        way.insert(0, _tag(element))
        element = element.parent
    return " > ".join(["body", *way]) if way else ""


def selectors_within(node: LexborNode) -> Iterator[str]:
    """Selectors that find the node within an item, the most telling first."""
    tag = _tag(node)
    yield from (f"{tag}.{name}" for name in _classes(node))
    yield tag
    yield f"{tag}:last-child"
    if node.parent is not None:
        yield f"{_tag(node.parent)} > {tag}"
        yield from (f".{name} {tag}" for name in _classes(node.parent))


def _tag(element: LexborNode) -> str:
    """Its name, or * where a selector cannot spell it, such as that of <dc:date>."""
    tag = element.tag or ""
    return tag if _NAME.fullmatch(tag) else "*"


def _classes(element: LexborNode) -> list[str]:
    return [name for name in (element.attributes.get("class") or "").split() if _NAME.fullmatch(name)]
