"""A box on an IMAP server (RFC 9051, RFC 3501), by imap-tools."""

from __future__ import annotations

import imaplib
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, cast

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import UnexpectedCommandStatusError

from feedwatch.deliver.bounces import MOST_BYTES
from feedwatch.deliver.boxes import BoxMail
from feedwatch.deliver.headers import one_line
from feedwatch.errors import BoxError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from feedwatch.deliver.boxes import Mark
    from feedwatch.settings import ImapSettings

_TIMEOUT_S = 20.0
"""For connecting, and for every answer."""
_GOODBYE_S = 2.0
_FLAGS = {"seen": r"(\Seen)", "flagged": r"(\Flagged)"}
_UNMARKED = "UNSEEN UNFLAGGED UNDELETED"


class ImapBox:
    """A folder of an account, open until `close`."""

    def __init__(self, settings: ImapSettings) -> None:
        """Connect, log in, and open the folder. Raises BoxError that says which of the three failed."""
        self._server = f"{settings.host}:{settings.port}"
        self._handed_out: set[str] = set()
        self._problem: imaplib.IMAP4.error | None = None
        with self._saying("cannot be used", "host, port and security"):
            password = _password(settings)
            self._box = _connect(settings)
        try:
            with self._saying(f"refuses the login of {settings.username!r}", "username and password"):
                log_in = self._box.login if password.isascii() and settings.username.isascii() else self._box.login_utf8
                log_in(settings.username, password, initial_folder=None)
            with self._saying(f"has no folder {settings.folder!r} that can be written to", "folder"):
                self._box.folder.set(settings.folder)
        except BoxError:
            self.close()
            raise

    def unread(self, limit: int) -> list[BoxMail]:
        """The oldest first. What a mail has beyond MOST_BYTES stays on the server.

        A mail that the server does not give is told of when there is nothing else left to read.
        """
        with self._saying("cannot be read"):
            mails: list[BoxMail] = []
            self._box.client.noop()  # some servers tell of what has come at this command alone
            while not mails:
                found = [uid for uid in self._box.uids(_UNMARKED, charset=None) if uid not in self._handed_out][:limit]
                if not found:
                    break
                self._handed_out.update(found)
                mails = [mail for uid in found if (mail := self._fetch(uid)) is not None]
            if not mails and self._problem is not None:
                raise self._problem
            return mails

    def mark(self, keys: Collection[str], mark: Mark) -> None:
        """Store a flag. Not by imap-tools' own method, which expunges what others have marked as deleted."""
        if not keys:
            return
        with self._saying("cannot mark a mail as read"):
            answer, told = self._box.client.uid("STORE", ",".join(keys), "+FLAGS.SILENT", _FLAGS[mark])
            if answer != "OK":
                raise imaplib.IMAP4.error(told[-1])

    def close(self) -> None:
        """Log out, or just leave where that fails."""
        with suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
            self._box.client.sock.settimeout(_GOODBYE_S)  # who stops us does not wait for a server that is silent
            self._box.logout()
        with suppress(OSError):
            self._box.client.shutdown()

    def _fetch(self, uid: str) -> BoxMail | None:
        """None for a mail that has gone since it was found, or that the server does not give."""
        answer, told = self._box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        if answer != "OK":
            self._problem = imaplib.IMAP4.error(told[-1])
            return None
        literals = (part[1] for part in cast("list[bytes | tuple[bytes, bytes] | None]", told) if type(part) is tuple)
        message = next(literals, None)
        return BoxMail(uid, message) if message is not None else None

    @contextmanager
    def _saying(self, what: str, keys: str = "") -> Iterator[None]:
        """Errors as a sentence: the server, what fails, its words, and where to look."""
        try:
            yield
        except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError) as error:
            hint = f"; see {keys} under mail.bounces.imap" if keys else ""
            raise BoxError(f"the IMAP server {self._server} {what}: {_words(error)}{hint}") from error


def _connect(settings: ImapSettings) -> BaseMailBox:
    if settings.security == "none":
        return MailBoxUnencrypted(settings.host, settings.port, timeout=_TIMEOUT_S)
    # Without a context of our own, imaplib believes any certificate.
    kind = MailBox if settings.security == "tls" else MailBoxStartTls
    return kind(settings.host, settings.port, timeout=_TIMEOUT_S, ssl_context=ssl.create_default_context())


def _password(settings: ImapSettings) -> str:
    if settings.password_file is not None:
        return settings.password_file.read_text(encoding="utf-8").strip()
    return settings.password.get_secret_value() if settings.password is not None else ""


def _words(error: Exception) -> str:
    """The server's words, or the system's."""
    told: object = error.command_result[1] if isinstance(error, UnexpectedCommandStatusError) else error.args
    if isinstance(error, OSError):
        return str(error.strerror or error)
    while isinstance(told, (list, tuple)) and told:
        told = told[-1]
    return one_line(told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told or error)).rstrip(".")
