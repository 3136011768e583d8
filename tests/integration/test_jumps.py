"""Jump (跳转): an admin moves an order to another step; what stands there ends, what was done stays, the order can end."""

from datetime import timedelta

import pytest

from engine import (
    CompleteUserTask,
    History,
    JumpInstance,
    JumpPositions,
    JumpTargets,
    PauseCase,
    PreviewJump,
    ResumeCase,
    ResumeInstance,
    SuspendInstance,
)
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, StepFailed
from tests.support.jumping import jump, places
from tests.support.procedures import message, procedure, script, service, timer, user
from tests.support.races import race, refusals

LETTER = service("mail", "send_letter", {"tracking": "${tracking}"}, text="您好")


def chain(office, **said):
    """a, b, a letter, c one after another; the limit of b opens another task beside it."""
    files = procedure(
        "chain",
        user("a", **said),
        user("b", due="1个工作日"),
        timer("b_due", "到期", on="b"),
        user("late"),
        LETTER,
        user("c"),
        flows="start >> a >> b >> mail >> c >> end; b_due >> late >> end",
        forms=dict.fromkeys("abc", "said_a said_b said_c"),
        fields="word",
        deadline=["b"],
    )
    office.deploy(files)
    office.start("chain")


def test_an_order_goes_on_elsewhere_with_clocks_and_history_right(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲")
    office.claim("b", "wu")
    seen = jump(office, "b", to="c")
    assert (seen.to, seen.ends, seen.stops, seen.passes) == ("c", ["b"], ["b_due"], [])
    assert office.open_tasks() == ["c"]
    assert office.rows("timer") == []
    assert (office.record()["said_a"], office.case().due_at) == ("甲", None)
    assert [row.notice for row in office.rows("outbox")] == ["jumped", *["opened"] * 3]
    event = next(e for e in office.engine.ask(History(office.case().instance_id)) if e.kind == "InstanceJumped")
    assert (event.actor, event.payload["reason"], event.payload["name"]) == ("root", "换一条路", "c")
    office.complete("c", "zhou")
    assert office.case().status == "closed"


def test_back_to_an_earlier_step_nothing_is_undone_and_a_step_may_begin_anew(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲")
    first = office.open_task("b").id
    office.move_to("2025-09-22 16:00")
    jump(office, "b", to="b")
    assert office.open_task("b").id != first
    assert [row.element_id for row in office.rows("timer")] == ["b_due"]
    jump(office, "b", to="a")
    assert office.open_tasks() == ["a"]
    assert office.record()["said_a"] == "甲"
    office.complete("a", "zhou", said_a="乙")
    office.work_at("2025-09-24 16:00")
    assert office.open_tasks() == ["b", "late"]


def test_what_has_begun_beside_a_step_stays(office):
    chain(office)
    office.complete("a", "zhou")
    office.work_at("2025-09-24 10:00")
    assert office.open_tasks() == ["b", "late"]
    jump(office, "b", to="c")
    assert office.open_tasks() == ["c", "late"]
    office.complete("c", "zhou")
    assert office.case().status == "open"
    office.complete("late", "zhou")
    assert office.case().status == "closed"


def test_to_the_end_the_order_is_done(office):
    chain(office)
    assert jump(office, "a", to="end").completes
    assert office.history()[-1] == "InstanceCompleted"


def test_a_job_that_fails_is_left_with_its_incident_closed(office):
    chain(office)
    office.letters.fail(3)
    for name in "ab":
        office.complete(name, "zhou")
    for _ in range(4):
        office.worker.drain()
        office.move_to(office.clock.at + timedelta(hours=1))
    assert len(office.incidents()) == 1
    (place,) = office.engine.ask(JumpPositions(office.number), "root")
    assert (place.name, place.kind, len(place.incidents)) == ("mail", "serviceTask", 1)
    seen = jump(office, "mail", to="c")
    assert seen.stops == ["mail"]
    assert (office.incidents(), office.rows("job")[0].state) == ([], "cancelled")
    office.complete("c", "zhou")
    assert office.case().status == "closed"


def test_onto_a_job_it_is_queued_once(office):
    chain(office)
    seen = jump(office, "a", to="mail")
    assert seen.begins == [("mail", None)]
    office.worker.drain()
    assert (len(office.letters.letters), office.open_tasks()) == (1, ["c"])


def test_what_runs_by_itself_on_the_way_is_named_and_a_way_that_fails_moves_nothing(office):
    files = procedure(
        "way",
        user("a"),
        script("count", "turns = turns + 1"),
        service("ask", "explode", {"word": "${value}"}, value="${word}"),
        user("b"),
        flows="start >> a >> count >> ask >> b >> end",
        fields="word turns:number",
    )
    office.deploy(files)
    office.start("way", word="boom")
    for to, why in (("count", "count(count):"), ("ask", "ask(ask):服务任务 explode 出错了:RuntimeError: 决定里有错误")):
        with pytest.raises(StepFailed) as seen:
            office.engine.ask(PreviewJump(office.number, places(office, "a"), to), "root")
        with pytest.raises(StepFailed) as done:
            office.engine.execute(JumpInstance(office.number, "root", places(office, "a"), to, "试试"))
        assert str(seen.value) == str(done.value)
        assert str(seen.value).startswith(why)
    assert (office.incidents(), office.open_tasks()) == ([], ["a"])
    office.start("way", word="好", turns=1)
    assert jump(office, "a", to="count").passes == ["count", "ask"]
    assert (office.record()["turns"], office.open_tasks()) == (2, ["b"])


def test_a_wait_for_a_message_is_left_and_hears_no_more(office):
    files = procedure("wait", message("answer", "told"), user("a"), flows="start >> answer >> a >> end")
    office.deploy(files)
    office.start("wait")
    seen = jump(office, "answer", to="a")
    assert (seen.stops, office.rows("message_wait")) == (["answer"], [])
    assert jump(office, "a", to="answer").begins == [("answer", None)]
    office.send("told")
    assert office.open_tasks() == ["a"]


@pytest.mark.parametrize("stop", ["pause", "suspend"])
def test_an_order_that_stands_still_may_be_moved_and_stands_still_after_it(office, stop):
    chain(office)
    execute, number = office.engine.execute, office.number
    pausing = stop == "pause"
    execute(PauseCase(number, "等材料", "other", None, "sun") if pausing else SuspendInstance(number, "root", "查一查"))
    office.move_to("2025-09-22 14:00")
    jump(office, "a", to="b")
    assert office.case().status == ("paused" if pausing else "suspended")
    assert office.rows("timer")[0].state == "paused"
    due = office.open_task("b").due_at
    office.move_to("2025-09-22 16:00")
    execute(ResumeCase(number, "", "sun") if pausing else ResumeInstance(number, "root", ""))
    assert office.open_task("b").due_at == due + timedelta(hours=16, minutes=30)  # two working hours, the night between
    assert office.rows("timer")[0].state == "waiting"


def test_refusals_change_nothing(office):
    chain(office)
    number, here, before = office.number, places(office, "a"), office.rows("history")
    for who, order, chosen, to, reason, wrong in (
        ("sun", number, here, "c", "急办", NotAllowed),
        ("root", "XX", here, "c", "急办", NotFound),
        ("root", number, here, "c", " ", Invalid),
        ("root", number, (), "c", "急办", Invalid),
        ("root", number, ("0" * 32,), "c", "急办", Conflict),
        ("root", number, here, "start", "急办", Invalid),
        ("root", number, here, "b_due", "急办", Invalid),
        ("root", number, here, "nowhere", "急办", Invalid),
    ):
        with pytest.raises(wrong):
            office.engine.execute(JumpInstance(order, who, chosen, to, reason))
    for question in (JumpPositions(number), JumpTargets(number, here), PreviewJump(number, here, "c")):
        with pytest.raises(NotAllowed):
            office.engine.ask(question, "sun")
    assert (office.rows("history"), office.incidents()) == (before, [])


def test_an_order_that_is_over_is_not_moved(office):
    chain(office)
    here = places(office, "a")
    jump(office, "a", to="end")
    assert office.engine.ask(JumpPositions(office.number), "root") == []
    with pytest.raises(Conflict):
        office.engine.execute(JumpInstance(office.number, "root", here, "c", "急办"))


def test_of_a_jump_and_a_completion_in_the_same_moment_one_counts_and_the_other_is_told(office):
    for at in range(10):
        chain(office)
        here, task = places(office, "a"), office.open_task("a")
        one, other = office.another_engine(), office.another_engine()
        results = race(
            [
                lambda e=one, p=here, n=office.number: e.execute(JumpInstance(n, "root", p, "c", "急办")),
                lambda e=other, t=task.id: e.execute(CompleteUserTask(t, "zhou", {"said_a": "甲"})),
            ]
        )
        (late,) = refusals(results)
        assert isinstance(late, Conflict), at
        assert ("管理员于" in str(late) and "跳转到了别的步骤" in str(late)) or "刚才已经变了" in str(late)
        assert office.open_tasks() == (["c"] if results[0] is None else ["b"])
        kinds = office.history()
        assert kinds.count("InstanceJumped") + kinds.count("UserTaskCompleted") == 1


def test_of_two_jumps_in_the_same_moment_one_counts(office):
    chain(office)
    here = places(office, "a")
    engines = [office.another_engine(), office.another_engine()]
    acts = [
        lambda e=e, to=to: e.execute(JumpInstance(office.number, "root", here, to, "急办"))
        for e, to in zip(engines, "bc", strict=True)
    ]
    (late,) = refusals(race(acts))
    assert isinstance(late, Conflict)
    assert office.history().count("InstanceJumped") == 1
    assert len(office.open_tasks()) == 1
