"""From a provisional limit to a confirmed one: thirteen working days across a new year whose holidays come late, page by page."""

import re
from datetime import datetime

import pytest

from engine import ChangeCalendar, History, PreviewChange, set_password
from engine.domain.actors import SYSTEM
from engine.domain.calendar_change import Change
from engine.domain.errors import StepFailed
from engine.domain.holiday_notice import read_notice
from tests.support.holidays_2027 import NOTICE
from tests.support.offices import at, before
from tests.support.procedures import procedure, tell, timer, user
from tests.web.conftest import PASSWORD, Site
from tests.web.support_hotline import Hotline
from web.app import create_app

ERRAND = procedure(
    "errand",
    user("handle", due="13个工作日", warn="75%"),
    timer("first", "1个工作日", on="handle"),
    timer("early", "预警", on="handle"),
    timer("late", "到期", on="handle"),
    tell("remind", "soon", "holder:handle"),
    tell("warn", "soon", "holder:handle"),
    user("look", groups="leader"),
    flows="start >> handle >> end; first >> remind >> end; early >> warn >> end; late >> look >> end",
    notices={"soon": "请在${due_at}前办结"},
    deadline=["handle"],
)
NEW_YEAR = Change("days", "2027年放假安排", days=read_notice(NOTICE).days)
SHOWN = ("/", "/tasks/{task}", "/tasks/{task}/receipt", "/orders/{number}", "/orders/{number}/receipt")
TENTATIVE = "tag tentative"
"""The mark 暂定 beside a moment; a notice that was sent with the word stays in the record as it was."""
WAS, NOW = at("2027-01-15 18:00"), at("2027-01-16 18:00")
WARNED, WARNS = at("2027-01-12 14:37:30"), at("2027-01-13 14:37:30")


@pytest.fixture
def errand(office):
    """An errand begun on 28 December 2026, in the hands of a clerk, and the pages of the office."""
    office.move_to("2026-12-28 10:00")
    office.deploy(ERRAND)
    office.start("errand")
    office.claim("handle", "zhou")
    for who in ("zhou", "root"):
        set_password(office.engine, who, PASSWORD, SYSTEM.id, must_change=False)
    office.pages = Hotline(Site(create_app(office.engine), office.engine, office.clock))
    return office


def read(office, who, path):
    return office.pages.as_(who).get(path).get_data(as_text=True)


def standing(office):
    """Give where the limit stands: task, warning, list, order, and the timers that follow."""
    [task] = [t for t in office.rows("user_task") if t.element_id == "handle"]
    timers = {row.element_id: row.due_at for row in office.rows("timer")}
    [listed] = {row.due_at for row in office.rows("inbox") if row.user_task_id == task.id}
    return task.due_at, task.warn_at, listed, office.case().due_at, timers["late"], timers["early"]


def told(office, notice):
    return [row.recipient for row in office.rows("outbox") if row.notice == notice]


def announce(office):
    seen = office.engine.ask(PreviewChange(NEW_YEAR), "root").expects
    return office.engine.execute(ChangeCalendar(NEW_YEAR, seen, "国务院办公厅已公布", "root"))


def test_until_the_notice_comes_the_limit_says_that_it_may_move(errand):
    task = errand.open_task("handle").id
    assert standing(errand) == (WAS, WARNED, WAS, WAS, WAS, WARNED)
    for path in SHOWN:
        assert TENTATIVE in read(errand, "zhou", path.format(task=task, number=errand.number)), path
    errand.work_at("2026-12-29 18:00")
    assert errand.channel.delivered[-1].subject == "请在2027年1月15日 18:00（暂定）前办结"


def test_the_pasted_notice_names_the_order_before_and_after_and_writes_nothing(errand):
    admin = errand.pages.as_("root")
    admin.get("/admin/calendars/import")
    page = admin.post("/admin/calendars/import", {"text": NOTICE}).get_data(as_text=True)
    row = re.search(rf"<tr>(?:(?!</tr>).)*{errand.number}.*?</tr>", page, re.DOTALL)[0]
    assert re.search(
        r"1月15日 18:00.*<strong>1月16日 18:00</strong></td>.*不再暂定", row.replace("2027年", ""), re.DOTALL
    )
    assert standing(errand) == (WAS, WARNED, WAS, WAS, WAS, WARNED)
    assert [row.id for row in errand.rows("calendar_version")] == [1]


def test_the_change_moves_everything_says_so_and_nothing_is_provisional_any_more(errand):
    errand.work_at("2026-12-29 18:00")
    task = errand.open_task("handle").id
    assert announce(errand).moved == 1
    assert standing(errand) == (NOW, WARNS, NOW, NOW, NOW, WARNS)
    past = errand.engine.ask(History(errand.case().instance_id))[-1]
    [moved] = past.payload["moves"]
    assert (past.kind, past.payload["title"], past.payload["reason"]) == (
        "CalendarChanged", "2027年放假安排", "国务院办公厅已公布")  # fmt: skip
    assert [datetime.fromisoformat(moved[when]) for when in ("was", "due_at")] == [WAS, NOW]
    assert not moved["provisional"]
    assert "到期时间跟着变:2027年放假安排" in read(errand, "zhou", f"/orders/{errand.number}")
    errand.worker.drain()
    assert sorted(told(errand, "calendar_changed")) == ["li", "zhou"]
    for path in SHOWN:
        assert TENTATIVE not in read(errand, "zhou", path.format(task=task, number=errand.number)), path


def test_the_warning_comes_at_its_new_moment_and_names_the_confirmed_day(errand):
    errand.work_at("2026-12-29 18:00")
    announce(errand)
    errand.work_at("2027-01-13 14:37")
    assert errand.channel.delivered[-1].notice != "soon"
    errand.work_at("2027-01-13 14:38")
    assert errand.channel.delivered[-1].subject == "请在2027年1月16日 18:00前办结"
    errand.work_at("2027-01-16 17:59")
    assert errand.open_tasks() == ["handle"]
    errand.work_at("2027-01-16 18:00")
    assert errand.open_tasks() == ["handle", "look"]


def test_a_change_that_fails_at_its_last_statement_moves_nothing_at_all(errand):
    def fail(_connection):
        raise OSError("no room for the notices")

    with before(errand.engine, "INSERT INTO outbox", fail), pytest.raises(StepFailed):
        announce(errand)
    assert standing(errand) == (WAS, WARNED, WAS, WAS, WAS, WARNED)
    assert ([row.id for row in errand.rows("calendar_version")], errand.history()[-1]) == ([1], "UserTaskClaimed")
    assert told(errand, "calendar_changed") == []
