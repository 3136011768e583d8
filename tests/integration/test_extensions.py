"""More time is asked for by whoever holds a task, and granted or refused by a supervisor."""

import pytest

from engine import CompleteUserTask, DecideExtension, RequestExtension, WithdrawExtension
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.offices import at
from tests.support.procedures import procedure, timer, user
from tests.support.races import race, refusals


@pytest.fixture
def held(leave):
    """A leave request that leader wang approves until 23 September 18:00."""
    leave.claim("approve", "wang")
    leave.worker.drain()
    leave.channel.delivered.clear()
    return leave


def ask(office, actor="wang", limit="2个工作日", reason="材料还没有齐", element="approve"):
    return office.engine.execute(RequestExtension(office.open_task(element).id, actor, limit, reason))


def decide(office, ident, actor="sun", *, grant=True, limit="", note=""):
    return office.engine.execute(DecideExtension(ident, actor, grant, limit, note))


def kept(office):
    return [(row.state, row.limit_text, row.decided_by, row.due_at) for row in office.rows("extension")]


def test_a_request_moves_nothing_until_it_is_granted(held):
    ident = ask(held)
    assert held.case().due_at == at("2025-09-23 18:00")
    assert decide(held, ident) == held.case().due_at == at("2025-09-25 18:00")
    assert kept(held) == [("granted", "2个工作日", "sun", at("2025-09-25 18:00"))]


def test_supervisors_and_the_asker_are_told(held):
    ident = ask(held)
    held.worker.drain()
    assert held.channel.notices() == [("sun", "extension_asked")]
    decide(held, ident, grant=False, note="材料今天就到")
    held.worker.drain()
    assert held.channel.notices()[1:] == [("wang", "extension_refused")]


def test_less_may_be_granted_than_was_asked_for(held):
    decide(held, ask(held), limit="1个工作日", note="一天够了")
    assert kept(held) == [("granted", "1个工作日", "sun", at("2025-09-24 18:00"))]


def test_a_refusal_needs_a_reason_and_moves_nothing(held):
    ident = ask(held)
    with pytest.raises(Invalid):
        decide(held, ident, grant=False)
    decide(held, ident, grant=False, note="材料今天就到")
    assert kept(held) == [("refused", "2个工作日", "sun", None)]
    assert held.case().due_at == at("2025-09-23 18:00")


def test_whoever_asked_may_take_it_back_and_ask_again(held):
    ident = ask(held)
    with pytest.raises(NotAllowed):
        held.engine.execute(WithdrawExtension(ident, "li"))
    held.engine.execute(WithdrawExtension(ident, "wang"))
    with pytest.raises(Conflict):
        decide(held, ident)
    ask(held)
    assert [state for state, *_ in kept(held)] == ["withdrawn", "asked"]


def test_one_request_at_a_time(held):
    ask(held)
    with pytest.raises(Conflict):
        ask(held)


@pytest.mark.parametrize("actor", ["sun", "li", "zhou"])
def test_only_the_holder_asks(held, actor):
    with pytest.raises(NotAllowed):
        ask(held, actor)


@pytest.mark.parametrize("actor", ["wang", "li", "zhou"])
def test_only_a_supervisor_decides(held, actor):
    with pytest.raises(NotAllowed):
        decide(held, ask(held), actor)


def test_a_supervisor_who_holds_the_task_does_not_decide_for_himself(office):
    office.deploy(
        procedure(
            "own",
            user("do", groups="supervisor", due="1个工作日"),
            timer("do_due", "到期", on="do"),
            flows="start >> do >> end; do_due >> end",
        )
    )
    office.start("own")
    office.claim("do", "sun")
    ident = ask(office, "sun", element="do")
    with pytest.raises(NotAllowed):
        decide(office, ident)


@pytest.mark.parametrize("limit", ["马上", "当日", "2025-10-09T09:00", "1个工作日 从 received_at"])
def test_it_is_asked_by_how_much(held, limit):
    with pytest.raises(Invalid):
        ask(held, limit=limit)


def test_asked_in_time_and_granted_after_expiry_counts(held):
    ident = ask(held)
    held.work_at("2025-09-24 09:00")
    held.channel.delivered.clear()
    decide(held, ident)
    assert held.case().due_at == at("2025-09-25 18:00")
    held.work_at("2025-09-25 18:00")
    assert held.channel.notices().count(("sun", "overdue")) == 1


def test_after_expiry_nobody_asks_unless_the_procedure_lets_them(held, office):
    held.move_to("2025-09-23 18:00")
    with pytest.raises(Conflict, match="已经到期"):
        ask(held)
    watch = timer("do_due", "到期", on="do")
    late = procedure("late", user("do", due="1个工作日"), watch, flows="start >> do >> end; do_due >> end")
    late["procedure.toml"] += b"[extension]\nafter_expiry = true\nmost = 1\n"
    office.deploy(late)
    office.start("late")
    office.claim("do", "zhou")
    office.move_to("2025-09-30 10:00")
    decide(office, ask(office, "zhou", element="do"))
    with pytest.raises(Conflict, match="已经延期 1 次"):
        ask(office, "zhou", element="do")


def test_a_task_without_a_limit_needs_no_extension(office):
    office.deploy(procedure("calm", user("do"), flows="start >> do >> end"))
    office.start("calm")
    office.claim("do", "zhou")
    with pytest.raises(Invalid):
        ask(office, "zhou", element="do")


def test_a_request_of_a_task_that_is_over_is_not_decided_any_more(held):
    ident = ask(held)
    held.complete("approve", "wang", verdict="no")
    with pytest.raises(Conflict):
        decide(held, ident)
    with pytest.raises(NotFound):
        decide(held, 999)


def test_every_extension_leaves_a_row(leave):
    leave.extend("approve", "sun", "1个工作日")
    leave.send("more_time")
    assert [(row.limit_text, row.reason, row.state) for row in leave.rows("extension")] == [
        ("1个工作日", "情况复杂", "granted"),
        ("1个工作日", "流程规定", "granted"),
    ]


def test_a_warning_that_was_given_is_given_again_for_the_new_limit(office):
    files = procedure(
        "warned",
        user("do", due="4小时(工作时间)", warn="3小时(工作时间)"),
        timer("do_due", "到期", on="do"),
        timer("do_warn", "预警", on="do"),
        flows="start >> do >> end; do_due >> end; do_warn >> end",
    )
    office.deploy(files)
    office.start("warned")
    office.work_at("2025-09-22 15:00")
    assert [row.role for row in office.rows("timer")] == ["due"]
    office.extend("do", "sun", "2小时(工作时间)")
    assert [(row.role, row.due_at) for row in office.rows("timer")] == [
        ("due", at("2025-09-22 18:00")),
        ("warn", at("2025-09-22 17:00")),
    ]


def test_two_supervisors_decide_at_the_same_moment_and_one_decision_counts(held):
    ident = ask(held)
    others = held.another_engine()
    results = race(
        [
            lambda: held.engine.execute(DecideExtension(ident, "sun", True)),
            lambda: others.execute(DecideExtension(ident, "sun", False, "", "不必")),
        ]
    )
    assert len(refusals(results)) == 1
    assert (kept(held)[0][0], held.case().due_at) in [
        ("granted", at("2025-09-25 18:00")),
        ("refused", at("2025-09-23 18:00")),
    ]


def test_asking_and_completing_at_the_same_moment(held):
    task, others = held.open_task("approve").id, held.another_engine()
    race(
        [
            lambda: held.engine.execute(RequestExtension(task, "wang", "1个工作日", "材料未到")),
            lambda: others.execute(CompleteUserTask(task, "wang", {"verdict": "no"})),
        ]
    )
    assert (held.case().status, held.incidents()) == ("closed", [])
