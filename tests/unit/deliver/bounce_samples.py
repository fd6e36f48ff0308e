"""Mails as they come into a box of bounces, in the forms that mail servers give them; names and words are made up.

Each is written out where its form is its own, and put together by `report` where it follows RFC 3464.
"""

from __future__ import annotations

from base64 import encodebytes

OURS = "<3f0c8a52-6f0e-4c57-9b0e-0d6a8a1f2c11@watch.example.org>"
"""The Message-ID of the mail that bounced."""

ORIGINAL = f"""\
Return-Path: <bounces@watch.example.org>
Received: from watch.example.org (watch.example.org [192.0.2.7])
\tby mx.example.net (Postfix) with ESMTPS id 4F1B2C3D
\tfor <ada@example.net>; Mon, 23 Nov 2026 08:00:04 +0000 (UTC)
From: feedwatch <watch@example.org>
To: Ada <ada@example.net>
Subject: Greater Bay Area: 12 stories
Message-ID: {OURS}
Auto-Submitted: auto-generated

"""


def report(
    status: str,
    *,
    told: str = "The mail could not be delivered.",
    head: str = "From: MAILER-DAEMON@mx.example.net (Mail Delivery System)\nAuto-Submitted: auto-replied",
    kind: str = "message/delivery-status",
    original: str = ORIGINAL,
    original_kind: str = "message/rfc822",
    encoded: bool = False,
) -> bytes:
    """A report in three parts (RFC 6522): for people, for programs, and the mail itself."""
    body = encodebytes(status.encode()).decode() if encoded else status
    encoding = "\nContent-Transfer-Encoding: base64" if encoded else ""
    last = f"\n--=_b\nContent-Type: {original_kind}\n\n{original}" if original_kind else ""
    return f"""\
Return-Path: <>
{head}
To: bounces@watch.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="=_b"

This is a MIME-encapsulated message.

--=_b
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

{told}

--=_b
Content-Description: Delivery report
Content-Type: {kind}{encoding}

{body}{last}
--=_b--
""".encode()


POSTFIX = """\
Reporting-MTA: dns; relay.example.org
X-Postfix-Queue-ID: 4F1B2C3D
X-Postfix-Sender: rfc822; bounces@watch.example.org
Arrival-Date: Mon, 23 Nov 2026 08:00:04 +0000 (UTC)

Final-Recipient: rfc822; ada@example.net
Original-Recipient: rfc822;ada@example.net
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; {words}
"""


def postfix(status: str, words: str, action: str = "failed") -> bytes:
    """From our own relay, which talked with the recipient's server."""
    return report(POSTFIX.format(status=status, words=words, action=action))


EXIM = report(
    """\
Reporting-MTA: dns; mail.example.com

Action: failed
Final-Recipient: rfc822;ada@example.net
Status: 5.0.0
Remote-MTA: dns; mx.example.net
Diagnostic-Code: smtp; 550 No Such User Here
""",
    told="""\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ada@example.net
    host mx.example.net [198.51.100.4]
    SMTP error from remote mail server after RCPT TO:<ada@example.net>:
    550 No Such User Here""",
    head="From: Mail Delivery System <Mailer-Daemon@mail.example.com>\nX-Failed-Recipients: ada@example.net\n"
    "Auto-Submitted: auto-replied",
)

EXIM_OF_OLD = f"""\
From: Mail Delivery System <Mailer-Daemon@mail.example.com>
X-Failed-Recipients: ada@example.net,
  bob@example.net
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

The following address(es) failed:

  ada@example.net
    SMTP error from remote mail server after RCPT TO:<ada@example.net>:
    host mx.example.net [198.51.100.4]: 550 5.1.1 <ada@example.net>:
    Recipient address rejected: User unknown
  bob@example.net
    mailbox is full: retry timeout exceeded

------ This is a copy of the message, including all the headers. ------

{ORIGINAL}
""".encode()

EXIM_WAITS = f"""\
From: Mail Delivery System <Mailer-Daemon@mail.example.com>
Auto-Submitted: auto-replied
Subject: Warning: message 1kTqXy-0004Fz-2P delayed 24 hours
References: {OURS}

A message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours.
""".encode()

SENDMAIL = report(
    """\
Reporting-MTA: dns; mail.example.edu
Received-From-MTA: DNS; relay.example.org
Arrival-Date: Mon, 23 Nov 2026 08:00:04 GMT

Original-Recipient: rfc822;ada@example.net
Final-Recipient: RFC822; ada@mailstore.example.edu
X-Actual-Recipient: RFC822; ada@mailstore.example.edu
Action: failed
Status: 5.1.1
Remote-MTA: DNS; mailstore.example.edu
Diagnostic-Code: SMTP; 550 5.1.1 <ada@mailstore.example.edu>... User unknown
Last-Attempt-Date: Mon, 23 Nov 2026 08:00:05 GMT
""",
    original_kind="text/rfc822-headers",
)

SENDMAIL_HOST = report(
    """\
Reporting-MTA: dns; mail.example.edu

Final-Recipient: RFC822; ada@example.invalid
Action: failed
Status: 5.1.2
Remote-MTA: DNS; example.invalid
""",
    original_kind="text/rfc822-headers",
)

SENDMAIL_WAITS = report(
    """\
Reporting-MTA: dns; mail.example.edu

Final-Recipient: RFC822; ada@example.net
Action: delayed
Status: 4.2.0
Diagnostic-Code: SMTP; 451 4.2.0 Greylisted, see https://greylist.example.net/
Will-Retry-Until: Sat, 28 Nov 2026 08:00:04 GMT
"""
)

EXCHANGE = """\
Reporting-MTA: dns;mbx01.corp.example.net
Received-From-MTA: dns;relay.example.org
Arrival-Date: Mon, 23 Nov 2026 08:00:04 +0000

Final-Recipient: rfc822;ada@example.net
Action: failed
Status: {status}
Diagnostic-Code: smtp;{words}
X-Display-Name: Ada Lovelace
"""


def exchange(status: str, words: str) -> bytes:
    """As Exchange, and Exchange Online, say it: with CR LF everywhere."""
    head = "From: postmaster@example.net\nX-MS-Exchange-Message-Is-Ndr:"
    return report(EXCHANGE.format(status=status, words=words), head=head).replace(b"\n", b"\r\n")


EXCHANGE_WITHOUT_ORIGINAL = report(
    EXCHANGE.format(status="5.1.1", words="550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"),
    head=f"From: postmaster@example.net\nIn-Reply-To: {OURS}\nReferences: <a@b.example> {OURS}",
    original_kind="",
)

GMAIL = report(
    f"""\
Reporting-MTA: dns; googlemail.com
Arrival-Date: Mon, 23 Nov 2026 00:00:04 -0800 (PST)
X-Original-Message-ID: {OURS}

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.net. (198.51.100.4, the server for the domain example.net.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550 5.1.1 unnecessary spaces.
Last-Attempt-Date: Mon, 23 Nov 2026 00:00:05 -0800 (PST)
""",
    original="From: feedwatch <watch@example.org>\nSubject: no identifier\n\n",
)

QMAIL = f"""\
From: MAILER-DAEMON@mail.example.com
To: bounces@watch.example.org
Subject: failure notice

Hi. This is the qmail-send program at mail.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

<bob@example.net>:
198.51.100.4 failed after I sent the message.
Remote host said: 552 5.2.2 Mailbox over quota

--- Below this line is a copy of the message.

{ORIGINAL}
""".encode()

QMAIL_WITHOUT_CODE = f"""\
Subject: failure notice

Hi. This is the qmail-send program at mail.example.com.

<ada@example.net>:
This user doesn't have a example.net account (ada@example.net) [-9]

--- Below this line is a copy of the message.

{ORIGINAL}
""".encode()

SES = report(
    """\
Reporting-MTA: dns; a8-50.smtp-out.amazonses.com

Action: failed
Final-Recipient: rfc822; ada@example.net
Diagnostic-Code: smtp; 550 5.1.1 user unknown
Status: 5.1.1
""",
    head="From: MAILER-DAEMON@amazonses.com",
    original=ORIGINAL.replace(OURS, "<0100018c1f2e3d4c-5b6a7988@email.amazonses.com>"),
)

OPENSMTPD = report(
    """\
Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.0.0
""",
    told="    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY.\n\nada@example.net: 550 Invalid recipient",
    original_kind="text/rfc822-headers",
)

SEVERAL = report(
    """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown

Final-Recipient: rfc822; bob@example.net
Action: relayed
Status: 2.0.0

Final-Recipient: rfc822; eve@example.net
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; connect timed out
"""
)

DELIVERED = report(
    """\
Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ada@example.net
Action: delivered
Status: 2.0.0
"""
)

INTERNATIONAL = """\
Reporting-MTA: dns; mx.example.net

Original-Recipient: utf-8; {original}
Final-Recipient: utf-8; {final}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 没有这个用户
"""

GLOBAL = report(
    INTERNATIONAL.format(original="阿达@例子.example", final="阿达@例子.example"),
    kind="message/global-delivery-status",
    original_kind="message/global",
)
GLOBAL_ENCODED = report(
    INTERNATIONAL.format(original=r"\x{963F}\x{8FBE}@example.net", final="阿达@example.net"),
    kind="message/global-delivery-status",
    original_kind="message/global-headers",
    encoded=True,
)

WRAPPED = (
    b"From: gateway@example.net\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n"
    + postfix("5.1.1", "550 5.1.1 User unknown")
    + b"\n--outer\nContent-Type: text/plain\n\nThis mail was scanned.\n--outer--\n"
)
CUT_OFF = postfix("5.1.1", "550 5.1.1 User unknown").partition(b"Auto-Submitted: auto-generated")[0]


def complaint(kind: str, *, recipient: str = "Original-Rcpt-To: <ada@example.net>\n") -> bytes:
    """A reader pressed "spam", and the provider tells the sender (RFC 5965)."""
    fields = f"Feedback-Type: {kind}\nUser-Agent: ExampleFBL/1.0\nVersion: 1\n{recipient}"
    return report(fields, kind="message/feedback-report").replace(b"delivery-status;", b"feedback-report;", 1)


VACATION = f"""\
From: Ada <ada@example.net>
To: watch@example.org
Subject: Out of office
Auto-Submitted: auto-replied (vacation)
In-Reply-To: {OURS}

I am away until Monday. For ada@example.org: 550 5.1.1 is not my status.
""".encode()
OLD_VACATION = b"From: ada@example.net\nPrecedence: auto_reply\nSubject: away\n\nBack on Monday.\n"
RECEIPT = report(
    f"Final-Recipient: rfc822;ada@example.net\nOriginal-Message-ID: {OURS}\n"
    "Disposition: manual-action/MDN-sent-manually; displayed\n",
    kind="message/disposition-notification",
    head="From: ada@example.net",
).replace(b"report-type=delivery-status", b"report-type=disposition-notification")
LETTER = f"From: ada@example.net\nIn-Reply-To: {OURS}\nSubject: Re: your digest\n\nThank you!\n".encode()
FORWARDED = (
    b"From: admin@example.net\nSubject: Fwd: what is this?\nContent-Type: multipart/mixed; boundary=f\n\n"
    b"--f\nContent-Type: text/plain\n\nSee below.\n--f\nContent-Type: message/rfc822\n\n"
    + postfix("5.1.1", "550 5.1.1 User unknown")
    + b"\n--f--\n"
)
QUOTED_QMAIL = (
    b"From: ada@example.net\nSubject: Re: failure\n\n> Hi. This is the qmail-send program at x.\n> <a@b.c>:\n"
)
WITHOUT_RECIPIENT = report("Reporting-MTA: dns; mx.example.net\n\nAction: failed\nStatus: 5.1.1\n")
