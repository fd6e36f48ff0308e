"""A digest looked at before anybody gets it: in the browser, and as a mail to oneself."""

from __future__ import annotations

import re
import webbrowser
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import url2pathname

import pytest

from tests.smtpserver import SmtpServer
from tests.unit.cli.conftest import Call

if TYPE_CHECKING:
    from collections.abc import Callable

NEW, ME = "new@example.org", "me@example.net"


@pytest.fixture
def new_reader(feedwatch: Call, newsroom: Path) -> str:
    """One who was told of nothing yet."""
    assert feedwatch("subscribers", "add", NEW, "--schedule", "daily").code == 0
    return NEW


def counts(feedwatch: Call) -> tuple[str, str, str]:
    """What must not change by looking."""
    return tuple(feedwatch(*command.split(), "--json").out for command in LISTS)  # type: ignore[return-value]


LISTS = ("digest list", "deliveries list", "subscribers list")


def _opens_in(opened: list[str]) -> Callable[[str], bool]:
    def show(url: str) -> bool:
        opened.append(url)
        return True

    return show


def test_a_preview_opens_in_the_browser(
    feedwatch: Call, new_reader: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", _opens_in(opened))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer = feedwatch("digest", "preview", "--to", new_reader, "--open")
    assert answer.code == 0, answer.err
    (url,) = opened
    path = Path(url2pathname(url.removeprefix("file://")))
    assert f"written to {path}\n" in answer.out
    assert "<html" in path.read_text(encoding="utf-8")


def test_without_a_browser_the_path_is_told(
    feedwatch: Call, new_reader: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer = feedwatch("digest", "preview", "--to", new_reader, "--open")
    assert "No browser could be opened" in answer.err
    assert re.search(r"written to .*\.html", answer.out)


def test_a_trial_goes_to_the_address_given_and_nothing_is_stored(
    feedwatch: Call, new_reader: str, newsroom: Path
) -> None:
    before = counts(feedwatch)
    with SmtpServer(newsroom / "mails") as server:
        config = newsroom / "config.yaml"
        config.write_text(_with_smtp(config.read_text(encoding="utf-8"), server.port), encoding="utf-8")
        answer = feedwatch("digest", "send", "--test", "--to", ME, "--of", new_reader)
        (mail,) = server.mails()
    assert answer.code == 0, answer.err
    assert f"sent to {ME}: 2.0.0 taken" in answer.out
    assert mail.recipients == (ME,)
    assert mail.message["Subject"].startswith("[Test] ")
    assert counts(feedwatch) == before


def test_a_trial_without_a_server_is_a_file(feedwatch: Call, new_reader: str, newsroom: Path) -> None:
    answer = feedwatch("digest", "send", "--test", "--to", ME, "--of", new_reader)
    found = re.search(r"sent to me@example.net: (\S+\.eml)", answer.out)
    assert found is not None, answer.err
    message = message_from_bytes(Path(found[1]).read_bytes(), policy=default)
    assert str(message["To"]).endswith(f"<{ME}>")
    assert message["Subject"].startswith("[Test] ")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--test"], "--test needs --to"),
        (["--of", "reader@example.org"], "it needs --test"),
        (["--test", "--to", ME, "--of", "nobody@example.org"], "no active subscriber with the address nobody@"),
        (["--test", "--to", "me at home", "--of", NEW], "not sent to me at home: The recipient 'me at home' is not"),
    ],
)
def test_what_cannot_be_sent_is_told(feedwatch: Call, new_reader: str, arguments: list[str], problem: str) -> None:
    answer = feedwatch("digest", "send", *arguments)
    assert answer.code != 0
    assert problem in answer.err


def test_a_trial_of_a_reader_who_knows_everything_says_so(feedwatch: Call, newsroom: Path) -> None:
    answer = feedwatch("digest", "send", "--test", "--to", ME)
    assert "reader@example.org, Morning digest: nothing to tell; nothing was sent" in answer.out


def _with_smtp(text: str, port: int) -> str:
    smtp = f"mail:\n  smtp: {{host: 127.0.0.1, port: {port}, security: none}}\n"
    told, count = re.subn(r"(?m)^mail:\n", smtp, text)
    assert count == 1
    return told
