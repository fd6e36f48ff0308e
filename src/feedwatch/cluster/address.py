"""The address of a story: a canonical URL without what tells apart only copies of one page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_DEVICE_LABELS = frozenset({"www", "m", "mobile", "wap", "amp", "3g", "touch"})
_BARE_LABELS = 2
_AMP_PATH = re.compile(r"^/amp(?=/)|/amp/?$|(?<=\w)[._-]amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_PARAMETERS = frozenset(
    {"amp", "amp=1", "amp=true", "outputtype=amp", "output=amp", "m=1", "mobile=1", "view=mobile"}
)
# https://www.google.com/amp/s/example.com/a and https://example-com.cdn.ampproject.org/c/s/example.com/a
_AMP_CACHE = re.compile(r"(?:www\.google\.[a-z.]+/amp|[\w-]+\.cdn\.ampproject\.org/[cv])/(?:s/)?([\w-]+\.[\w.-]+/.*)")


def story_address(url: str) -> str:
    """The address under which copies of a page meet; "" for a site's front page, which is no story's address.

    url is canonical. Scheme, `www.`, hosts and paths for phones and AMP, and a final slash go; parameters are sorted.
    """
    _, _, rest = url.partition("://")
    if cached := _AMP_CACHE.fullmatch(rest):
        rest = cached[1]
    parts = urlsplit(f"//{rest}")
    path = _AMP_PATH.sub("", parts.path).rstrip("/")
    query = "&".join(sorted(part for part in parts.query.split("&") if part and part.lower() not in _AMP_PARAMETERS))
    if not (path or query or parts.fragment):
        return ""
    return f"{_host(parts.netloc)}{path}?{query}#{parts.fragment}"


def _host(netloc: str) -> str:
    labels = netloc.split(".")
    bare = max(len(labels) - _BARE_LABELS, 0)
    return ".".join([label for label in labels[:bare] if label not in _DEVICE_LABELS] + labels[bare:])
