"""The hook for bounces: whoever knows the token is heard, in two forms; nobody else is."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from feedwatch.jobs.poll import take_pushed
from feedwatch.settings import WebSettings
from feedwatch.store.bounces import list_bounces
from feedwatch.web import make_app, serve
from tests.integration.jobs.newsroom import open_newsroom, subscriber
from tests.integration.store.bounced import ADA, UNKNOWN, blocked_why, returned, send
from tests.integration.store.examples import NOW
from tests.unit.deliver import bounce_samples as samples

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from feedwatch.store import Store

TOKEN = "a-token-that-nobody-guesses"
MAIL = {"Content-Type": "message/rfc822"}
CAME_BACK = "blocked, 1 mail came back, the last on 2026-03-02"


@asynccontextmanager
async def hook(store: Store, folder: Path, **bounces: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a feedwatch that listens, with Ada as its subscriber."""
    said = {"bounces": {"hook_token": TOKEN, "disable_after": 1} | bounces}
    async with open_newsroom(store, folder, subscriber("ada"), mail=said) as room:
        listening = await serve(make_app(room.context, take_pushed), WebSettings(listen="127.0.0.1:0"))
        assert listening is not None
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.ports[0]}") as client:
                yield client
        finally:
            await listening.stop()


def bounce_count(store: Store) -> int:
    with store.read() as session:
        return len(list_bounces(session))


async def test_a_mail_is_taken_as_it_came(store: Store, tmp_path: Path) -> None:
    async with hook(store, tmp_path) as client:
        mail = returned(send(store, NOW))
        first = await client.post(f"/bounces/{TOKEN}", content=mail, headers=MAIL)
        again = await client.post(f"/bounces/{TOKEN}", content=mail, headers=MAIL)
    why = f"1 mail came back, the last on 2026-03-02: {UNKNOWN}"
    assert (first.status_code, first.text) == (200, f"{ADA}: blocked, {why}\n")
    assert (again.status_code, again.text) == (200, f"{ADA}: known, it was recorded before\n")
    assert blocked_why(store) == why


@pytest.mark.parametrize(
    ("post", "answer"),
    [
        ({"status": "5.1.1", "reason": UNKNOWN}, f"{CAME_BACK}: {UNKNOWN}"),
        ({"status": "5.1.1"}, f"{CAME_BACK}: 5.1.1"),
        ({"status": "5.0.0", "reason": "no such user"}, f"{CAME_BACK}: no such user"),
        ({"status": "4.2.2", "reason": "full\r\nfor now\x00"}, "noted, it may pass"),
        ({"status": "complaint", "reason": "abuse"}, "blocked, on 2026-03-02 its owner complained of our mail: abuse"),
        ({"status": "5.1.1", "message_id": "0100018c@service.example"}, f"{CAME_BACK}: 5.1.1"),
        ({"status": "5.1.1", "address": "bob@example.org"}, "unproven, nobody subscribes with this address"),
    ],
)  # fmt: skip
async def test_a_service_tells_what_it_knows(
    post: dict[str, str], answer: str, sqlite_store: Store, tmp_path: Path
) -> None:
    async with hook(sqlite_store, tmp_path) as client:
        told = await client.post(f"/bounces/{TOKEN}", json={"address": ADA} | post)
    assert (told.status_code, told.text) == (200, f"{post.get('address', ADA)}: {answer}\n")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{", "the body: Invalid JSON"),
        ("[]", "the body: "),
        ('{"address": "ada@example.org"}', "status: Field required"),
        ('{"address": "nobody", "status": "5.1.1"}', "address: "),
        ('{"address": "ada@example.org", "status": "gone"}', "status: "),
        ('{"address": "ada@example.org", "status": "5.1.1", "when": 1}', "when: "),
        ('{"address": "\\ud800@example.org", "status": "5.1.1"}', "the body: Invalid JSON"),
        (json.dumps({"address": ADA, "status": "5.1.1", "message_id": "<a\nb>"}), "message_id: "),
    ],
)
async def test_a_post_that_cannot_be_read_says_why(
    body: str, problem: str, sqlite_store: Store, tmp_path: Path
) -> None:
    async with hook(sqlite_store, tmp_path) as client:
        answer = await client.post(
            f"/bounces/{TOKEN}", content=body.encode(), headers={"Content-Type": "application/json; charset=utf-8"}
        )
    assert answer.status_code == 400 and problem in answer.text
    assert bounce_count(sqlite_store) == 0


@pytest.mark.parametrize(
    ("mail", "status", "words"),
    [
        (samples.VACATION, 200, "automatic reply: nothing to record\n"),
        (samples.DELIVERED, 200, "report: nothing to record\n"),
        (returned("<forged@example.org>"), 200, f"{ADA}: unproven, it names no mail that we have sent\n"),
        (samples.LETTER, 422, "this is no bounce that can be read; nothing was recorded"),
        (b"", 422, "this is no bounce that can be read; nothing was recorded"),
        (b"\xff" * 1_048_577, 413, "more than 1048576 bytes are not taken"),
    ],
    ids=["automatic reply", "arrived", "forged", "letter", "nothing", "too large"],
)
async def test_mails_that_record_nothing(
    mail: bytes, status: int, words: str, sqlite_store: Store, tmp_path: Path
) -> None:
    async with hook(sqlite_store, tmp_path) as client:
        answer = await client.post(f"/bounces/{TOKEN}", content=mail, headers=MAIL)
    assert (answer.status_code, answer.text) == (status, words)
    assert bounce_count(sqlite_store) == 0


@pytest.mark.parametrize("token", ["wrong", "a-token-that-nobody-guesse", "ä", TOKEN.upper()])
async def test_without_the_token_nothing_is_taken(token: str, sqlite_store: Store, tmp_path: Path) -> None:
    async with hook(sqlite_store, tmp_path) as client:
        answer = await client.post(f"/bounces/{token}", content=returned(send(sqlite_store, NOW)), headers=MAIL)
    assert answer.status_code == 404
    assert bounce_count(sqlite_store) == 0


async def test_without_a_configured_token_there_is_no_hook(sqlite_store: Store, tmp_path: Path) -> None:
    async with hook(sqlite_store, tmp_path, hook_token=None) as client:
        assert [(await client.post(f"/bounces/{token}", headers=MAIL)).status_code for token in ("None", "x")] == [
            404
        ] * 2


async def test_other_forms_are_refused_with_what_is_expected(sqlite_store: Store, tmp_path: Path) -> None:
    async with hook(sqlite_store, tmp_path) as client:
        answer = await client.post(f"/bounces/{TOKEN}", data={"address": ADA})
        assert (await client.get(f"/bounces/{TOKEN}")).status_code == 405
    assert answer.status_code == 415 and "message/rfc822" in answer.text
