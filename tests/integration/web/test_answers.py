"""What holds for every answer: headers, methods, languages, hostile requests, and many at one time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
import structlog

from feedwatch.jobs.poll import take_pushed
from feedwatch.settings import SignupSettings, WebSettings
from feedwatch.store import tables
from feedwatch.web import body, make_app, protocol, serve, server
from tests.integration.web.pages import ONE_CLICK, Pages, told

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ALWAYS = {
    "server": "feedwatch",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


def paths(pages: Pages) -> dict[str, str]:
    """One of each page, as a path."""
    links = pages.links
    made = [links.edition(1), links.archive(1), links.settings(1), links.unsubscribe(1)]
    return {"home": "/", "alive": "/healthz", "nothing": "/nothing", "unknown": "/u/x", "form": "/subscribe"} | {
        name: url.removeprefix(links.base)
        for name, url in zip(("edition", "archive", "settings", "unsubscribe"), made, strict=True)
    }


async def test_every_answer_has_the_headers_that_protect_it(told_pages: Pages) -> None:
    for path in paths(told_pages).values():
        answer = await told_pages.get(told_pages.url + path)
        assert ALWAYS.items() <= answer.headers.items(), path
        assert answer.headers["content-security-policy"].startswith("default-src 'none'"), path
        assert not answer.cookies, path


async def test_no_page_allows_or_needs_anything_but_its_own_style(told_pages: Pages) -> None:
    for name, path in paths(told_pages).items():
        answer = await told_pages.get(told_pages.url + path, Accept="text/html")
        assert "<script" not in answer.text and "src=" not in answer.text and "@import" not in answer.text, name
        if name not in ("alive", "edition"):
            policy = answer.headers["content-security-policy"]
            nonce = answer.text.partition('<style nonce="')[2].partition('"')[0]
            assert f"style-src 'nonce-{nonce}'" in policy and len(nonce) > 20, name
            assert "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in policy, name
            assert " style=" not in answer.text, name  # which the policy would drop


async def test_head_answers_as_get_does_without_a_body(told_pages: Pages) -> None:
    for name, path in paths(told_pages).items():
        url = told_pages.url + path
        got, head = await told_pages.get(url), await told_pages.client.head(url)
        assert (head.status_code, head.content) == (got.status_code, b""), name
        assert head.headers["content-length"] == got.headers["content-length"], name


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("POST", "/", 405),
        ("POST", "/e/x", 405),
        ("DELETE", "/u/x", 405),
        ("PUT", "/s/x", 405),
        ("PATCH", "/subscribe", 405),
        ("TRACE", "/", 405),
        ("GET", "/e/", 404),
        ("GET", "/e/x/all/", 404),
        ("GET", "/e/x/y", 404),
        ("GET", "/subscribe/", 404),
        ("GET", "/confirm", 404),
        ("GET", "//evil.example/", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/u/%0d%0aX-Evil:%201", 404),
        ("GET", "/u/%ff%fe", 404),
    ],
)
async def test_what_is_not_there_is_said_in_plain_words(pages: Pages, method: str, path: str, status: int) -> None:
    reader, writer = await asyncio.open_connection(*pages.url.removeprefix("http://").split(":"))
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n".encode())
    head, _, text = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
    writer.close()
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert (b"Nothing is here" if status == 404 else b"This cannot be done here") in text
    assert b"x-evil" not in head.lower() and b"location" not in head.lower()
    assert (b"allow: " in head) == (status == 405)


@pytest.mark.parametrize(
    "path, language, said",
    [
        ("/", "zh-CN,zh;q=0.9", "订阅"),
        ("/", "zh-HK", "訂閱"),
        ("/", "de", "Subscribe"),
        ("/?lang=zh-Hant", "en", "訂閱"),
        ("/?lang=../../etc/passwd", "en", "Subscribe"),
        ("/u/x", "zh-TW", "這裏沒有內容"),
        ("/nothing", "zh-SG", "这里没有内容"),
    ],
)
async def test_a_page_speaks_the_readers_language(pages: Pages, path: str, language: str, said: str) -> None:
    pages.set_web(signup=SignupSettings())
    answer = await pages.get(pages.url + path, **{"Accept-Language": language, "Accept": "text/html"})
    assert said in told(answer)
    locale = answer.headers["content-language"]
    assert f'<html lang="{locale}">' in answer.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::1", "x y", "127.0.0.1@evil.example", ""])
async def test_no_answer_believes_the_host_that_a_request_names(told_pages: Pages, host: str) -> None:
    told_pages.set_web(public_url="https://news.example.org/feedwatch/", signup=SignupSettings())
    said = {"Host": host, "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for name, path in paths(told_pages).items():
        answer = await told_pages.get(told_pages.url + path, **said)
        assert "evil.example" not in answer.text and "evil" not in str(answer.headers), name
    page = await told_pages.post(told_pages.url + paths(told_pages)["settings"], {"do": "pause"}, **said)
    assert page.headers["location"] == "?saved"
    text = (await told_pages.get(told_pages.url + paths(told_pages)["unsubscribe"], **said)).text
    assert 'href="https://news.example.org/feedwatch/s/' in text


async def test_links_within_a_page_hold_under_any_path_of_a_proxy(told_pages: Pages) -> None:
    url = told_pages.url + paths(told_pages)["unsubscribe"]
    told_pages.set_web(public_url="https://news.example.org/a/b")
    page = (await told_pages.post(url)).text
    assert '<form method="post" action="' in page
    action = page.partition('action="')[2].partition('"')[0]
    seen_at = httpx.URL("https://news.example.org/a/b/u/" + url.rpartition("/")[2])
    assert str(seen_at.join(action)) == f"{seen_at}/undo"


@pytest.mark.parametrize("path", ["/u/x", "/s/x", "/subscribe"])
async def test_a_body_that_is_too_large_is_refused(pages: Pages, path: str) -> None:
    pages.set_web(signup=SignupSettings())
    fields = {"List-Unsubscribe": "One-Click", "email": "a" * body.FORM_BYTES}
    assert (await pages.post(pages.url + path, fields)).status_code in (404, 413)
    url = pages.links.unsubscribe(1)
    assert (await pages.post(url, fields)).status_code == 413

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 4096

    assert (await pages.client.post(url, content=chunks())).status_code == 413
    assert pages.rows(tables.Subscription, "unsubscribed_at") == [(None,)] * 3


@pytest.mark.parametrize(
    "content, kind, status",
    [
        (b"", "multipart/form-data", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nfile\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (b"a=1&" * 2000, "application/x-www-form-urlencoded", 400),
    ],
)
async def test_a_form_that_cannot_be_read_changes_nothing(pages: Pages, content: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind}
    answer = await pages.client.post(pages.links.unsubscribe(1), content=content, headers=headers)
    assert answer.status_code == status
    assert pages.rows(tables.Subscription, "unsubscribed_at") == [(None,)] * 3


async def test_a_form_that_drips_is_given_up(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_FORM_WITHIN", timedelta(seconds=0.3))

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(50):
            await asyncio.sleep(0.1)
            yield b"x"

    assert (await pages.client.post(pages.links.unsubscribe(1), content=drip())).status_code == 408


async def drip_on(writer: asyncio.StreamWriter) -> None:
    """A byte now and then, for ten seconds or until the other side hangs up."""
    try:
        for _ in range(200):
            writer.write(b"G")
            await writer.drain()
            await asyncio.sleep(0.05)
    finally:
        writer.close()


class TestPatience:
    @pytest.fixture
    def address(self, pages: Pages) -> tuple[str, int]:
        host, port = pages.url.removeprefix("http://").split(":")
        return host, int(port)

    async def test_ends_with_a_head_that_drips_on_a_connection_that_was_used(
        self, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "HEAD_WITHIN_S", 0.4)
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\nok"), 5)
        with pytest.raises(ConnectionError):
            await drip_on(writer)

    async def test_ends_with_a_body_that_nobody_wants(
        self, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "LINGER_S", 0.3)
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)).startswith(b"HTTP/1.1 405 ")
        with pytest.raises(ConnectionError):
            await drip_on(writer)

    async def test_ends_with_connections_without_end(
        self, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "MOST_CONNECTIONS", 5)
        opened = [await asyncio.open_connection(*address) for _ in range(9)]
        await asyncio.sleep(0.1)
        writer = opened[0][1]
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await asyncio.wait_for(opened[0][0].readuntil(b"\r\n"), 5)).startswith(b"HTTP/1.1 200 ")
        ends = await asyncio.gather(*(asyncio.wait_for(reader.read(), 5) for reader, _ in opened[5:]))
        assert ends == [b""] * 4
        for _, each in opened:
            each.close()


async def test_two_hundred_at_once_are_answered_or_refused(told_pages: Pages) -> None:
    urls = [told_pages.links.unsubscribe(1), told_pages.links.edition(1), told_pages.links.settings(1)]
    limits = httpx.Limits(max_connections=400)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        asked = [client.get(urls[number % 3]) for number in range(180)]
        clicks = [client.post(urls[0], data=ONE_CLICK) for _ in range(20)]
        answers = await asyncio.gather(*asked, *clicks)
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert sum(answer.status_code == 200 for answer in answers) >= 100
    [ended, *others] = told_pages.rows(tables.Subscription, "unsubscribed_at")
    assert ended[0] is not None and others == [(None,)] * 2


async def test_more_at_once_than_it_takes_are_told_so(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "AT_ONCE", 3)
    listening = await serve(make_app(pages.room.context, take_pushed), WebSettings(listen="127.0.0.1:0"))
    assert listening is not None
    idle = [await asyncio.open_connection("127.0.0.1", listening.ports[0]) for _ in range(4)]
    try:
        answer = await pages.get(f"http://127.0.0.1:{listening.ports[0]}/healthz")
        assert answer.status_code == 503
        assert answer.headers["server"] == "feedwatch"
    finally:
        for _, writer in idle:
            writer.close()
        await listening.stop()


async def test_a_fault_of_ours_is_said_in_plain_words_and_told_to_nobody_else(pages: Pages) -> None:
    url = pages.links.settings(1)
    pages.room.execute("ALTER TABLE subscribers RENAME TO lost")
    answer = await pages.get(url, **{"Accept-Language": "zh-CN"})
    assert answer.status_code == 503
    assert "暂时无法处理" in told(answer)
    assert "lost" not in answer.text and "sqlite" not in answer.text.lower() and "Traceback" not in answer.text
    assert answer.headers["Retry-After"] == "60"
    assert ALWAYS.items() <= answer.headers.items()


class TestListening:
    async def test_at_the_default_address_that_another_has_is_gone_without(
        self, pages: Pages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = pages.url.removeprefix("http://")
        settings = WebSettings.model_construct(_fields_set=set(), **WebSettings().model_dump() | {"listen": taken})
        monkeypatch.setattr(server, "log", structlog.get_logger())  # loggers keep how they were set up before
        with structlog.testing.capture_logs() as logged:
            assert await serve(make_app(pages.room.context, take_pushed), settings) is None
        ((said, level),) = ((" ".join(map(str, line.values())), line["log_level"]) for line in logged)
        assert level == "warning" and f"cannot listen at {taken}, the default: Address already in use" in said
        assert "Set web.listen to another address, or to null" in said
        assert (await pages.get(f"{pages.url}/healthz")).text == "ok"
