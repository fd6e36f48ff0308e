"""What an edition's limits cut comes back as it was packed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feedwatch.store.cuts import CutStory, pack, story_ids, unpack

NUMBER = st.integers(0, 2**63 - 1)


@given(st.lists(st.builds(CutStory, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER)))
def test_packed_stories_come_back_in_their_order(stories: list[CutStory]) -> None:
    packed = pack(stories)
    assert unpack(packed) == stories
    assert story_ids(packed) == {story.story_id for story in stories}


def test_hundreds_take_little_room() -> None:
    stories = [CutStory(10_000 + number * 3, number % 5, 0, 20_000 + number * 7, 1) for number in range(600)]
    assert len(pack(stories)) < 6_000
