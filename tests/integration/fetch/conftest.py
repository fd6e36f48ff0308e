from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from feedwatch.errors import FetchError
from feedwatch.fetch import Fetcher
from feedwatch.settings import FetchSettings

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
async def make_fetcher() -> AsyncIterator[MakeFetcher]:
    """A fetcher with the given settings under `fetch:`; 127.0.0.1 is allowed unless they say otherwise."""
    async with AsyncExitStack() as stack:
        made: list[Fetcher] = []

        def make(**settings: Any) -> Fetcher:
            settings.setdefault("allow_private_hosts", ["127.0.0.1"])
            made.append(Fetcher(FetchSettings.model_validate(settings)))
            stack.push_async_exit(made[-1])
            return made[-1]

        yield make


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost in one file, signed by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command, which makes the certificate, is missing")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    key = path.with_name("key.pem")
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(key),
        "-out",
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + key.read_bytes())
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def error_of(fetching: Awaitable[object]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetching
    return caught.value
