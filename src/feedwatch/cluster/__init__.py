"""Tells which items report one story, or one event in two languages, and whether an item's text has changed.

Pure: values in, values out. Items that share an exact key are one story; items that share near keys (`sketch`) are
worth comparing (`is_copy`, `is_same_event`). The store looks both up within its window of days.
"""

from __future__ import annotations

from feedwatch.cluster.copies import is_copy
from feedwatch.cluster.events import is_same_event
from feedwatch.cluster.keys import address_key, drop_shared_addresses, story_keys, text_hash
from feedwatch.cluster.representative import representative
from feedwatch.cluster.sketch import sketch

__all__ = [
    "address_key",
    "drop_shared_addresses",
    "is_copy",
    "is_same_event",
    "representative",
    "sketch",
    "story_keys",
    "text_hash",
]
