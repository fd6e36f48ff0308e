"""A new user's story: the shipped configuration, without a network, and with one where nobody answers."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tests.e2e.daemon import Daemon

ROOT = Path(__file__).resolve().parents[2]
FIRST_CYCLE_S = 30
"""The promise: the first cycle is done within this time even when every remote source times out."""


@contextlib.contextmanager
def _silent_hosts(count: int) -> Iterator[tuple[list[str], int]]:
    """Hosts of 127.0.0.0/8 that take connections on one port and never say a word."""
    with contextlib.ExitStack() as stack:
        port = 0
        hosts = [f"127.0.7.{n}" for n in range(1, count + 1)]
        for host in hosts:
            listening = stack.enter_context(socket.socket())
            listening.bind((host, port))
            port = listening.getsockname()[1]
            listening.listen(64)
        yield hosts, port


def test_the_shipped_configuration_ends_its_first_cycle_with_the_sample_in_a_digest(tmp_path: Path) -> None:
    settings = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    remote = [source for source in settings["sources"] if "url" in source]
    hosts = sorted({urlsplit(source["url"]).hostname for source in remote})
    assert len(remote) >= 20, "the example polls some 20 real feeds"
    with _silent_hosts(len(hosts)) as (silent, port):
        stand_in = dict(zip(hosts, silent, strict=True))
        for source in remote:
            path = urlsplit(source["url"]).path
            source["url"] = f"http://{stand_in[urlsplit(source['url']).hostname]}:{port}{path}"
        settings["fetch"]["allow_private_hosts"] = silent
        settings["data_dir"] = "data"
        shutil.copytree(ROOT / "samples", tmp_path / "samples")
        daemon = Daemon(tmp_path, settings).start("--once")
        assert daemon.process.wait(120) == 0, daemon.output()

    output = daemon.output()
    done = re.search(r"First cycle done in ([\d.]+) s", output)
    assert done is not None, output
    assert float(done[1]) < FIRST_CYCLE_S
    assert f"{len(remote)} failed" in output
    assert "High-quality development: 1 item" in output
    assert "Greater Bay Area: 1 item" in output

    [mail] = (tmp_path / "data" / "outbox").glob("*.eml")
    message = message_from_bytes(mail.read_bytes(), policy=default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content()
    assert "Pengjiang District High-Quality Development Promotion Meeting held" in text
    assert "Greater Bay Area" in text
    assert "High-quality development" in text
    for debris in ("‘);", "2024-02-20 08:26:24", "#Pengjiang", "#HighQuality"):
        assert debris not in text
        assert debris not in html.get_content()


def test_the_sample_is_a_clean_item(tmp_path: Path) -> None:
    settings = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    settings["sources"] = [source for source in settings["sources"] if "path" in source]
    settings["data_dir"] = "data"
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    daemon = Daemon(tmp_path, settings)
    polled = daemon.command("poll")
    assert polled.returncode == 0, polled.stderr
    listed = daemon.command("items", "--watchlist", "greater bay area", "--json")
    [row] = yaml.safe_load(listed.stdout)
    shown = yaml.safe_load(daemon.command("items", str(row["id"]), "--json").stdout)
    assert row["watchlists"] == ["Greater Bay Area", "High-quality development"]
    assert row["published_at"] == "2024-02-20T00:26:24+00:00"
    assert row["published_from"] == "text"
    assert shown["text"].startswith("Jiangmen Daily News (Reporter/Deng Shaojun Luo Pei) On February 19")
    assert shown["text"].endswith("high-quality development process of Jiangmen.")
    assert {"Pengjiang", "HighQuality", "NewsJiangmen"} <= set(shown["tags"])
