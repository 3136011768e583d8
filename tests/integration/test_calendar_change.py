"""A change of calendars moves every open limit it touches: tasks, lists, timers, orders, in one transaction, with a word to all."""

from datetime import UTC, date, datetime

import pytest

from engine import (
    AddCalendar,
    ChangeCalendar,
    History,
    KeepCalendars,
    PreviewChange,
    RenameCalendar,
    ShowCalendar,
    install,
)
from engine.domain.calendar_change import Change
from engine.domain.day_table import read_days
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.domain.holiday_notice import read_notice
from engine.domain.shift_pattern import ShiftPattern
from engine.domain.work_calendar import Day
from engine.store.database import reading
from engine.store.history import broken_at
from tests.support.holidays_2027 import FIRST_OF_MAY, TEXT, holiday_cn
from tests.support.offices import at, statements
from tests.support.procedures import procedure, timer, user

LONG = procedure(
    "long_errand",
    user("do", due="13个工作日", warn="11个工作日"),
    timer("late", "到期", on="do"),
    timer("early", "预警", on="do"),
    timer("rest", "12个工作日", on="do"),
    user("look"),
    flows="start >> do >> end; late >> look; early >> look; rest >> look; look >> end",
    deadline=["do"],
)
BEFORE, AFTER = "2027-01-15 18:00", "2027-01-14 18:00"
NEW_YEAR = Change("days", "2027年放假安排", days=read_days(holiday_cn()).days)


@pytest.fixture
def errand(office):
    """An errand of thirteen working days begun on 28 December 2026, when nobody knows the holidays of 2027."""
    office.move_to("2026-12-28 10:00")
    office.deploy(LONG)
    office.start("long_errand")
    return office


def change(office, wish, expects=None, actor="root"):
    seen = office.engine.ask(PreviewChange(wish), "root").expects if expects is None else expects
    return office.engine.execute(ChangeCalendar(wish, seen, "国务院办公厅已公布", actor))


def limits_of(office):
    """Give every moment that a limit of the order stands at."""
    [task] = [t for t in office.rows("user_task") if t.state == "open"]
    timers = {row.element_id: row.due_at for row in office.rows("timer")}
    listed = {row.due_at for row in office.rows("inbox") if row.user_task_id == task.id}
    return {"task": task.due_at, "warn": task.warn_at, "inbox": listed, "order": office.case().due_at, **timers}


def standing(due, warn, rest):
    return {
        "task": at(due),
        "warn": at(warn),
        "inbox": {at(due)},
        "order": at(due),
        "late": at(due),
        "early": at(warn),
        "rest": at(rest),
    }


def provisional(office, moment):
    return office.engine.ask(ShowCalendar("office"), "root").calendar.is_provisional(at(moment))


def test_before_the_notice_the_limit_is_provisional_and_by_the_statute(errand):
    assert limits_of(errand) == standing(BEFORE, "2027-01-13 18:00", "2027-01-14 18:00")
    assert provisional(errand, BEFORE)


def test_the_preview_names_every_limit_that_would_move_and_writes_nothing(errand):
    seen = errand.engine.ask(PreviewChange(NEW_YEAR), "root")
    told = {(m.number, m.element_id): (m.was, m.due_at, m.was_provisional, m.provisional) for m in seen.moved}
    assert told == {
        (errand.number, "do"): (at(BEFORE), at(AFTER), True, False),
        (errand.number, "rest"): (at("2027-01-14 18:00"), at("2027-01-13 18:00"), True, False),
    }
    assert date(2027, 1, 9) in {day.now.date for day in seen.days if day.was and day.was.open != day.now.open}
    assert limits_of(errand)["task"] == at(BEFORE)


def test_a_timer_without_a_name_of_its_own_is_called_like_its_step(errand):
    seen = errand.engine.ask(PreviewChange(NEW_YEAR), "root")
    timers = [one for one in seen.moved if one.task_id is None]
    assert [one.element_id for one in timers] == ["rest"]
    assert [one.name for one in timers] == [one.name for one in seen.moved if one.task_id is not None]


def test_the_change_moves_task_lists_timers_and_order_together(errand):
    done = change(errand, NEW_YEAR)
    assert limits_of(errand) == standing(AFTER, "2027-01-12 18:00", "2027-01-13 18:00")
    assert (done.version, done.moved) == (2, 2)
    assert not provisional(errand, AFTER)
    assert {t.calendar_version for t in errand.rows("timer")} == {2}


def test_the_timers_fire_at_the_new_moments(errand):
    change(errand, NEW_YEAR)
    errand.work_at("2027-01-14 17:59")
    assert errand.open_tasks() == ["do", "look", "look"]
    errand.work_at("2027-01-14 18:00")
    assert errand.open_tasks() == ["do", "look", "look", "look"]


def test_the_history_says_what_moved_and_the_chain_holds(errand):
    change(errand, NEW_YEAR)
    past = errand.engine.ask(History(errand.case().instance_id))[-1]
    assert (past.kind, past.actor) == ("CalendarChanged", "root")
    assert past.payload["title"] == "2027年放假安排"
    assert {(m["element"], m["was"][:10], m["due_at"][:10]) for m in past.payload["moves"]} == {
        ("do", "2027-01-15", "2027-01-14"),
        ("rest", "2027-01-14", "2027-01-13"),
    }
    with reading(errand.engine.database) as connection:
        assert broken_at(connection, errand.case().instance_id) is None


def test_holders_candidates_and_the_starter_are_told_once(errand):
    errand.start("long_errand")
    errand.claim("do", "zhou")
    change(errand, NEW_YEAR)
    errand.worker.drain()
    told = [who for who, notice in errand.channel.notices() if notice == "calendar_changed"]
    assert sorted(told) == ["li", "wu", "zheng", "zhou"]


def test_a_pasted_notice_says_the_same_as_the_table(errand):
    pasted = Change("days", "2027年放假安排", days=read_notice(TEXT).days)
    change(errand, pasted)
    assert limits_of(errand)["task"] == at(AFTER)


def test_whoever_confirms_an_old_preview_has_to_look_again(errand):
    old = errand.engine.ask(PreviewChange(NEW_YEAR), "root").expects
    strike = Change("exceptions", "停电", "office", days=(Day(date(2027, 1, 6), False, "停电"),))
    change(errand, strike)
    with pytest.raises(Conflict, match="重新预览"):
        change(errand, NEW_YEAR, expects=old)
    assert errand.engine.ask(PreviewChange(NEW_YEAR), "root").expects == 2


def test_the_same_table_twice_changes_nothing(errand):
    change(errand, NEW_YEAR)
    with pytest.raises(Invalid, match="没有差别"):
        change(errand, NEW_YEAR)


def test_only_admins_change_calendars(errand):
    with pytest.raises(NotAllowed):
        change(errand, NEW_YEAR, actor="wang")


def test_an_exception_of_one_calendar_moves_its_limits_and_can_be_taken_back(errand):
    off = Change("exceptions", "停电", "office", days=(Day(date(2027, 1, 6), False, "停电"),))
    change(errand, off)
    assert limits_of(errand)["task"] == at("2027-01-18 18:00")
    assert errand.engine.ask(ShowCalendar("night_shift"), "root").calendar.is_workday(date(2027, 1, 6))
    back = Change("exceptions", "恢复", "office", back=(date(2027, 1, 6),))
    change(errand, back)
    assert limits_of(errand)["task"] == at(BEFORE)


def test_a_day_with_hours_of_its_own_closes_earlier(errand):
    half = Day(date(2027, 1, 15), True, "上午上班", hours=((510, 720),))
    change(errand, Change("exceptions", "半天", "office", days=(half,)))
    assert limits_of(errand)["task"] == at("2027-01-15 12:00")


def test_hours_from_a_day_on_move_what_closes_by_them(errand):
    summer = ShiftPattern.parse("新作息", "09:00-12:00,13:00-17:00")
    wish = Change("hours", "新作息", "office", first=date(2027, 1, 1), pattern=summer)
    change(errand, wish)
    assert limits_of(errand)["task"] == at("2027-01-15 17:00")
    change(errand, Change("hours", "撤回", "office", first=date(2027, 1, 1)))
    assert limits_of(errand)["task"] == at(BEFORE)


def test_a_limit_that_has_run_out_stays_where_it_is(errand):
    errand.work_at("2027-01-15 18:00")
    change(errand, NEW_YEAR)
    [task] = [t for t in errand.rows("user_task") if t.element_id == "do"]
    assert task.due_at == at(BEFORE)


def test_limits_that_do_not_touch_the_days_are_left_alone(errand):
    may = Change("exceptions", "五一加班", "office", days=(Day(FIRST_OF_MAY, True, "加班"),))
    assert errand.engine.ask(PreviewChange(may), "root").moved == []
    assert change(errand, may).moved == 0
    assert errand.history()[-1] != "CalendarChanged"


def test_an_extension_granted_before_still_counts_after_the_change(errand):
    errand.extend("do", "sun", "1个工作日")
    assert limits_of(errand)["task"] == at("2027-01-18 18:00")
    change(errand, NEW_YEAR)
    assert limits_of(errand)["task"] == at("2027-01-15 18:00")


def test_an_old_version_stays_readable(errand):
    change(errand, NEW_YEAR)
    ask = errand.engine.ask
    assert not ask(ShowCalendar("office", 1), "root").calendar.is_workday(date(2027, 1, 9))
    assert ask(ShowCalendar("office"), "root").calendar.is_workday(date(2027, 1, 9))


def test_the_statements_do_not_grow_with_the_cases(errand):
    with statements(errand.engine) as few:
        change(errand, NEW_YEAR)
    for _ in range(15):
        errand.start("long_errand")
    off = Change("exceptions", "停电", "office", days=(Day(date(2027, 1, 6), False, "停电"),))
    with statements(errand.engine) as many:
        change(errand, off)
    assert len(many) <= len(few) + 2


def test_installing_again_keeps_what_an_admin_changed(errand):
    change(errand, NEW_YEAR)
    errand.engine.execute(RenameCalendar("office", "机关工作日历", "root"))
    version = errand.rows("calendar_version")[-1].id
    assert install(errand.engine) == 0
    office = errand.engine.ask(ShowCalendar("office"), "root").calendar
    assert (office.name, office.version, office.is_workday(date(2027, 1, 9))) == ("机关工作日历", version, True)


def test_a_new_calendar_has_hours_of_its_own(errand):
    errand.engine.execute(AddCalendar("library", "图书馆", "10:00-20:00", "root", every_day=True))
    shown = errand.engine.ask(ShowCalendar("library"), "root").calendar
    assert shown.is_open(at("2026-12-27 19:00"))
    with pytest.raises(Conflict):
        errand.engine.execute(AddCalendar("library", "图书馆二", "10:00-20:00", "root"))
    with pytest.raises(Invalid, match="已经有叫“图书馆”"):
        errand.engine.execute(AddCalendar("library_2", "图书馆", "10:00-20:00", "root"))


@pytest.mark.parametrize(("day", "reminded"), [("2026-10-31", 0), ("2026-11-01", 1)])
def test_from_november_on_admins_are_reminded_once_a_week(office, day, reminded):
    office.move_to(f"{day} 09:00")
    assert office.engine.execute(KeepCalendars()) == reminded
    assert office.engine.execute(KeepCalendars()) == 0
    office.move_to("2026-11-09 09:00")
    assert office.engine.execute(KeepCalendars()) == 1


def test_nobody_is_reminded_once_the_year_is_confirmed(errand):
    errand.move_to("2026-12-28 11:00")
    change(errand, NEW_YEAR)
    assert errand.engine.execute(KeepCalendars()) == 0


def test_the_years_ahead_are_filled_in_time_and_provisional(office):
    office.clock.move_to(datetime(2028, 3, 1, tzinfo=UTC))
    office.engine.execute(KeepCalendars())
    shown = office.engine.ask(ShowCalendar("office"), "root").calendar
    assert shown.is_provisional(at("2031-12-31 12:00"))
    assert (shown.version, office.rows("calendar_version")[-1].kind) == (2, "years")
