"""What has to stand in every text that a regular expression is found in, so that the others are never searched."""

from __future__ import annotations

import re

from .fold import squeeze

MOST_LITERALS = 16
"""Of alternatives."""

_FEWEST_BYTES = 2
_CLASSES = frozenset("dDsSwW")
_ASSERTIONS = frozenset("bBAz")
_CONTROLS = frozenset("aftnrv")
# Only characters that fold by themselves, whatever stands beside them: marks join others (か and ゛ to が).
_PLAIN = re.compile(r"[ -~\u3400-\u4dbf\u4e00-\u9fff]")
_REPEAT = re.compile(r"([*+?]|\{(\d+)(?:,\d*)?\})\??")
_GROUP = re.compile(r"\(\?(?:P?<\w+>|[imsU]*(?:-[imsU]+)?(:|\)))|\(")
_BRACKET = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
_CODE = re.compile(r"\\(?:x(?:\{[0-9A-Fa-f]+\}|[0-9A-Fa-f]{2})|[pP](?:\{\^?\w+\}|\w))")

Needed = tuple[str, ...]


class _Unreadable(Exception):  # noqa: N818 - never leaves this module
    """The expression has something that this reader does not know."""


def regex_literals(pattern: str) -> Needed:
    """Squeezed literals of which every text that the expression is found in has one; empty where none is sure.

    Of the parts that all have to be there, the one with the longest; at most 16, none of one letter alone.
    """
    try:
        needed, end = _alternatives(pattern, 0)
    except _Unreadable:
        return ()
    return needed if end == len(pattern) else ()


def _alternatives(pattern: str, at: int) -> tuple[Needed, int]:
    """What one of the branches from `at` on needs, and where they end: at a closing parenthesis or the end."""
    branches: list[Needed] = []
    while True:
        needed, at = _branch(pattern, at)
        branches.append(needed)
        if not pattern.startswith("|", at):
            break
        at += 1
    together = tuple(dict.fromkeys(literal for needed in branches for literal in needed))
    return (together if all(branches) and len(together) <= MOST_LITERALS else ()), at


def _branch(pattern: str, at: int) -> tuple[Needed, int]:
    choices: list[Needed] = []
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        atom, needed, at = _atom(pattern, at)
        repeat = _REPEAT.match(pattern, at)
        if repeat is None:
            if atom is not None:
                run += atom
                continue
        else:
            at = repeat.end()
            is_optional = repeat[1] in "*?" or (repeat[2] is not None and int(repeat[2]) == 0)
            if is_optional:
                needed = ()
            elif atom is not None:
                run += atom
        choices += [(run,), needed]
        run = ""
    choices.append((run,))
    return max(map(_squeezed, choices), key=_worth), at


def _atom(pattern: str, at: int) -> tuple[str | None, Needed, int]:
    """The characters that one atom is, if it is no other than these; else what it needs; and where it ends."""
    character = pattern[at]
    if character == "(":
        return _group(pattern, at)
    if character == "[":
        bracket = _BRACKET.match(pattern, at)
        if bracket is None:
            raise _Unreadable
        return None, (), bracket.end()
    if character == "\\":
        return _escape(pattern, at)
    if character in "^$":
        return "", (), at + 1
    is_itself = character not in ".*+?{" and _PLAIN.match(character)
    return (character if is_itself else None), (), at + 1


def _group(pattern: str, at: int) -> tuple[str | None, Needed, int]:
    opening = _GROUP.match(pattern, at)
    if opening is None:
        raise _Unreadable
    if opening[1] == ")":
        if _REPEAT.match(pattern, opening.end()):  # which RE2 takes for one of what stands before the flags
            raise _Unreadable
        return "", (), opening.end()
    needed, end = _alternatives(pattern, opening.end())
    if not pattern.startswith(")", end):
        raise _Unreadable
    return None, needed, end + 1


def _escape(pattern: str, at: int) -> tuple[str | None, Needed, int]:
    code = _CODE.match(pattern, at)
    if code is not None:
        return None, (), code.end()
    character = pattern[at + 1 : at + 2]
    if character in _ASSERTIONS:
        return "", (), at + 2
    if character in _CLASSES or character in _CONTROLS:
        return None, (), at + 2
    if not character or character.isalnum() or not _PLAIN.match(character):
        raise _Unreadable
    return character, (), at + 2


def _squeezed(literals: Needed) -> Needed:
    squeezed = [squeeze(literal) for literal in literals]
    is_sure = all(len(literal) >= _FEWEST_BYTES for literal in squeezed)
    return tuple(literal.decode() for literal in squeezed) if is_sure else ()


def _worth(literals: Needed) -> int:
    return min((len(literal.encode()) for literal in literals), default=0)
