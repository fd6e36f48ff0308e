"""Chat and push services, by Apprise: Slack, Teams, Telegram, ntfy and a hundred more, each by a URL of its own form.

Apprise is loaded with this file: some 0.4 s with the services' modules (docs/decisions/0029), in a process that has
such a channel.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

import apprise

from feedwatch.deliver.channels import scheme_of
from feedwatch.deliver.chat_text import plain
from feedwatch.digest.personal import fill
from feedwatch.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedwatch.digest.personal import Personal
    from feedwatch.model import Body

TIMEOUT = timedelta(seconds=60)
"""For one message in all; a long one goes in several parts, between which services want pauses."""
_SHORTEST_SECRET = 6
"""Parts of a URL that are shorter are not looked for: `v1` or `post` are no secrets, and stand in many answers."""
_LONGEST_WORDS = 300
_PARTS = re.compile(r"[:/@?&=#,;+\s]+")
_ANSWER = re.compile(r"Response Details:\s*(?:b(['\"])(?P<body>.*)\1|(?P<text>.*))", re.DOTALL)
_SOCKET = re.compile(r"\[Errno -?\d+\] (?P<why>[^'\")]+)|(?P<slow>[Tt]imed out)|(?P<tls>certificate verify failed)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+|\\[rnt]")


class ChatChannel:
    """Sends to one Apprise URL; use it as an asynchronous context. Apprise tells no reason to give up for good, so that
    no failure is permanent."""

    def __init__(self, url: str, *, timeout: timedelta = TIMEOUT) -> None:
        self._url = url
        self._timeout = timeout
        self._service: apprise.NotifyBase | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self._service = None

    async def send(self, body: Body, personal: Personal, *, message_id: str) -> str:  # noqa: ARG002 - services take none
        """Send title and text, in several messages where the service has a limit. Returns what Apprise said."""
        title, text = (plain(fill(part, personal)) for part in (body.subject, body.text))
        async with self._turn:  # a service's object counts its own pauses between messages
            try:
                async with asyncio.timeout(self._timeout.total_seconds()):
                    result = await _in_thread(lambda: self._notify(title, text))
            except TimeoutError:
                raise DeliveryError(
                    f"no answer within {self._timeout.total_seconds():g} seconds", permanent=False
                ) from None
        words = _told(result, self._url)
        if result:
            return words or "sent"
        raise DeliveryError(words or "not taken, without a reason given", permanent=False)

    def _notify(self, title: str, text: str) -> apprise.AppriseResult:
        if self._service is None:
            self._service = _open(self._url)
        # Text for a service that reads Markdown alone is escaped by Apprise sign by sign, those of URLs too, which are
        # none then. To name it Markdown leaves it as it is; `plain` has taken its links and mentions away.
        form = self._service.resolve_format(apprise.NotifyFormat.TEXT)
        if form != apprise.NotifyFormat.MARKDOWN:
            form = apprise.NotifyFormat.TEXT
        notifier = apprise.Apprise(self._service)
        return notifier.notify(text, title, body_format=form, log_level=logging.DEBUG)


def check_url(url: str) -> str | None:
    """What is wrong with an Apprise URL, without what is secret in it; None where nothing is."""
    try:
        _open(url)
    except DeliveryError as error:
        return str(error)
    return None


def _open(url: str) -> apprise.NotifyBase:
    """The service behind a URL. Raises DeliveryError."""
    _hush()
    asset = apprise.AppriseAsset(
        app_id="feedwatch",
        app_desc="feedwatch",
        app_url="",
        image_url_mask="",  # otherwise messages show a picture that a foreign site serves
        image_url_logo="",
        storage_mode="memory",
        service_timeout=0,
    )
    scheme = scheme_of(url)
    try:
        service = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=False)
    except Exception as error:  # noqa: BLE001 - whatever a service's module raises: TypeError, mostly
        why = _scrubbed(str(error), url)
        raise DeliveryError(f"the Apprise URL {scheme}://... cannot be used: {why}", permanent=False) from None
    if service is None:
        is_known = scheme in apprise.NotificationManager()  # type: ignore[no-untyped-call]
        what = "is not complete" if is_known else "is of no service that Apprise knows"
        raise DeliveryError(
            f"the Apprise URL {scheme}://... {what}; see https://appriseit.com/services/", permanent=False
        )
    if not re.search("[?&]overflow=", url):
        service.overflow_mode = apprise.OverflowMode.SPLIT
    return service


def _hush() -> None:
    """Keep what Apprise and its HTTP library log out of our log: it names URLs with their tokens. Apprise itself
    captures its own for the result, debug lines too, where it is let."""
    log = logging.getLogger("apprise")
    log.propagate = False
    log.setLevel(logging.DEBUG)
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    logging.getLogger("urllib3").propagate = False


async def _in_thread(work: Callable[[], apprise.AppriseResult]) -> apprise.AppriseResult:
    """Run the work in a daemon thread of its own: Apprise blocks, and a server that lets a byte drip now and then
    would hold a pooled thread, and with it the end of the program, for ever."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[apprise.AppriseResult] = loop.create_future()

    def settle(result: apprise.AppriseResult | None, error: Exception | None) -> None:
        if future.done():  # nobody waits any more
            return
        if error is not None:
            future.set_exception(error)
        elif result is not None:
            future.set_result(result)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:  # noqa: BLE001 - it is raised where the work was asked for
            error = raised
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="channel", daemon=True).start()
    return await future


def _told(result: apprise.AppriseResult, url: str) -> str:
    """What Apprise's log says became of a message, with the server's words where it noted them."""
    lines = dict.fromkeys(line for line in _lines(result) if line)
    told = "; ".join(_scrubbed(line, url) for line in lines)
    return told if len(told) <= _LONGEST_WORDS else told[: _LONGEST_WORDS - 1] + "…"


def _lines(result: apprise.AppriseResult) -> Iterator[str]:
    for entry in result.logs():
        if entry.level == "DEBUG":
            if found := _ANSWER.match(entry.message):
                yield found["body"] or found["text"] or ""
            elif entry.message.startswith("Socket Exception") and (found := _SOCKET.search(entry.message)):
                yield found["why"] or found["slow"] or found["tls"]
        elif entry.level in ("INFO", "WARNING", "ERROR", "CRITICAL"):
            yield entry.message


def _scrubbed(text: str, url: str) -> str:
    """The text on one line, with … for every part of the URL but its scheme."""
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    rest = url.partition("://")[2]
    parts = {part for form in (rest, unquote(rest)) for part in _PARTS.split(form) if len(part) >= _SHORTEST_SECRET}
    for part in sorted(parts, key=len, reverse=True):
        line = line.replace(part, "…")
    return line
