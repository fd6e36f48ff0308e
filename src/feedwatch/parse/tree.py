"""The text of a feed to a tree of elements, by libxml2, within its limits: 256 levels, 10 MB in one text.

Nothing is loaded and no entity is resolved: the document type is cut off before (parse/markup.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class Fault:
    """Where and why a text is not well-formed; lines and columns from 1."""

    line: int
    column: int
    problem: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was made of a text that is not well-formed."""

    root: etree._Element
    is_whole: bool
    """Whether the faults were undeclared prefixes alone, which cost nothing."""


class NotWellFormedError(Exception):
    """The text is not XML; carries the first fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.problem)


def strict_tree(text: bytes) -> etree._Element:
    """The root of a well-formed text in UTF-8.

    Raises:
        NotWellFormedError: it is not, or it passes the limits.
    """
    try:
        return etree.fromstring(text, _parser(recover=False))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        problem = (error.msg or "").partition(", line ")[0]
        raise NotWellFormedError(Fault(line or 1, column or 0, problem[:_SHOWN])) from error


def recovered_tree(text: bytes) -> Recovered | None:
    """What libxml2 can make of the text; None where that is nothing."""
    parser = _parser(recover=True)
    try:
        root: etree._Element | None = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    etree.strip_elements(root, etree.Entity, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return Recovered(root, all(error.domain == etree.ErrorDomains.NAMESPACE for error in parser.error_log))


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=recover,  # there are none; what is left of one must not stand in the tree
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        encoding="utf-8",
    )
