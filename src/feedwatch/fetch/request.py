"""What is asked of a server: a URL, the validators of what is known already, and the admin's own headers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Access:
    """How a source wants to be asked. Holds secrets, which is why its repr shows none of them.

    All but the proxy go to the origin (RFC 6454) of the request's URL alone, wherever redirects lead.
    """

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Names and values, latin-1; they replace feedwatch's own of the same name."""
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    authorization: str | None = field(default=None, repr=False)
    """The ready value of the Authorization header."""
    proxy: str | None = field(default=None, repr=False)
    """`http://[user:password@]host[:port]`."""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A conditional GET. The validators are sent back byte for byte as they came (RFC 9110, 13.1)."""

    url: str
    etag: str | None = None
    """Each character stands for the byte of its number (latin-1)."""
    last_modified: str | None = None
    validators_url: str | None = None
    """Where the validators came from: they are sent there alone, not to another URL that a redirect leads to or comes
    from. None: `url`."""
    access: Access = Access()
    accept: Literal["feed", "page"] = "feed"
    delta: bool = True
    """Whether an answer with the new entries alone will do (`A-IM: feed`, RFC 3229)."""
