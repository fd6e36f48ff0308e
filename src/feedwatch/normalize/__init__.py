"""Turns a parsed entry into a clean item: canonical URL, plain text, safe HTML, sure dates, language.

Pure: nothing here reads a clock, a file or the network, and nothing raises on what a feed may hold.
"""

from __future__ import annotations

from feedwatch.normalize.item import normalize
from feedwatch.normalize.url import canonical_url

__all__ = ["canonical_url", "normalize"]
