from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedwatch.normalize.mojibake import mend, sound

_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"


@pytest.mark.parametrize(
    "text, mended",
    [
        ("cafÃ© ouvert", "café ouvert"),
        ("voilÃ\xa0 le travail", "voilà le travail"),
        ("lâ€™homme et été", "l’homme et été"),
        ("l\xe2\x80\x99homme", "l’homme"),
        ("ÃƒÂ©tÃƒÂ©", "été"),  # twice
        ("â€œQuoteâ€\x9d said", "“Quote” said"),
        ("don\x92t", "don’t"),
        ("中文 cafÃ©", "中文 café"),
        ("ä¸\xadå›½", "中国"),
        ("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет"),
        ("РџСЂРёРІРµС‚ мир", "Привет мир"),
        ("Viá»‡t Nam", "Việt Nam"),
        ("one cafÃ©\ntwo\nthree lâ€™Ã©tÃ©", "one café\ntwo\nthree l’été"),
        ("News\xa0Ã©tÃ©", "News été"),
    ],
)
def test_what_surely_is_mojibake_is_mended(text: str, mended: str) -> None:
    assert mend(text) == mended
    assert mend(mended) == mended


@pytest.mark.parametrize(
    "text",
    ["锟斤拷锟斤拷", "ï¿½", "浣犲ソ", "L’été «café»… à côté", "SÃO PAULO, NÃO “É”", "IRMÃ “MARIA”",
     "Việt Nam đã là một", "Ängste: „Spaß“…",
     "ĐƯỜNG «Â»", "大桥开通。“好”", "Ça coûte 5 € — dit-il", "СССР «Р»", "£5 à 10°C ± 2",
     "ÀÉÈÊ ÂÃÕÇ", "Ü “Ö” Ä…", "naïve façade"],
)  # fmt: skip
def test_what_is_meant_or_cannot_be_mended_stays(text: str) -> None:
    assert mend(text) == text


def test_a_line_that_would_stay_strange_is_left_alone() -> None:
    line = "If youâ€ve seen text that looks like this â€” then youâ€ve seen mojibake."
    assert mend(line) == line


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
@pytest.mark.parametrize(
    "text",
    ["Le bâtiment a été rénové l’été dernier, « à côté » du théâtre.", "A construção da ponte não começará em março.",
     "Die Brücke öffnet für Fußgänger im März.", "Cầu đã được mở vào ngày thứ hai.", "粤港澳大湾区高质量发展",
     "大橋開通了", "Мост открыли вчера утром.", "Caffè è aperto — “finalmente”"],
)  # fmt: skip
def test_a_sentence_read_in_a_wrong_character_set_comes_back(text: str, wrong: str) -> None:
    try:
        misread = text.encode().decode(wrong)
    except UnicodeDecodeError:  # five bytes stand for nothing in Windows-1252
        misread = "".join(
            bytes([byte]).decode(wrong if byte not in _UNDEFINED else "latin-1") for byte in text.encode()
        )
    assert mend(misread) == text
    assert mend(text) == text


@settings(deadline=None)
@given(st.text(max_size=60))
def test_a_sound_text_stays_as_it_is(text: str) -> None:
    once = sound(text)
    assert sound(once) == once
