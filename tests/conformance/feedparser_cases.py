"""feedparser's cases: the expression at the head of each, asked of our document."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser

from feedwatch.errors import DocumentError
from feedwatch.model import Document, Entry
from feedwatch.parse import parse
from feedwatch.parse.decode import decode
from tests.conformance.fields import asked
from tests.conformance.outcome import Outcome

_EXPECT = re.compile(r"Expect:\s*(.*?)\s*(?:-->|$)", re.MULTILINE)
_HEADER = re.compile(r"^\s*Header:\s*([\w-]+):\s*(.*?)\s*$", re.MULTILINE)
# An entry without title, link and text is left out of a document. Many a case holds just the one element that it is
# about: it is read with a title added.
_ENTRY_END = re.compile(rb"(?=</(?:item|entry)>)", re.IGNORECASE)
_TITLED = b"<title>Added</title>"
_SERVED_FROM = "http://127.0.0.1:8097/"
Keys = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A case as both parsers read it."""

    ours: Document
    theirs: Any
    url: str


def outcomes(feeds: Path) -> Iterator[Outcome]:
    """Every expectation on a field of ours, in the order of the files."""
    for file in sorted((feeds / "feedparser").rglob("*")):
        if file.is_file():
            yield from _case(file, str(file.relative_to(feeds)))


def _case(file: Path, name: str) -> Iterator[Outcome]:
    body = file.read_bytes()
    text, _ = decode(body, None)
    found = _EXPECT.search(text[:4000])
    if found is None:
        return
    headers = {key.lower(): value for key, value in _HEADER.findall(text[:4000])}
    located = headers.get("content-location", "")
    url = located if located.startswith("http") else _SERVED_FROM + name
    expression = ast.parse(found[1], mode="eval").body
    # As in feedparser's own tests, only the cases of that name are read as from a server; the others have no base.
    served = {"content-location": url} if file.name.startswith("http") else {}
    theirs = feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml"} | served | headers)
    ours = _ours(body, headers.get("content-type"), url)
    if len(ours.entries) < len(theirs.entries):
        ours = _ours(_ENTRY_END.sub(_TITLED, body), headers.get("content-type"), url)
    yield from _asked_of(expression, Read(ours, theirs, url), name)


def _ours(body: bytes, content_type: str | None, url: str) -> Document:
    try:
        return parse(body, content_type=content_type, url=url)
    except DocumentError as error:
        return Document(warnings=(str(error),))


def _asked_of(node: ast.expr, read: Read, case: str) -> Iterator[Outcome]:
    """The outcomes of an expression: of `or` that of the first alternative that passes, or else of all."""
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            for value in values:
                yield from _asked_of(value, read, case)
        case ast.BoolOp(values=values):
            alternatives = [list(_asked_of(value, read, case)) for value in values]
            passing = [outcomes for outcomes in alternatives if all(outcome.passed for outcome in outcomes)]
            yield from (passing or alternatives)[0]
        case ast.Compare(left=left, comparators=comparators):
            sides = [left, *comparators]
            expected = next(
                (side for side in sides if isinstance(side, (ast.Constant, ast.Tuple, ast.Dict, ast.BinOp))), None
            )
            for side in sides:
                if side is not expected and expected is not None:
                    yield from _one(side, _constant(expected), read, case)


def _constant(node: ast.expr) -> object:
    """A literal; strings that are added, too."""
    if isinstance(node, ast.BinOp):
        return f"{_constant(node.left)}{_constant(node.right)}"
    return ast.literal_eval(node)


def _one(node: ast.expr, expected: object, read: Read, case: str) -> Iterator[Outcome]:
    wrapper = ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("len", "ord"):
        wrapper, node = node.func.id, node.args[0]
    path = _path(node)
    if path is None:
        return
    if wrapper == "ord" and isinstance(expected, int):
        expected = chr(expected)
    if path == ("entries",) and wrapper == "len":
        yield Outcome(
            case, "document.entries", len(read.ours.entries) == expected, repr(expected), str(len(read.ours.entries))
        )
        return
    if path[0] == "feed":
        yield from asked(path, expected, read.ours, _Nothing, read.theirs.feed, read.url, case, wrapper)
    elif path[0] == "entries" and len(path) > 2 and isinstance(path[1], int):
        entry = read.ours.entries[path[1]] if path[1] < len(read.ours.entries) else _Nothing
        theirs = read.theirs.entries[path[1]] if path[1] < len(read.theirs.entries) else {}
        yield from asked(path, expected, read.ours, entry, theirs, read.url, case, wrapper)


_Nothing = Entry()


def _path(node: ast.expr) -> Keys | None:
    """`entries[0]['title']` as ("entries", 0, "title"); None where it is none of that shape."""
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Subscript(value=value, slice=ast.Constant(value=key)):
            inner = _path(value)
            return (*inner, key) if inner else None
        case ast.Attribute(value=value, attr=key):
            inner = _path(value)
            return (*inner, key) if inner else None
    return None
