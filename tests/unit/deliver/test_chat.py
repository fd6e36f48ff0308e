"""Chats and push services: what is wrong with a URL, told without what is secret in it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from feedwatch.deliver.channels import kind_of
from feedwatch.deliver.chat import check_url
from feedwatch.settings import ChannelSettings

TOKENS = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the root logger's handlers are given, as the program's own is: debug lines too."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "url",
    [
        f"slack://{TOKENS}/#general",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "ntfy://push.example.org/topic",
        "json://127.0.0.1:8000/hook",
    ],
)
def test_a_url_that_can_work(url: str) -> None:
    assert check_url(url) is None


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (
            "slakc://hidden-token/",
            "the Apprise URL slakc://... is of no service that Apprise knows; see https://appriseit.com/services/",
        ),
        (
            "hidden-token",
            "the Apprise URL ?://... is of no service that Apprise knows; see https://appriseit.com/services/",
        ),
        ("json://", "the Apprise URL json://... is not complete; see https://appriseit.com/services/"),
        (
            "slack://T1JJ3T3L2/hidden-token",
            "the Apprise URL slack://... cannot be used: An invalid Slack (second) Token (…) was specified.",
        ),
        (
            "ntfy://hidden-token.example.org/%%%?mode=hidden-token",
            "the Apprise URL ntfy://... cannot be used: An invalid ntfy Mode (…) was specified.",
        ),
    ],
)
def test_a_wrong_url_is_told_without_its_secrets(
    url: str, problem: str, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check_url(url) == problem
    assert "hidden-token" not in log.getvalue() + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"apprise": f"slack://{TOKENS}"}, "apprise:slack"),
        ({"apprise": "hidden-token"}, "apprise:?"),
        ({"webhook": "https://example.org/hidden", "secret": "hidden"}, "webhook"),
    ],
)
def test_a_kind_says_nothing_secret(settings: dict[str, str], kind: str) -> None:
    assert kind_of(ChannelSettings.model_validate(settings)) == kind
