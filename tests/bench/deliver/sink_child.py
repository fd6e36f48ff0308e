"""A small SMTP sink in Python: takes everything, counts as smtp-sink does, and writes down whom it was for.

    python -m tests.bench.deliver.sink_child PORT FILE

FILE has the number of mails of each recipient when it has ended, at SIGTERM.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections import Counter
from pathlib import Path

_END = b"\r\n.\r\n"
_GREETING = b"220 sink ESMTP\r\n"
_EHLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 0\r\n250 SMTPUTF8\r\n"


class _Connection(asyncio.Protocol):
    read_bytes = 0
    """By all connections."""

    def __init__(self, recipients: Counter[str]) -> None:
        self._recipients = recipients
        self._waiting = bytearray()
        self._to: list[str] = []
        self._is_in_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(_GREETING)

    def data_received(self, data: bytes) -> None:
        waiting = self._waiting
        seen = max(len(waiting) - len(_END), 0)
        waiting += data
        _Connection.read_bytes += len(data)
        while waiting:
            mark = _END if self._is_in_mail else b"\r\n"
            end = waiting.find(mark, seen)
            if end < 0:
                return
            line = bytes(waiting[:end])
            del waiting[: end + len(mark)]
            seen = 0
            self._transport.write(self._accepted() if self._is_in_mail else self._answer(line))
            if self._transport.is_closing():
                return

    def _accepted(self) -> bytes:
        self._is_in_mail = False
        self._recipients.update(self._to)
        sys.stdout.write(f"bytes={_Connection.read_bytes} mesg={self._recipients.total()}\r")
        sys.stdout.flush()
        return b"250 2.0.0 Ok\r\n"

    def _answer(self, line: bytes) -> bytes:
        match line[:4].upper():
            case b"EHLO":
                return _EHLO
            case b"RCPT":
                self._to.append(line.partition(b"<")[2].partition(b">")[0].decode())
            case b"MAIL" | b"RSET":
                self._to = []
            case b"DATA":
                self._is_in_mail = True
                return b"354 go on\r\n"
            case b"QUIT":
                self._transport.write(b"221 2.0.0 Bye\r\n")
                self._transport.close()
                return b""
        return b"250 2.0.0 Ok\r\n"


async def _serve(port: int, recipients: Counter[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(lambda: _Connection(recipients), "127.0.0.1", port, backlog=1000)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    taken: Counter[str] = Counter()
    asyncio.run(_serve(int(sys.argv[1]), taken))
    Path(sys.argv[2]).write_text(json.dumps(taken), encoding="utf-8")
