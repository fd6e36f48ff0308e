"""The encoding of bytes about which nothing is said, or nothing that fits: of Chinese above all, however short.

Detectors by statistics (charset-normalizer among them) need a paragraph: of titles of two or three characters in GBK
they took most for Big5, EUC-JP or Polish. What is certain even then is how the two Chinese sets are built: their first
planes hold the characters in use, sorted by sound (GB 2312) or by strokes (Big5), and Western letters lie outside both.
"""

from __future__ import annotations

import re
from typing import Final

from charset_normalizer import from_bytes

_SAMPLE_BYTES: Final = 20_000
_OUTSIDE_ASCII: Final = re.compile(rb"[^<>\x00-\x1f]{0,200}[\x80-\xff][^<>\x00-\x1f]{0,200}")
_IN_USE: Final = 0.7
"""The least share of characters in use of a Chinese text; of French or German read as one, nearly none is."""
_LONG: Final = 60
"""Characters from which on Chinese shows by its commonest characters, and statistics begin to be right."""
_COMMON_SHARE: Final = 0.12
_OTHERS: Final = ["gb18030", "big5", "euc_kr", "shift_jis", "euc_jp", "cp1251", "koi8_r", "cp1252"]

_COMMON: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法"
    "所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政"
    "四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最"
    "立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别手期根论运"
    "農農這個為國時來們對會發動說產種後學經進著電裡現實體當點從業應開還關間樣與內數正無變條沒結問軍資邊長較將組見計別論運"
    "港澳門门灣湾区區粤粵广廣深圳珠海东東市省新闻聞报報道导導记記今日消息"
)
_PUNCTUATION: Final = frozenset("，。、；：？！“”‘’（）《》〈〉「」『』【】…—·　％")


def guess(body: bytes) -> str | None:
    """The encoding that the bytes outside ASCII speak for; None where none does, as in a few Western words."""
    sample = b" ".join(_OUTSIDE_ASCII.findall(body[: 20 * _SAMPLE_BYTES]))[:_SAMPLE_BYTES]
    chinese = {encoding: score for encoding in ("gb18030", "big5") if (score := _score(sample, encoding)) is not None}
    best = max(chinese, key=lambda encoding: chinese[encoding], default=None)
    if best is not None and (_characters(sample) < _LONG or chinese[best][1] >= _COMMON_SHARE):
        return best
    if _characters(sample) < _LONG:
        return None
    found = from_bytes(sample, cp_isolation=_OTHERS).best()
    return found.encoding if found is not None else None


def _characters(sample: bytes) -> int:
    return sum(byte >= 0x80 for byte in sample) // 2  # noqa: PLR2004


def _score(sample: bytes, encoding: str) -> tuple[float, float] | None:
    """The shares of characters in use and of the commonest; None where it cannot be Chinese so."""
    characters = [character for character in sample.decode(encoding, "replace") if character > "\x7f"]
    words = [character for character in characters if character not in _PUNCTUATION]
    common = sum(character in _COMMON for character in words) / max(1, len(words))
    if not words or (len(set(words)) == 1 and not common):  # such as the one capital umlaut of a German title
        return None
    in_use = sum(_is_in_use(character, encoding) for character in words) / len(words)
    if in_use < _IN_USE:
        return None
    return in_use, common


def _is_in_use(character: str, encoding: str) -> bool:
    """Whether it lies in the first plane: rows 16 to 55 of GB 2312, A440 to C67E of Big5."""
    written = character.encode(encoding, "ignore")
    if len(written) != 2:  # noqa: PLR2004
        return False
    lead, trail = written
    return 0xB0 <= lead <= 0xD7 and trail >= 0xA1 if encoding == "gb18030" else 0xA4 <= lead <= 0xC6  # noqa: PLR2004
