from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.fetch.guard import is_public

PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.0.1",
    "169.254.169.254",  # the metadata service of the clouds
    "100.64.0.1",  # carrier-grade NAT (RFC 6598)
    "100.100.100.200",  # the metadata service of another cloud, in the same block
    "192.0.0.8",  # protocol assignments
    "192.0.0.192",
    "192.0.2.1",  # documentation
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",  # benchmarking (RFC 2544)
    "192.88.99.1",  # 6to4 relay
    "224.0.0.1",  # multicast
    "239.255.255.250",
    "240.0.0.1",  # reserved
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",  # link-local
    "fe80::1%eth0",
    "fec0::1",  # site-local, withdrawn but routed on some networks
    "fc00::1",  # unique local
    "fd00:ec2::254",  # a metadata service
    "ff02::1",
    "ff0e::1",  # multicast of global scope
    "100::1",  # discard only
    "2001:db8::1",  # documentation
    "3fff::1",
    "2001::1",  # Teredo
    "4000::1",  # not allocated
    "5f00::1",  # segment routing
]
PRIVATE_V4_INSIDE_V6 = [
    "::ffff:127.0.0.1",  # mapped
    "::ffff:169.254.169.254",
    "::ffff:7f00:1",
    "::127.0.0.1",  # compatible, withdrawn
    "::ffff:0:127.0.0.1",  # translated (RFC 2765)
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::",
    "64:ff9b::127.0.0.1",  # NAT64 (RFC 6052)
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::7f00:1",  # NAT64 of the network's own choice (RFC 8215)
    "64:ff9b:1::808:808",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
    "::ffff:8.8.8.8",
    "2002:808:808::",
    "64:ff9b::8.8.8.8",
]


@pytest.mark.parametrize("address", [*PRIVATE, *PRIVATE_V4_INSIDE_V6])
def test_private_address_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_is_allowed(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_ipv6_hides_no_ipv4(v4: ipaddress.IPv4Address) -> None:
    for hiding in (f"::ffff:{v4}", f"64:ff9b::{v4}", f"2002:{int(v4) >> 16:x}:{int(v4) & 0xFFFF:x}::"):
        assert is_public(hiding) == is_public(str(v4))
