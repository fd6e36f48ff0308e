"""How many signups come from one network in an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feedwatch.jobs import signup
from feedwatch.jobs.signup import PER_HOUR_AND_NETWORK, Networks

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def full(client: str) -> Networks:
    networks = Networks()
    assert all(networks.admit(client, NOW) for _ in range(PER_HOUR_AND_NETWORK))
    return networks


@pytest.mark.parametrize(
    "client, other, is_admitted",
    [
        ("192.0.2.1", "192.0.2.1", False),
        ("192.0.2.1", "192.0.2.2", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", False),  # one customer has a /64
        ("2001:db8:1:2::1", "2001:db8:1:3::1", True),
        ("::ffff:192.0.2.1", "192.0.2.1", False),
        ("fe80::1%eth0", "fe80::2%eth1", False),
        ("", "", False),
        ("a proxy's socket", "a proxy's socket", False),
    ],
)
def test_a_network_has_its_share(client: str, other: str, is_admitted: bool) -> None:
    assert full(client).admit(other, NOW) is is_admitted


def test_an_hour_later_it_has_it_again() -> None:
    networks = full("192.0.2.1")
    assert not networks.admit("192.0.2.1", NOW + timedelta(minutes=59))
    assert networks.admit("192.0.2.1", NOW + timedelta(hours=1))


def test_their_number_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signup, "_MOST_NETWORKS", 3)
    networks = Networks()
    assert [networks.admit(f"192.0.2.{n}", NOW) for n in range(5)] == [True] * 3 + [False] * 2
    assert networks.admit("192.0.2.2", NOW)
    later = NOW + timedelta(hours=1)
    assert networks.admit("192.0.2.4", later)
