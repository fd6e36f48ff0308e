"""The guard: every connection goes to a public address that was resolved here, and to no other.

It stands at two places. `Guard.addresses` is asked before each request, redirects and proxies included, and is where
the connection's addresses come from: what was checked is what is connected to, so that a name cannot point elsewhere
in between. `Guard.socket_for` makes each connection's socket and sees the address itself, whatever led there.
"""

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx

from feedwatch.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedwatch.fetch.names import Names

_MOST_ADDRESSES = 4
"""How many of a host's addresses are tried."""
_UNICAST_V6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Where Python's own table (`is_global`) differs from one version to the next, or is silent.
_NEVER = (
    ipaddress.ip_network("192.0.0.0/24"),  # protocol assignments
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, withdrawn (RFC 7526)
    ipaddress.ip_network("3fff::/20"),  # documentation (RFC 9637)
)


@lru_cache(maxsize=4096)
def is_public(address: str) -> bool:
    """Whether the IP address belongs to the public internet (RFC 6890).

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) is seen through: what counts is where it leads. Of IPv6
    only 2000::/3 is in public use; everything else is refused without a name for each kind.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None and ip not in _UNICAST_V6:
            return False
        ip = inner or ip
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NEVER)


class Guard:
    """Says where a connection to a host may go. Hosts are in ASCII, as they stand in a URL, without brackets."""

    def __init__(self, names: Names, allowed_hosts: Iterable[str]) -> None:
        self._names = names
        self._allowed = {_ascii(host) for host in allowed_hosts}
        self._admitted: set[str] = set()

    async def addresses(self, host: str, *, what: str = "") -> tuple[str, ...]:
        """The addresses to connect to for `host`; `what` stands before it in an error: "the proxy ".

        Raises FetchError where any of them is private and the admin did not allow that host by name.
        """
        found = await self._names.addresses(host)
        private = [address for address in found if not is_public(address)]
        if not private:
            return found[:_MOST_ADDRESSES]
        if host.lower() not in self._allowed:
            raise FetchError(
                f"{what}{host} leads to the private address {private[0]}; if that is meant, add {host!r} to "
                f"fetch.allow_private_hosts"
            )
        self._admitted.update(found[:_MOST_ADDRESSES])
        return found[:_MOST_ADDRESSES]

    def socket_for(self, address: tuple[Any, ...]) -> socket.socket:
        """The socket of a connection to be made; `address` as getaddrinfo gives it.

        Raises FetchError for a private address that no allowed host led to: none comes as far as here.
        """
        family, kind, protocol, _, (ip, *_) = address
        if ip not in self._admitted and not is_public(ip):
            raise FetchError(f"leads to the private address {ip}")
        return socket.socket(family, kind, protocol)


def _ascii(host: str) -> str:
    bare = host.strip("[]").lower()
    try:
        return httpx.URL(f"http://[{bare}]/" if ":" in bare else f"http://{bare}/").raw_host.decode("ascii")
    except httpx.InvalidURL:
        return bare
