"""The databases of the tests: a test that takes `store` runs on SQLite and on PostgreSQL, and finds an empty one.

A test that can have one alone takes `sqlite_store` or `postgres_store`; `empty_database` is the URL of a database
without tables.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from feedwatch.store import Store
from feedwatch.store.tables import Base
from tests.postgres import SKIPPED, Databases, open_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """One server for this test process; a test that needs it fails where there is none."""
    if os.environ.get(SKIPPED) == "1":
        pytest.skip(f"{SKIPPED} is set")
    with open_postgres() as databases:
        yield databases


@pytest.fixture(scope="session")
def postgres_database(postgres: Databases) -> Iterator[tuple[str, str | None]]:
    """A database for every `postgres_store`, which empties it: its URL, and the version of its schema."""
    url = postgres.create()
    with closing(Store(_text(url))) as store:
        _, version = store.upgrade()
    yield _text(url), version
    postgres.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "feedwatch.db"
    with closing(Store(f"sqlite:///{path}")) as store:
        store.upgrade()
    return path


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The store of every `sqlite_store`. SQLAlchemy keeps the statements that it has written for an engine alone, and
    writing them anew for each test takes a third of the tests' time."""
    return Store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'feedwatch.db'}")


@pytest.fixture(scope="session")
def postgres_engine(postgres_database: tuple[str, str | None]) -> Store:
    """The store of every `postgres_store`, for the same reason."""
    return Store(postgres_database[0])


@pytest.fixture
def sqlite_store(sqlite_engine: Store, sqlite_template: Path) -> Iterator[Store]:
    """An empty store in a new file."""
    path = Path(sqlite_engine.url.database or "")
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    shutil.copyfile(sqlite_template, path)
    with closing(sqlite_engine):
        yield sqlite_engine


@pytest.fixture
def postgres_store(postgres_engine: Store, postgres_database: tuple[str, str | None]) -> Iterator[Store]:
    """An empty store in PostgreSQL, its numbers beginning at 1."""
    with closing(postgres_engine) as store:
        if store.version() != postgres_database[1]:  # the last test was about versions
            _rebuild(store)
        _empty(store)
        yield store


def _rebuild(store: Store) -> None:
    with store.begin() as session:
        session.execute(sa.text("DROP SCHEMA public CASCADE"))
        session.execute(sa.text("CREATE SCHEMA public"))
    store.upgrade()


def _empty(store: Store) -> None:
    # Takes 1 ms; a database of its own for each test takes 80, and TRUNCATE of all tables 20.
    with store.begin() as session:
        session.execute(sa.text("SET LOCAL lock_timeout = '20s'"))  # where the last test left a transaction open
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(sa.delete(table))
            if "id" in table.columns:
                session.execute(sa.func.setval(f"{table.name}_id_seq", 1, False).select())


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on; each test runs on both."""
    return str(request.param)


@pytest.fixture
def store(database: str, request: pytest.FixtureRequest) -> Store:
    """An empty store, on SQLite and on PostgreSQL in turn."""
    found: Store = request.getfixturevalue("sqlite_store" if database == "sqlite" else "postgres_store")
    return found


@pytest.fixture
def empty_database(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which nothing is, on SQLite and on PostgreSQL in turn."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: Databases = request.getfixturevalue("postgres")
    url = postgres.create()
    yield _text(url)
    postgres.drop(url)


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
