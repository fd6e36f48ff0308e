"""feedwatch as its daemon runs it, polling when it is told to: what `feedwatch_child` starts."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedwatch.jobs.context import JobContext, open_context
from feedwatch.jobs.poll import poll_due
from feedwatch.jobs.provision import provision
from feedwatch.ops.log import set_up_logging
from feedwatch.settings import Settings
from feedwatch.store import Store


async def _answer_all(context: JobContext) -> None:
    ahead = timedelta(0)
    context.clock = lambda: datetime.now(UTC) + ahead
    while line := await asyncio.to_thread(sys.stdin.readline):
        if line.strip() == "poll":
            report = await poll_due(context)
            told = {
                "polled": report.polled,
                "errors": report.errors,
                "seconds": report.seconds,
                "stories": report.new_stories,
                "matches": report.matches.total(),
            }
        else:
            ahead += timedelta(weeks=1)  # whatever hours and days a feed says it is not to be visited in
            told = {"database": context.settings.database_url}
        print(json.dumps(told), flush=True)


async def _run(settings: Settings) -> None:
    with closing(Store(settings.database_url)) as store:
        store.upgrade()
        provision(store, settings, datetime.now(UTC))
        async with open_context(settings, store) as context:
            context.workers.start()
            print(json.dumps({"ready": True}), flush=True)
            await _answer_all(context)


def main(settings: Path) -> None:
    """Answer the words on standard input, a line of JSON each, until it ends."""
    given = Settings.model_validate(json.loads(settings.read_text()))
    set_up_logging(given.log.level, given.log.format)
    asyncio.run(_run(given))
