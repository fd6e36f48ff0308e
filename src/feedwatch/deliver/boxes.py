"""The boxes that bounces arrive in: what one does, and the one that is a folder, a Maildir.

A mail that was read is marked as seen. One that is for a person stays unread and is flagged, so that a mail program
shows it, and it is not read again. Nothing is ever deleted.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from feedwatch.deliver.bounces import MOST_BYTES
from feedwatch.errors import BoxError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

Mark = Literal["seen", "flagged"]


@dataclass(frozen=True, slots=True)
class BoxMail:
    """A mail that nobody has looked at yet."""

    key: str
    """Names it in its box, as long as that is open."""
    message: bytes
    """Its first MOST_BYTES."""


class Box(Protocol):
    """A box, open. Its methods block, and raise BoxError."""

    def unread(self, limit: int) -> list[BoxMail]:
        """Some of the mails that are neither seen nor flagged, and that this box has not handed out before."""

    def mark(self, keys: Collection[str], mark: Mark) -> None:
        """Mark mails; one that is not there any more is none the worse for it."""

    def close(self) -> None:
        """Leave it."""


class MaildirBox:
    """A Maildir: mails come in `new`; what was looked at lies in `cur`, with its flags at the end of its name.

    Read by hand: the standard library's `mailbox` takes every mail apart to tell its flags.
    """

    def __init__(self, path: Path) -> None:
        """Raises BoxError where there is no Maildir."""
        self._path = path
        self._handed_out: set[str] = set()
        self._problem: OSError | None = None
        for folder in (path / "new", path / "cur"):
            if not folder.is_dir():
                raise BoxError(f"{path} is no Maildir: it has no folder {folder.name!r}; see mail.bounces.maildir")

    def unread(self, limit: int) -> list[BoxMail]:
        """The oldest first, by their names, which begin with a time.

        A file that cannot be read is told of when there is nothing else left to read.
        """
        mails: list[BoxMail] = []
        try:
            for key in sorted(set(self._unmarked()) - self._handed_out):
                if len(mails) == limit:
                    break
                self._handed_out.add(key)
                self._read(key, mails)
        except OSError as error:
            raise self._cannot("read", error) from error
        if not mails and self._problem is not None:
            raise self._cannot("read whole", self._problem)
        return mails

    def mark(self, keys: Collection[str], mark: Mark) -> None:
        """Move mails to `cur`, their flags as S (seen) or F (flagged)."""
        try:
            for key in keys:
                base, flags = _parted(os.path.basename(key))  # noqa: PTH119 - a key has no more than a folder and a name
                name = f"{base}:2,{''.join(sorted({*flags, 'S' if mark == 'seen' else 'F'}))}"
                with suppress(FileNotFoundError):
                    (self._path / key).rename(self._path / "cur" / name)
        except OSError as error:
            raise self._cannot("written to", error) from error

    def close(self) -> None:
        """Nothing is open."""

    def _read(self, key: str, mails: list[BoxMail]) -> None:
        try:
            with (self._path / key).open("rb") as file:
                mails.append(BoxMail(key, file.read(MOST_BYTES)))
        except FileNotFoundError:
            pass  # moved by somebody else since it was found
        except OSError as error:
            self._problem = error

    def _unmarked(self) -> Iterator[str]:
        for folder in ("new", "cur"):
            with os.scandir(self._path / folder) as entries:
                for entry in entries:
                    is_mail = not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
                    if is_mail and not set("SFT") & set(_parted(entry.name)[1]):
                        yield f"{folder}/{entry.name}"

    def _cannot(self, be_done: str, error: OSError) -> BoxError:
        where = error.filename or self._path
        return BoxError(f"the Maildir cannot be {be_done}: {where}: {error.strerror}; see mail.bounces.maildir")


def _parted(name: str) -> tuple[str, str]:
    base, _, flags = name.partition(":2,")
    return base, flags
