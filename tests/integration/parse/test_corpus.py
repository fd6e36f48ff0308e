"""Every document of the corpus is read, or refused in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from feedwatch.errors import DocumentError
from feedwatch.model import Document
from feedwatch.parse import parse
from tests.corpus import corpus_dir

URL = "https://feeds.example/all.xml"

# The corpus has JSON that is no feed (the expected values beside gofeed's cases) and HTML pages (Miniflux, reader).
EXPECTED = {
    "feedparser": Counter(documents=1363, refused=1),
    "gofeed": Counter(documents=368, refused=361),
    "miniflux": Counter(documents=11, refused=7),
    "reader": Counter(documents=10, refused=1),
    "real-world": Counter(documents=100),
}


def read_all(folder: str) -> dict[str, Document | DocumentError]:
    corpus = corpus_dir()
    if corpus is None:
        pytest.skip("no corpus beside the project")
    root = corpus / "feeds" / folder
    return {str(file.relative_to(root)): read(file) for file in sorted(root.rglob("*")) if file.is_file()}


def read(file: Path) -> Document | DocumentError:
    try:
        return parse(file.read_bytes(), content_type=None, url=URL)
    except DocumentError as error:
        return error


@pytest.mark.parametrize("folder", EXPECTED)
def test_every_file_is_read_or_refused(folder: str, record_property: Callable[[str, object], None]) -> None:
    outcomes = read_all(folder)
    documents = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Document)}
    refused = {name: str(outcome) for name, outcome in outcomes.items() if isinstance(outcome, DocumentError)}
    for name, count in {
        "documents": len(documents),
        "refused": len(refused),
        "entries": sum(len(document.entries) for document in documents.values()),
        "warned": sum(1 for document in documents.values() if document.warnings),
    }.items():
        record_property(name, count)

    assert Counter(documents=len(documents), refused=len(refused)) == EXPECTED[folder], refused
    assert not [sentence for sentence in refused.values() if "cannot be read (" in sentence]
    for document in documents.values():
        assert_well_made(document)


def assert_well_made(document: Document) -> None:
    """What the next room counts on."""
    for entry in document.entries:
        assert entry.title or entry.url or entry.content or entry.summary
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        assert entry.guid != "" and entry.published != "" and entry.updated != "" and entry.language != ""
        assert all((*entry.authors, *entry.tags))
        repr(entry).encode()  # no half of a surrogate pair


def test_real_feeds_are_read_whole_and_without_a_word() -> None:
    outcomes = read_all("real-world")
    documents = [outcome for outcome in outcomes.values() if isinstance(outcome, Document)]
    entries = [entry for document in documents for entry in document.entries]
    assert len(entries) == 3324
    assert [document.warnings for document in documents if document.warnings] == []
    assert all(entry.published or entry.updated for entry in entries)
    assert sum(1 for entry in entries if not entry.title) <= 4
    # One feed of a weblog has neither links nor guids.
    assert sum(1 for document in documents if any(entry.url is None for entry in document.entries)) == 1
