"""Ends of deliveries, committed as they come: those that come while a commit is under way, together in the next."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from feedwatch.store.outbox import End, end_deliveries

if TYPE_CHECKING:
    from feedwatch.jobs.context import JobContext


class Ends:
    """Records ends, each before its `record` returns.

    So no sender begins another mail before its last one is committed: what a crash may double is what was accepted on
    each connection since, one mail each.
    """

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._waiting: list[tuple[End, asyncio.Future[None]]] = []
        self._committing: asyncio.Task[None] | None = None

    async def record(self, end: End) -> None:
        """Commit it. Raises what the database raises."""
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((end, committed))
        if self._committing is None or self._committing.done():
            self._committing = asyncio.ensure_future(self._commit())
        await committed

    async def _commit(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            try:
                await self._context.in_store(partial(self._write, [end for end, _ in taken]))
            except BaseException as error:
                for _, committed in taken:
                    if not committed.done():
                        committed.set_exception(error)
                if not isinstance(error, Exception):
                    raise
            else:
                for _, committed in taken:
                    if not committed.done():
                        committed.set_result(None)

    def _write(self, ends: list[End]) -> None:
        with self._context.store.begin() as session:
            end_deliveries(session, ends, owner=self._context.owner, now=self._context.clock())
