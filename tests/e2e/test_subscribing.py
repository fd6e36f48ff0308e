"""A reader's story: found the page, said yes by mail, read an edition as a page, and left by one click."""

from __future__ import annotations

import re
import socket
from email.message import EmailMessage
from pathlib import Path

import httpx

from tests.e2e.daemon import Daemon, base_settings, feed, subscriber
from tests.httpserver import Document, FeedServer
from tests.smtpserver import SmtpServer

FIRST = ("a-1", "Greater Bay Area bridge opens", "A bridge of the Greater Bay Area opened to cars on Monday.")
SECOND = ("a-2", "Greater Bay Area port grows", "A port of the Greater Bay Area takes its largest ship.")
PUBLIC = "https://news.example.org/watch"
"""What a proxy in front is called, which ends TLS and takes the path away."""
READER, DESK = "reader@example.net", "desk@example.org"


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
    return port


def _mails_to(smtp: SmtpServer, address: str) -> list[EmailMessage]:
    return [mail.message for mail in smtp.mails() if mail.recipients == (address,)]


def _links(mail: EmailMessage, path: str) -> list[str]:
    body = mail.get_body(("plain",))
    assert body is not None
    return re.findall(rf"{PUBLIC}{path}\S+", body.get_content())


def test_from_the_page_to_the_first_edition_and_out_again(tmp_path: Path) -> None:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with FeedServer() as feeds, SmtpServer(tmp_path / "mails") as smtp:
        feeds.documents["/news.xml"] = Document(body=feed("News"))
        settings = base_settings(smtp.port)
        settings["sources"] = [{"name": "news", "title": "The News", "url": feeds.url("/news.xml")}]
        settings["subscribers"] = [subscriber(DESK)]
        settings["web"] = {"listen": f"127.0.0.1:{port}", "public_url": PUBLIC, "signup": {}}
        with Daemon(tmp_path / "daemon", settings) as daemon, httpx.Client(timeout=20) as browser:
            daemon.wait_for_events(1, "listening")
            daemon.wait_for_polls(1)
            assert "<form" in browser.get(f"{url}/subscribe").text
            form = {"email": READER, "name": "", "often": "instant", "locale": "en", "timezone": "Asia/Hong_Kong"}
            assert browser.post(f"{url}/subscribe", data=form).status_code == 200

            daemon.wait_for(lambda: bool(_mails_to(smtp, READER)), "the question")
            [question] = _mails_to(smtp, READER)
            assert question["Subject"] == "Please confirm your subscription"
            assert "List-Unsubscribe" not in question
            [link] = [each.replace(PUBLIC, url) for each in _links(question, "/confirm/")]
            for _ in range(2):  # scanners look too
                assert browser.get(link).status_code == 200
            assert READER not in daemon.command("subscribers", "list").stdout
            assert browser.post(link).status_code == 200
            assert READER in daemon.command("subscribers", "list").stdout

            feeds.documents["/news.xml"] = Document(body=feed("News", FIRST))
            daemon.wait_for(lambda: len(_mails_to(smtp, READER)) == 2, "the first edition")
            edition = _mails_to(smtp, READER)[1]
            assert edition["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            found = re.search(rf"<({PUBLIC}/u/[^>]+)>", edition["List-Unsubscribe"])
            assert found is not None
            [page, *_] = _links(edition, "/e/")
            shown = browser.get(page.replace(PUBLIC, url)).text
            assert FIRST[1] in shown and f"{PUBLIC}/s/" in shown

            one_click = browser.post(found[1].replace(PUBLIC, url), data={"List-Unsubscribe": "One-Click"})
            assert (one_click.status_code, one_click.text) == (200, "unsubscribed")
            feeds.documents["/news.xml"] = Document(body=feed("News", SECOND, FIRST))
            daemon.wait_for(lambda: len(_mails_to(smtp, DESK)) == 2, "the second edition of those who stayed")
            assert daemon.stop() == 0
            assert len(_mails_to(smtp, READER)) == 2
            tokens = [each.rpartition("/")[2] for each in (link, found[1], page)]
            assert [token for token in tokens if token in daemon.output()] == []
