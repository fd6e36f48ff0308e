"""Encodings that nobody names, or names falsely: short Chinese texts above all."""

from __future__ import annotations

import pytest

from tests.unit.parse.documents import read
from tests.unit.parse.test_decode import feed

LONG_KOREAN = (
    "대만구의 발전에 대한 오늘의 주요 뉴스를 전해 드립니다. 새로운 다리가 열리고 항구가 넓어지고 있습니다. " * 3
)
LONG_JAPANESE = "大湾区の発展についてのニュースをお伝えします。新しい橋が開通しました。" * 3
LONG_RUSSIAN = "Развитие региона Большого залива: новый мост открыт для движения, порт расширяется. " * 3


@pytest.mark.parametrize(
    "encoding, title",
    [
        *(
            ("gbk", title)
            for title in [
                "湾区",
                "中国",
                "新闻",
                "要闻",
                "澳门",
                "头条",
                "高质量发展",
                "大公网",
                "“十四五”规划",
                "深圳新闻网",
            ]
        ),
        *(
            ("big5", title)
            for title in [
                "灣區",
                "新聞",
                "澳門",
                "港聞",
                "立法會",
                "高質量發展",
                "明報",
                "文匯網",
                "「一國兩制」",
                "星島日報",
            ]
        ),
        ("gb18030", "粤港澳大湾区建设有限公司今天在广州揭牌"),
        *(
            ("cp1252", title)
            for title in ["été", "São Tomé", "Müller", "Größe", "España: mañana", "naïve", "Ärzte", "“Quoted” – it’s"]
        ),
        ("cp949", LONG_KOREAN.strip()),
        ("euc_jp", LONG_JAPANESE),
        ("cp1251", LONG_RUSSIAN.strip()),
    ],
)
def test_title_survives_with_a_warning(encoding: str, title: str) -> None:
    document = read(feed(title).encode(encoding))
    assert document.title == title
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith("No encoding is declared, and it is not utf-8; read as ")


def test_what_is_falsely_called_utf_8_is_guessed_too() -> None:
    document = read(feed("湾区新闻", "utf-8").encode("gbk"))
    assert document.title == "湾区新闻"
    assert document.warnings == ("Declared as utf-8, but not valid as that; read as gb18030.",)


def test_what_is_declared_and_fits_is_not_guessed() -> None:
    assert read(feed("ÖÐ¹ú", "iso-8859-1").encode("latin-1")).title == "ÖÐ¹ú"
