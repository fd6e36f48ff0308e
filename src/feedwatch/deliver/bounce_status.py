"""Which status codes say that an address itself is at fault for good, and which words do where the code says nothing.

The codes are those of RFC 3463 and of the registry that RFC 5248 began. All else that ends a delivery passes, or is
the sender's to mend: a full box (5.2.2), a mail that is too large (5.2.3, 5.3.4), a loop (5.4.6), a policy or a
reputation (5.7.x), a mail that lay too long in a queue (4.4.7, 5.4.7).
"""

from __future__ import annotations

import re

HARD = {
    "5.1.1": "there is no such mailbox",
    "5.1.2": "there is no such domain",
    "5.1.3": "it is not written as an address is",
    "5.1.6": "the mailbox has moved, and its host does not say where",
    "5.1.10": "the domain takes no mail (RFC 7505), or Exchange knows no such recipient",
    "5.2.1": "the mailbox is disabled",
    "5.4.4": "no server is known for the domain",
}
"""RFC 3463, 3.2, 3.3 and 3.5."""

_SAYS_NOTHING = frozenset({"5.0.0", "5.1.0", "5.2.0", "5.3.0", "5.4.0", "5.4.1", "5.5.0"})
"""Codes that servers give for a missing mailbox as well as for much else, so that their words decide. 5.4.1 is "no
answer from host", and what Exchange Online says of an address that its directory does not have."""

_WORDS = re.compile(
    r"""
      (?:unknown|no\ such|invalid|non-?existent)\ (?:e?-?mail\ )?(?:local\ )?(?:user|recipient|mailbox|account|address)
    | (?:user|recipient|mailbox|account|address)\ (?:is\ )?(?:unknown|invalid|not\ found|no\ longer\ (?:exists|valid))
    | (?:user|recipient|mailbox|account|address)\S*(?:\ \S+){0,6}?\ (?:does\ not|doesn['’]t)\ exist
    | (?:user|recipient|mailbox|account)\ (?:has\ been\ |is\ )?(?:disabled|deactivated|discontinued)
    | (?:does\ not|doesn['’]t)\ have\ an?\ \S+\ account
    | no\ mailbox\ here\ by\ that\ name
    | recipient\ address\ rejected:\ access\ denied
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OF_SENDER = re.compile(r"\bsender\b|\bmail from\b", re.IGNORECASE)
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?![\d.]\d|\d)")


def read_status(status: str, words: str) -> str:
    """The enhanced code: as a Status field says it, or the server's words where they are more exact; "" for none.

    A reply code alone gives its class: 550 is 5.0.0.
    """
    said = _ENHANCED.search(status)
    told = _ENHANCED.search(words)
    if said is not None and (told is None or not _is_vague(said[1], told[1])):
        return said[1]
    if told is not None:
        return told[1]
    reply = _REPLY.search(words)
    return f"{reply[1]}.0.0" if reply is not None else ""


def _is_vague(said: str, told: str) -> bool:
    """Whether a code leaves open what another one of its class tells."""
    return said.endswith(".0.0") and told[0] == said[0]


def is_hard(status: str, words: str) -> bool:
    """Whether the address itself is at fault for good."""
    if status not in _SAYS_NOTHING:
        return status in HARD
    return _WORDS.search(words) is not None and _OF_SENDER.search(words) is None
