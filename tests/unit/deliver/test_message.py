from __future__ import annotations

import email
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.deliver.headers import one_line
from feedwatch.deliver.message import build_message
from feedwatch.errors import DeliveryError
from feedwatch.model import OutgoingMail

MAIL = OutgoingMail(
    message_id="<d42.7f@watch.example.org>",
    sent_by="feedwatch <watch@example.org>",
    to_name="Ann",
    to_address="ann@example.org",
    subject="Brief · 25 Nov · 20 stories",
    html="<p>大湾区 &amp; more</p>\n",
    text="大湾区 & more\n",
    dated=datetime(2026, 11, 25, 0, 0, 5, tzinfo=UTC),
    list_id="brief.watch.example.org",
    list_name="Brief",
    unsubscribe_mailto="bye@example.org",
)
ONE_CLICK = replace(MAIL, unsubscribe_url="https://watch.example.org/u/abc?x=1&y=2")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
]


def changed(field: str, value: str) -> OutgoingMail:
    fields: dict[str, Any] = {field: value}
    return replace(ONE_CLICK, **fields)


def sent(mail: OutgoingMail) -> EmailMessage:
    """The message as its receiver reads it."""
    return email.message_from_bytes(build_message(mail).as_bytes(), policy=default)


def mailbox(mail: OutgoingMail, header: str) -> tuple[str, str]:
    """Display name and address, read by the older of the library's two parsers, which is kinder to encoded words."""
    raw = email.message_from_bytes(build_message(mail).as_bytes())[header]
    name, address = parseaddr("".join(raw.splitlines()))
    return str(make_header(decode_header(name))), address


def bodies(message: EmailMessage) -> list[str]:
    """Text and HTML with the line ends of this machine; a mail's are CRLF (RFC 2045, 2.7)."""
    return [part.get_content().replace("\r\n", "\n") for part in cast(list[EmailMessage], message.get_payload())]


@pytest.mark.parametrize(
    "header, value",
    [
        ("From", "feedwatch <watch@example.org>"),
        ("To", "Ann <ann@example.org>"),
        ("Subject", "Brief · 25 Nov · 20 stories"),
        ("Date", "Wed, 25 Nov 2026 00:00:05 +0000"),
        ("Message-ID", "<d42.7f@watch.example.org>"),
        ("List-Id", "Brief <brief.watch.example.org>"),
        ("List-Unsubscribe", "<https://watch.example.org/u/abc?x=1&y=2>, <mailto:bye@example.org?subject=unsubscribe>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", None),
    ],
)
def test_headers(header: str, value: str | None) -> None:
    assert sent(ONE_CLICK)[header] == value


def test_no_header_stands_twice() -> None:
    assert sent(ONE_CLICK).keys() == HEADERS


@pytest.mark.parametrize("url", [None, "", "http://watch.example.org/u/abc"])
def test_one_click_needs_https(url: str | None) -> None:
    message = sent(replace(MAIL, unsubscribe_url=url))
    assert message["List-Unsubscribe"] == "<mailto:bye@example.org?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] is None


def test_text_comes_before_html() -> None:
    message = sent(MAIL)
    parts = cast(list[EmailMessage], message.get_payload())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in parts] == ["utf-8", "utf-8"]
    assert bodies(message) == [MAIL.text, MAIL.html]


@pytest.mark.parametrize(
    "text, encoding",
    [("All in ASCII\n", "quoted-printable"), ("Café au lait and more\n", "quoted-printable"), ("大湾区\n", "base64")],
)
def test_the_shorter_encoding_is_taken(text: str, encoding: str) -> None:
    part = cast(list[EmailMessage], sent(replace(MAIL, text=text)).get_payload())[0]
    assert part["Content-Transfer-Encoding"] == encoding


@pytest.mark.parametrize(
    "body", ["x" * 5000, "大" * 5000, "a=_b\n--=_\n. \n.\n", "lone \ud800\n", "", "x" * 74 + " \n", "x" * 75 + "\t"]
)
def test_every_line_is_short_ascii(body: str) -> None:
    raw = build_message(replace(ONE_CLICK, text=body, html=body)).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_body_survives_as_it_is() -> None:
    body = "trailing space \ttab\t\n.\n--=_boundary\n=3D 大湾区 😀\n"
    assert bodies(sent(replace(MAIL, text=body, html=body))) == [body, body]


# The same mail, the same bytes


def test_the_same_mail_gives_the_same_bytes() -> None:
    assert build_message(MAIL).as_bytes() == build_message(replace(MAIL)).as_bytes()


def test_another_process_gives_the_same_bytes() -> None:
    here = build_message(MAIL).as_bytes()
    program = f"""
import datetime, sys
from feedwatch.deliver.message import build_message
from feedwatch.model import OutgoingMail
sys.stdout.buffer.write(build_message({MAIL!r}).as_bytes())
"""
    there = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert there.stdout == here


def test_another_delivery_has_another_boundary() -> None:
    other = replace(MAIL, message_id="<d43@watch.example.org>")
    assert sent(MAIL).get_boundary() != sent(other).get_boundary()


# Names in any script


@pytest.mark.parametrize(
    "subject",
    [
        "Brief",
        "粤港澳大湾区 · 25 Nov · 20 stories",
        "粤港澳大湾区建设提速，三地联合发布新一批重点项目" * 6,
        "大湾区 GBA 大湾区 GBA " * 12 + "end",
        "Nine words that together are longer than one line of a header may be " * 3 + "end",
        "x" * 300,
        "=?utf-8?q?=0D=0ABcc:_eve=40example.org?=",
        "😀" * 60,
        "全角　空格",
    ],
)
def test_subject_parses_back(subject: str) -> None:
    message = sent(replace(MAIL, subject=subject))
    assert message["Subject"] == subject
    assert message.keys() == [name for name in HEADERS if name != "List-Unsubscribe-Post"]


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "",
        "陈大文",
        "Lee, Ann",
        'Ann "The Ant" Lee',
        "back\\slash",
        "Ann <eve@example.org>",
        "欧阳" * 30,
        "=?x?=",
    ],
)
def test_display_name_parses_back(name: str) -> None:
    assert mailbox(replace(MAIL, to_name=name), "To") == (name, "ann@example.org")


@pytest.mark.parametrize(
    "sent_by", ["watch@example.org", "晨报 <watch@example.org>", '"Watch, The" <watch@example.org>']
)
def test_sender_parses_back(sent_by: str) -> None:
    assert mailbox(replace(MAIL, sent_by=sent_by), "From") == parseaddr(sent_by)


@pytest.mark.parametrize(
    "address, written",
    [
        ("jörg@example.org", "jörg@example.org"),
        ("ann@exämple.org", "ann@xn--exmple-cua.org"),
        ("用户@例子.example.cn", "用户@xn--fsqu00a.example.cn"),
        ("ann+news@[192.0.2.1]", "ann+news@[192.0.2.1]"),
    ],
)
def test_international_address(address: str, written: str) -> None:
    raw = build_message(replace(MAIL, to_address=address)).as_bytes().decode()
    assert f"To: Ann <{written}>\r\n" in raw


@pytest.mark.parametrize(
    "changes, needs_utf8",
    [({}, False), ({"to_address": "jörg@example.org"}, True), ({"to_address": "ann@exämple.org"}, False)],
)
def test_a_non_ascii_local_part_alone_needs_smtputf8(changes: dict[str, Any], needs_utf8: bool) -> None:
    assert build_message(replace(MAIL, **changes)).needs_utf8 == needs_utf8


@pytest.mark.parametrize(
    "changes, envelope",
    [
        ({}, ("watch@example.org", "ann@example.org")),
        ({"bounces_to": "bounces@bücher.example"}, ("bounces@xn--bcher-kva.example", "ann@example.org")),
    ],
)
def test_the_envelope(changes: dict[str, Any], envelope: tuple[str, str]) -> None:
    message = build_message(replace(MAIL, **changes))
    assert (message.sender, message.recipient) == envelope
    assert mailbox(replace(MAIL, **changes), "From") == ("feedwatch", "watch@example.org")


def test_a_mail_of_no_list_has_no_headers_of_one() -> None:
    names = sent(replace(ONE_CLICK, list_id="")).keys()
    assert [name for name in names if name.startswith("List-")] == []
    assert "Auto-Submitted" in names


def test_without_html_it_is_plain_text_alone() -> None:
    message = sent(replace(MAIL, html="", text="Is it you? 大湾区\n"))
    assert message.get_content_type() == "text/plain"
    assert message.get_content() == "Is it you? 大湾区\r\n"


@pytest.mark.parametrize(
    "address",
    ["", "ann", "@example.org", "ann@", "a b@example.org", "a@b@c", "a\r\nb@example.org"],
)
@pytest.mark.parametrize("field", ["to_address", "sent_by"])
def test_what_is_no_address_is_refused_for_good(field: str, address: str) -> None:
    with pytest.raises(DeliveryError, match="is not a mail address") as caught:
        build_message(changed(field, address))
    assert caught.value.permanent


# Header injection

BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r\n\r\n", "\r\n ", "\x00"]


@pytest.mark.parametrize("line_break", BREAKS)
@pytest.mark.parametrize("field", ["to_name", "subject", "list_name", "list_id", "unsubscribe_mailto", "message_id"])
def test_a_newline_starts_no_header(field: str, line_break: str) -> None:
    hostile = changed(field, f"a{line_break}Bcc: eve@example.org")
    message = sent(hostile)
    assert message.keys() == HEADERS
    assert bodies(message) == [MAIL.text, MAIL.html]


def test_a_newline_becomes_a_space() -> None:
    assert sent(replace(MAIL, subject="one\r\ntwo\n"))["Subject"] == "one two"
    assert mailbox(replace(MAIL, to_name="Ann\r\nLee"), "To") == ("Ann Lee", "ann@example.org")


def test_an_unsubscribe_url_cannot_leave_its_brackets() -> None:
    message = sent(replace(MAIL, unsubscribe_url="https://watch.example.org/>, <https://evil.example/\r\nBcc: x"))
    assert message["List-Unsubscribe"].count("<") == 2
    assert message["Bcc"] is None


@given(st.text(alphabet='aé大 \r\n"\\<>,:;()=?_@😀\u0130', max_size=120), st.text(alphabet='b湾 \n"<,=?', max_size=60))
def test_any_subject_and_name_parse_back(subject: str, name: str) -> None:
    mail = replace(MAIL, subject=subject, to_name=name)
    assert sent(mail)["Subject"] == one_line(subject)
    assert mailbox(mail, "To") == (one_line(name), "ann@example.org")
    assert sent(mail).keys() == [header for header in HEADERS if header != "List-Unsubscribe-Post"]
