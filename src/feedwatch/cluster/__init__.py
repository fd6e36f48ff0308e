"""Tells which items report one story, by keys that copies share, and whether an item's text has changed.

Pure: values in, values out. The store groups items that share any key within its window of days.
"""

from __future__ import annotations

from feedwatch.cluster.keys import address_key, drop_shared_addresses, story_keys, text_hash

__all__ = ["address_key", "drop_shared_addresses", "story_keys", "text_hash"]
