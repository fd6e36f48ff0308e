"""How many mails a minute: a token bucket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

_EPOCH = datetime.fromtimestamp(0, UTC)
_MINUTE_S = 60.0


class Bucket:
    """Holds a tenth of a minute's mails, and fills so that no minute sees more than `per_minute`, wherever it begins.

    The clock is its caller's: times never go back, and one that does counts as none passed.
    """

    def __init__(self, per_minute: int) -> None:
        self._most = max(1, per_minute // 10)
        self._seconds_each = _MINUTE_S / (per_minute - self._most + 1)
        self._tokens = float(self._most)
        self._filled_at = _EPOCH

    def available(self, now: datetime) -> int:
        """How many mails may go now."""
        passed = (now - self._filled_at).total_seconds()
        if passed > 0:
            self._tokens = min(float(self._most), self._tokens + passed / self._seconds_each)
            self._filled_at = now
        return int(self._tokens + 1e-9)  # what a sum of parts lacks of a whole is rounding

    def take(self, now: datetime) -> bool:
        """Take a mail's token, if there is one."""
        if not self.available(now):
            return False
        self._tokens -= 1
        return True

    def wait(self, now: datetime, ahead: int = 0) -> timedelta:
        """How long until a mail may go that has so many before it."""
        self.available(now)
        seconds = max(0.0, (ahead + 1 - self._tokens) * self._seconds_each)
        return timedelta(microseconds=ceil(seconds * 1_000_000))
