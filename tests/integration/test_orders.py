"""Cancelling, urging, extending and linking orders."""

import pytest

from engine import CancelOrder, CompleteUserTask, LinkOrders
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.offices import at
from tests.support.procedures import end, procedure, tell, timer, user

LATE = "due >> remind >> reminded"
NOTE = {"late": "晚了"}


def late(task):
    return timer("due", "到期", on=task), tell("remind", "late", "supervisor"), end("reminded")


def cancel(office, actor="li"):
    office.engine.execute(CancelOrder(office.number, actor, "来电人撤回"))


def test_a_cancelled_order_leaves_nothing_that_waits(leave):
    cancel(leave)
    assert (leave.case().status, leave.case().instance_status) == ("cancelled", "terminated")
    assert [leave.rows(table) for table in ("inbox", "timer", "message_wait")] == [[], [], []]
    assert [task.state for task in leave.past_tasks()] == ["cancelled"]


def test_the_starter_and_supervisors_cancel_and_nobody_else(leave):
    with pytest.raises(NotAllowed):
        cancel(leave, "wang")
    cancel(leave, "sun")
    assert "OrderCancelled" in leave.history()


def test_a_cancelled_order_is_not_cancelled_again(leave):
    cancel(leave)
    with pytest.raises(Conflict, match="已经结束"):
        cancel(leave)


def test_a_cancelled_orders_task_is_not_completed(leave):
    task = leave.open_task("approve")
    cancel(leave)
    with pytest.raises(Conflict):
        leave.engine.execute(CompleteUserTask(task.id, "wang", {"verdict": "yes"}))


def test_an_order_that_never_was_is_not_cancelled(leave):
    with pytest.raises(NotFound, match="QJ1"):
        leave.engine.execute(CancelOrder("QJ1", "li", ""))


def test_urging_tells_the_holder_and_is_remembered(leave):
    leave.claim("approve", "wang")
    assert leave.urge("approve", "li", "领导在问") == ["wang"]
    leave.worker.drain()
    assert leave.channel.notices() == [("wang", "urged")]
    assert "领导在问（李受理）" in leave.channel.delivered[0].body
    assert "UserTaskUrged" in leave.history()


def test_urging_a_free_task_tells_all_candidates(leave):
    assert sorted(leave.urge("approve", "wang")) == ["wang", "wu", "zhou"]


def test_a_stranger_does_not_urge(leave):
    with pytest.raises(NotFound):
        leave.urge("approve", "zheng")


def test_an_extension_moves_task_order_and_list_together(leave):
    assert leave.extend("approve", "sun", "1个工作日") == at("2025-09-24 18:00")
    assert leave.open_task("approve").due_at == at("2025-09-24 18:00")
    assert leave.case().due_at == at("2025-09-24 18:00")
    assert {row.due_at for row in leave.rows("inbox")} == {at("2025-09-24 18:00")}


def test_an_extension_tells_the_holders_and_keeps_its_reason(leave):
    leave.extend("approve", "sun", "1个工作日")
    leave.worker.drain()
    assert {notice for _, notice in leave.channel.notices()} == {"extended"}
    assert "情况复杂" in leave.channel.delivered[0].body
    assert leave.history()[-2:] == ["NoticePut", "ExtensionGranted"]


@pytest.mark.parametrize(("actor", "error"), [("wang", NotAllowed), ("li", NotAllowed), ("zheng", NotFound)])
def test_only_supervisors_extend(leave, actor, error):
    with pytest.raises(error):
        leave.extend("approve", actor, "1个工作日")


def test_nobody_extends_a_task_he_may_do_himself(office):
    do = user("do", groups="supervisor", due="1个工作日")
    office.deploy(procedure("own", do, *late("do"), flows=f"start >> do >> end; {LATE}", notices=NOTE))
    office.start("own")
    with pytest.raises(NotAllowed, match="自己"):
        office.extend("do", "sun", "1个工作日")


def test_a_task_without_limit_is_not_extended(office):
    office.deploy(procedure("free", user("do"), flows="start >> do >> end"))
    office.start("free")
    with pytest.raises(Invalid, match="没有时限"):
        office.extend("do", "sun", "1个工作日")


def test_a_limit_that_is_no_limit_extends_nothing(leave):
    with pytest.raises(Invalid, match="不是时限"):
        leave.extend("approve", "sun", "过几天")
    assert leave.open_task("approve").due_at == at("2025-09-23 18:00")


def test_linked_orders_show_each_other_once(leave):
    first = leave.number
    second = leave.start("leave_request", reason="二", days=1).number
    link = LinkOrders(second, "li", [first])
    assert [leave.engine.execute(link), leave.engine.execute(link)] == [1, 0]
    assert leave.case().links == [(first, "duplicate")]
    leave.number = first
    assert leave.case().links == [(second, "duplicate")]


def test_an_order_is_not_linked_to_itself_or_to_nothing(leave):
    with pytest.raises(Invalid, match="自己"):
        leave.engine.execute(LinkOrders(leave.number, "li", [leave.number]))
    with pytest.raises(NotFound, match="QJ9"):
        leave.engine.execute(LinkOrders(leave.number, "li", ["QJ9"]))


def test_only_desk_and_supervisors_link(leave):
    with pytest.raises(NotAllowed):
        leave.engine.execute(LinkOrders(leave.number, "zhou", [leave.number]))
