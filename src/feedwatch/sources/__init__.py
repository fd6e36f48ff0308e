"""Kinds of sources: local files here, feeds by way of `fetch`; and OPML in and out."""

from feedwatch.sources.file import read_file

__all__ = ["read_file"]
