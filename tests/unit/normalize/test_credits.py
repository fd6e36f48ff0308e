from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.normalize.credit_rules import CREDITS, Credit, CreditExample
from feedwatch.normalize.credits import NONE, read_credits
from feedwatch.normalize.debris import clean

ROWS = [pytest.param(credit, row, id=f"{credit.name}-{row.text[:30]}") for credit in CREDITS for row in credit.examples]
OTHERS = {credit.name: frozenset(other.name for other in CREDITS if other is not credit) for credit in CREDITS}


@pytest.mark.parametrize("credit, row", ROWS)
def test_rule_reads_what_its_example_says(credit: Credit, row: CreditExample) -> None:
    expected = (row.authors, row.place, row.origin)
    assert read_credits(row.text, off=OTHERS[credit.name]) == expected
    assert read_credits(row.text) == expected


@pytest.mark.parametrize("credit", CREDITS, ids=lambda credit: credit.name)
def test_rule_has_examples_of_both_kinds_and_can_be_switched_off(credit: Credit) -> None:
    read = [row for row in credit.examples if (row.authors, row.place, row.origin) != NONE]
    assert 0 < len(read) < len(credit.examples)
    assert all(read_credits(row.text, off=frozenset({credit.name})) == NONE for row in read)


@pytest.mark.parametrize("row", [row for credit in CREDITS for row in credit.examples], ids=lambda row: row.text[:30])
def test_what_credits_are_read_from_stays_in_the_text(row: CreditExample) -> None:
    assert clean(row.text).text == row.text


@pytest.mark.parametrize(
    "text",
    ["By Tuesday the bridge will be open.", "记者从市政府获悉，大桥开通。", "HONG KONG (population 7 million) is old.",
     "HONG KONG — The bridge opened.", "WATCH: HONG KONG (AP) — It opened.", "It was reported by (AP) - the agency.",
     "新华社记者今天从广州市政府获悉", "（記者會現場直擊）政府", "（记者节）今天是", "张三（记者）说，",
     "The Reporter (Reporter/Editor) is a paper.", "THE BOOK (BBC) tells.", ""],
)  # fmt: skip
def test_nothing_is_guessed(text: str) -> None:
    assert read_credits(text) == NONE


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from([row.text for c in CREDITS for row in c.examples]), max_size=3).map("\n".join)
)
def test_what_is_read_stands_in_the_text(text: str) -> None:
    told = read_credits(text)
    squeezed = "".join(text.split())
    for read in (*told.authors, told.place, told.origin):
        assert "".join(read.split()) in squeezed
