"""Jumps out of branches, sub-processes and steps of several: only where nobody waits for ever, and nothing comes twice."""

import pytest

from engine import JumpInstance, JumpTargets
from engine.domain.errors import Invalid
from tests.support.jumping import jump, places, refused, standing
from tests.support.procedures import each, gateway, procedure, timer, user
from tests.support.sending_back import send_back, targets


def beside(office):
    """Two branches that meet, and a step after them."""
    files = procedure(
        "beside",
        gateway("split", "parallel"),
        user("a1"),
        user("a2"),
        user("b1"),
        user("b2"),
        gateway("join", "parallel"),
        user("c"),
        flows="start >> split >> a1 >> a2 >> join >> c >> end; split >> b1 >> b2 >> join",
        forms={name: f"said_{name}" for name in ("a1", "a2", "b1", "b2", "c")},
    )
    office.deploy(files)
    office.start("beside")


def nested(office):
    """Two steps in a sub-process with a limit on the whole, then one after it."""
    inner = """<bpmn:subProcess id="inside" name="inside">
      <bpmn:startEvent id="s2"/><bpmn:endEvent id="e2"/>{first}{second}
      <bpmn:sequenceFlow id="i1" sourceRef="s2" targetRef="first"/>
      <bpmn:sequenceFlow id="i2" sourceRef="first" targetRef="second"/>
      <bpmn:sequenceFlow id="i3" sourceRef="second" targetRef="e2"/></bpmn:subProcess>"""
    files = procedure(
        "nested",
        user("before"),
        inner.format(first=user("first"), second=user("second")),
        timer("whole", "PT8H", on="inside", ends=True),
        user("late"),
        user("after"),
        flows="start >> before >> inside >> after >> end; whole >> late >> end",
        forms={name: f"said_{name}" for name in ("before", "first", "second", "after", "late")},
    )
    office.deploy(files)
    office.start("nested")


def test_out_of_a_branch_is_refused_by_the_name_of_who_would_be_missed(office):
    beside(office)
    assert refused(office, "a1").keys() == {"c", "end", "b1", "b2"}
    assert "“a2”" in refused(office, "a1")["c"]
    assert "join" in refused(office, "a1")["c"] or "“c”前面的汇合" in refused(office, "a1")["c"]
    with pytest.raises(Invalid, match="一直等"):
        jump(office, "a1", to="c")
    with pytest.raises(Invalid, match="一直等"):
        office.engine.execute(JumpInstance(office.number, "root", places(office, "a1"), "c", "急办"))
    assert office.incidents() == []
    jump(office, "a1", to="a2")
    assert office.open_tasks() == ["a2", "b1"]


def test_every_branch_together_may_leave_also_one_that_waits_at_the_join(office):
    beside(office)
    for name in ("a1", "a2"):
        office.complete(name, "zhou", **{f"said_{name}": "一"})
    assert standing(office) == ["b1", "join"]
    assert refused(office, "b1").keys() >= {"c"}
    jump(office, "b1", "join", to="c")
    assert (office.open_tasks(), standing(office)) == (["c"], ["c"])
    office.complete("c", "zhou")
    assert office.case().status == "closed"


def test_sent_back_past_a_jump_the_branches_that_it_took_away_stand_again(office):
    beside(office)
    for name in ("a1", "a2"):
        office.complete(name, "zhou", **{f"said_{name}": "一"})
    jump(office, "b1", "join", to="c")
    assert targets(office, "c") == [("a2", ""), ("a1", "")]
    send_back(office, "c", "zhou", "a2")
    assert office.open_tasks() == ["a2", "b1"]
    assert (office.record()["said_a1"], office.record().get("said_a2")) == ("一", None)
    for name in ("a2", "b1", "b2", "c"):
        office.restart()
        office.complete(name, "zhou")
    assert office.case().status == "closed"


def test_a_branch_that_waits_at_the_join_waits_there_again(office):
    beside(office)
    for name in ("a1", "a2", "b1"):
        office.complete(name, "zhou")
    jump(office, "b2", "join", to="c")
    send_back(office, "c", "zhou", "b1")
    assert (office.open_tasks(), standing(office)) == (["b1"], ["b1", "join"])
    for name in ("b1", "b2", "c"):
        office.complete(name, "zhou")
    assert office.case().status == "closed"


def test_the_way_out_of_a_sub_process_is_to_leave_it_whole(office):
    nested(office)
    office.complete("before", "zhou")
    office.complete("first", "zhou", said_first="一")
    assert standing(office) == ["inside", "second"]
    inside = office.engine.ask(JumpTargets(office.number, places(office, "second")), "root")
    assert [t.element_id for t in inside] == ["e2", "first", "second"]
    seen = jump(office, "inside", to="after")
    assert (seen.stops, standing(office), office.rows("timer")) == (["whole"], ["after"], [])
    assert office.record()["said_first"] == "一"


def test_sent_back_into_what_was_left_whole(office):
    nested(office)
    office.complete("before", "zhou")
    office.complete("first", "zhou", said_first="一")
    jump(office, "inside", to="after")
    assert targets(office, "after") == [("first", ""), ("before", "")]
    send_back(office, "after", "zhou", "first")
    assert (office.open_tasks(), [row.element_id for row in office.rows("timer")]) == (["first"], ["whole"])
    for name in ("first", "second", "after"):
        office.complete(name, "zhou")
    assert office.case().status == "closed"


def test_within_a_sub_process_its_limit_goes_on(office):
    nested(office)
    office.complete("before", "zhou")
    due = office.rows("timer")[0].due_at
    jump(office, "first", to="second")
    assert office.rows("timer")[0].due_at == due
    office.work_at(due)
    assert office.open_tasks() == ["late"]


def test_positions_of_different_activities_do_not_jump_together(office):
    nested(office)
    office.complete("before", "zhou")
    with pytest.raises(Invalid, match="同一个"):
        office.engine.ask(JumpTargets(office.number, places(office, "inside", "first")), "root")


def signers(office):
    files = procedure(
        "signing",
        user("sign", groups="person:${who}", inside=each("signers", "who")),
        user("decide"),
        flows="start >> sign >> decide >> end",
        fields="signers:tagged",
        forms={"sign": "opinion"},
    )
    files["forms/start.form"] = (
        b'{"type":"default","components":[{"type":"taglist","key":"signers","label":"p","values":'
        b'[{"value":"zhou","label":"z"},{"value":"wu","label":"w"},{"value":"zheng","label":"e"}]}]}'
    )
    office.deploy(files)
    office.start("signing", signers=["zhou", "wu", "zheng"])


def test_co_signers_are_left_together_and_what_they_said_stays(office):
    signers(office)
    office.complete("sign", "zhou", "0", opinion="同意")
    assert standing(office) == ["sign"]
    seen = jump(office, "sign", to="decide")
    assert len(seen.closes) == 2
    assert office.record()["sign"] == {"0": {"opinion": "同意"}}
    send_back(office, "decide", "zhou", "sign")
    assert sorted(t.item for t in office.case().open_tasks) == ["0", "1", "2"]


def test_where_a_step_would_come_twice_it_is_refused(office):
    files = procedure(
        "some",
        gateway("split", "inclusive", default="a"),
        user("a"),
        user("b"),
        user("d"),
        gateway("join", "inclusive"),
        user("c"),
        flows="start >> split; split >> a; split [word != None] >> b; split [word != None] >> d; d >> join; a >> join; b >> join; "
        "join >> c >> end",
        fields="word",
    )
    office.deploy(files)
    office.start("some", word="好")
    assert "同时有两份" in refused(office, "b")["c"]
    assert "同时有两份" in refused(office, "b")["d"]
    jump(office, "b", "d", to="c")
    assert standing(office) == ["c"]
