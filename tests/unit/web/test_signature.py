"""The signature of what a hub pushes (WebSub, 7.1)."""

from __future__ import annotations

import pytest

from feedwatch.web.signature import problem_of

KEY = "Jefe"
BODY = b"what do ya want for nothing?"
# The digests of RFC 2202 (test case 2) and RFC 4231 (4.3).
SHA1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
SHA256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
SHA384 = "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"
SHA512 = (
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e"
    "070a38bce737"
)
NONE, UNKNOWN, WRONG = "bore no signature", "was signed in a way that WebSub does not know", "bore a wrong signature"


@pytest.mark.parametrize(
    "signature, problem",
    [
        (f"sha1={SHA1}", None),
        (f"sha256={SHA256}", None),
        (f"sha384={SHA384}", None),
        (f"sha512={SHA512}", None),
        (f"SHA256={SHA256.upper()}", None),
        (f" sha256={SHA256} ", None),
        (None, NONE),
        ("", NONE),
        (f"md5={SHA1[:32]}", UNKNOWN),
        (SHA256, UNKNOWN),
        (f"sha256:{SHA256}", UNKNOWN),
        ("sha256=", WRONG),
        ("sha256", WRONG),
        (f"sha256={SHA1}", WRONG),  # of another method
        (f"sha1={SHA256}", WRONG),
        (f"sha256={SHA256[:-1]}", WRONG),
        (f"sha256={SHA256[:-2]}", WRONG),  # the beginning alone
        (f"sha256={SHA256[:-1]}4", WRONG),
        (f"sha256={'ü' * 64}", WRONG),
        (f"sha256=0x{SHA256[2:]}", WRONG),
    ],
)
def test_only_the_whole_right_digest_will_do(signature: str | None, problem: str | None) -> None:
    assert problem_of(BODY, signature, KEY) == problem


def test_another_body_or_secret_is_told_apart() -> None:
    assert problem_of(BODY + b"\n", f"sha256={SHA256}", KEY) == WRONG
    assert problem_of(BODY, f"sha256={SHA256}", "Jeff") == WRONG
