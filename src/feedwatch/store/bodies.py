"""Bodies: what mails say, each stored once, however many it goes to."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from feedwatch.store.batches import batches
from feedwatch.store.tables import Body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from feedwatch import model


def store_bodies(session: Session, bodies: Iterable[model.Body]) -> dict[model.Body, int]:
    """The id of each body: of the one that says the same already, where there is one."""
    digests = {body: _digest(body) for body in bodies}
    values = [
        {"digest": digest, "subject": body.subject, "html": body.html, "text": body.text}
        for body, digest in digests.items()
    ]
    if values:
        insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
        session.connection().execute(insert(Body).on_conflict_do_nothing(), values)
    ids: dict[str, int] = {}
    for batch in batches(list(digests.values())):
        query = sa.select(Body.digest, Body.id).where(Body.digest.in_(batch))
        ids.update((digest, body_id) for digest, body_id in session.execute(query))
    return {body: ids[digest] for body, digest in digests.items()}


def _digest(body: model.Body) -> str:
    """The parts' own hashes are hashed: a part's end cannot be taken for the next one's beginning."""
    parts = (body.subject, body.html, body.text)
    return sha256(b"".join(sha256(part.encode("utf-8", "surrogatepass")).digest() for part in parts)).hexdigest()
