from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from feedwatch.deliver import SmtpSender
from feedwatch.errors import DeliveryError
from feedwatch.settings import SmtpSettings
from tests.integration.deliver.mails import message, smtp_settings
from tests.smtpserver import Script, SmtpServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

ANN, BEN = "ann@example.org", "ben@example.org"


async def send(sender: SmtpSender, address: str = ANN) -> str:
    return await sender.send(message(to_address=address), address, 1)


async def refusal(sender: SmtpSender, address: str = ANN) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await send(sender, address)
    return caught.value


class TestHowTheConnectionIsMade:
    @pytest.mark.parametrize("security", ["none", "starttls", "tls"])
    @pytest.mark.parametrize("login", [None, "watch:öpen sesame"])
    async def test_with_each_security_and_login(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, login: str | None
    ) -> None:
        script = Script(**asdict(Script()) | {"security": security, "login": login})
        with SmtpServer(tmp_path, script) as server:
            monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
            async with SmtpSender(smtp_settings(server)) as sender:
                assert await send(sender) == "2.0.0 taken"
            (mail,) = server.mails()
        assert mail.recipients == (ANN,)
        assert mail.sender == "watch@example.org"
        assert mail.is_encrypted is (security != "none")
        assert mail.login == (login and "watch")

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    async def test_a_certificate_of_nobody_is_not_trusted(self, tmp_path: Path, security: str) -> None:
        with SmtpServer(tmp_path, Script(**asdict(Script()) | {"security": security})) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                error = await refusal(sender)
            assert server.mails() == []
        assert "certificate verify failed" in str(error)
        assert not error.permanent

    async def test_a_server_without_starttls_gets_no_plain_mail_instead(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path) as server:
            async with SmtpSender(smtp_settings(server, security="starttls")) as sender:
                error = await refusal(sender)
            assert server.mails() == []
        assert "STARTTLS" in str(error)
        assert not error.permanent

    async def test_a_wrong_password_is_told_without_the_password(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(login="watch:secret")) as server:
            async with SmtpSender(smtp_settings(server, password="hunter2")) as sender:
                error = await refusal(sender)
        assert f"127.0.0.1:{server.port} refuses the login of 'watch': 535 " in str(error)
        assert "hunter2" not in str(error)
        assert not error.permanent

    async def test_the_password_is_read_from_its_file(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("open sesame\n")
        with SmtpServer(tmp_path / "mails", Script(login="watch:open sesame")) as server:
            async with SmtpSender(smtp_settings(server, password=None, password_file=secret)) as sender:
                await send(sender)
            assert len(server.mails()) == 1

    async def test_a_server_that_is_down_is_tried_again(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path) as server:
            settings = smtp_settings(server)
        async with SmtpSender(settings) as sender:
            error = await refusal(sender)
            assert str(error).startswith(f"127.0.0.1:{server.port} cannot be used: ")
            assert not error.permanent
            with server:
                await send(sender)

    async def test_a_server_that_says_nothing_is_given_up(self, silent_server: SmtpSettings) -> None:
        async with asyncio.timeout(20), SmtpSender(silent_server) as sender:
            error = await refusal(sender)
        assert not error.permanent


@pytest.fixture
async def silent_server() -> AsyncIterator[SmtpSettings]:
    """Takes connections, and that is all."""
    stop = asyncio.Event()

    async def listen(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await stop.wait()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield SmtpSettings.model_validate({"host": "127.0.0.1", "port": port, "security": "none", "timeout": "1s"})
    stop.set()
    server.close()


REFUSALS = [
    (Script(refuse_recipients=(ANN,)), "550 5.1.1 no such user here", True),
    (Script(greylist=(ANN,)), "451 4.7.1 greylisted, come again", False),
    (Script(refuse_mail=(ANN,)), "554 5.7.1 this mail is not wanted", True),
    (Script(defer_mail=(ANN,)), "451 4.3.0 not now", False),
]


class TestWhatTheServerRefuses:
    @pytest.mark.parametrize(("script", "words", "is_permanent"), REFUSALS)
    async def test_only_5xx_is_permanent_and_the_next_mail_is_sent_all_the_same(
        self, tmp_path: Path, script: Script, words: str, *, is_permanent: bool
    ) -> None:
        with SmtpServer(tmp_path, script) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                await send(sender, BEN)
                error = await refusal(sender, ANN)
                await send(sender, BEN)
            mails = server.mails()
        assert str(error) == f"127.0.0.1:{server.port} refused it: {words}"
        assert error.permanent is is_permanent
        assert [mail.recipients for mail in mails] == [(BEN,), (BEN,)]
        assert {mail.connection for mail in mails} == {1}

    async def test_a_login_that_is_not_configured_is_no_fault_of_the_mail(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(login="watch:secret")) as server:
            async with SmtpSender(smtp_settings(server, username=None, password=None)) as sender:
                error = await refusal(sender)
        assert "530" in str(error)
        assert not error.permanent

    async def test_a_greylisted_mail_is_taken_the_second_time(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(greylist=(ANN,))) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                await refusal(sender)
                await send(sender)
            assert [mail.recipients for mail in server.mails()] == [(ANN,)]

    async def test_a_mail_that_is_too_large_is_refused_for_good(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(most_bytes=10_000)) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                with pytest.raises(DeliveryError) as caught:
                    await sender.send(message(html="x" * 20_000), ANN, 1)
                await send(sender)
        assert "552" in str(caught.value)
        assert caught.value.permanent


class TestTheConnection:
    async def test_is_used_for_several_mails(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                for _ in range(3):
                    await send(sender)
            assert [mail.connection for mail in server.mails()] == [1, 1, 1]

    @pytest.mark.parametrize("script", [Script(close_after=1), Script(mails_per_connection=1)])
    async def test_is_opened_again_when_the_server_has_had_enough(self, tmp_path: Path, script: Script) -> None:
        with SmtpServer(tmp_path, script) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                for _ in range(3):
                    await send(sender)
            assert [mail.connection for mail in server.mails()] == [1, 2, 3]

    async def test_is_opened_again_when_the_server_was_restarted(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                await send(sender)
                await asyncio.to_thread(server.stop)
                await asyncio.to_thread(server.start)
                await send(sender)
            assert len(server.mails()) == 2

    async def test_lost_before_the_answer_means_the_same_mail_once_more(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(drop_after_data=1)) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                error = await refusal(sender)
                await send(sender)
            first, second = server.mails()
        assert "broke off the connection" in str(error)
        assert not error.permanent
        assert first.body == second.body

    async def test_waits_for_a_slow_acceptance_longer_than_the_timeout(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(delay_s=1.5)) as server:
            async with SmtpSender(smtp_settings(server, timeout="1s")) as sender:
                await send(sender)
            assert len(server.mails()) == 1

    async def test_stopped_in_the_middle_leaves_no_half_a_mail_for_the_next(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(delay_s=1)) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                sending = asyncio.create_task(send(sender, ANN))
                await asyncio.sleep(0.5)
                sending.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await sending
                await send(sender, BEN)
            mail = server.mails()[-1]
        assert mail.recipients == (BEN,)
        assert mail.body == message(to_address=BEN).as_bytes()


class TestAddresses:
    """RFC 6531 and RFC 5891."""

    async def test_beyond_ascii_needs_a_server_that_takes_them(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                error = await refusal(sender, "安@example.org")
                await send(sender, BEN)
            assert [mail.recipients for mail in server.mails()] == [(BEN,)]
        assert "SMTPUTF8" in str(error)
        assert error.permanent

    async def test_beyond_ascii_arrive_where_the_server_takes_them(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path, Script(smtputf8=True)) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                await send(sender, "安@example.org")
                await send(sender, BEN)
            first, second = server.mails()
        assert first.recipients == ("安@example.org",)
        assert "SMTPUTF8" in first.mail_options
        assert first.body == message(to_address="安@example.org").as_bytes()
        assert "SMTPUTF8" not in second.mail_options

    async def test_with_a_domain_beyond_ascii_need_nothing_of_the_server(self, tmp_path: Path) -> None:
        with SmtpServer(tmp_path) as server:
            async with SmtpSender(smtp_settings(server)) as sender:
                await send(sender, "ann@bücher.example")
            assert [mail.recipients for mail in server.mails()] == [("ann@xn--bcher-kva.example",)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpServer]:
    """One that takes everything."""
    with SmtpServer(tmp_path_factory.mktemp("mails")) as server:
        yield server


LONG_SUBJECT = "粤港澳大湾区建设：" * 30


class TestWhatArrives:
    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"text": ".\n..\n.dot\nlast without end", "html": ".\r\n.<p>x</p>"},
            {"subject": LONG_SUBJECT, "to_name": "安妮 陈 " * 20},
            {"html": "<p>" + "长" * 50_000 + "</p>"},
            {"unsubscribe_url": "https://watch.example.org/u/" + "a" * 300},
        ],
        ids=["plain", "dots", "long headers", "long body", "long URL"],
    )
    async def test_is_what_was_built_byte_for_byte(self, server: SmtpServer, changes: dict[str, str]) -> None:
        built = message(**changes)
        async with SmtpSender(smtp_settings(server)) as sender:
            await sender.send(built, ANN, 1)
        mail = server.mails()[-1]
        assert mail.body == built.as_bytes()
        assert mail.message["Subject"] == changes.get("subject", "Brief · 25 Nov · 20 stories")

    async def test_carries_the_headers_of_a_list(self, server: SmtpServer) -> None:
        async with SmtpSender(smtp_settings(server)) as sender:
            await sender.send(message(unsubscribe_url="https://watch.example.org/u/1"), ANN, 1)
        headers = server.mails()[-1].message
        assert headers["Message-ID"] == "<d42@watch.example.org>"
        assert headers["List-Id"] == "Brief <brief.watch.example.org>"
        assert headers["List-Unsubscribe"] == (
            "<https://watch.example.org/u/1>, <mailto:bye@example.org?subject=unsubscribe>"
        )
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["Auto-Submitted"] == "auto-generated"
