"""The way to a host: straight, or by a proxy; each end of it checked by the guard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from feedwatch.errors import FetchError

if TYPE_CHECKING:
    from feedwatch.fetch.guard import Guard


@dataclass(frozen=True, slots=True)
class Route:
    """What a request has to say to take it."""

    url: httpx.URL
    headers: tuple[tuple[bytes, bytes], ...] = ()
    extensions: dict[str, Any] = field(default_factory=dict, repr=False)
    """For `GuardedTransport`; a proxy's password is among them."""


async def route_to(url: httpx.URL, proxy: str | None, guard: Guard) -> Route:
    """The route to the host of `url`. Raises FetchError where it leads to a private address.

    By a proxy, the host is looked up here all the same and must be public, as the proxy must (or be allowed by name).
    For https the proxy is then asked for a tunnel to the very address that was checked. For http it is asked for the
    URL and looks the name up itself: a name that answers the proxy otherwise than us is not noticed there (a proxy
    takes the host from the URL and not from a Host header: RFC 9112, 3.2.2).
    """
    host = url.raw_host.decode("ascii")
    if proxy is None:
        await guard.addresses(host)
        return Route(url)
    try:
        proxy_host = httpx.URL(proxy).raw_host.decode("ascii")
    except httpx.InvalidURL as error:
        raise FetchError(f"its proxy is not a URL ({error})") from None
    await guard.addresses(proxy_host, what="the proxy ")
    addresses = await guard.addresses(host)
    if url.scheme == "http" or host in addresses:
        return Route(url, extensions={"proxy": proxy})
    address = next((one for one in addresses if ":" not in one), addresses[0])  # few proxies have IPv6
    return Route(
        url.copy_with(host=address),
        headers=((b"Host", url.netloc),),
        extensions={"proxy": proxy, "sni_hostname": host},
    )
