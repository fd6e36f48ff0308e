"""A bar while sources are polled, on a terminal; elsewhere the log's lines are the progress."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from feedwatch.cli.common import stderr

if TYPE_CHECKING:
    from feedwatch.jobs.poll import PollOutcome

_HELD_BACK = ("feedwatch.poll", "feedwatch.digest", "feedwatch.deliver")


class PollingBar:
    """From its beginning to its end the lines of single visits and mails are held back: the summary tells them."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("Polling"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", style="dim"),
            console=stderr,
            transient=True,
        )
        self._task = self._bar.add_task("")

    def begin(self, total: int) -> None:
        """Show it, unless nobody would see it."""
        if stderr.is_terminal and total:
            for name in _HELD_BACK:
                logging.getLogger(name).setLevel(logging.CRITICAL)
            self._bar.update(self._task, total=total)
            self._bar.start()

    def visited(self, outcome: PollOutcome) -> None:
        """One source further."""
        self._bar.update(self._task, advance=1, description=outcome.source)

    def end(self) -> None:
        """Take it away, and let the log speak again."""
        if self._bar.live.is_started:  # stopping one that is not would write an empty line into the log
            self._bar.stop()
        for name in _HELD_BACK:
            logging.getLogger(name).setLevel(logging.NOTSET)
