"""A box hands each mail out once, and marks it; what is in it is never lost."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from feedwatch.deliver.bounces import MOST_BYTES
from feedwatch.deliver.boxes import Box, MaildirBox
from feedwatch.deliver.imap import ImapBox
from feedwatch.errors import BoxError
from feedwatch.settings import ImapSettings
from tests.imapserver import PASSWORD, USERNAME, ImapServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST, SECOND, THIRD = (f"Subject: {name}\r\n\r\nText\r\n".encode() for name in ("first", "second", "third"))
SEEN, FLAGGED = frozenset({"seen"}), frozenset({"flagged"})


class Place(Protocol):
    """Where mails are put, and what is seen of them there."""

    def put(self, *mails: bytes) -> None: ...
    def open(self) -> Box: ...
    def marks(self) -> list[frozenset[str]]: ...


@dataclass(slots=True)
class MaildirPlace:
    path: Path
    put_so_far: int = 0

    def put(self, *mails: bytes) -> None:
        for mail in mails:
            self.put_so_far += 1
            (self.path / "new" / f"17{self.put_so_far:08}.M1P1.host").write_bytes(mail)

    def open(self) -> Box:
        return MaildirBox(self.path)

    def marks(self) -> list[frozenset[str]]:
        names = sorted(path.name for folder in ("new", "cur") for path in (self.path / folder).iterdir())
        words = {"S": "seen", "F": "flagged", "R": "answered"}
        return [frozenset(words[flag] for flag in name.partition(":2,")[2]) for name in names]


@dataclass(slots=True)
class ImapPlace:
    server: ImapServer
    folder: str
    said: dict[str, Any] = field(default_factory=dict)

    def put(self, *mails: bytes) -> None:
        self.server.deliver(*mails, folder=self.folder)

    def open(self) -> Box:
        return open_imap(self.server, folder=self.folder)

    def marks(self) -> list[frozenset[str]]:
        return [frozenset(flag.strip("\\").lower() for flag in flags) for flags in self.server.flags(self.folder)]


def open_imap(server: ImapServer, **said: Any) -> ImapBox:
    known = {"host": "127.0.0.1", "port": server.port, "security": "none", "username": USERNAME, "password": PASSWORD}
    return ImapBox(ImapSettings.model_validate(known | said))


@pytest.fixture(scope="module")
def imap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with ImapServer(tmp_path_factory.mktemp("imap"), tls=True) as server:
        yield server


@pytest.fixture
def maildir(tmp_path: Path) -> MaildirPlace:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / folder).mkdir(parents=True)
    return MaildirPlace(tmp_path / "Maildir")


@pytest.fixture(params=["maildir", "imap"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "maildir":
        found: Place = request.getfixturevalue("maildir")
        return found
    return ImapPlace(request.getfixturevalue("imap"), f"Of {tmp_path.name}")


def read(box: Box, limit: int = 10) -> list[bytes]:
    return [mail.message for mail in box.unread(limit)]


def test_a_mail_is_handed_out_once(place: Place) -> None:
    place.put(FIRST, SECOND, THIRD)
    box = place.open()
    assert [read(box, 2), read(box, 2), read(box, 2)] == [[FIRST, SECOND], [THIRD], []]
    box.close()
    assert place.marks() == [frozenset()] * 3  # nothing is known of them yet: who opens the box next gets them


def test_what_is_marked_is_not_handed_out_again(place: Place) -> None:
    place.put(FIRST, SECOND, THIRD)
    box = place.open()
    keys = [mail.key for mail in box.unread(10)]
    box.mark(keys[:1], "seen")
    box.mark(keys[1:2], "flagged")
    box.mark([], "seen")
    box.close()
    assert place.marks() == [SEEN, FLAGGED, frozenset()]
    again = place.open()
    assert read(again) == [THIRD]
    again.close()


def test_mail_that_comes_while_the_box_is_open_is_found(place: Place) -> None:
    place.put()
    box = place.open()
    assert read(box) == []
    place.put(FIRST)
    assert read(box) == [FIRST]
    box.close()


def test_of_a_large_mail_the_beginning_is_read(place: Place) -> None:
    place.put(FIRST + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * (MOST_BYTES // 70))
    box = place.open()
    (message,) = read(box)
    box.close()
    assert len(message) == MOST_BYTES and message.startswith(FIRST)


def test_maildir_keeps_the_flags_that_others_have_set(maildir: MaildirPlace) -> None:
    (maildir.path / "cur" / "1.M1P1.host:2,R").write_bytes(FIRST)
    (maildir.path / "cur" / "2.M1P1.host:2,S").write_bytes(SECOND)
    (maildir.path / "cur" / "3.M1P1.host:2,T").write_bytes(THIRD)
    box = maildir.open()
    mails = box.unread(10)
    assert [mail.message for mail in mails] == [FIRST]
    box.mark([mails[0].key], "flagged")
    names = sorted(path.name for path in (maildir.path / "cur").iterdir())
    assert names == ["1.M1P1.host:2,FR", "2.M1P1.host:2,S", "3.M1P1.host:2,T"]


def test_maildir_passes_over_what_is_no_mail(maildir: MaildirPlace, tmp_path: Path) -> None:
    os.mkfifo(maildir.path / "new" / "1.fifo")
    (maildir.path / "new" / "2.folder").mkdir()
    (maildir.path / "new" / ".3.hidden").write_bytes(FIRST)
    (tmp_path / "secret").write_bytes(SECOND)
    (maildir.path / "new" / "4.link").symlink_to(tmp_path / "secret")
    assert read(maildir.open()) == []


def test_maildir_mail_that_somebody_else_takes_away_is_none_of_ours(maildir: MaildirPlace) -> None:
    maildir.put(FIRST)
    box = maildir.open()
    (mail,) = box.unread(10)
    (maildir.path / mail.key).unlink()
    box.mark([mail.key], "seen")
    assert maildir.marks() == []


@pytest.mark.parametrize("missing", ["new", "cur"])
def test_maildir_that_is_none(missing: str, maildir: MaildirPlace) -> None:
    (maildir.path / missing).rmdir()
    with pytest.raises(BoxError) as caught:
        maildir.open()
    assert str(caught.value) == f"{maildir.path} is no Maildir: it has no folder {missing!r}; see mail.bounces.maildir"


def test_maildir_that_goes_away_while_it_is_read(maildir: MaildirPlace) -> None:
    box = maildir.open()
    (maildir.path / "new").rmdir()
    with pytest.raises(BoxError, match=r"the Maildir cannot be read: .*/new: No such file or directory"):
        box.unread(10)


def test_maildir_that_cannot_be_written_to(maildir: MaildirPlace) -> None:
    maildir.put(FIRST)
    box = maildir.open()
    (mail,) = box.unread(10)
    (maildir.path / "cur").rmdir()
    (maildir.path / "cur").write_bytes(b"")
    with pytest.raises(BoxError, match=r"the Maildir cannot be written to: .*: Not a directory; see mail.bounces.mail"):
        box.mark([mail.key], "seen")
    assert (maildir.path / mail.key).read_bytes() == FIRST


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_imap_over_tls(security: str, imap: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate))
    place = ImapPlace(imap, f"Of {tmp_path.name}")
    place.put(FIRST)
    port = imap.tls_port if security == "tls" else imap.port
    box = open_imap(imap, security=security, port=port, folder=place.folder)
    assert read(box) == [FIRST]
    box.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_imap_server_whose_certificate_nobody_vouches_for_gets_no_password(security: str, imap: ImapServer) -> None:
    port = imap.tls_port if security == "tls" else imap.port
    with pytest.raises(BoxError, match=r"cannot be used: .*certificate verify failed.*; see host, port and security"):
        open_imap(imap, security=security, port=port)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            {"password": "wrong"},
            r"refuses the login of 'bounces': .+; see username and password under mail.bounces.imap",
        ),
        (
            {"password": "wröng"},
            r"refuses the login of 'bounces': .+; see username and password under mail.bounces.imap",
        ),
        (
            {"folder": "Nowhere"},
            r"has no folder 'Nowhere' that can be written to: .+; see folder under mail.bounces.imap",
        ),
        ({"port": 1}, r"cannot be used: Connection refused; see host, port and security under mail.bounces.imap"),
        ({"security": "starttls", "port": 993, "host": "127.0.0.9"}, r"127.0.0.9:993 cannot be used: .+"),
    ],
)
def test_imap_box_that_cannot_be_opened_says_why(said: dict[str, Any], problem: str, imap: ImapServer) -> None:
    with pytest.raises(BoxError, match=problem) as caught:
        open_imap(imap, **said)
    assert PASSWORD not in str(caught.value)


def test_imap_password_from_a_file(imap: ImapServer, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    box = open_imap(imap, password=None, password_file=str(tmp_path / "password"))
    box.close()


def test_imap_folder_with_a_name_beyond_ascii(imap: ImapServer) -> None:
    imap.deliver(FIRST, folder="&kABP4Q-")  # 退信, as RFC 3501, 5.1.3, writes it
    box = open_imap(imap, folder="退信")
    assert read(box) == [FIRST]
    box.close()


def test_imap_mail_that_others_have_marked_as_deleted_stays_and_is_not_read(imap: ImapServer) -> None:
    imap.deliver(FIRST, folder="Tidied", flags=r"(\Deleted)")
    imap.deliver(SECOND, folder="Tidied")
    box = open_imap(imap, folder="Tidied")
    mails = box.unread(10)
    assert [mail.message for mail in mails] == [SECOND]
    box.mark([mails[0].key], "seen")
    box.close()
    assert imap.flags("Tidied") == [frozenset({r"\Deleted"}), frozenset({r"\Seen"})]


def test_imap_server_that_goes_away(tmp_path: Path) -> None:
    with ImapServer(tmp_path) as server:
        server.deliver(FIRST)
        box = open_imap(server)
        assert read(box) == [FIRST]
    with pytest.raises(BoxError, match=r"the IMAP server 127.0.0.1:\d+ cannot be read: "):
        box.unread(10)
    box.close()
