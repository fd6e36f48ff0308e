"""Whether a form was sent from a page of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.datastructures import Headers

_OURS = frozenset({"same-origin", "none"})


def is_ours(headers: Headers, public_url: str | None) -> bool:
    """Whether what a browser says of a POST's origin speaks for one of our own pages, or says nothing.

    The token in the path is the credential, which no other site knows and no browser adds by itself; this is the second
    bolt. Browsers of today send Sec-Fetch-Site (Fetch Metadata, 2.1). For older ones Origin is looked at, which is
    `null` from our own pages too, as they send no referrer (Fetch, 3.2).
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OURS
    origin = headers.get("Origin", "null")
    if origin == "null":
        return True
    named = urlsplit(origin).netloc.lower()
    own = {headers.get("Host", "").lower(), urlsplit(public_url or "").netloc.lower()}
    return bool(named) and named in own
