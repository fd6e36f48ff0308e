from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedwatch.normalize.credit_rules import CREDITS
from feedwatch.normalize.debris import _find, _rules_of, clean
from feedwatch.normalize.debris_rules import RULES
from feedwatch.normalize.rules import Example, Rule

RULE = {rule.name: rule for rule in RULES if rule.where == "tail"}
EDGES = [rule for rule in RULES if rule.where in {"head", "tail"}]
EXAMPLES = [pytest.param(rule, row, id=f"{rule.name}-{row.text[:30]}") for rule in RULES for row in rule.examples]


@pytest.mark.parametrize("rule, row", EXAMPLES)
def test_rule_does_what_its_example_says(rule: Rule, row: Example) -> None:
    alone = clean(row.text, off=frozenset(other.name for other in RULES if other.name != rule.name))
    told = (alone.tags, alone.time, alone.authors, alone.origin)
    assert (alone.text, *told) == (row.left, row.tags, row.time, row.authors, row.origin)


# As the whole of a text these stay; behind another paragraph they are debris.
_ALONE = {"By Jane Doe", "#bridge #Macau #sea", "记者 李四 报道", "来源：新华社"}


@pytest.mark.parametrize("rule, row", EXAMPLES)
def test_what_stays_stays_among_others(rule: Rule, row: Example) -> None:
    if row.text == row.left and row.text not in _ALONE:
        text = f"It opened.\n{row.text}" if rule.where == "tail" else f"{row.text}\nIt opened."
        assert clean(text).text == text


@pytest.mark.parametrize("row", [row for rule in RULES for row in rule.examples], ids=lambda row: row.text[:30])
def test_rules_do_not_get_in_each_others_way(row: Example) -> None:
    assert clean(row.text).text == row.left


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_has_an_example_that_it_changes_and_can_be_switched_off(rule: Rule) -> None:
    changed = [row for row in rule.examples if row.text != row.left]
    assert changed
    assert all(clean(row.text, off=frozenset({rule.name})).text != row.left for row in changed)


def test_a_name_stands_once_a_place_and_is_not_a_credits_name() -> None:
    assert len({(rule.name, rule.where) for rule in RULES}) == len(RULES)
    assert {rule.name for rule in RULES}.isdisjoint({credit.name for credit in CREDITS})


@pytest.mark.parametrize(
    "text, left, tags, time",
    [
        ("}\nIt opened.\n2024-02-20 08:26:24\n#a #b", "It opened.", ("a", "b"), "2024-02-20 08:26:24"),
        ("It opened.\n#a #b\n2024-02-20 08:26:24\nRead more", "It opened.", ("a", "b"), "2024-02-20 08:26:24"),
        ("It opened.\n#a #b\nRead more\n#c #d", "It opened.", ("a", "b", "c", "d"), None),
        ("It opened […] The post Bridge appeared first on Example.", "It opened…", (), None),
        ("It opened.\n2024-02-20 08:26:24\n2024-02-21 09:00:00", "It opened.", (), "2024-02-21 09:00:00"),
        ("Read more", "", (), None),
        ("Advertisement\nIt opened.\nRead more\nAdvertisement", "It opened.", (), None),
        ("2024-02-20 08:26 来源：江门日报\n大桥开通。\n责任编辑：张三\n广告", "大桥开通。", (), "2024-02-20 08:26"),
        ("来源：新华社\n编辑：张三", "编辑：张三", (), None),
    ],
)
def test_rows_of_debris_go_together(text: str, left: str, tags: tuple[str, ...], time: str | None) -> None:
    cleaned = clean(text)
    assert (cleaned.text, cleaned.tags, cleaned.time) == (left, tags, time)


@pytest.mark.parametrize(
    "tail",
    ["Read on", "Read the full story", "READ FULL ARTICLE", "Click here to read more…", "Keep reading", "Full story >>",
     "View original post", "View full article", "(Weiterlesen)", "Lire la suite →", "Leer más", "Seguir leyendo",
     "Leia mais", "Continua a leggere", "Lees verder", "Читать далее", "阅读全文", "查看全文", "閱讀更多",
     "继续阅读", "繼續閱讀", "【点击查看更多】", "続きを読む", "더 보기", "더보기"]
    + ["Share this:", "Share this post", "Share this article", "Share this story:", "分享至："]
    + [f"Share on {name}" for name in
       ("Facebook", "Twitter", "X", "LinkedIn", "WhatsApp", "WeChat", "Weibo", "Telegram", "Pinterest", "Reddit",
        "Email", "E-mail", "Messenger", "Line", "Tumblr")]
    + [f"分享到{name}" for name in
       ("微信", "微博", "新浪微博", "朋友圈", "QQ空间", "QQ空間", "QQ", "脸书", "臉書", "推特")],
)  # fmt: skip
def test_every_wording_of_a_tail_goes(tail: str) -> None:
    assert clean(f"It opened.\n{tail}").text == "It opened."


def test_a_tail_longer_than_the_reach_of_its_rule_goes_whole() -> None:
    tags = tuple(f"tag{letter}{number}" for number in range(100) for letter in "abcdef")
    cleaned = clean("It opened.\n" + " ".join(f"#{tag}" for tag in tags))
    assert (cleaned.text, cleaned.tags) == ("It opened.", tags)


_LINES = [line for rule in RULES for row in rule.examples for line in row.text.split("\n") if line]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.where == "line"], ids=lambda rule: rule.name)
def test_how_a_line_begins_never_hides_what_it_is(rule: Rule) -> None:
    fitting = [
        written
        for line in _LINES
        for written in (line, line.lower(), line.upper(), f"- {line} -")
        if len(written) <= rule.reach and rule.pattern.fullmatch(written)
    ]
    assert len(fitting) > 1
    assert [line for line in fitting if rule not in _rules_of(line)] == []


_SCRAPS = st.lists(
    st.sampled_from(
        [part for rule in RULES for row in rule.examples for part in (row.text, row.left)] + ["#", "[…]", "…", "}"]
    ),
    max_size=5,
)


@given(st.one_of(st.text(max_size=80), st.builds(str.join, st.sampled_from(["\n", " ", ""]), _SCRAPS)))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once.text).text == once.text
    assert len(once.text) <= len(text)


@given(
    st.sampled_from(EDGES),
    st.one_of(st.text(max_size=80), st.builds(str.join, st.sampled_from(["\n", " ", ""]), _SCRAPS)),
)
@example(RULE["hashtags"], "It opened.\n#b #" + "a" * 100 + ",")
@example(RULE["appeared-first"], "It opened.\nThe post Bridge appeared first on " + "a" * 200)
@example(RULE["appeared-first"], "大橋開通。\n〈大橋開通〉最先出現於" + "例" * 200)
@example(RULE["share"], "It opened.\nShare on WeChat (Opens in new window)")
def test_what_spares_a_search_never_hides_what_it_would_find(rule: Rule, text: str) -> None:
    text = text.strip()
    bare = replace(rule, starts="", needs=(), near=0, ends=())
    spared, searched = _find(rule, text), _find(bare, text)
    assert (spared and spared.span()) == (searched and searched.span())
