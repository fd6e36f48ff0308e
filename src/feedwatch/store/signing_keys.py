"""The keys that sign the links in mails."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.tables import SigningKey

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_BYTES = 32


def signing_keys(session: Session) -> list[str]:
    """The secrets, the oldest first; the last one signs."""
    return list(session.scalars(sa.select(SigningKey.secret).order_by(SigningKey.id)))


def add_signing_key(session: Session, now: datetime) -> None:
    """A new key that signs from now on; the others are believed as before."""
    session.add(SigningKey(secret=secrets.token_urlsafe(_BYTES), made_at=now))
    session.flush()


def drop_signing_keys(session: Session, before: datetime) -> int:
    """Believe no more what keys made before this time have signed; returns how many. The newest always stays."""
    newest = sa.select(sa.func.max(SigningKey.id)).scalar_subquery()
    result = session.execute(
        sa.delete(SigningKey)
        .where(SigningKey.made_at < before, SigningKey.id < newest)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class SigningKeyRow:
    """A key as it is listed: without its secret."""

    id: int
    made_at: datetime
    signs: bool
    """Whether it is the one that signs; the others are believed."""


def list_signing_keys(session: Session) -> list[SigningKeyRow]:
    """The keys, the oldest first."""
    rows = session.execute(sa.select(SigningKey.id, SigningKey.made_at).order_by(SigningKey.id)).all()
    return [SigningKeyRow(key_id, made_at, key_id == rows[-1][0]) for key_id, made_at in rows]
