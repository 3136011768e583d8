"""How pauses and extensions move a limit: hand-checked cases and a minute-stepping oracle."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.limit_course import Extension, Pause, course
from engine.domain.work_calendar import ShiftPattern, WorkCalendar
from tests.support.calendars import DAYS, DESK, OFFICE, at

SPLIT = WorkCalendar("office", 3, DAYS, ShiftPattern.parse("机关", "08:30-12:00,14:00-18:00"))
MINUTE = timedelta(minutes=1)


def pause(start, end):
    return Pause(at(start), at(end))


@pytest.mark.parametrize(
    ("text", "start", "calendar", "moves", "due"),
    [
        (
            "8小时(工作时间)",
            "2025-10-17 16:00",
            OFFICE,
            [pause("2025-10-17 18:00", "2025-10-20 09:00")],
            "2025-10-20 15:00",
        ),
        (
            "8小时(工作时间)",
            "2025-10-17 16:00",
            OFFICE,
            [pause("2025-10-17 17:00", "2025-10-20 10:00")],
            "2025-10-20 17:00",
        ),
        (
            "2小时(工作时间)",
            "2025-10-20 09:00",
            OFFICE,
            [pause("2025-10-20 10:00", "2025-10-20 17:00")],
            "2025-10-20 18:00",
        ),
        (
            "2小时(工作时间)",
            "2025-10-20 16:00",
            OFFICE,
            [pause("2025-10-20 18:00", "2025-10-21 11:00")],
            "2025-10-20 18:00",
        ),
        (
            "2小时(工作时间)",
            "2025-10-20 10:00",
            OFFICE,
            [pause("2025-10-20 09:00", "2025-10-20 11:00")],
            "2025-10-20 13:00",
        ),
        (
            "2小时(工作时间)",
            "2025-10-20 10:00",
            OFFICE,
            [pause("2025-10-20 08:00", "2025-10-20 09:30")],
            "2025-10-20 12:00",
        ),
        (
            "2小时(工作时间)",
            "2025-10-20 10:00",
            OFFICE,
            [pause("2025-10-20 11:00", "2025-10-20 15:00")],
            "2025-10-20 16:00",
        ),
        (
            "4小时(工作时间)",
            "2025-10-20 09:00",
            OFFICE,
            [pause("2025-10-20 10:00", "2025-10-20 11:00"), pause("2025-10-20 12:00", "2025-10-20 13:30")],
            "2025-10-20 15:30",
        ),
        ("1个工作日", "2025-10-17 10:00", SPLIT, [pause("2025-10-17 18:00", "2025-10-20 08:30")], "2025-10-20 18:00"),
        ("1个工作日", "2025-10-17 10:00", SPLIT, [pause("2025-10-20 09:00", "2025-10-21 09:00")], "2025-10-21 18:00"),
        ("当日", "2025-10-10 10:00", SPLIT, [pause("2025-10-10 17:00", "2025-10-13 08:30")], "2025-10-13 09:30"),
        ("24小时", "2025-10-17 16:00", OFFICE, [pause("2025-10-17 18:00", "2025-10-20 09:00")], "2025-10-21 07:00"),
        ("24小时", "2025-10-17 16:00", DESK, [pause("2025-10-17 18:00", "2025-10-17 20:00")], "2025-10-18 18:00"),
        ("PT24H", "2025-10-17 16:00", OFFICE, [pause("2025-10-17 18:00", "2025-10-17 19:00")], "2025-10-18 17:00"),
        ("3个自然日", "2025-10-13 10:00", OFFICE, [pause("2025-10-14 10:00", "2025-10-15 10:00")], "2025-10-17 18:00"),
        ("3个自然日", "2025-10-13 10:00", OFFICE, [pause("2025-10-14 10:00", "2025-10-16 10:00")], "2025-10-20 18:00"),
        ("3个自然日", "2025-10-13 10:00", OFFICE, [pause("2025-10-14 10:00", "2025-10-14 11:00")], "2025-10-16 18:00"),
        ("3个自然日", "2025-10-13 10:00", DESK, [pause("2025-10-14 10:00", "2025-10-15 10:00")], "2025-10-18 00:00"),
        (
            "2025-10-20T12:00",
            "2025-10-13 10:00",
            OFFICE,
            [pause("2025-10-14 10:00", "2025-10-16 10:00")],
            "2025-10-20 12:00",
        ),
        (
            "上班后1小时",
            "2025-10-17 20:00",
            OFFICE,
            [pause("2025-10-17 21:00", "2025-10-20 09:30")],
            "2025-10-20 10:30",
        ),
    ],
    ids=[
        "H without working time",
        "over working time",
        "due at closing",
        "begins as it falls due",
        "began before the start",
        "was over before the start",
        "over the due moment",
        "two pauses",
        "days over the weekend",
        "days over a day",
        "same day",
        "by the clock",
        "round the clock",
        "ISO",
        "natural days",
        "natural days into a weekend",
        "natural days within the day",
        "natural days to midnight",
        "a fixed moment",
        "after opening",
    ],
)
def test_a_pause_moves_a_limit_as_it_counts(text, start, calendar, moves, due):
    assert course(text, at(start), calendar, moves).due_at == at(due)


def test_moves_take_effect_in_turn_whatever_order_they_are_told_in():
    late = Extension(at("2025-10-17 17:00"), "1个工作日")
    stop = pause("2025-10-17 16:00", "2025-10-20 10:00")
    found = course("1个工作日", at("2025-10-16 10:00"), OFFICE, [stop, late])
    assert [step.move for step in found.steps] == [late, stop]
    assert [step.due_at for step in found.steps] == [at("2025-10-20 18:00"), at("2025-10-21 12:00")]
    assert found == course("1个工作日", at("2025-10-16 10:00"), OFFICE, [late, stop])


def test_an_extension_counts_from_the_moment_the_limit_had_even_when_that_has_passed():
    found = course("1个工作日", at("2025-10-16 10:00"), OFFICE, [Extension(at("2025-10-21 10:00"), "2个工作日")])
    assert found.due_at == at("2025-10-21 18:00")


def test_the_warning_takes_the_same_moves():
    moves = [pause("2025-10-20 10:00", "2025-10-20 12:00"), Extension(at("2025-10-20 13:00"), "2小时(工作时间)")]
    found = course("4小时(工作时间)", at("2025-10-20 09:00"), OFFICE, moves, "3小时(工作时间)")
    assert (found.warn_at, found.due_at) == (at("2025-10-20 16:00"), at("2025-10-20 17:00"))


def test_a_warning_may_count_from_elsewhere_and_one_that_was_given_stays():
    moves = [pause("2025-10-20 11:00", "2025-10-20 12:00")]
    found = course("4小时(工作时间)", at("2025-10-20 09:00"), OFFICE, moves, "1小时", at("2025-10-20 09:30"))
    assert found.warn_at == at("2025-10-20 10:30")


@pytest.mark.parametrize(
    ("text", "moves", "warn"),
    [
        ("8小时(工作时间)", [], "2025-10-20 13:00"),
        ("8小时(工作时间)", [pause("2025-10-20 10:00", "2025-10-20 12:00")], "2025-10-20 15:00"),
        ("8小时(工作时间)", [pause("2025-10-20 14:00", "2025-10-20 16:00")], "2025-10-20 13:00"),
        ("8小时(工作时间)", [Extension(at("2025-10-20 10:00"), "4小时(工作时间)")], "2025-10-20 15:00"),
        (
            "8小时(工作时间)",
            [pause("2025-10-20 10:00", "2025-10-20 11:00"), Extension(at("2025-10-20 12:00"), "4小时(工作时间)")],
            "2025-10-20 16:00",
        ),
        ("8小时", [pause("2025-10-20 10:00", "2025-10-20 12:00")], "2025-10-20 15:00"),
    ],
)
def test_a_share_is_one_of_the_limit_as_it_has_become(text, moves, warn):
    assert course(text, at("2025-10-20 09:00"), OFFICE, moves, "50%").warn_at == at(warn)


def test_the_lower_bound_of_a_range_moves_as_a_limit():
    stop = pause("2025-10-20 10:00", "2025-10-20 12:00")
    found = course("2-4小时(工作时间)", at("2025-10-20 09:00"), OFFICE, [stop], "2-4小时(工作时间)")
    assert (found.warn_at, found.due_at) == (at("2025-10-20 13:00"), at("2025-10-20 15:00"))


def test_a_limit_moved_into_days_not_announced_is_provisional():
    start, stop = at("2025-12-30 10:00"), pause("2025-12-31 09:00", "2025-12-31 12:00")
    assert not course("1个工作日", start, OFFICE).provisional
    assert course("1个工作日", start, OFFICE, [stop]).provisional
    assert not course("24小时", start, OFFICE, [stop]).provisional
    assert course("24小时", start, OFFICE, [Extension(at("2025-12-31 09:00"), "1个工作日")]).provisional


def test_a_pause_that_moves_nothing_is_told_all_the_same():
    stop = pause("2025-10-17 18:00", "2025-10-20 09:00")
    (step,) = course("8小时(工作时间)", at("2025-10-17 16:00"), OFFICE, [stop]).steps
    assert (step.move, step.was, step.due_at) == (stop, at("2025-10-20 15:00"), at("2025-10-20 15:00"))


@st.composite
def moves(draw):
    """Pauses that do not overlap, and extensions at any minute, over a fortnight with the National Day make-up Saturday."""
    marks = sorted(draw(st.lists(st.integers(0, 14 * 1440), unique=True, max_size=8)))
    pauses = [(low, high) for low, high in zip(marks[::2], marks[1::2], strict=False)]
    extended = draw(st.lists(st.tuples(st.integers(0, 14 * 1440), st.integers(1, 900)), max_size=3))
    taken = {minute for pair in pauses for minute in pair}
    return pauses, {minute: by for minute, by in extended if minute not in taken}


def oracle(start, amount, calendar, pauses, extended):
    """Walk minute by minute: paused minutes do not count; what is granted in time is added. Gives the end and what was granted."""
    minute, left, granted = 0, amount, {}
    while True:
        if minute in extended:
            left += extended[minute]
            granted[minute] = extended[minute]
        now = start + minute * MINUTE
        if calendar.is_open(now) and not any(low <= minute < high for low, high in pauses):
            left -= 1
        minute += 1
        if not left:
            return start + minute * MINUTE, granted


@given(
    begin=st.integers(0, 10 * 1440),
    amount=st.integers(1, 30 * 60),
    told=moves(),
    calendar=st.sampled_from([OFFICE, SPLIT, DESK]),
)
@settings(max_examples=150, deadline=None)
def test_a_limit_in_working_time_falls_due_when_an_oracle_has_counted_it_out(begin, amount, told, calendar):
    start = at("2025-10-06 00:00") + begin * MINUTE
    pauses, extended = told
    due, granted = oracle(start, amount, calendar, pauses, extended)
    said = [Pause(start + low * MINUTE, start + high * MINUTE) for low, high in pauses]
    said += [Extension(start + minute * MINUTE, f"{by}分钟(工作时间)") for minute, by in granted.items()]
    assert course(f"{amount}分钟(工作时间)", start, calendar, said).due_at == due
