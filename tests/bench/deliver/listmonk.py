"""listmonk (Go) on a PostgreSQL of its own: one campaign, which renders one template for each subscriber.

It is given the text and HTML of one of feedwatch's mails, with a line that names the subscriber; it chooses nothing for
anybody. What is to its advantage: its subscribers are in the database before, PostgreSQL does not wait for the disk.
`as installed` it holds back: ten workers, of which each rests for a second after ten mails.
"""

from __future__ import annotations

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from tests.bench.deliver.audience import address
from tests.bench.deliver.measured import Body, Case, Measured, Watch
from tests.bench.deliver.sink import Sink, open_sink
from tests.bench.poll.children import BOUND, ProgramError, clean_environment, run_command
from tests.bench.poll.servers import free_port
from tests.postgres import libpq_url

Speed = Mapping[str, int]
"""Its settings of that name; max_conns is of its connections to the SMTP server."""
AS_INSTALLED: Speed = {"concurrency": 10, "message_rate": 10, "batch_size": 1000, "max_conns": 10}
AT_ITS_BEST: Speed = {"concurrency": 16, "message_rate": 1_000_000, "batch_size": 5000, "max_conns": 16}
_USER = "bench:benchmark"
_LIST = 1
"""The list that its installation makes."""
_START_LIMIT_S = 30
_STOP_LIMIT_S = 30
_REQUEST_LIMIT_S = 30
_GREETING = "<p>For {{ .Subscriber.Name }}</p>"
_CONFIG = """
[app]
address = "127.0.0.1:{port}"
admin_username = "bench"
admin_password = "benchmark"

[db]
host = "{host}"
port = {db_port}
user = "{user}"
password = "none"
database = "{database}"
ssl_mode = "disable"
max_open = 25
max_idle = 25
max_lifetime = "300s"
"""


def measure(name: str, case: Case, body: Body, url: URL, folder: Path, speed: Speed) -> Measured:
    """Install it, give it the subscribers, start the campaign over its API, and wait for the mails."""
    assert case.peers is not None
    place = case.peers / "listmonk"
    port = free_port()
    config, log = folder / "config.toml", folder / "log"
    config.write_text(
        _CONFIG.format(
            port=port, host=url.query["host"], db_port=url.query["port"], user=url.username, database=url.database
        )
    )
    environment = clean_environment(case.peers, HOME=str(folder))
    command: list[str | Path] = [place / "listmonk", "--config", config]
    with chdir(place):  # its queries, texts and templates lie here
        run_command([*command, "--install", "--yes"], environment, log)
    with open_sink(case.sink, case.peers, folder) as sink:
        with psycopg.connect(libpq_url(url), autocommit=True) as connection:
            _set_up(connection, case.subscribers, sink, speed)
        with _running(command, environment, log, port, place) as served:
            campaign = _ask(port, "POST", "/api/campaigns", _campaign(body))["data"]["id"]
            watch = Watch(name, served.pid, sink, case.subscribers)
            _ask(port, "PUT", f"/api/campaigns/{campaign}/status", {"status": "running"})
            watch.until_all_arrived()
            measured = watch.told()
    measured.note = ", ".join(f"{key} {value:,}" for key, value in speed.items())
    return measured


def _set_up(connection: psycopg.Connection, subscribers: int, sink: Sink, speed: Speed) -> None:
    server = {
        "enabled": True, "host": "127.0.0.1", "port": sink.port, "auth_protocol": "none", "username": "",
        "password": "", "hello_hostname": "", "max_conns": speed["max_conns"], "idle_timeout": "15s",
        "wait_timeout": "5s", "max_msg_retries": 2, "tls_enabled": False, "tls_skip_verify": True, "email_headers": [],
    }  # fmt: skip
    settings: dict[str, object] = {
        "smtp": [server],
        "app.check_updates": False,
        "app.notify_emails": [],
        **{f"app.{key}": speed[key] for key in ("concurrency", "message_rate", "batch_size")},
    }
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE settings SET value = %s::jsonb WHERE key = %s",
            [(json.dumps(value), key) for key, value in settings.items()],
        )
        cursor.execute("DELETE FROM campaigns")
        cursor.execute("DELETE FROM subscribers")
        cursor.execute("UPDATE templates SET body = %s", ('{{ template "content" . }}',))
        cursor.executemany(
            "INSERT INTO subscribers (id, uuid, email, name) VALUES (%s, gen_random_uuid(), %s, %s)",
            [(1000 + number, address(number), f"Reader {number}") for number in range(1, subscribers + 1)],
        )
        cursor.execute(
            "INSERT INTO subscriber_lists (subscriber_id, list_id, status) SELECT id, %s, 'confirmed' FROM subscribers",
            (_LIST,),
        )
        cursor.execute("VACUUM ANALYZE")


def _campaign(body: Body) -> dict[str, object]:
    head, mark, rest = _literal(body.html).partition("<body")
    attributes, end, content = rest.partition(">")
    html = head + mark + attributes + end + _GREETING + content if mark else _GREETING + head
    return {
        "name": "Digest", "subject": _literal(body.subject), "lists": [_LIST], "type": "regular",
        "from_email": "feedwatch <digest@feedwatch.example.org>", "content_type": "html", "messenger": "email",
        "body": html, "altbody": _literal(body.text), "template_id": 1, "tags": [],
    }  # fmt: skip


def _literal(text: str) -> str:
    """The text as a template of Go's that says it."""
    return text.replace("{{", "{{ `{{` }}")


@contextmanager
def _running(
    command: list[str | Path], environment: Mapping[str, str], log: Path, port: int, place: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        served = subprocess.Popen(
            [*BOUND, *command], env=dict(environment), cwd=place, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + _START_LIMIT_S
        while not _is_up(port):
            if served.poll() is not None or time.monotonic() > deadline:
                raise ProgramError(f"listmonk did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield served
    finally:
        served.terminate()
        try:
            served.wait(_STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            served.kill()
            served.wait()


def _is_up(port: int) -> bool:
    try:
        _ask(port, "GET", "/api/health")
    except (ProgramError, OSError):
        return False
    return True


def _ask(port: int, method: str, path: str, said: object = None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        method=method,
        data=None if said is None else json.dumps(said).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Basic {base64.b64encode(_USER.encode()).decode()}",
        },
    )
    # The machine's proxy settings are for the world, and this is loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_REQUEST_LIMIT_S) as answer:
            told: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise ProgramError(f"listmonk refuses {method} {path}: {error.code} {error.read()[:500]!r}") from error
    return told
