"""feedwatch polls news feeds, folds the copies of a story into one, matches watchlists and mails digests."""

__version__ = "0.1.0"
