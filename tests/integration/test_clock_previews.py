"""What pages say that extending, pausing and resuming would do is what then happens, and nothing else."""

from datetime import datetime

import pytest

from engine import (
    ExtendUserTask,
    History,
    PauseCase,
    PreviewExtension,
    PreviewPause,
    PreviewResume,
    ResumeCase,
    SuperviseOrder,
    UrgeAgain,
)
from engine.domain.errors import Conflict, InvalidDeadline, NotFound
from tests.support.offices import at
from tests.support.procedures import gateway, procedure, timer, user


@pytest.fixture
def errand(office):
    """Gives an order with a limited task, one without a limit beside it, a timer of neither's, and a slip to answer."""
    nodes = (
        *(gateway(name, "parallel") for name in ("fork", "join")),
        user("do", due="3个工作日", warn="1个工作日"),
        user("look", groups="leader"),
        timer("late", "到期", on="do"),
        timer("nudge", "2个工作日", on="look"),
    )
    flows = "start >> fork >> do >> join; fork >> look >> join >> end; late >> end; nudge >> end"
    office.deploy(procedure("errand", *nodes, flows=flows, deadline=["do"]))
    office.start("errand")
    office.claim("do", "zhou")
    office.engine.execute(SuperviseOrder(office.open_task("do").id, "sun", "请说明进展", "1个工作日"))
    return office


def names(office, people):
    known = {row.id: row.name for row in office.rows("person")}
    return sorted(known[who] for who in people)


def told(office, kind):
    """The names of those whom the last notice of a kind reached."""
    office.worker.drain()
    return names(office, {row.person for row in office.rows("notification") if row.notice == kind})


def limits(office):
    return {row.name: (row.due_at, row.warn_at) for row in office.case().open_tasks}


@pytest.mark.parametrize("by", ["2个工作日", "4小时(工作时间)", "24小时"])
def test_an_extension_goes_where_it_was_said_to_go(errand, by):
    task = errand.open_task("do").id
    said = errand.engine.ask(PreviewExtension(task, by), "sun")
    assert (said.was, said.warned) == limits(errand)["do"]
    assert limits(errand)["do"] == (said.was, said.warned)  # looking has moved nothing
    errand.engine.execute(ExtendUserTask(task, "sun", by, "等材料"))
    assert limits(errand)["do"] == (said.due_at, said.warn_at)
    assert errand.case().due_at == said.order_due_at
    assert told(errand, "extend") == sorted(said.told) == ["周经办"]


def test_a_preview_of_an_extension_refuses_what_the_command_refuses(errand):
    with pytest.raises(InvalidDeadline):
        errand.engine.ask(PreviewExtension(errand.open_task("do").id, "好几天"), "sun")
    with pytest.raises(NotFound):
        errand.engine.ask(PreviewExtension(errand.open_task("do").id, "1个工作日"), "mei")


def test_a_pause_stops_what_was_named_and_tells_whom_it_named(errand):
    said = errand.engine.ask(PreviewPause(errand.number), "sun")
    assert (sorted(said.tasks), said.slips) == (["do", "look"], [errand.rows("slip")[0].number])
    assert [name for name, _ in said.limits] == ["do"]
    waiting = {(row.element_id, row.due_at) for row in errand.rows("timer") if row.state == "waiting" and not row.role}
    assert set(said.timers) == waiting and [name for name, _ in said.timers] == ["nudge"]
    errand.engine.execute(PauseCase(errand.number, "等材料", "other", None, "sun"))
    assert {row.state for row in errand.rows("timer")} == {"paused"}
    assert told(errand, "pause") == sorted(said.told)
    with pytest.raises(Conflict):
        errand.complete("do", "zhou")
    with pytest.raises(Conflict, match="已经暂停"):
        errand.engine.ask(PreviewPause(errand.number), "sun")


@pytest.mark.parametrize("moment", ["2025-09-22 20:00", "2025-09-23 11:00", "2025-10-09 15:30"])
def test_resuming_moves_what_was_named_and_only_that(errand, moment):
    errand.engine.execute(PauseCase(errand.number, "等材料", "other", None, "sun"))
    errand.move_to(moment)
    said, was = errand.engine.ask(PreviewResume(errand.number), "sun"), limits(errand)
    assert limits(errand) == was
    errand.engine.execute(ResumeCase(errand.number, "", "sun"))
    (event,) = [e for e in errand.engine.ask(History(errand.case().instance_id)) if e.kind == "CaseResumed"]
    assert event.payload["moved"] == said
    moved = {each["name"]: each["due_at"] for each in said if "task" in each}
    for name, (due_at, _) in limits(errand).items():
        assert due_at == (datetime.fromisoformat(moved[name]) if name in moved else was[name][0])
    with pytest.raises(Conflict, match="没有暂停"):
        errand.engine.ask(PreviewResume(errand.number), "sun")


def test_when_one_may_urge_again_is_when_one_can(errand):
    task = errand.open_task("do").id
    assert errand.engine.ask(UrgeAgain(task), "sun") is None
    errand.urge("do", "sun")
    again = errand.engine.ask(UrgeAgain(task), "sun")
    assert again == at("2025-09-22 10:30")
    assert errand.engine.ask(UrgeAgain(task), "wang") is None
    errand.move_to("2025-09-22 10:29")
    with pytest.raises(Conflict, match="10:30"):
        errand.urge("do", "sun")
    errand.move_to(again)
    assert errand.engine.ask(UrgeAgain(task), "sun") is None
    assert errand.urge("do", "sun")
