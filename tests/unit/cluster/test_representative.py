from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedwatch.cluster import representative

NOON = datetime(2024, 2, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    item_id: int
    text_length: int
    hours: int
    is_preferred: bool = False

    @property
    def published_at(self) -> datetime:
        return NOON + timedelta(hours=self.hours)


@pytest.mark.parametrize(
    "members, stands",
    [
        ([Told(1, 900, 0)], 1),
        ([Told(1, 900, 0), Told(2, 900, 1)], 1),                     # the earliest
        ([Told(1, 900, 1), Told(2, 900, 0)], 2),                     # by its date, not by when it was seen
        ([Told(1, 200, 0), Told(2, 900, 1)], 2),                     # a teaser does not stand for the whole
        ([Told(1, 600, 0), Told(2, 900, 1)], 1),                     # two thirds are whole
        ([Told(1, 599, 0), Told(2, 900, 1)], 2),
        ([Told(1, 900, 0), Told(2, 900, 5, is_preferred=True)], 2),  # a preferred source's
        ([Told(1, 900, 0), Told(2, 200, 5, is_preferred=True)], 1),  # but not its teaser
        ([Told(2, 900, 0), Told(1, 900, 0)], 1),                     # at one time, the one seen first
        ([Told(1, 0, 0), Told(2, 0, 1)], 1),                         # headlines alone
    ],
)  # fmt: skip
def test_representative(members: list[Told], stands: int) -> None:
    assert members[representative(members)].item_id == stands


def test_no_members_have_no_representative() -> None:
    with pytest.raises(ValueError, match="empty"):
        representative([])


@given(st.data())
def test_representative_is_independent_of_order(data: st.DataObject) -> None:
    told = st.builds(
        Told, st.integers(1, 10**6), st.integers(0, 5000), st.integers(-50, 50), is_preferred=st.booleans()
    )
    members = data.draw(st.lists(told, min_size=1, max_size=8, unique_by=lambda member: member.item_id))
    shuffled = data.draw(st.permutations(members))
    assert members[representative(members)] == shuffled[representative(shuffled)]
