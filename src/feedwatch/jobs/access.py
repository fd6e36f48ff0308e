"""How a source wants to be asked: headers, cookies, login and proxy, from the configuration and never the database."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedwatch.fetch import Access

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedwatch.declared import AuthSettings, SourceSettings
    from feedwatch.settings import Settings


def access_by_name(settings: Settings) -> dict[str, Access]:
    """The sources that are not asked like any other, by name."""
    asked = {source.name: _access(source, settings) for source in settings.sources}
    return {name: access for name, access in asked.items() if access != Access()}


def access_to(url: str, name: str, home: str, access: Mapping[str, Access]) -> Access:
    """How a further document of a source is asked for: logged in where it lies beside the source's own, else not.

    url is the document's, home the source's. The proxy is the same for both.
    """
    own = access.get(name, Access())
    return own if _origin(url) == _origin(home) else replace(Access(), proxy=own.proxy)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _access(source: SourceSettings, settings: Settings) -> Access:
    proxy = source.proxy or settings.fetch.proxy
    return Access(
        headers=tuple((name, value.get_secret_value()) for name, value in source.headers.items()),
        cookies=tuple((name, value.get_secret_value()) for name, value in source.cookies.items()),
        authorization=_authorization(source.auth) if source.auth else None,
        proxy=proxy.get_secret_value() if proxy else None,
    )


def _authorization(auth: AuthSettings) -> str:
    """The header's value: bearer (RFC 6750, 2.1) or basic (RFC 7617, 2)."""
    if auth.token is not None:
        return f"Bearer {auth.token.get_secret_value()}"
    password = auth.password.get_secret_value() if auth.password is not None else ""
    return "Basic " + b64encode(f"{auth.username}:{password}".encode()).decode()
