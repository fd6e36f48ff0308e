"""Signed tokens for the links in mails: they work without login, say nothing of the address, and outlast a new key."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from itsdangerous import BadSignature, Signer

if TYPE_CHECKING:
    from collections.abc import Sequence

Purpose = Literal["edition", "shared", "settings", "unsubscribe", "confirm"]
"""What a token lets its holder do; one for one purpose is none for another. `shared` shows an edition, as `edition`
does, without what is its subscriber's alone."""


class Tokens:
    """Makes and reads tokens: an id and its HMAC-SHA256. `keys` are secrets, the oldest first; the last one signs."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = list(keys)

    def make(self, purpose: Purpose, number: int) -> str:
        """A token of letters, digits, `.`, `-` and `_`."""
        return self._signer(purpose).sign(str(number)).decode("ascii")

    def read(self, purpose: Purpose, token: str) -> int | None:
        """The id; None for a token that no key has signed for this purpose."""
        try:
            number = self._signer(purpose).unsign(token).decode("ascii")
        except (BadSignature, UnicodeError):
            return None
        return int(number) if number.isdigit() else None

    def _signer(self, purpose: Purpose) -> Signer:
        return Signer(self._keys, salt=f"feedwatch.{purpose}", digest_method=sha256)
