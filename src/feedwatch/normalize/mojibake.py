"""Mends text that was written in UTF-8 and read in another character set ("cafÃ©"), where that is sure."""

from __future__ import annotations

import re

from feedwatch.normalize.chars import scrub

_WEST = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_CYRILLIC = "\xa0-\xbfЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈҐЁЄЇІіґё№єјЅѕї"
# The characters that the bytes of UTF-8 are read as: of two, three or four; in Windows-1251 at least two pairs, as one
# may be meant. It finds more than is wrong, and spares nearly all texts the search for what is. Single quotes
# and dashes of Windows-1252 that were passed on as control characters are found too (but 85, a line break).
_SUSPECT = re.compile(
    "[\x80-\x84\x86-\x9fÂ-ðРС]"  # one set first: what the engine looks for quickly
    f"(?:(?<=[Â-Þ])[{_WEST}]|(?<=[à-ï])[{_WEST}]{{2}}|(?<=ð)[{_WEST}]{{3}}"
    f"|(?<=[РС])[{_CYRILLIC}][РС][{_CYRILLIC}]|(?<=[\x80-\x84\x86-\x9f]))"
)
# After a character of ASCII it is a space and no byte of another character, and would keep the line from being read.
_LONE_SPACE = re.compile("(?<![^\\x00-\\x7f])\xa0+")
_SURE = frozenset({"utf-8", "utf-8-variants", "decode_inconsistent_utf8", "windows-1252", "fix_c1_controls"})


def mend(text: str) -> str:
    """The text with each line mended that surely was read in a wrong character set (by ftfy's measure).

    A line is left as it is unless the mending leaves nothing strange in it and loses nothing. What was read as GBK,
    Big5 or Shift JIS, or lost some of its bytes, cannot be mended.
    """
    if text.isascii() or _SUSPECT.search(text) is None:
        return text
    return "\n".join([_mended(line) if _SUSPECT.search(line) else line for line in text.split("\n")])


def sound(text: str) -> str:
    """The text mended and without stray characters, which may have hidden what there was to mend."""
    while (sounder := scrub(mend(text))) != text:
        text = sounder
    return text


def _mended(line: str) -> str:
    # Loaded where a text may need it: 0.2 seconds.
    from ftfy import TextFixerConfig, fix_encoding_and_explain  # noqa: PLC0415
    from ftfy.badness import badness  # noqa: PLC0415

    words = _LONE_SPACE.sub(" ", line)
    # Nothing is put in place of what was lost: a text with replacement characters in it is no better.
    fixed, steps = fix_encoding_and_explain(words, TextFixerConfig(explain=True, replace_lossy_sequences=False))
    if fixed == words or not steps or not any(step.parameter in _SURE for step in steps):
        return line
    is_sound = not badness(fixed) and fixed.count("\ufffd") <= line.count("\ufffd")
    return fixed if is_sound else line
