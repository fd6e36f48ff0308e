"""Emptying the outbox alone: `python -m tests.bench.outbox --sink smtp-sink` sends prepared mails of 88 KB to it.

Prints mails a second, CPU time a mail, and of that what building a message takes and what a DKIM signature would. The
sink is Debian postfix's, or anything that is called with an address and a backlog and takes every mail.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import socket
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import structlog

from feedwatch import model
from feedwatch.deliver import build_message
from feedwatch.deliver.dkim import read_key, signed
from feedwatch.jobs.deliver import LEASE, send_due
from feedwatch.jobs.links import open_links
from feedwatch.jobs.outgoing import outgoing_mail
from feedwatch.settings import DkimSettings, Settings
from feedwatch.store import Store
from feedwatch.store.outbox import claim_deliveries
from tests.integration.deliver.outbox import NOW, fill_outbox, mail_settings, outbox_context

_WORDS = "the Greater Bay Area bridge opens to all who live there and more of its kind is planned by the region"
_CELL = '<tr><td style="padding:0 0 4px;font-family:Arial,sans-serif;font-size:15px;line-height:22px">{} · “told”</td>'
_HTML_LENGTH = 72_000


def bodies(count: int) -> list[model.Body]:
    """Digests that tell of the same 3,000 stories, each of others."""
    chance, words = random.Random(1), _WORDS.split()
    stories = [_CELL.format(" ".join(chance.choices(words, k=40))) + "</tr>\n" for _ in range(3000)]
    made = []
    for number in range(count):
        html = f"<p>{number}</p>\n"
        while len(html) < _HTML_LENGTH:
            html += "".join(chance.choices(stories, k=20))
        text = "\n".join(" ".join(chance.choices(words, k=12)) for _ in range(110))
        made.append(model.Body("Brief · 25 Nov · 20 stories", html, text))
    return made


async def _send(settings: Settings, store: Store, count: int) -> None:
    async with outbox_context(settings, store) as context:
        begun, used = time.perf_counter(), time.process_time()
        report = await send_due(context)
        took, used = time.perf_counter() - begun, time.process_time() - used
    print(f"{dict(report.states)}: {count / took:.0f} mails/s, {used / count * 1000:.2f} ms of CPU a mail")


def _build(settings: Settings, store: Store, key_file: Path | None) -> None:
    with store.begin() as session:
        claimed = claim_deliveries(session, owner="bench", now=NOW, lease=LEASE, limit=200)
        session.rollback()
    mails = [outgoing_mail(each, settings, open_links(store, settings, NOW)) for each in claimed]
    for mail in mails[:100]:
        build_message(mail)
    used = time.process_time()
    messages = [build_message(mail) for mail in mails[100:]]
    print(
        f"building: {(time.process_time() - used) * 1000 / len(messages):.2f} ms, {len(messages[0].as_bytes())} bytes"
    )
    if key_file is not None:
        key = read_key(DkimSettings(domain="example.org", selector="bench", key_file=key_file))
        signed(messages[0], key)  # loads dkimpy
        used = time.process_time()
        for message in messages:
            signed(message, key)
        print(f"signing: {(time.process_time() - used) * 1000 / len(messages):.2f} ms")


def main() -> None:
    """Start the sink, fill an outbox, empty it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sink", required=True, help="the program; --sink 'smtp-sink -u nobody' gives it options")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--same", action="store_true", help="one body for all")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--key", type=Path, help="measure signing with this key, too")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, closing(Store(f"sqlite:///{folder}/bench.db")) as store:
        store.upgrade()
        addresses = (f"r{number}@example{number % 50}.org" for number in range(options.count))
        fill_outbox(store, addresses, bodies=bodies(1 if options.same else options.count))
        settings = mail_settings(Path(folder), {"port": port, "connections": options.connections})
        sink = subprocess.Popen([*options.sink.split(), f"127.0.0.1:{port}", "200"])
        try:
            time.sleep(0.5)
            _build(settings, store, options.key)
            asyncio.run(_send(settings, store, options.count))
        finally:
            sink.terminate()
            sink.wait()


if __name__ == "__main__":
    main()
