"""Where a fetch goes next: decided in values, one step at a time."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus

import httpx

from feedwatch.errors import FetchError

REDIRECTS = frozenset([301, 302, 303, 307, 308])
"""The statuses that name the next URL; 300 and 305 leave it to the reader (RFC 9110, 15.4)."""
_PERMANENT = frozenset([HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT])
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65_535
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a fetch, and how it came to it."""

    url: httpx.URL
    """Without login and fragment."""
    home: httpx.URL
    """The URL that was asked for: what is secret goes to its origin alone."""
    login: str | None = field(default=None, repr=False)
    """`user:password`, as it stood in the URL that was asked for; one that stands in a redirect is not used."""
    cookies: Hashable = None
    """Stands for the cookies that are sent."""
    moved_to: str | None = None
    """The end of the unbroken chain of permanent redirects from the start."""
    is_unbroken: bool = True
    seen: tuple[tuple[str, Hashable], ...] = ()
    """The requests before this one: URLs, and what stands for the cookies."""

    @property
    def is_home(self) -> bool:
        """Whether this is the origin of the URL asked for, or the same host and default port reached by https."""
        return self.home is self.url or _is_same_origin(self.home, self.url)


@lru_cache(maxsize=2048)
def first_step(url: str) -> Step:
    """The request that a fetch begins with. Raises FetchError for what is no http or https URL.

    Kept for the next visits: reading a URL is a tenth of what a fetch costs that finds nothing new.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError(f"not a URL: {url} ({error})") from None
    login = parsed.userinfo.decode("ascii") or None
    bare = _web_url(parsed)
    return Step(bare, bare, login)


def next_step(step: Step, status: int, location: str, cookies: Hashable, most: int) -> Step:
    """The request that a redirect leads to.

    location: the Location header, each byte as the character of its number. cookies: a value that stands for the ones
    kept so far: a site may send its visitor back to where he was with a cookie in his hand. Raises FetchError where
    the redirect leads in a circle, past `most` redirects, or to what is no http or https URL.
    """
    if len(step.seen) >= most:
        raise FetchError(f"redirects more than {most} times")
    try:
        url = _web_url(step.url.join(_as_utf8(location.strip())))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(f"redirects to what is no URL: {location[:_SHOWN]!r} ({error})") from None
    seen = (*step.seen, (str(step.url), step.cookies))
    if (str(url), cookies) in seen:
        raise FetchError(f"redirects in a circle, back to {str(url)[:_SHOWN]}")
    is_downgrade = step.url.scheme == "https" and url.scheme == "http"
    is_unbroken = step.is_unbroken and status in _PERMANENT and not is_downgrade
    return Step(
        url,
        step.home,
        step.login,
        cookies,
        moved_to=str(url) if is_unbroken else step.moved_to,
        is_unbroken=is_unbroken,
        seen=seen,
    )


def _web_url(url: httpx.URL) -> httpx.URL:
    if url.scheme not in _DEFAULT_PORTS:
        raise FetchError("leads to a URL that is neither http:// nor https://")
    if not url.raw_host:
        raise FetchError(f"leads to a URL without a host: {str(url)[:_SHOWN]}")
    if (url.port or 0) > _LAST_PORT:
        raise FetchError(f"leads to a port that does not exist: {str(url)[:_SHOWN]}")
    return url.copy_with(username=None, password=None, fragment=None) if url.userinfo or url.fragment else url


def _as_utf8(text: str) -> str:
    """Bytes read as latin-1, read as UTF-8 where they are that: some servers send URLs without escapes."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _is_same_origin(home: httpx.URL, url: httpx.URL) -> bool:
    if home.raw_host != url.raw_host:
        return False
    if home.scheme == url.scheme:
        return _port(home) == _port(url)
    return home.scheme == "http" and (_port(home), _port(url)) == (_DEFAULT_PORTS["http"], _DEFAULT_PORTS["https"])


def _port(url: httpx.URL) -> int:
    return url.port or _DEFAULT_PORTS[url.scheme]
