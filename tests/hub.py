"""A real WebSub hub on 127.0.0.1: takes subscriptions, verifies them, pushes, and misbehaves on request.

Use it as an asynchronous context: `hub.url` is what a source's document names, `await hub.settled()` waits for the
verifications that run beside, `await hub.publish(topic, document)` gives what the subscribers answered.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Coroutine


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a subscriber asked for, and the hub has verified."""

    callback: str
    topic: str
    secret: str
    lease_seconds: str


@dataclass
class Hub:
    """The hub, listening while its context is open.

    Its manners are set before the request that is to meet them, and may change at any time.
    """

    verifies: bool = True
    at_once: bool = False
    """Verifies before it answers the request, as the first hubs did."""
    wrong_topic: bool = False
    """Verifies another topic than was asked for."""
    denies: str | None = None
    """The reason for which it denies every subscription."""
    lease_seconds: str | None = "864000"
    """What it grants, whatever was asked for; None tells nothing."""
    answers: int = 202
    retry_after: str | None = None
    redirects_to: str | None = None
    answers_after: float = 0
    says: str = ""

    requests: list[dict[str, str]] = field(default_factory=list)
    """Every form that came, in order."""
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    """By callback."""
    verifications: list[int] = field(default_factory=list)
    """What the callbacks answered; 0 for an echo that was wrong."""

    def __post_init__(self) -> None:
        self._beside: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/", self._subscribe)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.stop()
        await self._client.close()

    async def stop(self) -> None:
        """Listen no more: the hub is dead for whoever asks it."""
        for task in self._beside:
            task.cancel()
        await self._runner.cleanup()

    async def settled(self) -> None:
        """Wait until every verification that began has ended."""
        while self._beside:
            await asyncio.gather(*self._beside)

    async def publish(
        self,
        topic: str,
        body: bytes,
        *,
        content_type: str = "application/atom+xml",
        method: str = "sha256",
        secret: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> list[int]:
        """Push a document to whoever subscribed to `topic`; returns the statuses that they answered."""
        statuses = []
        for subscription in list(self.subscriptions.values()):
            if subscription.topic != topic:
                continue
            signed = {"X-Hub-Signature": sign(body, secret or subscription.secret, method)}
            linked = {"Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"', "Content-Type": content_type}
            async with self._client.post(
                subscription.callback, data=body, headers=linked | signed | (headers or {})
            ) as answer:
                statuses.append(answer.status)
            if answer.status == web.HTTPGone.status_code:
                del self.subscriptions[subscription.callback]
        return statuses

    async def call_back(self, callback: str, **query: str) -> tuple[int, str, str]:
        """GET a callback with `hub.`-parameters; returns status, body and Content-Type."""
        parameters = {f"hub.{name}": value for name, value in query.items()}
        async with self._client.get(callback, params=parameters) as answer:
            return answer.status, await answer.text(), answer.headers.get("Content-Type", "")

    async def _subscribe(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(form)
        await asyncio.sleep(self.answers_after)
        if self.redirects_to is not None:
            return web.Response(status=self.answers, headers={"Location": self.redirects_to})
        if self.answers < 300:
            if self.at_once:
                await self._verify(form)
            else:
                self._begin(self._verify(form))
        headers = {"Retry-After": self.retry_after} if self.retry_after is not None else {}
        return web.Response(status=self.answers, text=self.says, headers=headers)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _verify(self, form: dict[str, str]) -> None:
        callback, topic, mode = form["hub.callback"], form["hub.topic"], form["hub.mode"]
        if self.denies is not None:
            await self.call_back(callback, mode="denied", topic=topic, reason=self.denies)
            return
        if not self.verifies:
            return
        challenge = secrets.token_hex(16)
        told = topic + "/another" if self.wrong_topic else topic
        query = {"mode": mode, "topic": told, "challenge": challenge}
        if self.lease_seconds is not None:
            query["lease_seconds"] = self.lease_seconds
        status, echo, _ = await self.call_back(callback, **query)
        self.verifications.append(status if status != 200 or echo == challenge else 0)
        if status != 200 or echo != challenge:
            return
        if mode == "unsubscribe":
            self.subscriptions.pop(callback, None)
        else:
            self.subscriptions[callback] = Subscription(
                callback, topic, form.get("hub.secret", ""), form.get("hub.lease_seconds", "")
            )


def sign(body: bytes, secret: str, method: str = "sha256") -> str:
    """The X-Hub-Signature of a body (WebSub, 7.1)."""
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"
