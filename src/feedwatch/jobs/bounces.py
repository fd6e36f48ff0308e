"""Bounces: looking into the boxes that they arrive in, and what follows for the addresses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog

from feedwatch.deliver.bounce_status import is_hard, read_status
from feedwatch.deliver.bounces import as_reason, read_bounces
from feedwatch.deliver.boxes import MaildirBox
from feedwatch.deliver.imap import ImapBox
from feedwatch.errors import BoxError
from feedwatch.jobs.box_troubles import keep_troubles, read_troubles
from feedwatch.store.bounces import NewBounce, Recorded, record_bounce

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from feedwatch.deliver.bounces import BounceReport
    from feedwatch.deliver.boxes import Box, BoxMail
    from feedwatch.jobs.context import JobContext
    from feedwatch.settings import BounceSettings

log = structlog.get_logger("feedwatch.bounces")

_BATCH = 20
"""Mails in memory at one time, each a megabyte at the most."""
_MOST_BATCHES = 250
"""What is left then is read the next time."""


@dataclass(frozen=True, slots=True)
class TakenMail:
    """What a mail came to."""

    what: str
    """`report`, `automatic reply`, or `something else`, which is left for a person to read."""
    recorded: tuple[Recorded, ...]


@dataclass(slots=True)
class BoxesReport:
    """What was in the boxes."""

    mails: list[TakenMail] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    """By box, `maildir` or `imap`: why it could not be read."""


async def read_boxes(context: JobContext) -> BoxesReport:
    """Read what is unread in every box that is configured. A box that cannot be read does not stop the others."""
    report = BoxesReport()
    for name, open_box in _boxes(context.settings.mail.bounces).items():
        try:
            await _read_box(context, open_box, report)
        except BoxError as error:
            report.troubles[name] = str(error)
    return report


class BoxWatch:
    """Reads the boxes every `mail.bounces.every`, and says once when one cannot be read, and once when it can again."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._next_at: datetime | None = None
        self._troubles = {name: trouble.problem for name, trouble in read_troubles(context.settings.data_dir).items()}

    async def look_when_due(self) -> None:
        """Does nothing as long as the next look is not due."""
        now, bounces = self._context.clock(), self._context.settings.mail.bounces
        if self._next_at is not None and now < self._next_at <= now + bounces.every:
            return
        self._next_at = now + bounces.every
        report = await read_boxes(self._context)
        self._tell(report.troubles, now)

    def _tell(self, troubles: dict[str, str], now: datetime) -> None:
        if troubles == self._troubles:
            return
        for name, problem in troubles.items():
            if self._troubles.get(name) != problem:
                log.error("bounces cannot be read", box=name, error=problem)
        for name in self._troubles.keys() - troubles.keys():
            log.info("bounces can be read again", box=name)
        self._troubles = troubles
        keep_troubles(self._context.settings.data_dir, troubles, now)


def take_mail(session: Session, message: bytes, bounces: BounceSettings, now: datetime) -> TakenMail:
    """Record what a mail tells of our own mails; it proves that by naming one of them."""
    read = read_bounces(message)
    return TakenMail(
        read.what, tuple(record_bounce(session, new_bounce(one), now, bounces.disable_after) for one in read.reports)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail service knows of one recipient."""

    address: str
    status: str
    """The enhanced status code (RFC 3463), or `complaint`."""
    reason: str
    message_id: str | None


def take_told(session: Session, told: Told, bounces: BounceSettings, now: datetime) -> TakenMail:
    """Record what somebody with the hook's token tells, and who is believed for it."""
    reason = as_reason(told.reason)
    bounce = NewBounce(
        kind="complaint" if told.status == "complaint" else "hard" if is_hard(told.status, reason) else "soft",
        addresses=(told.address,),
        status=told.status,
        reason=reason,
        message_id=told.message_id,
        is_trusted=True,
    )
    return TakenMail("report", (record_bounce(session, bounce, now, bounces.disable_after),))


def new_bounce(report: BounceReport) -> NewBounce:
    """A report as it is recorded."""
    return NewBounce(report.kind, report.addresses, report.status, report.reason, report.message_id)


async def heed_refusal(context: JobContext, *, address: str, message_id: str, words: str) -> None:
    """A server has refused a mail for good while it was handed over; to be called when that is recorded.

    Counts like a bounce where its words say that the address is at fault.
    """

    bounces, now = context.settings.mail.bounces, context.clock()

    def work() -> Recorded | None:
        with context.store.begin() as session:
            return record_refusal(session, bounces, address, message_id, words, now)

    if (recorded := await context.in_store(work)) is not None:
        tell_recorded(recorded)


def record_refusal(
    session: Session, bounces: BounceSettings, address: str, message_id: str, words: str, now: datetime
) -> Recorded | None:
    """Record a refusal; None where its words do not say that the address is at fault."""
    reason = as_reason(words)
    status = read_status("", reason)
    if not is_hard(status, reason):
        return None
    bounce = NewBounce("hard", (address,), status, reason, message_id)
    return record_bounce(session, bounce, now, bounces.disable_after)


def tell_recorded(recorded: Recorded) -> None:
    """Log what became of a bounce, once that is committed."""
    write = log.warning if recorded.outcome == "blocked" else log.info
    told = "address gets no more mail" if recorded.outcome == "blocked" else f"bounce {recorded.outcome}"
    write(told, address=recorded.address, why=recorded.why)


def _boxes(bounces: BounceSettings) -> dict[str, Callable[[], Box]]:
    boxes: dict[str, Callable[[], Box]] = {}
    if bounces.maildir is not None:
        boxes["maildir"] = partial(MaildirBox, bounces.maildir)
    if bounces.imap is not None:
        boxes["imap"] = partial(ImapBox, bounces.imap)
    return boxes


async def _read_box(context: JobContext, open_box: Callable[[], Box], report: BoxesReport) -> None:
    """A mail is marked when what it says is committed: one that is read twice is known the second time."""
    box = await asyncio.to_thread(open_box)
    try:
        for _ in range(_MOST_BATCHES):
            if not (mails := await asyncio.to_thread(box.unread, _BATCH)):
                return
            taken = await context.in_store(partial(_take, context, mails))
            report.mails.extend(taken)
            for recorded in (one for mail in taken for one in mail.recorded):
                tell_recorded(recorded)
            for_people = [mail.key for mail, came_to in zip(mails, taken, strict=True) if _is_for_people(came_to)]
            done = [mail.key for mail in mails if mail.key not in for_people]
            await asyncio.to_thread(box.mark, done, "seen")
            if for_people:
                log.warning("mail in the box of bounces is left for a person to read", count=len(for_people))
                await asyncio.to_thread(box.mark, for_people, "flagged")
    finally:
        await asyncio.to_thread(box.close)


def _is_for_people(mail: TakenMail) -> bool:
    return mail.what == "something else"


def _take(context: JobContext, mails: Sequence[BoxMail]) -> list[TakenMail]:
    bounces, now = context.settings.mail.bounces, context.clock()
    with context.store.begin() as session:
        return [take_mail(session, mail.message, bounces, now) for mail in mails]
