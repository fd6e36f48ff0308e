"""When a mail that was not accepted is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=4)


def plan_retry(attempts: int, waiting_since: datetime, now: datetime, give_up_after: timedelta) -> datetime | None:
    """The time of the next try, or None when it is to be given up.

    `attempts` counts the tries made, the last one included. The wait doubles from one minute to four hours
    (RFC 5321, 4.5.4.1 asks for pauses that grow, and for days before giving up).
    """
    again_at = now + min(_FIRST_WAIT * 2 ** min(attempts - 1, 20), _LONGEST_WAIT)
    return again_at if again_at - waiting_since <= give_up_after else None
