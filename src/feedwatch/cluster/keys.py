"""Story keys: two items that share one report the same story."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

from feedwatch.cluster.address import story_address
from feedwatch.cluster.fold import fold, weight
from feedwatch.cluster.scripts import simplified
from feedwatch.model import Item, MatchedItem

_MIN_WEIGHT = 80
_ADDRESS = "url:"


def story_keys(item: Item) -> tuple[str, ...]:
    """The keys of an item's story: `url:<16 hex>`, one more of the page it copies, and `text:<32 hex>`, or fewer.

    The text key is left out where title and text together weigh less than 80 Latin letters ("Photo of the day" tells no
    story; an ideograph weighs two), the URL key where the item has no URL or that of a front page. An item without
    a key is a story of its own. A text in traditional characters has the key of the same text in simplified ones.
    """
    keys = [key for url in (item.url, item.canonical) if url and (key := address_key(url))]
    tells_story, digest = _fingerprint(item.title, item.text)
    if tells_story:
        title, text = simplified(item.title), simplified(item.text)
        if title is not item.title or text is not item.text:
            digest = _fingerprint(title, text)[1]
        keys.append(f"text:{digest}")
    return tuple(keys)


def text_hash(item: Item) -> str:
    """32 hex digits of the folded title and text: the same for a repetition, another for a revision."""
    return _fingerprint(item.title, item.text)[1]


def address_key(url: str) -> str:
    """The story key of a canonical URL: `url:<16 hex>`; "" for that of a front page or none."""
    address = story_address(url)
    return _ADDRESS + blake2b(address.encode(), digest_size=8).hexdigest() if address else ""


def drop_shared_addresses(
    items: Sequence[MatchedItem], elsewhere: Collection[str] = frozenset()
) -> tuple[MatchedItem, ...]:
    """Items of one document, without the URL keys that several of different text carry.

    Such a URL is that of a page which collects them (a changelog, a live ticker), and no story's. `elsewhere` holds
    the URL keys of the document's other entries. Order is kept.
    """
    texts_by_address: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        for key in item.story_keys:
            if key.startswith(_ADDRESS):
                texts_by_address[key].add(item.text_hash)
    shared = {key for key, texts in texts_by_address.items() if len(texts) > 1 or key in elsewhere}
    return tuple(
        replace(item, story_keys=tuple(key for key in item.story_keys if key not in shared))
        if not shared.isdisjoint(item.story_keys)
        else item
        for item in items
    )


# Keys and hash of an item are asked for one after the other; folding is all of their cost.
@lru_cache(maxsize=4)
def _fingerprint(title: str, text: str) -> tuple[bool, str]:
    folded = fold(title + text)
    # A character has at most four bytes, so that most texts need no weighing.
    tells_story = len(folded) >= _MIN_WEIGHT * 4 or weight(folded.decode()) >= _MIN_WEIGHT
    return tells_story, blake2b(folded, digest_size=16).hexdigest()
