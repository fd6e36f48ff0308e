"""The connection to the database: opening it, its transactions, and its schema's version."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from feedwatch.errors import StoreError
from feedwatch.store.columns import dump_json

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))
_WRITER_LOCK = 0x66656564  # an advisory lock of our own: the bytes of "feed"


class Store:
    """The database behind a URL: SQLite in WAL mode, or PostgreSQL.

    `begin()` and `read()` give a Session inside a transaction; the functions of this package's modules take it.
    Safe to use from several threads; each transaction belongs to the thread that opened it.
    """

    def __init__(self, url: str) -> None:
        """Connect lazily to `url`, an SQLAlchemy URL. Raises StoreError for a URL that cannot be read."""
        try:
            self.url = make_url(url)
            options: dict[str, Any] = {"pool_pre_ping": True} if self.url.get_backend_name() != "sqlite" else {}
            self.engine = sa.create_engine(self.url, json_serializer=dump_json, **options)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            hint = (
                "for PostgreSQL install feedwatch[postgresql]"
                if isinstance(error, ImportError)
                else "see database in config.yaml"
            )
            raise StoreError(f"the database URL cannot be used ({error}); {hint}") from None
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            if self.url.database and self.url.database != ":memory:":
                # Where the folder cannot be made, opening the file says why.
                with suppress(OSError):
                    Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        self._writing = self.engine.execution_options(begin="IMMEDIATE")
        # PostgreSQL's default shows each statement another state; one in SQLite's WAL always sees its beginning's.
        self._reading = (
            self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction that writes: committed at the end of the block, rolled back if it raises.

        Raises StoreError when the database itself fails: locked for too long, full, out of reach.
        """
        with self._in_words(), Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that reads one consistent state. Raises StoreError as `begin` does."""
        with self._in_words(), Session(self._reading, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            where = self.url.render_as_string()
            raise StoreError(f"the database {where} cannot be used: {str(error.orig).strip()}") from error

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    def upgrade(self, revision: str = "head") -> tuple[str | None, str | None]:
        """Bring the schema to `revision`; returns the version before and after.

        Two processes may do this at once: the second waits, and finds nothing to do. Raises StoreError when the
        database cannot be reached or is newer than this program.
        """
        before, known = self.version(), schema_versions()
        if before is not None and before not in known:
            raise StoreError(
                f"the database {self.url.render_as_string()} has schema version {before}, which this version of "
                f"feedwatch does not know; start the newer feedwatch that made it"
            )
        if before == known[-1] and revision == "head":
            return before, before
        self._migrate("upgrade", revision)
        return before, self.version()

    def downgrade(self, revision: str) -> None:
        """Take the schema back to `revision` ("base" for nothing at all)."""
        self._migrate("downgrade", revision)

    def _migrate(self, direction: Literal["upgrade", "downgrade"], revision: str) -> None:
        # Loaded when there is something to migrate: it takes a third of a second, and most starts have nothing.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.set_main_option("path_separator", "os")
        with self._writing.begin() as connection:
            _lock_writers(connection)
            config.attributes["connection"] = connection
            (command.upgrade if direction == "upgrade" else command.downgrade)(config, revision)

    def version(self) -> str | None:
        """The schema's version in the database; None for an empty one. Raises StoreError when out of reach."""
        try:
            with self.engine.connect() as connection:
                if not sa.inspect(connection).has_table(_VERSION.name):
                    return None
                return connection.scalar(sa.select(_VERSION.c.version_num))
        except DBAPIError as error:
            where = self.url.render_as_string()
            raise StoreError(f"the database {where} cannot be opened: {str(error.orig).strip()}") from error


def lock_writers(session: Session) -> None:
    """Let one writer of stories or declarations in at a time, until the transaction ends; comes first in it.

    SQLite has one writer anyhow. On PostgreSQL two daemons that store copies of one text at the same moment would
    otherwise each start a story of their own, and two that start at the same moment declare everything twice.
    """
    _lock_writers(session.connection())


def _lock_writers(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})


def schema_versions() -> list[str]:
    """The versions of the schema that this program knows, the newest last."""
    return sorted(path.name[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver's guesses
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")  # the CLI beside the daemon
    _enter_wal(cursor)
    # FULL: a delivery marked as sent must stay marked after a power cut. Checkpoints at 40 MB: at the default of 4 MB,
    # each batch of a large poll would be written twice at once.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-16000", "wal_autocheckpoint=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _enter_wal(cursor: Any) -> None:
    """Set the mode that stays with the file; of several who open a new file at once, one does so first.

    The busy timeout does not hold here: SQLite refuses at once, so the others wait by asking again.
    """
    deadline = monotonic() + 30
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.02)
        else:
            return


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer must take the lock at once: a read lock that is upgraded later fails at the first conflict.
    connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("begin", "DEFERRED"))
