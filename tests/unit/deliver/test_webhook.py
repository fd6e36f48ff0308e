"""Signatures as Standard Webhooks 1.0 has them, by the vector that its libraries are tested with."""

from __future__ import annotations

import pytest

from feedwatch.deliver.webhook import check_secret, signature_headers, webhook_id

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_published_vector() -> None:
    headers = signature_headers(b'{"test": 2432232314}', "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, SECRET)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"document": b'{"test": 2432232315}'},
        {"delivery": "msg_other"},
        {"timestamp": 1614265331},
        {"secret": "another secret, long enough"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_changes_changes_the_signature(changed: dict[str, str]) -> None:
    usual = {"document": b'{"test": 2432232314}', "delivery": "msg_1", "timestamp": 1614265330, "secret": SECRET}
    signatures = [signature_headers(**it)["webhook-signature"] for it in (usual, usual | changed)]  # type: ignore[arg-type]
    assert signatures[0] != signatures[1]


@pytest.mark.parametrize(
    ("message_id", "delivery"),
    [
        ("<0b7c@watch.example.org>", "0b7c@watch-example-org"),
        ("0b7c@localhost", "0b7c@localhost"),
    ],
)
def test_an_id_has_no_full_stop(message_id: str, delivery: str) -> None:
    assert webhook_id(message_id) == delivery


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        (SECRET, None),
        ("a passphrase of 24 bytes", None),
        ("a passphrase of 23 byte", "the webhook's secret is too short: give it 24 random bytes or more"),
        ("whsec_c2hvcnQ=", "the webhook's secret is too short: give it 24 random bytes or more"),
        (
            "whsec_***",
            "the webhook's secret begins with whsec_, but what follows is not Base64; make a new one",
        ),
    ],
)
def test_a_secret_that_signs_nothing_is_told(secret: str, problem: str | None) -> None:
    assert check_secret(secret) == problem
