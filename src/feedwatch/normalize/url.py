"""The canonical form of a URL: what can be told apart by no server, written in one way.

What a server might answer differently stays as written here (scheme, `www.`, order of parameters, final slash):
the link must open. The story key, in the cluster room, folds those too.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna

from feedwatch.normalize.tracking import cached_by_amp, is_tracking, target_parameters

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_HOST = 253
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufff9-\uffff\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_NOT_NORMAL = re.compile(r"%([0-9A-Fa-f]{2})|%|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+")
# What most feeds write, and no server would be asked otherwise: nothing but the query's parts is left to judge.
_PLAIN = re.compile(
    r"(https?://)([a-z0-9.-]+)((?:/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*)?)(?:\?([A-Za-z0-9\-._~!$&'()*+,;=:@/?]*))?"
    r"(?:#(?![!/])[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*)?"
)
_ROUTE = ("!", "/")
# Escaped once too often, as many feeds do: `?a=1&amp;b=2`, `&#038;`.
_ESCAPED = re.compile(r"&(?:amp;|#0*38;)+", re.IGNORECASE)
# Where a server that sets no cookie writes its session: `;jsessionid=1A2B.node1`, `/(S(lit3py55t21z5v55vlm25s55))/`.
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sessionid|session_id|sid)=[^/;]*|/\(\w\([A-Za-z0-9]{16,}\)\)(?=/)", re.IGNORECASE
)


def canonical_url(url: str, base: str = "") -> str:
    """The canonical form of an http or https URL; "" for any other and for what cannot be read.

    A relative reference is resolved against base. Tracking parameters, session ids, counting redirects, AMP caches,
    credentials, default ports and fragments go; fragments that name a page of a one-page site (`#!/a`, `#/a`) stay.
    Host in lower case and Punycode (UTS 46), percent-encoding and dot segments as in RFC 3986, 6.2.2. Idempotent.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None:
        scheme, host, path, query = plain.groups("")
        if not _is_special(path) and ";" not in url and _host(host) == host and not _is_passed_on(host, path):
            return f"{scheme}{host}{path or '/'}{_without_tracking(query)}"
    return _canonical(url, base)


def _canonical(url: str, base: str) -> str:
    """As `canonical_url`, for whatever is written."""
    url = _INVISIBLE.sub("", url).strip()
    if not url:
        return ""
    while True:
        url = _as_meant(url)
        try:
            if not _SCHEME.match(url):
                url = urljoin(base, url)
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, _host(parts.hostname or ""), parts.port
        except ValueError:
            return ""
        if scheme not in _DEFAULT_PORTS or not host:
            return ""
        target = _target(host, parts.path, parts.query)
        if not target:
            break
        url = target
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    query = _encode(_without_tracking(parts.query))
    fragment = f"#{_encode(parts.fragment)}" if parts.fragment.startswith(_ROUTE) else ""
    return f"{scheme}://{host}{_path(parts.path)}{query}{fragment}"


def _as_meant(url: str) -> str:
    """With what was written by mistake as browsers read it: backslashes for slashes, an escaped ampersand."""
    if "\\" in url:
        place, mark, query = url.partition("?")
        url = place.replace("\\", "/") + mark + query
    return _ESCAPED.sub("&", url)


def _without_tracking(query: str) -> str:
    kept = "&".join([part for part in query.split("&") if part and not is_tracking(part)]) if query else ""
    return f"?{kept}" if kept else ""


@lru_cache(maxsize=4096)
def _host(host: str) -> str:
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]" if "%" not in host else ""
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except (idna.IDNAError, UnicodeError):
            return ""
    host = host.lower().removesuffix(".")
    return host if len(host) <= _MAX_HOST and _HOST.fullmatch(host) else ""


def _is_special(path: str) -> bool:
    """Whether dot segments or a session may stand in it."""
    return "/." in path or ";" in path or "/(" in path


def _is_passed_on(host: str, path: str) -> bool:
    return bool(target_parameters(host, path) or cached_by_amp(host, path))


def _target(host: str, path: str, query: str) -> str:
    """Where a counting redirect or a copy in a cache leads; "" where it is none."""
    if cached := cached_by_amp(host, path):
        return f"{cached}?{query}" if query else cached
    for wanted in target_parameters(host, path):
        for part in query.split("&"):
            name, _, value = part.partition("=")
            target = unquote(value, errors="replace")
            if name == wanted and target.startswith(("http://", "https://")):
                return _INVISIBLE.sub("", target).strip()
    return ""


def _path(path: str) -> str:
    path = _SESSION_IN_PATH.sub("", _encode(path)) if _is_special(path) else _encode(path)
    if not path.startswith("/"):
        path = "/" + path
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path[1:].split("/")
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _encode(component: str) -> str:
    return _NOT_NORMAL.sub(_normal, component)


def _normal(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return quote(match[0], safe="", errors="replace")
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"
