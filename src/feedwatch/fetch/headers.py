"""The headers of a request: what is said to every server, what asks for changes alone, and the source's own."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from feedwatch import __version__
from feedwatch.fetch.coding import ACCEPTED
from feedwatch.fetch.cookies import cookie_header

if TYPE_CHECKING:
    import httpx

    from feedwatch.fetch.redirects import Step
    from feedwatch.fetch.request import FetchRequest

Headers = list[tuple[bytes, bytes]]

_ACCEPT = {
    "feed": (
        b"application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
        b"application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
    ),
    "page": b"text/html, application/xhtml+xml;q=0.9, application/xml;q=0.5, */*;q=0.1",
}


def user_agent(contact: str | None) -> bytes:
    """Who asks, and where the person behind it can be reached."""
    return f"feedwatch/{__version__} (news feed monitor{f'; {contact}' if contact else ''})".encode("ascii")


def validators(request: FetchRequest, step: Step) -> Headers:
    """What makes the request a conditional one (RFC 9110, 13.1), at the URL that the validators came from alone.

    One with a control character in it is left out: it could not be sent back as it came.
    """
    came_from = request.validators_url
    if came_from in (None, request.url):
        is_theirs = step.url is step.home or step.url == step.home  # URLs are slow to compare
    else:
        is_theirs = str(step.url) == came_from
    if not is_theirs:
        return []
    conditions: Headers = []
    if request.etag and _is_sendable(request.etag):
        if request.delta:
            conditions.append((b"A-IM", b"feed"))
        conditions.append((b"If-None-Match", request.etag.encode("latin-1")))
    if request.last_modified and _is_sendable(request.last_modified):
        conditions.append((b"If-Modified-Since", request.last_modified.encode("latin-1")))
    return conditions


def request_headers(
    agent: bytes, request: FetchRequest, step: Step, conditions: Headers, jar: httpx.Cookies | None
) -> Headers:
    """All headers of the request. Those of its access go to the origin of the URL asked for alone."""
    headers = [
        (b"User-Agent", agent),
        (b"Accept", _ACCEPT[request.accept]),
        (b"Accept-Encoding", ACCEPTED.encode("ascii")),
        *conditions,
    ]
    access = request.access
    is_home = step.is_home
    if is_home and access.headers:
        own = [(name.encode("ascii"), value.encode("latin-1")) for name, value in access.headers]
        replaced = {name.lower() for name, _ in own}
        headers = [header for header in headers if header[0].lower() not in replaced] + own
    if is_home and access.authorization:
        headers.append((b"Authorization", access.authorization.encode("latin-1")))
    elif is_home and step.login:
        headers.append((b"Authorization", b"Basic " + b64encode(unquote_to_bytes(step.login))))
    if jar is not None or (is_home and access.cookies):
        cookies = cookie_header(access.cookies if is_home else (), jar, step.url)
        if cookies:
            headers.append((b"Cookie", cookies))
    return headers


def _is_sendable(value: str) -> bool:
    return all(character >= " " and character != "\x7f" for character in value)
