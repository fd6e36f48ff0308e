"""The address of a story: a canonical URL without what tells apart only copies of one page."""

from __future__ import annotations

import re

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
    if "amp" in rest and (cached := _AMP_CACHE.fullmatch(rest)):
        rest = cached[1]
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    host, slash, path = rest.partition("/")
    path = slash + path
    if "amp" in path.lower():
        path = _AMP_PATH.sub("", path)
    path = path.rstrip("/")
    if query:
        query = "&".join(sorted(part for part in query.split("&") if part and part.lower() not in _AMP_PARAMETERS))
    if not (path or query or fragment):
        return ""
    return f"{_host(host)}{path}?{query}#{fragment}"


def _host(host: str) -> str:
    labels = host.split(".")
    bare = max(len(labels) - _BARE_LABELS, 0)
    return ".".join([label for label in labels[:bare] if label not in _DEVICE_LABELS] + labels[bare:])
