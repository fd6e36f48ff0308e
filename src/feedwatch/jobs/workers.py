"""The worker processes: each bounded in memory, each document in time, and a dead worker replaced."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import multiprocessing
import os
import resource
import signal
import tempfile
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import pebble

from feedwatch.errors import DocumentError
from feedwatch.jobs.prepare import Prepared, finish, prepare
from feedwatch.jobs.watchlist_files import WatchlistDesk, WatchlistFiles, matcher_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedwatch.jobs.prepare import Page, RawDocument
    from feedwatch.settings import PollSettings

Result = TypeVar("Result")


class Workers:
    """A pool of processes that prepare documents; use it as a context.

    pebble's pool rather than the standard library's: it stops the one worker whose document takes too long, and a
    worker that dies costs its own document alone.
    """

    def __init__(self, settings: PollSettings) -> None:
        self._settings = settings
        self._folder = tempfile.TemporaryDirectory(prefix="feedwatch-")
        self.watchlists = WatchlistDesk(Path(self._folder.name))
        """What every document that comes from now on is matched with."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["feedwatch.jobs.preload"])
        self.count = settings.workers or os.cpu_count() or 1
        """How many processes there are."""
        self._pool = pebble.ProcessPool(
            max_workers=self.count,
            initializer=_settle,
            initargs=(int(settings.worker_memory), os.getpid()),
            context=context,
        )

    def start(self) -> None:
        """Start the processes now, and let them read the watchlists; without it they do so with the first document."""
        for _ in range(self.count):
            self._pool.schedule(_begin, args=(self.watchlists.files,))

    async def prepare(self, raw: RawDocument) -> Prepared:
        """Prepare one document in some worker. What stops the worker becomes the result's error."""
        return await self._run(prepare, raw, self.watchlists.files)

    async def finish(self, raw: RawDocument, page: Page, first: Prepared) -> Prepared:
        """Make an item of an entry of `first` that waited for its page, in some worker."""
        document = first.document
        return await self._run(
            finish, replace(raw, body=b""), page, document.language, first.addresses, self.watchlists.files
        )

    async def run(self, work: Callable[..., Result], *arguments: object) -> Result:
        """Run a pure function in some worker, as discovery does. Raises DocumentError for what stops the worker."""
        result = await self._run(work, *arguments)
        if isinstance(result, Prepared):
            raise DocumentError(result.error or "could not be read")
        return result

    async def _run(self, work: Callable[..., Result], *arguments: object) -> Result | Prepared:
        limit = self._settings.worker_timeout.total_seconds()
        future = self._pool.schedule(work, args=arguments, timeout=limit)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError:
            return Prepared(error=f"took longer than {limit:g} s to read and was given up; see poll.worker_timeout")
        except pebble.ProcessExpired as died:
            return Prepared(error=f"stopped the worker that read it (exit code {died.exitcode}); given up")
        except MemoryError:
            return Prepared(error="needs more memory than poll.worker_memory allows; given up")
        except RecursionError:
            return Prepared(error="is nested too deeply to be read; given up")
        except CancelledError:
            raise asyncio.CancelledError from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._folder.cleanup()


def _begin(files: WatchlistFiles) -> None:
    """The first work of a worker: to read the watchlists. The matcher stays where it is."""
    matcher_of(files)


def rest_collector() -> None:
    """Let Python's collector of circles look less often, and never at what was loaded by now.

    Items pass by the thousand and hold no circles; looking for some took a sixth of the daemon's time in a cold poll of
    600 feeds (94 feeds a second became 110 on two cores).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 10)


def _settle(memory_bytes: int, parent_pid: int) -> None:
    """In a new worker: Ctrl-C is the daemon's affair, memory is bounded, and nobody outlives the daemon."""
    rest_collector()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    if not _is_alive(parent_pid):
        os._exit(1)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
