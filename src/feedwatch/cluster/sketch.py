"""The sketch of an item: a few keys, of which copies share some, so that an index finds the items worth comparing."""

from __future__ import annotations

import re
from zlib import adler32, crc32

from feedwatch.cluster.events import event_keys
from feedwatch.cluster.fold import fold, fold_spaced, weight
from feedwatch.cluster.scripts import fold_characters, is_unspaced, simplified
from feedwatch.model import Item, SketchKind

TEXT_KEYS = 9
LEAD_KEYS = 3
MIN_TITLE_WEIGHT = 20
"""In Latin letters; an ideograph weighs two. "Weather" and "今日要闻" head a new text every day."""

_WORDS = 5
_WORDS_REACH = 100
_LETTERS_FOR_A_KEY = 48
_CHARACTERS = 8
_CHARACTERS_FOR_A_KEY = 14
# Words that anchor shingles before others do: of five letters at least, and in Latin script with a first letter that
# few words have which stand in every text ("their", "about"). To pass over the rest takes half of the time.
_ANCHORS = re.compile(rb" ([bcdfgmpr\x80-\xff][^ ]{4,})")
_LEAD_WORDS, _LEAD_SHINGLE = 30, 4
_LEAD_REACH = 400
_LEAD_CHARACTERS = 50
_MASK = (1 << 63) - 1 - 3
# The commonest characters of Chinese stand at the beginning of every text.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相"
    "全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果"
    "0123456789abcdefghijklmnopqrstuvwxyz"
)


def sketch(item: Item) -> tuple[int, ...]:
    """The near keys of an item, 21 at most; a key's lowest two bits are its `SketchKind`. The same in every process."""
    return (*near_keys(item), *event_keys(item))


def near_keys(item: Item) -> tuple[int, ...]:
    """The keys by which copies meet, 13 at most: of the text, of its beginning and of the title.

    The text has a key for every 48 letters (14 characters of a script without spaces), up to 9: shingles of 5 words (8
    characters) that begin with the words of the smallest hashes, the first time that they stand in it. It is a bottom-k
    sketch (Broder, On the resemblance and containment of documents, 1997) that hashes words in place of shingles, as
    there are fewer. The beginning has the 3 smallest shingles of 4 words (8 characters) among its first 30 (50).
    Costs: docs/decisions/0018.
    """
    shingles, lead = _of_characters(item.text) if is_unspaced(item.text) else _of_words(item.text)
    keys = [_key(shingle, SketchKind.TEXT) for shingle in shingles]
    keys += [_key(shingle, SketchKind.LEAD) for shingle in sorted(lead, key=crc32)[:LEAD_KEYS]]
    if title := title_key(item.title):
        keys.append(_key(title, SketchKind.TITLE))
    return tuple(dict.fromkeys(keys))


def title_key(title: str) -> bytes:
    """The folded title by which short items meet; empty where it weighs less than 20 Latin letters."""
    folded = fold(title if title.isascii() else simplified(title))
    return folded if weight(folded.decode()) >= MIN_TITLE_WEIGHT else b""


def _of_words(text: str) -> tuple[list[bytes], list[bytes]]:
    """The text's sample of shingles, and all shingles of its beginning."""
    folded = b" %b " % fold_spaced(text)
    shingles = []
    if count := min(TEXT_KEYS, len(text) // _LETTERS_FOR_A_KEY):
        anchors = sorted(set(_ANCHORS.findall(folded)), key=crc32)[:count]
        if len(anchors) < count:
            anchors += sorted(set(folded.split()).difference(anchors), key=crc32)[: count - len(anchors)]
        for anchor in anchors:
            at = folded.find(b" %b " % anchor)
            shingles.append(b" ".join(folded[at : at + _WORDS_REACH].split()[:_WORDS]))
    words = folded[:_LEAD_REACH].split()[:_LEAD_WORDS]
    return shingles, list(map(b" ".join, zip(*(words[at:] for at in range(_LEAD_SHINGLE)), strict=False)))


def _of_characters(text: str) -> tuple[list[bytes], list[bytes]]:
    folded = fold_characters(text)
    count = min(TEXT_KEYS, len(folded) // _CHARACTERS_FOR_A_KEY)
    anchors = sorted(set(folded) - _COMMON, key=_hashes.__getitem__)[:count]
    shingles = [folded[(at := folded.find(anchor)) : at + _CHARACTERS].encode() for anchor in anchors]
    starts = range(min(len(folded), _LEAD_CHARACTERS) - _CHARACTERS + 1)
    return shingles, [folded[at : at + _CHARACTERS].encode() for at in starts]


class _Hashes(dict[str, int]):
    """The hash of each character that was met: there are some thousand in use."""

    def __missing__(self, character: str) -> int:
        self[character] = hashed = crc32(character.encode())
        return hashed


_hashes = _Hashes()


def _key(shingle: bytes, kind: SketchKind) -> int:
    # Two checksums tell strings of this length apart as well as a cryptographic hash does, in a third of its time.
    return (crc32(shingle) << 31 | adler32(shingle) << 2) & _MASK | kind
