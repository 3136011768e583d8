"""Who is on duty when: weekly turns, exceptions, duties passed on."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.duty_roster import DutyChange, DutyRoster, DutyTurn, parse_hours, parse_weekdays
from engine.domain.errors import Invalid
from tests.support.calendars import at

EVERY_DAY = frozenset(range(1, 8))
FIRST = date(2025, 9, 1)
NIGHTS = DutyTurn("an", frozenset({1, 3, 5}), 18 * 60, 24 * 60 + 510, FIRST, id=1)
OTHERS = DutyTurn("bo", frozenset({2, 4, 6, 7}), 18 * 60, 24 * 60 + 510, FIRST, date(2025, 10, 31), id=2)
ROSTER = DutyRoster("night", "夜间值班", (NIGHTS, OTHERS))


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2025-09-22 17:59", ()),
        ("2025-09-22 18:00", ("an",)),
        ("2025-09-23 08:29", ("an",)),
        ("2025-09-23 08:30", ()),
        ("2025-09-23 18:00", ("bo",)),
        ("2025-08-31 20:00", ()),
        ("2025-11-01 08:00", ("an",)),
        ("2025-11-04 18:00", ()),
    ],
)
def test_a_turn_belongs_to_the_day_it_starts_and_ends_before_its_end(moment, people):
    assert ROSTER.on_duty(at(moment)) == people


def changed(*changes):
    return DutyRoster("night", "夜间值班", ROSTER.turns, changes)


def test_a_change_replaces_one_person_or_everybody_and_the_later_written_wins():
    evening = at("2025-09-22 20:00"), at("2025-09-22 22:00")
    one = DutyChange(*evening, "cai", "an")
    assert changed(one).on_duty(at("2025-09-22 21:00")) == ("cai",)
    assert changed(one).on_duty(at("2025-09-22 22:00")) == ("an",)
    assert changed(DutyChange(*evening, "cai", "bo")).on_duty(at("2025-09-22 21:00")) == ("an",)
    assert changed(one, DutyChange(*evening, "dai")).on_duty(at("2025-09-22 21:00")) == ("dai",)
    assert changed(one, DutyChange(*evening, "", "cai")).on_duty(at("2025-09-22 21:00")) == ()
    assert changed(one, DutyChange(*evening, "ed", "cai")).on_duty(at("2025-09-22 21:00")) == ("ed",)


def test_stretches_leave_no_gap_and_say_where_nobody_is():
    start, end = at("2025-09-22 09:00"), at("2025-09-24 09:00")
    found = ROSTER.stretches(start, end)
    assert [(s.people, s.end - s.start) for s in found] == [
        ((), timedelta(hours=9)),
        (("an",), timedelta(hours=14, minutes=30)),
        ((), timedelta(hours=9, minutes=30)),
        (("bo",), timedelta(hours=14, minutes=30)),
        ((), timedelta(minutes=30)),
    ]


def test_hours_of_the_open_office_need_nobody_on_duty():
    open_days = [(at(f"2025-09-{day} 08:30"), at(f"2025-09-{day} 17:00")) for day in (22, 23, 24)]
    found = ROSTER.covered(at("2025-09-22 09:00"), at("2025-09-24 09:00"), open_days)
    assert [(s.people, s.start) for s in found] == [
        ((), at("2025-09-22 17:00")),
        (("an",), at("2025-09-22 18:00")),
        ((), at("2025-09-23 17:00")),
        (("bo",), at("2025-09-23 18:00")),
    ]


turns = st.builds(
    lambda who, days, start, length: DutyTurn(who, frozenset(days), start, start + length, FIRST),
    st.sampled_from("abc"),
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
moments = st.integers(0, 14 * 1440).map(lambda n: at("2025-09-22 00:00") + timedelta(minutes=n))
changes = st.builds(
    lambda start, minutes, who, whose: DutyChange(start, start + timedelta(minutes=minutes), who, whose),
    moments,
    st.integers(1, 3000),
    st.sampled_from(["", "a", "x"]),
    st.sampled_from(["", "a", "b"]),
)


@given(st.lists(turns, max_size=4), st.lists(changes, max_size=3), moments, st.integers(1, 5000), st.integers(0, 10**6))
def test_every_moment_of_a_stretch_has_its_people(weekly, exceptions, start, minutes, where):
    roster, end = DutyRoster("r", "r", tuple(weekly), tuple(exceptions)), start + timedelta(minutes=minutes)
    found = roster.stretches(start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(one.end == two.start and one.people != two.people for one, two in zip(found, found[1:], strict=False))
    moment = start + timedelta(seconds=where % (minutes * 60))
    assert [s.people for s in found if s.start <= moment < s.end] == [roster.on_duty(moment)]


def test_hours_and_weekdays_are_read_as_people_write_them():
    assert parse_hours("18:00-08:30") == (1080, 1950)
    assert parse_hours(" 8:00 至 12:00") == (480, 720)
    assert parse_hours("08:00-08:00") == (480, 1920)
    assert parse_weekdays("1、2,3") == {1, 2, 3}
    for wrong in ("", "8点到9点", "25:00-26:00", "08:00"):
        with pytest.raises(Invalid):
            parse_hours(wrong)
    for wrong in ("", "8", "一"):
        with pytest.raises(Invalid):
            parse_weekdays(wrong)


def test_moments_are_told_in_shanghai_whatever_zone_they_come_in():
    assert ROSTER.on_duty(datetime.fromisoformat("2025-09-22T10:00:00+00:00")) == ("an",)
