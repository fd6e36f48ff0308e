"""Beyond polled feeds: local files, the discovery of feeds and sitemaps, what sites allow, and OPML in and out."""

from feedwatch.sources.file import read_file

__all__ = ["read_file"]
