"""Cookies within one fetch: some sites set one and send the visitor back to where he was (RFC 6265)."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


def keep_cookies(jar: httpx.Cookies | None, url: httpx.URL, response: httpx.Response) -> httpx.Cookies | None:
    """The cookies kept so far and those that the answer from `url` sets; None as long as there is none."""
    if "set-cookie" not in response.headers:
        return jar
    jar = httpx.Cookies() if jar is None else jar
    response.headers.encoding = "latin-1"  # each byte as it came
    response.request = httpx.Request("GET", url)  # whatever address it was sent to: cookies belong to names
    jar.extract_cookies(response)
    return jar


def fingerprint(jar: httpx.Cookies | None) -> Hashable:
    """A value that is another one as soon as the cookies are."""
    return None if jar is None else frozenset((c.domain, c.path, c.name, c.value) for c in jar.jar)


def cookie_header(own: Sequence[tuple[str, str]], jar: httpx.Cookies | None, url: httpx.URL) -> bytes:
    """The Cookie header for `url`: the source's own cookies, and those kept, which replace them; empty without any."""
    kept = b""
    if jar is not None:
        asking = urllib.request.Request(str(url))  # noqa: S310 - asks nobody: what the standard library's jar speaks
        jar.jar.add_cookie_header(asking)
        kept = (asking.get_header("Cookie") or "").encode("latin-1")
    names = {pair.partition(b"=")[0].strip() for pair in kept.split(b";")}
    pairs = [f"{name}={value}".encode("latin-1") for name, value in own if name.encode("latin-1") not in names]
    return b"; ".join([*pairs, kept] if kept else pairs)
