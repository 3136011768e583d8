"""Sending back: what came of a step is undone with its answers, other branches stay, clocks start anew."""

import pytest

from engine import SendBack
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.procedures import each, gateway, procedure, timer, user
from tests.support.sending_back import send_back, targets


def chain(office, **said):
    """a, b, c one after another."""
    files = procedure(
        "chain",
        user("a", **said),
        user("b", due="1个工作日"),
        timer("b_due", "到期", on="b"),
        user("late"),
        user("c"),
        flows="start >> a >> b >> c >> end; b_due >> late >> end",
        forms=dict.fromkeys("abc", "said_a said_b said_c days:number"),
        deadline=["b"],
    )
    office.deploy(files)
    office.start("chain")


def test_a_step_is_opened_again_for_whoever_did_it_and_its_answers_are_taken_back(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲", days=1)
    office.complete("b", "wu", said_b="乙", days=2)
    seen = send_back(office, "c", "wu", "a")
    task = office.open_task("a")
    assert task.assignee == "zhou"
    assert task.returned["reason"] == "材料不全"
    assert {k: v for k, v in office.case().record.items() if v is not None} == {}
    assert [step.name for step in seen.undone] == ["a", "b"]
    assert sorted(seen.cleared) == ["days", "said_b"]
    assert [row.notice for row in office.rows("outbox")] == ["sent_back"]


def test_back_to_the_step_before_only_its_own_answers_go(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲", days=1)
    office.complete("b", "wu", said_b="乙", days=2)
    send_back(office, "c", "zhou", "b")
    record = office.case().record
    assert (record["said_a"], record["days"], record.get("said_b")) == ("甲", 1, None)


def test_the_case_goes_on_to_its_end_with_a_restart_between_any_two_steps(office):
    chain(office)
    for name in ("a", "b"):
        office.complete(name, "zhou", **{f"said_{name}": "一"})
        office.restart()
    send_back(office, "c", "zhou", "a")
    for name in ("a", "b", "c"):
        office.restart()
        office.complete(name, "zhou", **{f"said_{name}": "二"})
    assert office.case().status == "closed"


def test_clocks_start_anew_and_old_ones_never_ring(office):
    chain(office)
    office.complete("a", "zhou")
    first = office.open_task("b").due_at
    assert office.case().due_at == first
    office.move_to("2025-09-22 16:00")
    send_back(office, "b", "zhou", "a")
    assert office.rows("timer") == []
    assert office.case().due_at is None
    office.work_at("2025-09-23 16:00")
    assert office.open_tasks() == ["a"]
    office.complete("a", "zhou")
    second = office.open_task("b").due_at
    assert second > first
    assert office.case().due_at == second
    office.work_at("2025-09-25 10:00")
    assert office.open_tasks() == ["b", "late"]


def beside(office):
    """Two branches that meet, and a step after them."""
    files = procedure(
        "beside",
        gateway("split", "parallel"),
        user("a"),
        user("b1"),
        user("b2"),
        gateway("join", "parallel"),
        user("c"),
        flows="start >> split >> a >> join >> c >> end; split >> b1 >> b2 >> join",
        forms={name: f"said_{name}" for name in ("a", "b1", "b2", "c")},
    )
    office.deploy(files)
    office.start("beside")


def test_out_of_a_branch_the_other_goes_on(office):
    beside(office)
    office.complete("b1", "zhou", said_b1="一")
    send_back(office, "b2", "zhou", "b1")
    assert office.open_tasks() == ["a", "b1"]
    assert targets(office, "a") == []


def test_past_a_join_the_branch_that_was_not_meant_waits_where_they_meet(office):
    beside(office)
    office.complete("a", "zhou", said_a="甲")
    for name in ("b1", "b2"):
        office.complete(name, "wu", **{f"said_{name}": "乙"})
    assert targets(office, "c") == [("b2", ""), ("b1", ""), ("a", "")]
    seen = send_back(office, "c", "zhou", "b1")
    assert [step.name for step in seen.staying] == ["a"]
    assert office.open_tasks() == ["b1"]
    assert office.case().record["said_a"] == "甲"
    office.complete("b1", "wu", said_b1="丙")
    office.complete("b2", "wu", said_b2="丙")
    assert office.open_tasks() == ["c"]
    office.complete("c", "zhou")
    assert office.case().status == "closed"


def signing(office, *, in_turn=False):
    """Three sign, then somebody decides."""
    files = procedure(
        "signing",
        user("sign", groups="person:${who}", inside=each("signers", "who", in_turn=in_turn)),
        user("decide"),
        flows="start >> sign >> decide >> end",
        fields="signers:tagged",
        forms={"sign": "opinion"},
    )
    files["forms/start.form"] = (
        b'{"type":"default","components":[{"type":"taglist","key":"signers","label":"\xe4\xba\xba","values":'
        b'[{"value":"zhou","label":"z"},{"value":"wu","label":"w"},{"value":"zheng","label":"e"}]}]}'
    )
    office.deploy(files)
    office.start("signing", signers=["zhou", "wu", "zheng"])


def test_of_several_signers_only_the_one_meant_signs_again(office):
    signing(office)
    for item, who in enumerate(("zhou", "wu", "zheng")):
        office.complete("sign", who, str(item), opinion=f"意见{item}")
    send_back(office, "decide", "zhou", "sign", to_item="1")
    assert [(t.element_id, t.item) for t in office.case().open_tasks] == [("sign", "1")]
    assert office.case().record["sign"] == {"0": {"opinion": "意见0"}, "2": {"opinion": "意见2"}}
    office.complete("sign", "wu", "1", opinion="改过")
    assert office.open_tasks() == ["decide"]


def test_signers_in_turn_sign_again_from_there_on(office):
    signing(office, in_turn=True)
    for item, who in enumerate(("zhou", "wu", "zheng")):
        office.complete("sign", who, str(item), opinion=f"意见{item}")
    send_back(office, "decide", "zhou", "sign", to_item="1")
    assert office.case().record["sign"] == {"0": {"opinion": "意见0"}}
    office.complete("sign", "wu", "1", opinion="改过")
    assert [(t.element_id, t.item) for t in office.case().open_tasks] == [("sign", "2")]


def nested(office):
    """A sub-process with two branches inside, then a step after it."""
    inner = """<bpmn:subProcess id="inside" name="inside">
      <bpmn:startEvent id="s2"/><bpmn:endEvent id="e2"/>
      <bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="meet"/>
      {first}{second}{third}
      <bpmn:sequenceFlow id="i1" sourceRef="s2" targetRef="fork"/>
      <bpmn:sequenceFlow id="i2" sourceRef="fork" targetRef="first"/>
      <bpmn:sequenceFlow id="i3" sourceRef="fork" targetRef="second"/>
      <bpmn:sequenceFlow id="i4" sourceRef="first" targetRef="meet"/>
      <bpmn:sequenceFlow id="i5" sourceRef="second" targetRef="meet"/>
      <bpmn:sequenceFlow id="i6" sourceRef="meet" targetRef="third"/>
      <bpmn:sequenceFlow id="i7" sourceRef="third" targetRef="e2"/></bpmn:subProcess>"""
    steps = {name: user(name) for name in ("first", "second", "third")}
    files = procedure(
        "nested",
        inner.format(**steps),
        timer("whole", "PT8H", on="inside"),
        user("late"),
        user("after"),
        flows="start >> inside >> after >> end; whole >> late >> end",
        forms={name: f"said_{name}" for name in (*steps, "after")},
    )
    office.deploy(files)
    office.start("nested")


def test_into_a_sub_process_that_is_over_with_its_limit_running_again(office):
    nested(office)
    for name in ("first", "second", "third"):
        office.complete(name, "zhou", **{f"said_{name}": "一"})
    assert office.rows("timer") == []
    seen = send_back(office, "after", "wu", "second")
    assert office.open_tasks() == ["second"]
    assert [step.name for step in seen.staying] == ["first"]
    assert [row.element_id for row in office.rows("timer")] == ["whole"]
    office.restart()
    office.complete("second", "zhou", said_second="二")
    assert office.open_tasks() == ["third"]
    send_back(office, "third", "wu", "first")
    office.complete("first", "zhou", said_first="三")
    for name in ("third", "after"):
        office.complete(name, "zhou")
    assert office.case().status == "closed"
    assert [office.case().record[f"said_{name}"] for name in ("first", "second")] == ["三", "二"]


def test_refusals_change_nothing(office):
    chain(office)
    office.complete("a", "zhou")
    task, before = office.open_task("b"), office.rows("history")
    done = next(t for t in office.past_tasks() if t.element_id == "a")
    for actor, to, reason, error in (
        ("mei", done.id, "材料不全", NotFound),
        ("li", done.id, "材料不全", NotAllowed),
        ("zhou", done.id, " ", Invalid),
        ("zhou", task.id, "材料不全", Conflict),
        ("zhou", 999, "材料不全", Conflict),
    ):
        with pytest.raises(error):
            office.engine.execute(SendBack(task.id, actor, to, reason))
    assert office.rows("history") == before


def test_a_join_that_went_on_because_another_branch_left_waits_again_when_that_one_is_sent_back(office):
    files = procedure(
        "leaves",
        gateway("fork", "inclusive", default="c"),
        *map(user, "abct"),
        gateway("stays", default="meet"),
        gateway("meet", "inclusive"),
        flows="start >> fork; fork [1 == 1] >> a >> meet; fork [1 == 1] >> b >> stays; fork >> c >> meet;"
        "stays >> meet; stays [leaves == 1] >> end; meet >> t >> end",
        forms={"b": "leaves:number"},
    )
    office.deploy(files)
    office.start("leaves")
    office.complete("a", "zhou")
    for _ in range(2):
        office.complete("b", "wu", leaves=1)
        assert office.open_tasks() == ["t"]
        send_back(office, "t", "zheng", "b")
        assert office.open_tasks() == ["b"]
    office.complete("b", "wu", leaves=0)
    office.complete("t", "wu")
    assert office.case().status == "closed"
