"""Which of a story's items stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

FULL_SHARE = 2 / 3
"""How long a text must be beside the longest of its story, to be as good as whole."""


class Member(Protocol):
    """What is known of an item of a story."""

    @property
    def item_id(self) -> int:
        """Greater than that of an item that was seen before."""

    @property
    def text_length(self) -> int:
        """In characters."""

    @property
    def published_at(self) -> datetime:
        """Aware."""

    @property
    def is_preferred(self) -> bool:
        """Whether its source is one that the admin prefers."""


def representative(members: Sequence[Member]) -> int:
    """The index of the item that stands for its story: a preferred source's, else the earliest, among the whole ones.

    Whole are the texts that are at least two thirds as long as the longest: a teaser does not stand for the report that
    it announces, wherever it ran first. Of items published at one time the one seen first stands. Independent of order.
    Raises ValueError where there is none.
    """
    longest = max(member.text_length for member in members)
    whole = [at for at, member in enumerate(members) if member.text_length >= FULL_SHARE * longest]
    return min(whole, key=lambda at: _rank(members[at]))


def _rank(member: Member) -> tuple[bool, datetime, int]:
    return not member.is_preferred, member.published_at, member.item_id
