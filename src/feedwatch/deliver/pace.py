"""How fast mail may leave: the rates that the configuration sets, and the rest of a server that takes none."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedwatch.deliver.rates import Bucket

if TYPE_CHECKING:
    from feedwatch.settings import SmtpSettings

_FIRST_REST = timedelta(seconds=10)
_LONGEST_REST = timedelta(minutes=10)


class Pace:
    """What outlasts one emptying of the outbox: how much of each rate is used, and until when the server rests.

    It is one process's: two daemons have twice the rate.
    """

    def __init__(self) -> None:
        self._settings: SmtpSettings | None = None
        self._server: Bucket | None = None
        self._domains: dict[str, Bucket] = {}
        self._waiting: Counter[str] = Counter()
        self._failures = 0
        self.rests_until: datetime | None = None

    def use(self, settings: SmtpSettings | None) -> None:
        """Go by these settings; others than before begin with full buckets and a server that is believed to work."""
        self._waiting.clear()
        if settings == self._settings:
            return
        self._settings = settings
        self._server = Bucket(settings.per_minute) if settings is not None and settings.per_minute else None
        limits = settings.domains if settings is not None else {}
        self._domains = {domain.casefold(): Bucket(per_minute) for domain, per_minute in limits.items()}
        self.revive()

    def allowed(self, now: datetime, most: int) -> int:
        """How many mails may be begun now, `most` at the most; one where the server took none when last tried."""
        if self.rests_until is not None:
            return 0 if now < self.rests_until else 1
        return most if self._server is None else min(most, self._server.available(now))

    def wait_for(self, address: str, now: datetime) -> timedelta | None:
        """None where a mail to the address may go now, which then counts; else how long it should wait.

        Each that must wait is told a later time than the one before, so that all do not come again at once.
        """
        domain = address.rpartition("@")[2].casefold()
        bucket = self._domains.get(domain)
        if bucket is not None and not bucket.take(now):
            self._waiting[domain] += 1
            return bucket.wait(now, self._waiting[domain] - 1)
        if self._server is not None:
            self._server.take(now)
        return None

    def rest(self, now: datetime) -> datetime:
        """The server takes no mail: leave it alone for ten seconds, then twice as long each time, up to ten minutes.

        What several connections meet at one time is one failure.
        """
        if self.rests_until is None or now >= self.rests_until:
            self._failures += 1
            self.rests_until = now + min(_FIRST_REST * 2 ** min(self._failures - 1, 20), _LONGEST_REST)
        return self.rests_until

    def revive(self) -> None:
        """The server has taken a mail."""
        self._failures = 0
        self.rests_until = None
