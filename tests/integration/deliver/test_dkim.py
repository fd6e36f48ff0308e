"""A signature that holds for the bytes that an SMTP server received."""

from __future__ import annotations

import base64
import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import dkim  # type: ignore[import-untyped]
import pytest

from feedwatch import config
from feedwatch.deliver.dkim import read_key, signed
from feedwatch.errors import ConfigError
from feedwatch.jobs.deliver import send_due
from feedwatch.settings import DkimSettings
from tests.integration.deliver.mails import MAIL, message
from tests.integration.deliver.outbox import fill_outbox, mail_settings, outbox_context
from tests.smtpserver import Script, SmtpServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from feedwatch.store import Store

KINDS = {"rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"), "ed25519": ("-algorithm", "ed25519")}
EACH_KIND = pytest.mark.parametrize("kind", KINDS)


def make_key(folder: Path, kind: str) -> tuple[Path, Callable[..., bytes]]:
    """A private key in PEM, and a DNS that has its public half at s1._domainkey.example.org."""
    path = folder / f"{kind}.pem"
    subprocess.run(("openssl", "genpkey", *KINDS[kind], "-out", str(path)), check=True, capture_output=True)
    told = subprocess.run(
        ("openssl", "pkey", "-in", str(path), "-pubout", "-outform", "DER"), check=True, capture_output=True
    )
    public = told.stdout[-32:] if kind == "ed25519" else told.stdout
    record = b"v=DKIM1; k=" + kind.encode() + b"; p=" + base64.b64encode(public)

    def look_up(name: bytes, **_: object) -> bytes:
        assert name == b"s1._domainkey.example.org."
        return record

    return path, look_up


def settings(path: Path) -> DkimSettings:
    return DkimSettings(domain="example.org", selector="s1", key_file=path)


@EACH_KIND
async def test_the_received_mail_is_signed(tmp_path: Path, sqlite_store: Store, kind: str) -> None:
    path, look_up = make_key(tmp_path, kind)
    fill_outbox(sqlite_store, ["ann@example.org", "安@example.org"])
    told = {"domain": "example.org", "selector": "s1", "key_file": str(path)}
    with SmtpServer(tmp_path / "mails", Script(smtputf8=True)) as server:
        async with outbox_context(mail_settings(tmp_path, {"port": server.port}, dkim=told), sqlite_store) as context:
            assert (await send_due(context)).states == {"sent": 2}
        mails = server.mails()
    for mail in mails:
        assert dkim.verify(mail.body, dnsfunc=look_up)
        assert not dkim.verify(mail.body.replace(b"News", b"Nows"), dnsfunc=look_up)


@EACH_KIND
@pytest.mark.parametrize("field", ["From", "To", "Subject", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"])
def test_no_field_that_counts_can_be_changed_or_added(tmp_path: Path, kind: str, field: str) -> None:
    path, look_up = make_key(tmp_path, kind)
    mail = signed(message(unsubscribe_url="https://watch.example.org/u/1"), read_key(settings(path))).as_bytes()
    assert dkim.verify(mail, dnsfunc=look_up)
    changed = re.sub(rb"(?m)^" + field.encode() + rb": ", rb"\g<0>x", mail, count=1)
    assert changed != mail
    assert not dkim.verify(changed, dnsfunc=look_up)
    assert not dkim.verify(b"From: eve@example.org\r\n" + mail, dnsfunc=look_up)


@EACH_KIND
@pytest.mark.parametrize("text", [" \n\n\n", ".\n", "大湾区", "x" * 1000, ""])
def test_any_body_can_be_signed(tmp_path: Path, kind: str, text: str) -> None:
    path, look_up = make_key(tmp_path, kind)
    mail = signed(message(text=text, html=text), read_key(settings(path))).as_bytes()
    assert dkim.verify(mail, dnsfunc=look_up)


def test_a_mail_beyond_ascii_can_be_signed(tmp_path: Path) -> None:
    path, look_up = make_key(tmp_path, "rsa")
    told = replace(MAIL, to_address="安@example.org", subject="粤港澳大湾区 " * 20)
    mail = signed(message(to_address=told.to_address, subject=told.subject), read_key(settings(path))).as_bytes()
    assert dkim.verify(mail, dnsfunc=look_up)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "is no private key; expected an RSA or Ed25519 key in PEM"),
        ("not a key\n", "is no private key"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "is no private key"),
        ("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", "is no private key"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
            "is no RSA key in PKCS #1 or PKCS #8",
        ),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n", "by a passphrase"),
    ],
)
def test_what_is_no_key_is_told_when_the_configuration_is_read(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "dkim.pem").write_text(content)
    file = tmp_path / "config.yaml"
    file.write_text("mail: {dkim: {domain: example.org, selector: s1, key_file: dkim.pem}}\n")
    with pytest.raises(ConfigError) as caught:
        config.load(file)
    (told,) = caught.value.problems
    assert "mail.dkim.key_file: " in told
    assert f"{tmp_path / 'dkim.pem'} is" in told
    assert problem in told


def test_a_key_that_is_too_short_is_told(tmp_path: Path) -> None:
    path = tmp_path / "short.pem"
    command = ("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:768", "-out", str(path))
    subprocess.run(command, check=True, capture_output=True)
    with pytest.raises(ValueError, match="is an RSA key of 768 bits; receivers take none below 1024"):
        read_key(settings(path))
