"""Which words and codes say that an address is at fault for good; the page for admins names the same ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedwatch.deliver import bounce_status
from feedwatch.deliver.bounce_status import HARD, is_hard, read_status

PAGE = (Path(__file__).parents[3] / "docs" / "bounces.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("status", "words", "read"),
    [
        ("5.1.1", "", "5.1.1"),
        ("5.1.1 (bad destination mailbox address)", "", "5.1.1"),
        ("5.0.0", "550 5.1.1 unknown", "5.1.1"),
        ("5.0.0", "451 4.3.0 later", "5.0.0"),  # of another class: the field is the reporter's last word
        ("4.4.7", "550 5.1.1 unknown", "4.4.7"),
        ("", "550-5.7.26 unsigned 550 5.7.26", "5.7.26"),
        ("", "mx.example.net refused it: 550 no", "5.0.0"),
        ("", "127.0.0.1:25 refused it: 452 4.2.2 full", "4.2.2"),
        ("", "host 5.1.1.4 hung up", ""),
        ("", "5.1.1.", "5.1.1"),
        ("", "", ""),
    ],
)
def test_code(status: str, words: str, read: str) -> None:
    assert read_status(status, words) == read


@pytest.mark.parametrize(
    "words",
    [
        "550 No Such User Here", "550 Unknown user", "550 user unknown", "550 Invalid recipient ada@example.net",
        "550 Requested action not taken: mailbox not found", "550 <ada@example.net> User doesn't exist: ada",
        "550 The email account ada@example.net does not exist", "550 Recipient does not exist here",
        "554 delivery error: This user doesn't have a yahoo.com account (ada@yahoo.com) [0]",
        "550 Account disabled", "550 mailbox has been discontinued", "550 user no longer exists",
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "no mailbox here by that name",
        "550 unknown local user", "550 The email account that you tried to reach does not exist",
    ],
)  # fmt: skip
def test_words_for_an_address_that_is_none(words: str) -> None:
    assert is_hard("5.0.0", words) and not is_hard("4.0.0", words) and not is_hard("5.7.1", words)


@pytest.mark.parametrize(
    "words",
    [
        "550 mailbox unavailable", "550 Requested action not taken", "554 Message rejected as spam", "550 relay denied",
        "550 Sender address rejected: user unknown", "553 MAIL FROM: no such user", "552 mailbox is full",
        "550 this domain is not hosted here", "550 recipient policy", "", "too many invalid commands",
    ],
)  # fmt: skip
def test_words_that_leave_it_open(words: str) -> None:
    assert not is_hard("5.0.0", words)


def test_the_page_names_the_codes_that_count() -> None:
    table = PAGE[PAGE.index("| code |") :].split("\n\n")[0]
    assert re.findall(r"^\| (\d\.\d\.\d+) \|", table, re.MULTILINE) == list(HARD)


def test_the_page_names_the_codes_that_say_nothing() -> None:
    (named,) = re.findall(r"codes that say nothing \(([\d., \n]+), or", PAGE)
    assert set(re.findall(r"[\d.]+\d", named)) == bounce_status._SAYS_NOTHING
