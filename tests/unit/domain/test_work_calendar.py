"""Working time: hand-checked cases, a minute-stepping oracle, and the edges of the table."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.clock import SHANGHAI
from engine.domain.errors import Invalid
from engine.domain.work_calendar import CalendarExhausted, Day, ShiftPattern, WorkCalendar

OFF = {
    *(date(2025, 10, day) for day in range(1, 9)),
    *(date(2026, 1, day) for day in range(1, 4)),
    *(date(2026, 2, day) for day in range(15, 24)),
    date(2027, 1, 1),
}
MADE_UP = {date(2025, 9, 28), date(2025, 10, 11), date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)}
FIRST, LAST = date(2025, 9, 1), date(2027, 1, 31)


def known(day):
    """A day of the hand table: weekends and OFF are off, MADE_UP is worked, 2027 is not announced."""
    worked = day in MADE_UP or (day.weekday() < 5 and day not in OFF)
    return Day(day, worked, "hand", provisional=day.year == 2027)


DAYS = [known(FIRST + timedelta(days=n)) for n in range((LAST - FIRST).days + 1)]


def calendar(hours):
    return WorkCalendar("office", 1, DAYS, ShiftPattern.parse("hours", hours))


DAY = calendar("09:00-18:00")
SPLIT = calendar("08:30-12:00,14:00-18:00")
NIGHT = calendar("22:00-06:00")
DESK = WorkCalendar("desk_24h", 1, DAYS, ShiftPattern.always("desk"))


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2025-09-29 10:00", 3, "2025-10-10 18:00"),
        ("2025-09-26 10:00", 3, "2025-09-30 18:00"),
        ("2025-09-30 10:00", 3, "2025-10-11 18:00"),
        ("2025-10-04 10:00", 3, "2025-10-11 18:00"),
        ("2026-12-30 10:00", 3, "2027-01-05 18:00"),
    ],
    ids=["A1 National Day", "A2 make-up Sunday", "A3 make-up Saturday", "A4 from a holiday", "I into 2027"],
)
def test_working_days_begin_the_next_day_and_end_at_the_close_of_the_last(start, n, due):
    assert DAY.add_days(at(start), n) == at(due)


@pytest.mark.parametrize(
    ("calendar", "start", "minutes", "due"),
    [
        (DAY, "2025-10-10 17:50", 30, "2025-10-11 09:20"),
        (DAY, "2025-10-17 17:50", 30, "2025-10-20 09:20"),
        (SPLIT, "2025-10-10 11:45", 30, "2025-10-10 14:15"),
        (SPLIT, "2025-09-30 17:30", 480, "2025-10-09 18:00"),
        (DESK, "2025-10-10 23:59", 1440, "2025-10-11 23:59"),
        (DAY, "2026-02-13 17:00", 600, "2026-02-14 18:00"),
        (DAY, "2026-02-14 17:30", 60, "2026-02-24 09:30"),
        (NIGHT, "2025-09-30 23:00", 180, "2025-10-01 02:00"),
    ],
    ids=["B make-up Saturday", "B weekend", "D1 lunch", "D2 closing", "E all day", "F1 make-up", "F2 off", "G night"],
)
def test_working_time_counts_only_open_hours(calendar, start, minutes, due):
    assert calendar.add(at(start), timedelta(minutes=minutes)) == at(due)


@pytest.mark.parametrize(
    ("calendar", "start", "due"),
    [
        (DAY, "2025-09-30 19:30", "2025-10-09 10:00"),
        (DAY, "2025-09-28 07:00", "2025-09-28 10:00"),
        (DAY, "2025-10-09 09:00", "2025-10-09 10:00"),
        (DAY, "2025-10-09 09:01", "2025-10-10 10:00"),
        (SPLIT, "2025-10-09 13:00", "2025-10-10 09:30"),
        (DESK, "2025-10-01 03:00", "2025-10-01 04:00"),
    ],
    ids=["C1 holiday", "C2 before opening", "at the opening", "after the opening", "lunch", "always open"],
)
def test_an_hour_after_opening_counts_from_the_next_opening(calendar, start, due):
    assert calendar.after_opening(at(start), timedelta(hours=1)) == at(due)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([("2025-10-17 18:00", "2025-10-20 09:00")], "2025-10-20 15:00"),
        ([], "2025-10-20 15:00"),
        ([("2025-10-17 17:00", "2025-10-20 10:00")], "2025-10-20 17:00"),
        ([("2025-10-20 09:00", "2025-10-20 10:00"), ("2025-10-17 17:00", "2025-10-17 18:00")], "2025-10-20 17:00"),
        ([("2025-10-20 09:00", "2025-10-20 11:00"), ("2025-10-20 10:00", "2025-10-20 10:30")], "2025-10-20 17:00"),
        ([("2025-10-20 15:00", "2025-10-20 17:00")], "2025-10-20 15:00"),
        ([("2025-10-17 10:00", "2025-10-17 17:00")], "2025-10-20 16:00"),
    ],
    ids=["H closed hours", "none", "two hours", "out of order", "one in another", "after the due", "before the start"],
)
def test_only_paused_working_time_moves_the_due_moment(pauses, due):
    spans = [(at(start), at(end)) for start, end in pauses]
    assert DAY.due_after_pauses(at("2025-10-17 16:00"), timedelta(hours=8), spans) == at(due)


def test_three_quarters_of_a_limit_are_three_quarters_of_its_working_time():
    start = at("2025-09-30 17:00")
    limit = DAY.between(start, DAY.add(start, timedelta(hours=27)))
    assert DAY.add(start, limit * 0.75) == at("2025-10-11 10:15")


moments = st.integers(0, 200 * 1440).map(lambda minutes: at("2025-09-15 00:00") + timedelta(minutes=minutes))
patterns = st.sampled_from([DAY, SPLIT, NIGHT, DESK, calendar("06:00-14:00,14:00-22:00"), calendar("20:00-04:30")])


def works(calendar, moment):
    """The oracle's own idea of an open minute, straight from the hand table."""
    here = moment.astimezone(SHANGHAI)
    minute = here.hour * 60 + here.minute
    today, eve = here.date(), here.date() - timedelta(days=1)
    if calendar is DESK:
        return True
    spans = calendar.pattern.intervals
    return (known(today).open and any(start <= minute < end for start, end in spans)) or (
        known(eve).open and any(start <= minute + 1440 < end for start, end in spans)
    )


def stepped(calendar, start, minutes):
    """Walk minute by minute until enough of them were worked."""
    moment = start
    while minutes:
        minutes -= works(calendar, moment)
        moment += timedelta(minutes=1)
    return moment


@settings(max_examples=150, deadline=None)
@given(patterns, moments, st.integers(0, 1200))
def test_adding_agrees_with_stepping_minute_by_minute(calendar, start, minutes):
    assert calendar.add(start, timedelta(minutes=minutes)) == stepped(calendar, start, minutes)


@settings(max_examples=150, deadline=None)
@given(patterns, moments, st.integers(0, 20_000))
def test_between_agrees_with_counting_minutes(calendar, start, minutes):
    counted = sum(works(calendar, start + timedelta(minutes=n)) for n in range(minutes))
    assert calendar.between(start, start + timedelta(minutes=minutes)) == timedelta(minutes=counted)


@settings(deadline=None)
@given(patterns, moments, st.timedeltas(timedelta(), timedelta(hours=300)))
def test_between_undoes_add_to_the_microsecond(calendar, start, amount):
    due = calendar.add(start, amount)
    assert (calendar.between(start, due), calendar.between(due, start)) == (amount, -amount)


@settings(deadline=None)
@given(patterns, moments, st.timedeltas(timedelta(), timedelta(days=30)))
def test_the_intervals_of_a_stretch_add_up_to_its_working_time(calendar, start, length):
    spans = calendar.intervals_between(start, start + length)
    assert sum((span.end - span.start for span in spans), timedelta()) == calendar.between(start, start + length)


@settings(deadline=None)
@given(patterns, moments)
def test_a_moment_is_open_when_its_minute_is_worked(calendar, moment):
    assert calendar.is_open(moment) == works(calendar, moment)


def test_a_closing_is_not_open_and_an_opening_is():
    assert [DAY.is_open(at(f"2025-10-09 {hour}")) for hour in ("09:00", "18:00")] == [True, False]


def test_the_same_time_of_day_can_be_asked_for():
    assert DAY.add_days(at("2025-09-29 10:15"), 3, end="same_time") == at("2025-10-10 10:15")


def test_natural_days_count_holidays_but_do_not_end_on_one():
    assert DAY.add_natural_days(at("2025-09-24 10:00"), 5) == at("2025-09-29 18:00")
    assert DAY.add_natural_days(at("2025-09-29 10:00"), 5) == at("2025-10-09 18:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [("2025-10-10 02:00", "2025-10-11 06:00"), ("2025-10-10 06:00", "2025-10-12 06:00")],
    ids=["during the shift of the 9th", "after it"],
)
def test_a_night_shift_belongs_to_the_day_it_starts(start, due):
    assert NIGHT.add_days(at(start), 1) == at(due)


def test_a_desk_that_never_closes_works_through_holidays_and_its_days_end_at_midnight():
    assert DESK.add_days(at("2025-10-01 10:00"), 1) == at("2025-10-03 00:00")


def test_intervals_name_the_day_of_their_shift():
    spans = NIGHT.intervals_between(at("2025-09-30 23:00"), at("2025-10-09 23:00"))
    assert [(span.start, span.end, span.day) for span in spans] == [
        (at("2025-09-30 23:00"), at("2025-10-01 06:00"), date(2025, 9, 30)),
        (at("2025-10-09 22:00"), at("2025-10-09 23:00"), date(2025, 10, 9)),
    ]


def test_a_day_is_provisional_until_it_is_announced():
    assert [DAY.is_provisional(at(text)) for text in ("2026-12-31 12:00", "2027-01-04 12:00")] == [False, True]


def test_the_clock_knows_no_provisional_day_for_a_desk_that_never_closes():
    assert not DESK.is_provisional(at("2027-01-04 12:00"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: DAY.add(at("2027-01-29 17:00"), timedelta(hours=2)),
        lambda: DAY.add(at("2025-08-31 12:00"), timedelta(hours=2)),
        lambda: DAY.add_days(at("2027-01-28 12:00"), 2),
        lambda: DAY.add_natural_days(at("2027-01-28 12:00"), 3),
        lambda: DAY.between(at("2027-01-28 12:00"), at("2027-02-01 00:01")),
        lambda: DAY.next_opening(at("2027-01-29 12:00")),
        lambda: DAY.is_open(at("2027-02-02 12:00")),
        lambda: DAY.facts(date(2027, 1, 1), date(2027, 2, 1)),
        lambda: NIGHT.is_open(at("2025-09-01 05:00")),
    ],
    ids=["add", "before", "days", "natural days", "between", "opening", "open", "facts", "first night"],
)
def test_outside_the_table_nothing_is_guessed(ask):
    with pytest.raises(CalendarExhausted, match="工作日历“hours”只有2025-09-01至2027-01-31的数据"):
        ask()


def test_the_last_minute_of_the_table_can_be_used_up():
    assert DAY.add(at("2027-01-29 17:00"), timedelta(hours=1)) == at("2027-01-29 18:00")


def test_a_calendar_without_any_working_day_gives_up_at_once():
    closed = WorkCalendar("closed", 1, [Day(day.date, False, "hand") for day in DAYS], DAY.pattern)
    with pytest.raises(CalendarExhausted):
        closed.add(at("2025-10-09 09:00"), timedelta(minutes=1))


@pytest.mark.parametrize("days", [[], DAYS[:5] + DAYS[6:], DAYS[:5] + DAYS[4:]], ids=["empty", "gap", "double"])
def test_a_broken_day_table_is_refused(days):
    with pytest.raises(Invalid, match="工作日历"):
        WorkCalendar("office", 1, days, DAY.pattern).is_open(at("2025-10-09 09:00"))


@pytest.mark.parametrize("hours", ["", "9-18", "09:00-25:00", "14:00-18:00,08:30-12:00", "09:00-12:00,11:00-18:00",
                                   "09:00-18:00,22:00-10:00"])  # fmt: skip
def test_hours_that_make_no_sense_are_refused(hours):
    with pytest.raises(Invalid, match="班次"):
        ShiftPattern.parse("hours", hours)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        DAY.is_open(datetime(2025, 10, 9, 9, 0))


def test_a_negative_amount_and_zero_days_are_refused():
    with pytest.raises(Invalid):
        DAY.add(at("2025-10-09 09:00"), timedelta(minutes=-1))
    with pytest.raises(Invalid):
        DAY.add_days(at("2025-10-09 09:00"), 0)


def test_six_years_compile_in_less_than_fifty_milliseconds():
    days = [known(date(2022, 1, 1) + timedelta(days=n)) for n in range(6 * 365)]
    begun = perf_counter()
    WorkCalendar("office", 1, days, SPLIT.pattern).is_open(at("2025-10-09 09:00"))
    assert perf_counter() - begun < 0.05
