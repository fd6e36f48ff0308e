"""The keys that sign the links in mails."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import sqlalchemy as sa

from feedwatch.store.tables import SigningKey

if TYPE_CHECKING:
    from datetime import datetime

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
