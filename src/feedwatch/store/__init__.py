"""The only door to the database: `Store` opens transactions, and this package's modules work inside them.

sources, polls, items, watchlists, subscribers, editions and deliveries each hold the statements of their table.
"""

from feedwatch.store.store import Store

__all__ = ["Store"]
