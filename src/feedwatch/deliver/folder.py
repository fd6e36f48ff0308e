"""Mail into a folder, one .eml file each: what is used until an SMTP server is configured."""

from __future__ import annotations

import asyncio
import os
import re
from typing import TYPE_CHECKING, Self

from feedwatch.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.deliver.message import Message


class FolderSender:
    """Writes each message whole or not at all; the same delivery twice is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def capacity(self) -> int:
        """One: a disk is no quicker by several."""
        return 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        return None

    async def send(self, message: Message, address: str, delivery_id: int) -> str:
        """Write the message; returns the file's path. Raises DeliveryError, not permanent, when it cannot."""
        name = re.sub(r"[^A-Za-z0-9@._+-]+", "_", address)[:80]
        path = self._folder / f"{delivery_id:06d}-{name}.eml"
        try:
            await asyncio.to_thread(_write, path, message.as_bytes())
        except OSError as error:
            raise DeliveryError(f"cannot write {path}: {error.strerror or error}", permanent=False) from error
        return str(path)


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    # The name too must outlive a power cut: the database will say that the mail was sent.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
