"""Deploying: versions by meaning, not by bytes; new cases on the new one, running cases on theirs; refusals with findings."""

import pytest

from engine import Deploy, StartInstance
from engine.domain.errors import InvalidDiagram, NotAllowed, NotFound
from tests.support.procedures import folder, procedure, user

ONE = procedure("review", user("first"), flows="start >> first >> end")
TWO = procedure("review", user("first"), user("second"), flows="start >> first >> second >> end")


def with_text(files, old, new, name="leave_request.bpmn"):
    assert old in files[name]
    return {**files, name: files[name].replace(old, new)}


def test_the_first_deployment_is_version_one_and_can_be_started(office):
    deployed = office.deploy(ONE)
    assert (deployed.key, deployed.version, deployed.unchanged) == ("review", 1, False)
    office.start("review")


def test_the_same_files_again_change_nothing(office):
    first = office.deploy(ONE)
    again = office.deploy(ONE)
    assert (again.definition_id, again.version, again.unchanged) == (first.definition_id, 1, True)
    assert len(office.rows("definition")) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"    <bpmn:startEvent", b"\n\n\t<bpmn:startEvent"),
        (b'id="asked" name="\xe7\x94\xb3\xe8\xaf\xb7"', b'name="\xe7\x94\xb3\xe8\xaf\xb7" id="asked"'),
        (b'x="100" y="100"', b'x="300" y="50"'),
        (b"<bpmn:process", b"<!-- drawn anew --><bpmn:process"),
        (b' id="asked_di"', b' id="asked_di" bioc:stroke="#000" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"'),
    ],
    ids=["spaces", "order of attributes", "drawing", "a comment", "colours"],
)
def test_formatting_and_drawing_make_no_version(office, old, new):
    office.deploy(folder("leave_request"))
    assert office.deploy(with_text(folder("leave_request"), old, new)).unchanged


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("leave_request.bpmn", "2小时(工作时间)", "3小时(工作时间)"),
        ("leave_request.bpmn", 'name="审批"', 'name="批准"'),
        ("leave_limit.dmn", "&lt;= 3", "&lt;= 4"),
        ("forms/approve.form", '"maxLength": 200', '"maxLength": 300'),
        ("notices/overdue.txt", "审批超时", "审批逾期"),
        ("procedure.toml", 'starters = ["agent"]', 'starters = ["agent", "leader"]'),
    ],
)
def test_a_change_of_meaning_makes_a_version(office, name, old, new):
    office.deploy(folder("leave_request"))
    changed = office.deploy(with_text(folder("leave_request"), old.encode(), new.encode(), name))
    assert (changed.version, changed.unchanged) == (2, False)


def test_new_cases_start_on_the_new_version_and_running_ones_stay_on_theirs(office):
    office.deploy(ONE)
    old = office.start("review").number
    office.deploy(TWO)
    office.start("review")
    office.complete("first", "zhou")
    assert office.open_tasks() == ["second"]
    office.number = old
    office.complete("first", "zhou")
    assert office.case().status == "closed"


def test_a_running_case_stays_on_its_version_after_a_restart(office):
    office.deploy(ONE)
    office.start("review")
    office.deploy(TWO)
    office.restart()
    office.complete("first", "zhou")
    assert office.case().status == "closed"


def test_another_process_starts_on_the_new_version_at_once(office):
    office.deploy(ONE)
    other = office.another_engine()
    other.execute(StartInstance("review", "li", {}))
    office.deploy(TWO)
    office.number = other.execute(StartInstance("review", "li", {})).number
    office.complete("first", "zhou")
    assert office.open_tasks() == ["second"]


def test_a_draft_is_not_started(office):
    assert office.deploy(ONE, draft=True).version == 1
    with pytest.raises(NotFound):
        office.start("review")


def test_a_draft_does_not_replace_what_is_released(office):
    office.deploy(ONE)
    office.deploy(TWO, draft=True)
    office.start("review")
    office.complete("first", "zhou")
    assert office.case().status == "closed"


def test_a_draft_is_released_by_deploying_it(office):
    office.deploy(ONE)
    office.deploy(TWO, draft=True)
    released = office.deploy(TWO)
    assert (released.version, released.unchanged) == (2, True)
    assert [row.state for row in office.rows("definition")] == ["retired", "active"]


def test_going_back_to_the_old_text_is_a_version_of_its_own(office):
    office.deploy(ONE)
    office.deploy(TWO)
    assert office.deploy(ONE).version == 3


def test_a_broken_diagram_is_refused_with_findings_and_nothing_is_stored(office):
    broken = procedure("review", user("first"), user("lost"), flows="start >> first >> end")
    with pytest.raises(InvalidDiagram) as refused:
        office.deploy(broken)
    assert {f.element for f in refused.value.findings if f.level == "error"} == {"lost"}
    assert office.rows("deployment") == []


def test_a_deadline_without_consequence_is_refused(office):
    with pytest.raises(InvalidDiagram) as refused:
        office.deploy(procedure("review", user("first", due="1个工作日"), flows="start >> first >> end"))
    assert "deadline-without-consequence" in {f.rule for f in refused.value.findings}


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("procedure.toml", 'deadline = ["approve"]', 'deadline = ["no_such"]', "deadline-element"),
        ("procedure.toml", 'urge = "urged"', 'urge = "no_such"', "notice-file"),
        ("procedure.toml", 'category = "grade"', 'category = "no_such"', "column-name"),
        ("procedure.toml", "reason}", "no_such}", "order-title"),
        ("procedure.toml", 'title = "请假申请"', "title = ", "procedure-settings"),
        ("clauses.csv", "approve", "no_such", "clause-element"),
        ("leave_request.bpmn", "send_letter", "no_such", "topic-unknown"),
        ("leave_request.bpmn", ">overdue<", ">no_such<", "notice-unknown"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(office, name, old, new, rule):
    with pytest.raises(InvalidDiagram) as refused:
        office.deploy(with_text(folder("leave_request"), old.encode(), new.encode(), name))
    assert rule in {f.rule for f in refused.value.findings}


def numbered(key, prefix, period="%Y"):
    files = procedure(key, user("first"), flows="start >> first >> end")
    was = f'prefix = "{key.upper()}", period = "%Y"'.encode()
    return with_text(files, was, f'prefix = "{prefix}", period = "{period}"'.encode(), "procedure.toml")


@pytest.mark.parametrize("draft", [False, True])
def test_a_number_that_another_active_procedure_gives_is_refused(office, draft):
    office.deploy(numbered("review", "RX"))
    with pytest.raises(InvalidDiagram, match="review") as refused:
        office.deploy(numbered("audit", "RX"), draft=draft)
    assert [(f.file, f.rule) for f in refused.value.findings if f.level == "error"] == [
        ("procedure.toml", "number-prefix")
    ]
    assert [row.key for row in office.rows("definition")] == ["review"]


@pytest.mark.parametrize(("prefix", "period"), [("RY", "%Y"), ("RX", "%Y%m")])
def test_another_prefix_or_another_period_is_no_matter(office, prefix, period):
    office.deploy(numbered("review", "RX"))
    assert office.deploy(numbered("audit", prefix, period)).version == 1


def test_a_prefix_and_period_written_differently_that_read_the_same_are_refused(office):
    office.deploy(numbered("review", "RX"))
    with pytest.raises(InvalidDiagram, match="RX2025"):
        office.deploy(numbered("audit", "RX20", "%y"))


def test_a_procedure_keeps_its_prefix_from_version_to_version(office):
    office.deploy(ONE)
    assert office.deploy(TWO).version == 2


def test_a_prefix_that_only_a_draft_uses_is_free(office):
    office.deploy(numbered("review", "RX"), draft=True)
    assert office.deploy(numbered("audit", "RX")).version == 1
    with pytest.raises(InvalidDiagram, match="audit"):
        office.deploy(numbered("review", "RX"))


def test_a_refused_deployment_leaves_the_released_version_alone(office):
    office.deploy(ONE)
    with pytest.raises(InvalidDiagram):
        office.deploy({**TWO, "review.bpmn": b"<not xml"})
    office.start("review")
    assert office.open_tasks() == ["first"]


def test_only_owners_and_admins_deploy(office):
    with pytest.raises(NotAllowed):
        office.engine.execute(Deploy(ONE, "wang"))
    assert office.engine.execute(Deploy(ONE, "root")).version == 1
