"""The kinds of values that settings take: durations, zones, addresses, queries, files; each says what it expects."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, ByteSize, Field, SecretStr, ValidationInfo

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d|w)")
_LONGEST = timedelta(days=36500)
FOREVER = _LONGEST + timedelta(days=1)
"""The age that nothing reaches."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(value: object) -> object:
    """`90s`, `15m`, `2h`, `1d`, `2w`, or several in a row (`1h30m`), as a timedelta; other types pass through."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower() if not isinstance(value, bool) else ""
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text).strip():
        raise ValueError("expected a duration with its unit, such as 30s, 15m, 2h or 1d")
    try:
        duration = sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts), timedelta())
    except OverflowError:
        duration = timedelta.max
    if duration > _LONGEST:
        raise ValueError(f"expected a duration of at most {_LONGEST.days}d")
    return duration


def parse_age(value: object) -> object:
    """A duration, or `forever`."""
    if value == "forever":
        return FOREVER
    try:
        return parse_duration(value)
    except ValueError as error:
        raise ValueError(f"{error}, or forever") from None


def show_duration(value: timedelta) -> str:
    """A short spelling that `parse_age` reads back: `15m`, `1h30m`, `2w`, `30d`, `forever`."""
    if value == FOREVER:
        return "forever"
    seconds = int(value.total_seconds())
    shown = ""
    for unit, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if unit == "w" and seconds % size:  # nobody counts 4w2d
            continue
        count, seconds = divmod(seconds, size)
        shown += f"{count}{unit}" if count else ""
    return shown or "0s"


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise ValueError("expected a duration above zero")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a folder of files: 10 ms


def _known_zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("expected an IANA time zone such as Asia/Hong_Kong or UTC")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+", value):
        raise ValueError("expected a mail address such as me@example.org")
    return value


def _mailbox(value: str) -> str:
    found = re.fullmatch(r"[^<>\r\n]*<([^<>]+)>", value)
    _address(found[1] if found else value)
    return value


def _web_url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError("expected a URL that begins with http:// or https://")
    return value


def _via(check: str) -> AfterValidator:
    """A validator that calls the function passed as `check` in the validation context, where one is."""

    def validate(value: str, info: ValidationInfo) -> str:
        checker = (info.context or {}).get(check)
        if checker is not None:
            checker(value)
        return value

    return AfterValidator(validate)


def _under_base(value: Path, info: ValidationInfo) -> Path:
    base = (info.context or {}).get("base")
    if "\0" in str(value):
        raise ValueError("expected a path, which holds no NUL character")
    try:
        return (base / value).resolve() if base is not None else value
    except RuntimeError:  # so does Python, before 3.13, tell a circle of links
        raise ValueError("the links that it goes by lead in a circle") from None


def _existing(value: Path) -> Path:
    try:
        is_file = value.is_file()
    except OSError as error:
        raise ValueError(f"cannot be looked at: {error.strerror}: {value}") from None
    if not is_file:
        raise ValueError(f"there is no such file: {value}")
    return value


def _database(value: str, info: ValidationInfo) -> str:
    if not re.match(r"(sqlite|postgres|postgresql)(\+\w+)?:", value):
        raise ValueError("expected a URL such as sqlite:///feedwatch.db or postgresql://host/feedwatch")
    scheme, slashes, path = value.partition(":///")
    is_relative = scheme.startswith("sqlite") and slashes and path and not path.startswith(("/", ":", "file:"))
    return f"{scheme}:///{_under_base(Path(path), info)}" if is_relative else value


def _some(value: ByteSize) -> ByteSize:
    if value <= 0:
        raise ValueError("expected a size above zero")
    return value


_OURS = frozenset({
    "host", "connection", "content-length", "transfer-encoding", "te", "upgrade",
    "if-none-match", "if-modified-since", "accept-encoding", "a-im", "range",
})  # fmt: skip
_INSTEAD = {"authorization": "auth", "cookie": "cookies", "proxy-authorization": "the user:password@ of proxy"}


def _header_name(value: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", value):
        raise ValueError("expected a header's name, such as X-Api-Key")
    if instead := _INSTEAD.get(value.lower()):
        raise ValueError(f"expected {instead} to be used instead")
    if value.lower() in _OURS:
        raise ValueError("expected another header: this one is feedwatch's to set")
    return value


def _header_value(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\t\x20-\x7e\x80-\xff]*", value.get_secret_value()):
        raise ValueError("expected one line of latin-1 text")
    return value


def _cookie_name(value: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", value):
        raise ValueError("expected a cookie's name (RFC 6265, 4.1.1)")
    return value


def _cookie_value(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r'[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[^"\s;\\]*"', value.get_secret_value()):
        raise ValueError("expected a cookie's value: no spaces, commas, semicolons or quotes (RFC 6265, 4.1.1)")
    return value


def _proxy_url(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"http://([^\s/@]+@)?[^\s/@]+/?", value.get_secret_value()):
        raise ValueError("expected the URL of an HTTP proxy, such as http://proxy.example:3128")
    return value


def _hook_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"([A-Za-z0-9_-]{16,})?", value.get_secret_value()):
        raise ValueError("expected at least 16 letters, digits, - and _, as it is part of a URL")
    return value


def _quiet_hours(value: str) -> str:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)", value.strip())
    if value.strip() and found is None:
        raise ValueError("expected two times of day, such as 22:00-07:00")
    if found is None:
        return ""
    first, last = f"{int(found[1]):02}:{found[2]}", f"{int(found[3]):02}:{found[4]}"
    if first == last:
        raise ValueError("expected two times that differ: nothing would ever be sent")
    return f"{first}-{last}"


def _listen(value: str) -> str:
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})", value)
    if found is None or int(found[2]) > 65535:  # noqa: PLR2004
        raise ValueError("expected an address and a port, such as 127.0.0.1:8080 or [::]:8080")
    return value


Duration = Annotated[timedelta, BeforeValidator(parse_duration), AfterValidator(_positive)]
Age = Annotated[timedelta, BeforeValidator(parse_age), AfterValidator(_positive)]
Zone = Annotated[str, AfterValidator(_known_zone)]
QuietHours = Annotated[str, AfterValidator(_quiet_hours)]
Address = Annotated[str, AfterValidator(_address)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Query = Annotated[str, _via("check_query")]
Term = Annotated[str, _via("check_term")]
Stem = Annotated[str, _via("check_stem")]
Cron = Annotated[str, _via("check_schedule")]
ConfigPath = Annotated[Path, AfterValidator(_under_base)]
ExistingFile = Annotated[Path, AfterValidator(_under_base), AfterValidator(_existing)]
KeyFile = Annotated[ExistingFile, _via("check_key")]
Selector = Annotated[str, _via("check_selector")]
Rule = Annotated[str, _via("check_rule")]
HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[SecretStr, AfterValidator(_header_value)]
CookieName = Annotated[str, AfterValidator(_cookie_name)]
CookieValue = Annotated[SecretStr, AfterValidator(_cookie_value)]
HookToken = Annotated[SecretStr, AfterValidator(_hook_token)]
ProxyUrl = Annotated[SecretStr, AfterValidator(_proxy_url)]
Listen = Annotated[str, AfterValidator(_listen)]
Size = Annotated[ByteSize, AfterValidator(_some)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]

SLUG = r"^[a-z0-9][a-z0-9._-]*$"
NAME = r"^\S(.*\S)?$"
SOURCES = r"^[a-z0-9*][a-z0-9._*-]*$"
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
DOMAIN = r"^[A-Za-z0-9.-]+$"
CONTACT = r"^[\x21-\x7e]+$"
FORMS = {
    SLUG: "small letters, digits, dots, - and _ alone, such as rthk-local-en",
    NAME: "one line of text with no space at its ends",
    SOURCES: "a source's name, in which * stands for any characters, such as rthk-*",
    LANGUAGE: "a language tag such as en or zh-Hant",
    DOMAIN: "a domain such as news.example.org",
    CONTACT: "a URL or mail address without spaces, in ASCII",
}
"""What each pattern asks for, in words."""
Slug = Annotated[str, Field(pattern=SLUG, max_length=80)]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=NAME)]
Tag = Name
Language = Annotated[str, Field(pattern=LANGUAGE)]
SourceNames = Annotated[str, Field(pattern=SOURCES, max_length=120)]
