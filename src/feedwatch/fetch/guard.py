"""The guard: every connection goes to a public address that was resolved here, and to no other."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from feedwatch.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

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


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a host once, refuses it if any address is private, and connects to just those addresses.

    The check and the connection use one answer of the resolver, so that a name cannot point elsewhere between
    them. Redirects come by here too: they are connections like any other.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend, allowed_hosts: Collection[str]) -> None:
        self._backend = backend
        self._allowed = {host.strip("[]").casefold() for host in allowed_hosts}

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers. Raises FetchError for a private one."""
        addresses = await self._resolve(host, port, timeout)
        problem: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            share = None if timeout is None else timeout / len(addresses)
            try:
                return await self._backend.connect_tcp(
                    address, port, timeout=share, local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem

    async def _resolve(self, host: str, port: int, timeout: float | None) -> list[str]:  # noqa: ASYNC109
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError:
            raise FetchError(f"the host name {host} could not be looked up in {timeout:g} s (DNS)") from None
        except (OSError, UnicodeError):
            raise FetchError(f"the host name {host} is not known (DNS)") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        private = [address for address in addresses if not is_public(address)]
        if private and host.casefold() not in self._allowed:
            raise FetchError(
                f"{host} leads to the private address {private[0]}; if that is meant, add {host!r} to "
                f"fetch.allow_private_hosts"
            )
        return addresses[:_MOST_ADDRESSES]

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Never: no source lies behind a local socket."""
        raise FetchError(f"a local socket is no source: {path}")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between its tries."""
        await self._backend.sleep(seconds)


def guarded_transport(
    *, verify: ssl.SSLContext, http2: bool, limits: httpx.Limits, allowed_hosts: Collection[str]
) -> httpx.AsyncHTTPTransport:
    """httpx's own transport with the guard under it. httpx has no public way to pass a network backend."""
    transport = httpx.AsyncHTTPTransport(verify=verify, http2=http2, limits=limits)
    pool = transport._pool  # noqa: SLF001
    pool._network_backend = GuardedBackend(pool._network_backend, allowed_hosts)  # noqa: SLF001
    return transport
