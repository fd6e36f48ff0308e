"""`feedwatch bounces` and `feedwatch keys`, as an admin uses them."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from feedwatch.cli.app import app
from feedwatch.cli.common import CallError
from feedwatch.deliver.tokens import Tokens
from feedwatch.store import Store
from feedwatch.store.signing_keys import add_signing_key, signing_keys
from tests.integration.store.bounced import ADA, returned, send
from tests.integration.store.examples import NOW, new_subscriber
from tests.unit.deliver import bounce_samples as samples

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = """\
data_dir: data
mail:
  bounces:
    maildir: Maildir
    disable_after: 1
"""
TODAY = datetime.now(UTC).date()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path) -> Iterator[Store]:
    """The database of the folder in which commands are given, with Ada as its subscriber."""
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    for name in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    Path("data").mkdir()
    Path("data/feedwatch.db").write_bytes(sqlite_template.read_bytes())
    with closing(Store("sqlite:///data/feedwatch.db")) as store:
        new_subscriber(store)
        yield store


def call(*arguments: str, answer: str | None = None, code: int = 0) -> str:
    """What a command says; it is expected to leave with that code."""
    result = CliRunner().invoke(app, arguments, input=answer)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def put(*mails: bytes) -> None:
    for i, mail in enumerate(mails):
        Path(f"Maildir/new/{i}.M1.host").write_bytes(mail)


def test_nothing_came_back(store: Store) -> None:
    assert call("bounces", "list") == "No mail came back so far.\n"
    assert call("bounces", "list", "--address", ADA) == f"No mail to {ADA} came back.\n"
    assert call("bounces", "read") == "Nothing new in the boxes.\n"


def test_read_says_what_came_and_list_what_became_of_it(store: Store) -> None:
    put(returned(send(store, NOW)), samples.VACATION, samples.LETTER, returned("<forged@example.org>"))
    why = f"1 mail came back, the last on {TODAY}: 550 5.1.1 User unknown"
    assert call("bounces", "read").splitlines()[-3:] == [
        "2 reports, 1 automatic reply, 1 mail that is left for you to read, flagged.",
        f"{ADA}: blocked: {why}",
        f"{ADA}: not counted: it names no mail that we have sent",
    ]
    assert call("bounces", "read") == "Nothing new in the boxes.\n"
    (line,) = call("bounces", "list").splitlines()
    assert line.split("\t")[1:] == [ADA, "5.1.1", "yes", "blocked", "550 5.1.1 User unknown"]
    (row,) = json.loads(call("bounces", "list", "--json"))
    assert (row["address"], row["status"], row["is_hard"]) == (ADA, "5.1.1", True)


def test_read_as_json(store: Store) -> None:
    put(returned(send(store, NOW)))
    told = call("bounces", "read", "--json")
    (mail,) = json.loads(told[told.index("{\n") :])["mails"]
    assert (mail["what"], mail["recorded"][0]["outcome"]) == ("report", "blocked")


def test_read_of_a_box_that_is_away(store: Store) -> None:
    Path("Maildir/cur").rmdir()
    assert "not read: " in call("bounces", "read", code=1)


def test_read_without_a_box(store: Store) -> None:
    Path("config.yaml").write_text("data_dir: data\n", encoding="utf-8")
    with pytest.raises(CallError) as caught:
        call("bounces", "read")
    assert str(caught.value) == "config.yaml names no box: give maildir or imap under mail.bounces"


@pytest.mark.parametrize(
    ("mail", "lines"),
    [
        (samples.LETTER, ["No bounce that can be read: it would be left in its box, flagged."]),
        (samples.VACATION, ["An automatic reply: it would be passed over."]),
        (samples.DELIVERED, ["A report that nothing failed."]),
        (
            samples.SENDMAIL_WAITS,
            [
                "ada@example.net: soft: it may pass",
                "  code     4.2.0",
                "  answer   451 4.2.0 Greylisted, see https://greylist.example.net/",
                f"  mail     {samples.OURS}",
                "  counts   no: it names no mail that we have sent",
            ],
        ),
        (
            samples.complaint("abuse", recipient=""),
            [
                "an address that is not told: complaint: its owner does not want it",
                "  code     -",
                "  answer   reported as abuse, says ExampleFBL/1.0",
                f"  mail     {samples.OURS}",
                "  counts   no: it names no mail that we have sent",
            ],
        ),
    ],
)
def test_try_says_what_would_be_read(mail: bytes, lines: list[str], store: Store) -> None:
    Path("saved.eml").write_bytes(mail)
    assert call("bounces", "try", "saved.eml").splitlines() == lines


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("5.1.1", "  counts   yes: it names a mail of ours to this address"),
        ("4.2.2", "  counts   no: it names a mail of ours to this address, but does not count against it"),
    ],
)
def test_try_says_whether_it_would_count_and_records_nothing(status: str, line: str, store: Store) -> None:
    Path("saved.eml").write_bytes(returned(send(store, NOW), status=status, words="no"))
    assert call("bounces", "try", "saved.eml").splitlines()[-1] == line
    found = json.loads(call("bounces", "try", "saved.eml", "--json"))["found"]
    assert [one["report"]["status"] for one in found] == [status]
    assert call("bounces", "list") == "No mail came back so far.\n"


def test_keys_are_listed_without_their_secrets(store: Store) -> None:
    assert call("keys", "list") == "There is no key yet; the first mail with a link makes one.\n"
    assert call("keys", "rotate") == "Links are signed with a new key from the next mail on.\n"
    assert "1 former key go on working" in call("keys", "rotate")
    listed = call("keys", "list") + call("keys", "list", "--json")
    assert [line.split("\t")[-1] for line in listed.splitlines()[:2]] == ["is believed", "signs"]
    with store.read() as session:
        assert not any(secret in listed for secret in signing_keys(session))


def make_keys(store: Store, *days: int) -> Tokens:
    """Keys that old; returns what the oldest alone has signed with."""
    now = datetime.now(UTC)
    with store.begin() as session:
        for age in days:
            add_signing_key(session, now - timedelta(days=age))
        return Tokens(signing_keys(session)[:1])


def reads(store: Store, token: str) -> bool:
    with store.read() as session:
        return Tokens(signing_keys(session)).read("unsubscribe", token) == 7


def test_links_outlast_a_rotation_and_end_with_their_key(store: Store) -> None:
    token = make_keys(store, 400, 30).make("unsubscribe", 7)
    call("keys", "rotate")
    assert reads(store, token)
    told = call("keys", "drop", "--before", "100d", "--yes")
    assert told.startswith("1 key: every link in mails sent before ") and told.endswith("1 key dropped.\n")
    assert "the link and the button to unsubscribe" in " ".join(told.split())
    assert not reads(store, token)


@pytest.mark.parametrize(("answer", "code", "is_kept"), [("n\n", 1, True), ("y\n", 0, False)])
def test_drop_asks_first(answer: str, code: int, is_kept: bool, store: Store) -> None:
    token = make_keys(store, 400, 30).make("unsubscribe", 7)
    call("keys", "drop", "--before", "100d", answer=answer, code=code)
    assert reads(store, token) == is_kept


def test_the_key_that_signs_is_never_dropped(store: Store) -> None:
    make_keys(store, 400)
    with pytest.raises(CallError, match="there is no key that old, but the one that signs"):
        call("keys", "drop", "--before", "100d")
