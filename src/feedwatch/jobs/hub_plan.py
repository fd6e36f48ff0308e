"""When a hub is asked: to subscribe, again after a failure, to renew before its lease ends. Values in, values out."""

from __future__ import annotations

from datetime import timedelta

LEASE_ASKED = timedelta(days=10)
"""What hubs are asked for; what they grant is theirs to say."""
AFTER_DENIAL = timedelta(days=1)
TO_VERIFY = timedelta(minutes=5)
"""The least time that a hub has to verify what it accepted, before it is asked again."""
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_LEASE = timedelta(days=30)
_UNTOLD_LEASE = timedelta(days=1)
_SOONEST_RENEWAL = timedelta(minutes=10)
_MOST_DIGITS = 12


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries in a row: a minute, doubling up to a day."""
    doublings = min(attempts - 1, 20)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def wait_as_told(attempts: int, retry_after: float | None) -> timedelta:
    """The same, or what the hub asked for (Retry-After, in seconds) where that is longer; a day at the most."""
    told = timedelta(seconds=min(retry_after or 0.0, _LONGEST_WAIT.total_seconds()))
    return max(wait_after(attempts), told)


def lease_granted(lease_seconds: str | None) -> timedelta:
    """How long a hub says that it will push (hub.lease_seconds, WebSub 5.3): 30 days at the most.

    It must say so; one that does not is taken at its word for a day.
    """
    told = (lease_seconds or "").strip()
    if not (told.isascii() and told.isdigit()) or not int(told[:_MOST_DIGITS]):
        return _UNTOLD_LEASE
    return min(timedelta(seconds=int(told[:_MOST_DIGITS])), _LONGEST_LEASE)


def renew_after(lease: timedelta) -> timedelta:
    """When to renew: after 80 % of the lease and at least an hour before its end; of a short one, half way.

    Never sooner than in ten minutes: a hub that grants less leaves gaps, which polling fills.
    """
    return max(min(lease * 0.8, lease - timedelta(hours=1)), lease / 2, _SOONEST_RENEWAL)
