"""Whether a hub has signed what it pushes (WebSub, 7.1)."""

from __future__ import annotations

import hmac

METHODS = ("sha1", "sha256", "sha384", "sha512")
"""The Recommendation's, all of them: many hubs sign with SHA-1 only, whose weakness does not touch HMAC (RFC 6194)."""


def problem_of(body: bytes, signature: str | None, secret: str) -> str | None:
    """What is wrong with the X-Hub-Signature of a body, as the end of a sentence; None where it is right."""
    if not signature:
        return "bore no signature"
    method, _, digest = signature.strip().partition("=")
    if method.lower() not in METHODS:
        return "was signed in a way that WebSub does not know"
    expected = hmac.digest(secret.encode(), body, method.lower())
    try:
        given = bytes.fromhex(digest)
    except ValueError:
        given = b""
    return None if hmac.compare_digest(expected, given) else "bore a wrong signature"
