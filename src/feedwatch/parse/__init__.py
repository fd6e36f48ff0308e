"""Bytes to entries: RSS, RDF, Atom, CDF and JSON Feed.

Pure: it opens nothing and remembers nothing, so that it can run in worker processes.
"""

from feedwatch.parse.document import parse

__all__ = ["parse"]
