"""A report is read in whatever form a server writes it; what is none is left alone; no bytes break the reading."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedwatch.deliver.bounces import MOST_BYTES, BounceMail, BounceReport, read_bounces
from tests.unit.deliver import bounce_samples as samples
from tests.unit.deliver.bounce_samples import OURS, complaint, exchange, postfix

ADA = ("ada@example.net",)
OF_SES = "<0100018c1f2e3d4c-5b6a7988@email.amazonses.com>"
USER_UNKNOWN = "550 5.1.1 <ada@example.net>: Recipient address rejected: User unknown in virtual mailbox table"

ONE_RECIPIENT = {
    "Postfix: no such user": (postfix("5.1.1", USER_UNKNOWN), "hard", ADA, "5.1.1"),
    "Postfix: no such domain": (postfix("5.4.4", "Name service error for name=x.example type=A"), "hard", ADA, "5.4.4"),
    "Postfix: the domain takes no mail": (postfix("5.1.10", "556 5.1.10 nullMX"), "hard", ADA, "5.1.10"),
    "Postfix: disabled": (postfix("5.2.1", "550 5.2.1 The account is disabled"), "hard", ADA, "5.2.1"),
    "Postfix: full": (postfix("5.2.2", "552 5.2.2 Over quota"), "soft", ADA, "5.2.2"),
    "Postfix: full for now": (postfix("4.2.2", "452 4.2.2 Over quota"), "soft", ADA, "4.2.2"),
    "Postfix: too large": (postfix("5.3.4", "552 5.3.4 too big"), "soft", ADA, "5.3.4"),
    "Postfix: policy": (postfix("5.7.1", "554 5.7.1 blocked by a list"), "soft", ADA, "5.7.1"),
    "Postfix: no answer for days": (postfix("4.4.1", "connect to mx: Connection timed out"), "soft", ADA, "4.4.1"),
    "Postfix: late, whatever the status": (postfix("5.1.1", USER_UNKNOWN, "delayed"), "soft", ADA, "5.1.1"),
    "Postfix: the words are more exact": (postfix("5.0.0", "550 5.1.1 gone"), "hard", ADA, "5.1.1"),
    "Postfix: the words alone tell": (postfix("5.5.0", "550 5.5.0 mailbox not found"), "hard", ADA, "5.5.0"),
    "Postfix: the words tell nothing": (postfix("5.0.0", "550 mailbox unavailable"), "soft", ADA, "5.0.0"),
    "Postfix: an address of numbers": (postfix("5.0.0", "host 5.1.1.4 said: 550 go away"), "soft", ADA, "5.0.0"),
    "Exim": (samples.EXIM, "hard", ADA, "5.0.0"),
    "Sendmail: an alias": (samples.SENDMAIL, "hard", (*ADA, "ada@mailstore.example.edu"), "5.1.1"),
    "Sendmail: no such host": (samples.SENDMAIL_HOST, "hard", ("ada@example.invalid",), "5.1.2"),
    "Sendmail: late": (samples.SENDMAIL_WAITS, "soft", ADA, "4.2.0"),
    "Exchange": (exchange("5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"), "hard", ADA, "5.1.1"),
    "Exchange Online": (exchange("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound"), "hard", ADA, "5.1.10"),
    "Exchange Online: its directory": (
        exchange("5.4.1", "550 5.4.1 Recipient address rejected: Access denied."), "hard", ADA, "5.4.1",
    ),
    "Exchange: no answer": (exchange("5.4.1", "550 5.4.1 no answer from host"), "soft", ADA, "5.4.1"),
    "Exchange: full": (exchange("5.2.2", "554 5.2.2 mailbox full; QuotaExceeded"), "soft", ADA, "5.2.2"),
    "Exchange: nothing of the mail": (samples.EXCHANGE_WITHOUT_ORIGINAL, "hard", ADA, "5.1.1"),
    "Gmail": (samples.GMAIL, "hard", ADA, "5.1.1"),
    "qmail without a code": (samples.QMAIL_WITHOUT_CODE, "hard", ADA, ""),
    "OpenSMTPD": (samples.OPENSMTPD, "soft", ADA, "5.0.0"),
    "international": (samples.GLOBAL, "hard", ("阿达@例子.example",), "5.1.1"),
    "international, encoded twice": (samples.GLOBAL_ENCODED, "hard", ("阿达@example.net",), "5.1.1"),
    "in what a gateway adds": (samples.WRAPPED, "hard", ADA, "5.1.1"),
    "cut off in the mail's copy": (samples.CUT_OFF, "hard", ADA, "5.1.1"),
    "complaint": (complaint("abuse"), "complaint", ADA, ""),
    "complaint without a name": (complaint("fraud", recipient=""), "complaint", (), ""),
}  # fmt: skip


@pytest.mark.parametrize(("mail", "kind", "addresses", "status"), ONE_RECIPIENT.values(), ids=ONE_RECIPIENT)
def test_report_of_one_recipient(mail: bytes, kind: str, addresses: tuple[str, ...], status: str) -> None:
    found = read_bounces(mail)
    assert found.what == "report"
    (report,) = found.reports
    assert (report.kind, report.addresses, report.status, report.message_id) == (kind, addresses, status, OURS)


@pytest.mark.parametrize(
    ("mail", "reasons"),
    [
        (postfix("5.1.1", "550 5.1.1 User unknown"), ["550 5.1.1 User unknown"]),
        (samples.GMAIL, ["550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 "
                         "double-checking the recipient's email address for typos or 550 5.1.1 unnecessary spaces."]),
        (samples.QMAIL, ["Sorry, no mailbox here by that name. (#5.1.1)",
                         "198.51.100.4 failed after I sent the message. "
                         "Remote host said: 552 5.2.2 Mailbox over quota"]),
        (samples.EXIM_OF_OLD, ["SMTP error from remote mail server after RCPT TO:<ada@example.net>: host "
                               "mx.example.net [198.51.100.4]: 550 5.1.1 <ada@example.net>: Recipient address "
                               "rejected: User unknown",
                               "mailbox is full: retry timeout exceeded"]),
        (samples.GLOBAL, ["550 5.1.1 没有这个用户"]),
        (complaint("abuse"), ["reported as abuse, says ExampleFBL/1.0"]),
        (postfix("5.1.1", "550 5.1.1 \x1b[31mred\x00 " + "x" * 900), ["550 5.1.1 [31mred " + "x" * 481 + "…"]),
    ],
)  # fmt: skip
def test_server_s_words(mail: bytes, reasons: list[str]) -> None:
    assert [report.reason for report in read_bounces(mail).reports] == reasons


@pytest.mark.parametrize(
    ("mail", "reports"),
    [
        (samples.SEVERAL, [("hard", "ada@example.net", "5.1.1"), ("soft", "eve@example.net", "4.4.1")]),
        (samples.QMAIL, [("hard", "ada@example.net", "5.1.1"), ("soft", "bob@example.net", "5.2.2")]),
        (samples.EXIM_OF_OLD, [("hard", "ada@example.net", "5.1.1"), ("soft", "bob@example.net", "")]),
    ],
    ids=["RFC 3464", "qmail", "Exim of old"],
)
def test_report_of_several_recipients(mail: bytes, reports: list[tuple[str, str, str]]) -> None:
    found = read_bounces(mail)
    assert [(report.kind, report.addresses[0], report.status) for report in found.reports] == reports
    assert {report.message_id for report in found.reports} == {OURS}


def test_service_that_gives_mails_a_message_id_of_its_own() -> None:
    assert [report.message_id for report in read_bounces(samples.SES).reports] == [OF_SES]


@pytest.mark.parametrize(
    "mail", [samples.DELIVERED, complaint("not-spam"), complaint("virus"), complaint("auth-failure")]
)
def test_report_that_nothing_failed(mail: bytes) -> None:
    assert read_bounces(mail) == BounceMail("report")


@pytest.mark.parametrize("mail", [samples.VACATION, samples.OLD_VACATION, samples.RECEIPT, samples.EXIM_WAITS])
def test_automatic_reply_is_no_bounce(mail: bytes) -> None:
    assert read_bounces(mail) == BounceMail("automatic reply")


@pytest.mark.parametrize("mail", [samples.LETTER, samples.FORWARDED, samples.QUOTED_QMAIL, b"", b"\n\n", b"\xff\x00"])
def test_what_a_person_wrote_is_for_a_person(mail: bytes) -> None:
    assert read_bounces(mail) == BounceMail("something else")


def test_report_without_a_recipient_is_for_a_person() -> None:
    assert read_bounces(samples.WITHOUT_RECIPIENT).reports == ()


def _nested(kind: str, depth: int) -> bytes:
    return b"".join(b'Content-Type: %s; boundary="b%d"\n\n--b%d\n' % (kind.encode(), i, i) for i in range(depth))


HOSTILE = {
    "5,000 parts inside each other": _nested("multipart/mixed", 5000),
    "a hundred thousand parts": b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n\n" * 100_000,
    "a megabyte without an at sign": samples.report("Final-Recipient: rfc822; " + "a" * 900_000),
    "ten thousand recipients": samples.report("Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 10_000),
    "a header of many recipients": b"X-Failed-Recipients: " + b"a@b.example," * 80_000 + b"\n\nx\n",
    "broken base64": samples.report("Final-Recipient: rfc822; a@b.example\n", encoded=True).replace(b"=\n", b"A\n"),
    "a character that is none": samples.report(r"Final-Recipient: utf-8; \x{FFFFFF}\x{D800}a@b.example"),
}  # fmt: skip


@pytest.mark.parametrize("mail", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_mail_is_read_like_any_other(mail: bytes) -> None:
    assert len(read_bounces(mail).reports) <= 100


def test_more_than_a_megabyte_is_not_read() -> None:
    padded = b"X-Padding: x\n" * (MOST_BYTES // 13 + 1) + postfix("5.1.1", USER_UNKNOWN)
    assert read_bounces(padded).what == "something else"


PIECES = st.sampled_from(
    [
        b"Content-Type: multipart/report; boundary=b\n", b"Content-Type: message/delivery-status\n", b"--b\n", b"--b--",
        b"\n", b"\r\n", b"\n\n", b"Final-Recipient: rfc822;", b"a@b.example", b"Action: failed\n", b"Status: 5.1.1\n",
        b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: quoted-printable\n", b"=", b"=C3", b"QQ=",
        b"X-Failed-Recipients: ", b"Hi. This is the ", b"<a@b.example>:\n", b"---", b"Message-ID: <x@y>\n", b"\xff",
        b"Content-Type: message/feedback-report\n", b"Feedback-Type: abuse\n", b"utf-8;\\x{10FFFF}\\x{D800}", b"\x00",
    ]
)  # fmt: skip


@given(st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=40).map(b"".join)))
@example(b"Content-Type: multipart/x; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: ;@")
def test_no_bytes_break_the_reading(mail: bytes) -> None:
    found = read_bounces(mail)
    assert found.what == "report" or not found.reports
    for report in found.reports:
        assert report.addresses or report.kind == "complaint"
        text = "".join((*report.addresses, report.reason, report.message_id or ""))
        assert not any(
            unicodedata.category(character) in ("Cc", "Cs") for character in text
        )  # can be stored, and shown


@given(st.integers(0, len(samples.GMAIL)), st.sampled_from([samples.GMAIL, samples.QMAIL, samples.GLOBAL_ENCODED]))
def test_report_that_breaks_off_says_what_it_says_or_nothing(length: int, mail: bytes) -> None:
    whole = read_bounces(mail).reports
    for report in read_bounces(mail[:length]).reports:
        assert isinstance(report, BounceReport)
        assert report.kind != "hard" or report.kind in {one.kind for one in whole}
