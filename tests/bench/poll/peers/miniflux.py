"""Miniflux 2 (Go) on a PostgreSQL of its own: `miniflux -refresh-feeds`, its own pool of workers over one batch.

Each choice is to its advantage: PostgreSQL does not wait for the disk (fsync and synchronous_commit are off), its
statistics are fresh before each phase; the batch is everything, no host is spared; each feed has its icon already, so
that none is looked for at the addresses in the documents; the last clean-up of a run may be cut off by its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.bench.poll.children import clean_environment, run_command
from tests.bench.poll.program import Poller, Told, Workplace
from tests.postgres import libpq_url, open_postgres

WORKERS = 4


@contextmanager
def miniflux(place: Workplace) -> Iterator[Poller]:
    """Set it up with one user, the sources as an OPML import would leave them, and icons."""
    with open_postgres() as databases:
        url = databases.create()
        socket, port = url.query["host"], url.query["port"]
        settings = f"host={socket} port={port} user={url.username} dbname={url.database} sslmode=disable"
        program = _Miniflux(place, settings)
        with psycopg.connect(libpq_url(url), autocommit=True) as connection:
            program.set_up(connection)
            yield program


class _Miniflux:
    def __init__(self, place: Workplace, database: str) -> None:
        self._place = place
        self._program = place.peers / "go" / "miniflux"
        workers = place.workers or WORKERS
        self._environment = clean_environment(
            place.peers,
            HOME=str(place.folder),
            DATABASE_URL=database,
            DATABASE_MAX_CONNS=str(max(20, workers + 4)),
            WORKER_POOL_SIZE=str(workers),
            BATCH_SIZE=str(len(place.urls)),
            POLLING_LIMIT_PER_HOST="0",
            POLLING_PARSING_ERROR_LIMIT="0",
            FETCHER_ALLOW_PRIVATE_NETWORKS="1",
        )

    def set_up(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._run("-migrate")
        self._run("-refresh-feeds", CREATE_ADMIN="1", ADMIN_USERNAME="bench", ADMIN_PASSWORD="benchmark")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO icons (hash, mime_type, content) VALUES ('bench', 'image/gif', '') RETURNING id"
            )
            icon = cursor.fetchone()
            cursor.execute("SELECT c.user_id, c.id FROM categories c ORDER BY c.id LIMIT 1")
            owner = cursor.fetchone()
            assert icon and owner
            cursor.executemany(
                "INSERT INTO feeds (user_id, category_id, title, feed_url, site_url) VALUES (%s, %s, %s, %s, %s)",
                [(*owner, f"feed-{number}", url, url) for number, url in enumerate(self._place.urls)],
            )
            cursor.execute("INSERT INTO feed_icons (feed_id, icon_id) SELECT id, %s FROM feeds", icon)

    def make_due(self) -> None:
        self._run("-reset-feed-next-check-at")
        self._connection.execute("VACUUM ANALYZE")

    def poll(self) -> Told:
        self._run("-refresh-feeds")
        return Told()

    def stored(self) -> int:
        row = self._connection.execute("SELECT count(*) FROM entries").fetchone()
        assert row
        count: int = row[0]
        return count

    def _run(self, flag: str, **more: str) -> None:
        run_command([self._program, flag], self._environment | more, self._place.folder / "log")
