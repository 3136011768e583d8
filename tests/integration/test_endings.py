"""Withdrawn, terminated, declared void: three words, three states, three rights."""

import pytest

from engine import Begun, CancelOrder, CompleteUserTask, Filters, ShowOrder, TerminateOrder, VoidOrder, order_acts
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store import people
from engine.store.database import reading, transaction
from engine.store.history import broken_at
from engine.store.tables import work_order
from engine.store.work_orders import alike
from tests.support.offices import PEOPLE, at
from tests.support.races import race, refusals

ADMINS = {"root"}
ENDS = {
    "cancel": (CancelOrder, "cancelled", "OrderCancelled", {"li", "sun"}),
    "terminate": (TerminateOrder, "terminated", "CaseTerminated", ADMINS),
    "void": (VoidOrder, "void", "OrderVoided", ADMINS),
}


def finish(leave, act, reason="登记错了", who=""):
    command, *_, allowed = ENDS[act]
    leave.engine.execute(command(leave.number, who or sorted(allowed)[0], reason))


@pytest.mark.parametrize("act", ENDS)
def test_each_leaves_nothing_that_waits_and_says_its_own_word(leave, act):
    _, status, kind, _ = ENDS[act]
    finish(leave, act)
    assert (leave.case().status, leave.case().instance_status) == (status, "terminated")
    assert [leave.rows(table) for table in ("inbox", "timer", "message_wait")] == [[], [], []]
    assert (kind in leave.history(), [t.state for t in leave.past_tasks()]) == (True, ["cancelled"])


@pytest.mark.parametrize("act", ENDS)
@pytest.mark.parametrize("who", [who for who, *_ in PEOPLE])
def test_each_is_open_to_its_own_people_and_to_nobody_else(leave, act, who):
    allowed = ENDS[act][3]
    with reading(leave.engine.database) as connection:
        actor = people.actor(connection, who).actor
    assert (act in order_acts(leave.engine.ask(ShowOrder(leave.number), "root"), actor)) == (who in allowed)
    if who in allowed:
        finish(leave, act, who=who)
        assert leave.case().status == ENDS[act][1]
        return
    with pytest.raises((NotAllowed, NotFound)):  # strangers do not learn that it is there
        finish(leave, act, who=who)
    assert leave.case().status == "open"


@pytest.mark.parametrize("act", ENDS)
@pytest.mark.parametrize("reason", ["", " 长 ", "长" * 501])
def test_each_wants_a_reason(leave, act, reason):
    with pytest.raises(Invalid):
        finish(leave, act, reason)
    assert leave.case().status == "open"


@pytest.mark.parametrize("act", ENDS)
def test_whoever_held_a_task_of_it_is_told_and_whoever_only_might_have_is_not(leave, act):
    leave.claim("approve", "wang")
    leave.worker.drain()
    leave.channel.delivered.clear()
    finish(leave, act)
    leave.worker.drain()
    told = {who for who, notice in leave.channel.notices() if notice == act}
    assert told == {"wang", "li"} - {sorted(ENDS[act][3])[0]}


@pytest.mark.parametrize("second", ["cancel", "terminate"])
def test_what_is_over_is_not_ended_again(leave, second):
    finish(leave, "cancel")
    with pytest.raises(Conflict, match="已经结束"):
        finish(leave, second)


@pytest.mark.parametrize("first", ["done", "cancel", "terminate"])
def test_what_is_over_may_still_be_declared_void(leave, first):
    if first == "done":
        leave.complete("approve", "wang", verdict="no")
    else:
        finish(leave, first)
    ended = leave.case().instance_status
    leave.move_to("2025-09-25 10:00")
    finish(leave, "void")
    assert (leave.case().status, leave.case().instance_status, leave.history()[-1]) == ("void", ended, "OrderVoided")
    [row] = leave.rows("work_order")
    assert row.closed_at == at("2025-09-22 10:00")
    with pytest.raises(Conflict, match="已经作废"):
        finish(leave, "void")


def test_the_history_of_a_void_order_is_unbroken(leave):
    leave.complete("approve", "wang", verdict="no")
    finish(leave, "void")
    with reading(leave.engine.database) as connection:
        assert broken_at(connection, leave.case().instance_id) is None


@pytest.mark.parametrize(("act", "found"), [("terminate", 1), ("void", 0)])
def test_a_void_order_is_no_earlier_order_about_the_same_matter(leave, act, found):
    finish(leave, act)
    with transaction(leave.engine.database) as connection:
        connection.execute(work_order.update().values(phone="13900001111"))
        same = alike(connection, "leave_request", at("2025-01-01 00:00"), phone="13900001111", place=None)
    assert len(same) == found


def test_lists_find_each_by_its_own_word(leave):
    for act in ENDS:
        leave.start("leave_request", reason="探亲", days=2)
        finish(leave, act)
    by = {status: leave.engine.ask(Begun(filters=Filters(status=status)), "li").rows for _, status, *_ in ENDS.values()}
    assert {status: [row.status for row in rows] for status, rows in by.items()} == {
        "cancelled": ["cancelled"],
        "terminated": ["terminated"],
        "void": ["void"],
    }


def test_an_order_that_never_was_is_not_ended(leave):
    for command in (CancelOrder, TerminateOrder, VoidOrder):
        with pytest.raises(NotFound, match="QJ1"):
            leave.engine.execute(command("QJ1", "root", "没有这件"))


def test_two_end_it_at_the_same_moment_and_one_is_told_it_is_over(leave):
    others = leave.another_engine()
    results = race(
        [
            lambda: leave.engine.execute(TerminateOrder(leave.number, "root", "办不下去")),
            lambda: others.execute(CancelOrder(leave.number, "li", "不办了")),
        ]
    )
    assert (len(refusals(results)), leave.case().status) in [(1, "terminated"), (1, "cancelled")]


def test_a_completion_and_a_voiding_at_the_same_moment(leave):
    task, others = leave.open_task("approve").id, leave.another_engine()
    results = race(
        [
            lambda: others.execute(CompleteUserTask(task, "wang", {"verdict": "no"})),
            lambda: leave.engine.execute(VoidOrder(leave.number, "root", "登记错了")),
        ]
    )
    assert leave.case().status == "void"
    assert len(refusals(results)) in (0, 1)
