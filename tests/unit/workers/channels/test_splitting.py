import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.channels.splitting import CUT_OFF, clusters, split

NUMBER = re.compile(r"^（(\d+)/(\d+)）")
MIXED = st.text(st.sampled_from("ab 中文。,\n\r\u0301\u200d👩👧🏽🇨🇳é🀄"), max_size=600)


def bare(parts):
    return [NUMBER.sub("", part) for part in parts] if len(parts) > 1 else parts


@given(MIXED | st.text(max_size=400), st.integers(64, 300))
def test_nothing_is_lost_and_no_part_is_too_long(text, most):
    parts = split(text, most)
    assert all(len(part.encode("utf-8")) <= most for part in parts)
    whole = "".join(bare(parts)) if not parts[-1].endswith(CUT_OFF) else ""
    assert whole in (text, "")


@given(MIXED, st.integers(100, 300))
def test_no_part_begins_inside_a_character_as_people_see_it(text, most):
    parts = bare(split(text, most))
    starts, at = set(), 0
    for cluster in clusters(text):
        starts.add(at)
        at += len(cluster)
    begun = [len("".join(parts[:n])) for n in range(1, len(parts))]
    longest = max((len(c.encode()) for c in clusters(text)), default=0)
    assert longest > most // 2 or set(begun) <= starts


def test_a_short_text_has_no_number():
    assert split("中" * 10, 30) == ["中" * 10]


def test_parts_are_numbered_and_cut_between_sentences():
    text = "第一句话说完了。" * 12
    parts = split(text, 100)
    assert [NUMBER.match(part).groups() for part in parts] == [(str(n), "4") for n in range(1, 5)]
    assert all(part.endswith("。") for part in parts)


def test_lines_are_kept_whole_before_sentences():
    text = "甲。乙。丙丁戊己庚辛\n" + "一二三四五六七八九十。" * 3
    assert split(text, 64)[0].endswith("\n")


@pytest.mark.parametrize("one", ["👩‍👩‍👧‍👦", "👍🏽", "🇨🇳", "e\u0301\u0302", "\r\n"])
def test_what_shows_as_one_character_stays_one(one):
    assert clusters(one * 3) == [one] * 3


def test_a_text_without_end_is_cut_off_and_says_so():
    parts = split("字" * 100_000, 100)
    assert (len(parts), parts[-1].endswith(CUT_OFF)) == (99, True)
    assert all(len(part.encode()) <= 100 for part in parts)


def test_a_part_must_have_room_for_its_number():
    with pytest.raises(ValueError, match="too few"):
        split("字" * 100, 20)
