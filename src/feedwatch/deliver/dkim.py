"""DKIM signatures (RFC 6376), with RSA or Ed25519 (RFC 8463), by dkimpy."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from feedwatch.deliver.message import Message
    from feedwatch.settings import DkimSettings

_PEM = re.compile(rb"-----BEGIN ([A-Z ]+)-----\s*(.*?)-----END", re.DOTALL)
_ED25519 = bytes.fromhex("302e020100300506032b657004220420")
"""What stands before the key itself in PKCS #8 (RFC 8410, 7)."""
_ED25519_BYTES = 32
_FEWEST_BITS = 1024
"""RFC 8301, 3.2."""


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A key, read and checked, and where its public half stands."""

    domain: bytes
    selector: bytes
    algorithm: bytes
    secret: bytes
    """As dkimpy takes it."""


def is_slow(key: DkimKey) -> bool:
    """Whether a signature takes 10 ms, as in Python's own arithmetic, and not 0.5 (tests/bench/outbox.py --key)."""
    return key.algorithm.startswith(b"rsa")


def read_key(settings: DkimSettings) -> DkimKey:
    """The key that the settings name. Raises ValueError and OSError as `check_key` does."""
    algorithm, secret = _read(settings.key_file)
    return DkimKey(settings.domain.encode("ascii"), settings.selector.encode("ascii"), algorithm, secret)


def check_key(path: Path) -> Path:
    """The path, if a key stands there. Raises ValueError with a sentence that says what is there instead."""
    _read(path)
    return path


def signed(message: Message, key: DkimKey) -> Message:
    """The message with a signature over every field of its head, From once more than it is there.

    So none can be changed, and no second From added; List-Unsubscribe and List-Unsubscribe-Post are among them, as
    RFC 8058, 4 asks. The body is signed as it stands ("simple"): no server has reason to touch its lines.
    """
    # Loaded where mails are signed alone: it brings along what asks the DNS.
    import dkim  # type: ignore[import-untyped]  # noqa: PLC0415

    signer = dkim.DKIM(signature_algorithm=key.algorithm, linesep=b"\r\n")
    signer.headers, _ = dkim.rfc822_parse(message.head + b"\r\n")
    signer.body = message.body
    fields = [*signer.all_sign_headers(), b"from"]
    signature: bytes = signer.sign(
        key.selector, key.domain, key.secret, canonicalize=(b"relaxed", b"simple"), include_headers=fields
    )
    return replace(message, head=signature + message.head)


def _read(path: Path) -> tuple[bytes, bytes]:
    """The algorithm, and the key in dkimpy's form."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}") from error
    pem = _PEM.search(content)
    try:
        der = binascii.a2b_base64(pem[2] if pem is not None else content)
    except binascii.Error:
        der = b""
    if pem is not None and (b"ENCRYPTED" in pem[1] or b"ENCRYPTED" in pem[2]):
        raise ValueError(f"{path} is protected by a passphrase; expected a private key without one")
    if pem is not None and pem[1] in (b"PRIVATE KEY", b"RSA PRIVATE KEY") and not der.startswith(_ED25519):
        return b"rsa-sha256", _rsa(path, content)
    seed = der.removeprefix(_ED25519)
    if (pem is not None and pem[1] != b"PRIVATE KEY") or len(seed) != _ED25519_BYTES:
        raise ValueError(f"{path} is no private key; expected an RSA or Ed25519 key in PEM, as 'openssl genpkey' makes")
    return b"ed25519-sha256", binascii.b2a_base64(seed, newline=False)


def _rsa(path: Path, content: bytes) -> bytes:
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key  # type: ignore[import-untyped]  # noqa: PLC0415

    try:
        bits = parse_pem_private_key(content.replace(b"\r\n", b"\n"))["modulus"].bit_length()
    except (UnparsableKeyError, binascii.Error, ValueError, IndexError) as error:
        raise ValueError(f"{path} is no RSA key in PKCS #1 or PKCS #8 ({error})") from error
    if bits < _FEWEST_BITS:
        raise ValueError(f"{path} is an RSA key of {bits} bits; receivers take none below {_FEWEST_BITS}")
    return content.replace(b"\r\n", b"\n")
