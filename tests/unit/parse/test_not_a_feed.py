"""What is no feed is called what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedwatch.errors import DocumentError
from tests.unit.parse.documents import read


@pytest.mark.parametrize(
    "body, sentence",
    [
        (b"", "An empty document, not a feed"),
        (b" \r\n\t", "An empty document, not a feed"),
        (b"\xef\xbb\xbf", "An empty document, not a feed"),
        (
            b"<!doctype html><html><head><title>\n Just a  moment&hellip;</title>",
            "An HTML page, not a feed: “Just a moment…”",
        ),
        (b"<html><head><title></title>", "An HTML page, not a feed; it has no title"),
        (b"<HTML><HEAD><TITLE>Login</TITLE></HEAD>", "An HTML page, not a feed: “Login”"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html><title>X</title>", "An HTML page, not a feed: “X”"),
        (b"<html><body><pre><rss version='2.0'></pre>", "An HTML page, not a feed; it has no title"),
        (b"<p>Service <b>unavailable</b></p>", "An HTML page, not a feed; it has no title"),
        (b"<html><title>" + b"x" * 500, "An HTML page, not a feed: “" + "x" * 80 + "…”"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "A sitemap, not a feed"),
        (b"<?xml version='1.0'?>\n<sitemapindex/>", "An index of sitemaps, not a feed"),
        (b"<opml version='2.0'><body/></opml>", "An OPML list of feeds, not a feed"),
        (b"<soap:Envelope xmlns:soap='x'/>", "XML with the root <soap:Envelope>, in which no feed is known"),
        (b"<Error><Code>AccessDenied</Code></Error>", "XML with the root <Error>, in which no feed is known"),
        (b"<?xml version='1.0'?><!-- nothing -->", "XML without any element"),
        (b"<?xml version='1.0'?><!-- cut", "XML without any element"),
        (b"<<<", "Broken markup, not a feed: “<<<”"),
        (b"Not  found\n", "Plain text, not a feed: “Not found”"),
        (b"%PDF-1.7\n%\xe2\xe3", "A PDF document, not a feed"),
        (b"\x1f\x8b\x08\0\0\0", "Compressed (gzip) bytes, not a feed"),
        (b"\x89PNG\r\n\x1a\n\0\0", "A PNG picture, not a feed"),
        (bytes(range(256)) * 4, "Binary bytes, not a feed"),
        (b"[1, 2]", "JSON, but not a JSON Feed: it is a list, not an object"),
        (
            b'{"error": "no", "code": 3}',
            "JSON, but not a JSON Feed: it names no version, and its keys are error, code",
        ),
        (b'{"version": 2}', "JSON, but not a JSON Feed: its version is 2, and its keys are version"),
        (
            b'{"version":\n oops}',
            "JSON, but not a JSON Feed: it is broken at line 2, column 2 (Expecting value)",
        ),
    ],
)
def test_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(body)
    assert str(caught.value) == sentence


def test_a_body_that_names_a_file_or_url_opens_nothing(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text("<rss version='2.0'><channel><title>secret</title></channel></rss>")
    for name in (str(file), file.as_uri(), "http://127.0.0.1:9/feed"):
        with pytest.raises(DocumentError, match="Plain text"):
            read(name.encode())


def test_a_document_type_that_names_a_file_opens_nothing(tmp_path: Path) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("secret")
    document = read(
        f'<!DOCTYPE rss SYSTEM "{file.as_uri()}" [<!ENTITY x SYSTEM "{file.as_uri()}"> <!ENTITY ok "fine">]>\n'
        "<rss version='2.0'><channel><title>a &ok;</title><item><title>&x; b</title></item></channel></rss>"
    )
    assert document.title == "a fine"
    assert "secret" not in repr(document)
