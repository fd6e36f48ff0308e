"""What holds for the elements of one document: where its relative links start, which language is spoken."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from feedwatch.parse.fragment import absolute_url
from feedwatch.parse.names import XML_BASE, XML_LANG, Roles


@dataclass(frozen=True, slots=True)
class Scope:
    """A document as its elements see it."""

    url: str
    """Where it was found: the base of relative links without an xml:base."""
    is_atom: bool
    """Whether text without a type is plain (RFC 4287, 3.1.1), not to be guessed as in RSS."""
    has_bases: bool
    has_languages: bool
    is_mangled: bool = False
    """Whether texts may have suffered on their way (parse/mangled.py)."""
    roles: Roles = field(default_factory=Roles)

    def base_of(self, element: etree._Element) -> str:
        """The base of the element's relative links (XML Base, 4): each xml:base resolved against that above it."""
        return self.own_base_of(element) or self.url

    def own_base_of(self, element: etree._Element) -> str | None:
        """The base that an xml:base gives the element; None where none does."""
        if not self.has_bases:
            return None
        chain = [base for ancestor in lineage(element) if (base := ancestor.get(XML_BASE)) is not None]
        if not chain:
            return None
        base = self.url
        for step in reversed(chain):
            base = absolute_url(step, base) or base
        return base

    def language_of(self, element: etree._Element) -> str | None:
        """The nearest xml:lang (XML 1.0, 2.12); empty where it takes an outer one back, None where none is given."""
        if not self.has_languages:
            return None
        return next((lang for ancestor in lineage(element) if (lang := ancestor.get(XML_LANG)) is not None), None)


def lineage(element: etree._Element) -> list[etree._Element]:
    """The element and its ancestors, inmost first."""
    return [element, *element.iterancestors()]
