"""What keeps the search index whole: items that are not in it yet, tokens of other rules, and how rare tokens are."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from feedwatch.match.index_tokens import index_tokens, word_tokens
from feedwatch.model import Rarity
from feedwatch.store.index import count_unindexed, index_older, start_over
from feedwatch.store.rarity import sampled_at, texts_below, write_rarity
from feedwatch.store.store import lock_writers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from feedwatch.store import Store

log = structlog.get_logger("feedwatch.indexing")

SAMPLE = 10_000
"""Documents that rarity is counted in."""
_RARE = 2
"""In how many documents a token is for it to be kept. Most are in one alone, which says as little as in none."""
_SAMPLE_AGE = timedelta(days=1)
_ITEMS = 200


def tokens_of(title: str, text: str) -> str:
    """The index tokens of an item as the store takes them: parted by spaces."""
    return " ".join(sorted(index_tokens(title, text)))


def index_by_steps(store: Store) -> Iterator[None]:
    """Index what is not, the newest items first; each step a transaction of well under a second."""
    with store.begin() as session:
        lock_writers(session)
        has_other_rules = start_over(session)
        waiting = count_unindexed(session)
    if waiting:
        log.info("indexing the archive", items=waiting, has_other_rules=has_other_rules)
    yield
    before: int | None = None
    while waiting:
        with store.begin() as session:
            lock_writers(session)
            before = index_older(session, before, tokens_of, at_most=_ITEMS)
        if before is None:
            break
        yield


def sample_by_steps(store: Store, now: datetime) -> Iterator[None]:
    """Count how many of the newest items have each token, where that was not done within a day."""
    with store.read() as session:
        last = sampled_at(session)
    if last is not None and now - last < _SAMPLE_AGE:
        return
    counts: Counter[str] = Counter()
    documents = 0
    before: int | None = None
    while documents < SAMPLE:
        with store.read() as session:
            part = texts_below(session, before, at_most=_ITEMS)
        if not part:
            break
        for item_id, title, text in part:
            counts.update(word_tokens(title) | word_tokens(text))
            before = item_id
        documents += len(part)
        yield
    kept = {token: count for token, count in counts.items() if count >= _RARE}
    with store.begin() as session:
        lock_writers(session)
        write_rarity(session, Rarity(documents, kept), now)
    yield
