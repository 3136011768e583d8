"""Rules of assignment: nobody could do it, the starter would judge their own case, the same person would do two steps in a row."""

import pytest

from engine import (
    AddSubstitute,
    ClaimUserTask,
    CompleteUserTask,
    DropMembership,
    HandOverTasks,
    History,
    Inbox,
    InboxCounts,
    PutMembership,
    TransferUserTask,
    WhoMay,
)
from engine.commands.definitions import check_procedure
from engine.domain.errors import EngineError, Invalid, InvalidDiagram, NotAllowed, StepFailed
from tests.support.offices import at
from tests.support.procedures import gateway, procedure, ruled, service, user
from tests.support.sending_back import send_back

FRIDAY = at("2025-09-26 18:00")


def task(ident, groups="clerk", assignee="", **rules):
    said = {"assignee": assignee} if assignee else {}
    return user(ident, groups, inside=ruled(**rules), **said)


def one(office, step, starter="li", settings=""):
    """Start an errand of one step."""
    files = procedure("errand", step, flows="start >> do >> end")
    files["procedure.toml"] += settings.encode()
    office.deploy(files)
    office.start("errand", starter)
    return office.open_task("do")


def two(office, step, first="clerk@roads"):
    """Start an errand of two steps; zhou does the first."""
    office.deploy(procedure("errand", user("first", first), step, flows="start >> first >> do >> end"))
    office.start("errand")
    office.complete("first", "zhou")
    return office.open_task("do")


def rulings(office):
    return [e.payload for e in office.engine.ask(History(office.case().instance_id)) if e.kind == "AssignmentRuled"]


def told(office, notice):
    return sorted(row.person for row in office.rows("notification") if row.notice == notice)


def pool(office, who):
    return [row.name for row in office.engine.ask(Inbox("pool"), who).rows]


@pytest.mark.parametrize(
    "step", [user("do", "porter"), user("do", "person:nobody"), user("do", "", assignee="${'gone'}")]
)
def test_what_nobody_could_do_goes_to_who_looks_after_the_procedure_and_is_written_down(office, step):
    one(office, step)
    assert (pool(office, "sun"), told(office, "ruled")) == (["do"], ["sun"])
    [ruling] = rulings(office)
    assert (ruling["rule"], ruling["policy"], ruling["now"][-1]) == ("nobody", "supervisors", "supervisor")
    office.complete("do", "sun")


def test_whoever_takes_the_post_later_may_still_do_it(office):
    one(office, user("do", "porter"))
    office.engine.execute(PutMembership("wu", "roads", "porter", "root"))
    office.complete("do", "wu")


def test_without_supervisors_it_goes_to_admins(office):
    office.engine.execute(DropMembership("sun", "town", "supervisor", "root"))
    one(office, user("do", "porter"))
    assert pool(office, "root") == ["do"]


def test_where_the_step_is_to_stop_it_waits_as_an_incident_and_goes_on_when_somebody_is_there(office):
    office.deploy(
        procedure("errand", user("first"), task("do", "porter", nobody="incident"), flows="start >> first >> do >> end")
    )
    office.start("errand")
    with pytest.raises(StepFailed, match=r"do.*没有人可办.*porter"):
        office.complete("first", "zhou")
    assert (office.open_tasks(), len(office.incidents())) == (["first"], 1)
    office.engine.execute(PutMembership("wu", "roads", "porter", "root"))
    office.complete("first", "zhou")
    assert office.open_tasks() == ["do"]


def test_a_roster_nobody_is_on_now_is_somebody(office):
    with pytest.raises(EngineError):  # a roster that does not exist is refused, so it is never nobody by mistake
        one(office, user("do", "duty:night"))


def test_the_starter_may_do_it_where_nothing_else_is_said(office):
    assert one(office, user("do", "agent", assignee="same_agent")).assignee == "li"
    assert rulings(office) == []


def test_the_starter_is_kept_from_their_own_case_where_others_may_do_it(office):
    found = one(office, task("do", same_as_starter="others"), starter="li")
    assert (found.groups, found.barred, rulings(office)) == (["clerk"], ["li"], [])
    office.engine.execute(PutMembership("li", "desk", "clerk", "root"))
    office.start("errand")
    assert office.open_task("do").groups == ["person:wu", "person:zheng", "person:zhou"]
    [ruling] = rulings(office)
    assert (ruling["rule"], ruling["policy"], ruling["who"], ruling["was"]) == (
        "same_as_starter",
        "others",
        ["li"],
        ["clerk"],
    )
    assert office.open_task("do").id not in [r.task_id for r in office.engine.ask(Inbox("pool"), "li").rows]
    with pytest.raises(NotAllowed):
        office.complete("do", "li")
    office.complete("do", "wu")


def test_a_procedure_says_it_for_all_its_tasks_and_a_task_otherwise(office):
    settings = '\n[assignment]\nsame_as_starter = "others"\n'
    office.engine.execute(PutMembership("li", "desk", "clerk", "root"))
    assert one(office, task("do"), settings=settings).barred == ["li"]
    other = procedure("other", task("do", same_as_starter="allow"), flows="start >> do >> end")
    other["procedure.toml"] += settings.encode()
    office.deploy(other)
    office.start("other")
    assert office.open_task("do").barred is None


def test_the_leader_above_gets_what_the_starter_was_to_do_alone(office):
    office.engine.execute(PutMembership("wang", "desk", "unit_leader", "root"))
    found = one(office, task("do", "", "${created_by}", same_as_starter="leader"))
    assert (found.assignee, told(office, "ruled")) == ("wang", ["wang"])
    assert [(r["was"], r["now"]) for r in rulings(office)] == [(["person:li"], ["person:wang"])]


def test_a_leader_s_own_case_goes_one_further_up(office):
    office.engine.execute(PutMembership("sun", "town", "unit_leader", "root"))
    office.engine.execute(PutMembership("wang", "desk", "unit_leader", "root"))
    office.engine.execute(PutMembership("wang", "desk", "agent", "root"))
    assert one(office, task("do", "unit_leader@desk", same_as_starter="leader"), starter="wang").assignee == "sun"


def test_where_other_candidates_are_left_the_leader_is_not_asked(office):
    office.engine.execute(PutMembership("li", "roads", "clerk", "root"))
    found = one(office, task("do", "clerk@roads", same_as_starter="leader"))
    assert (found.assignee, found.groups) == (None, ["person:wu", "person:zhou"])


def test_without_a_leader_above_the_rule_for_nobody_holds(office):
    found = one(office, task("do", "", "${created_by}", same_as_starter="leader"))
    assert (found.assignee, found.groups) == (None, ["supervisor"])
    assert [r["rule"] for r in rulings(office)] == ["same_as_starter", "nobody"]


def test_who_is_kept_away_gets_it_by_no_other_way(office):
    office.engine.execute(PutMembership("li", "roads", "clerk", "root"))
    ident = one(office, task("do", same_as_starter="others")).id
    assert office.engine.ask(WhoMay(ident)) == ["wu", "zheng", "zhou"]
    office.claim("do", "wu")
    with pytest.raises(Invalid):
        office.engine.execute(TransferUserTask(ident, "wu", "li", "出差"))
    office.engine.execute(AddSubstitute("wu", "li", office.engine.now(), FRIDAY, (), "出差", "wu"))
    with pytest.raises(EngineError):
        office.engine.execute(CompleteUserTask(ident, "li"))
    assert office.engine.execute(HandOverTasks("wu", "li", "调离", "root")).moved == 0


def test_who_joins_the_candidates_later_does_not_find_what_a_rule_keeps_from_them(office):
    ident = one(office, task("do", same_as_starter="others")).id
    one(office, task("do"))
    office.engine.execute(PutMembership("li", "desk", "clerk", "root"))
    office.engine.execute(AddSubstitute("wu", "li", office.engine.now(), FRIDAY, (), "出差", "wu"))
    office.engine.execute(AddSubstitute("li", "mei", office.engine.now(), FRIDAY, (), "出差", "li"))
    for who, may in (("li", 1), ("mei", 1), ("wu", 2)):
        assert (len(pool(office, who)), office.engine.ask(InboxCounts(), who)[1]) == (may, may)
    for who in ("li", "mei"):
        with pytest.raises(NotAllowed):
            office.engine.execute(ClaimUserTask(ident, who))
    assert office.engine.ask(WhoMay(ident)) == ["wu", "zheng", "zhou"]
    office.engine.execute(ClaimUserTask(ident, "wu"))


def test_the_same_person_does_not_do_two_steps_in_a_row_where_others_are_to(office):
    found = two(office, task("do", "clerk@roads", twice_in_a_row="others"))
    assert (found.groups, found.barred) == (["person:wu"], ["zhou"])
    assert [(r["rule"], r["who"]) for r in rulings(office)] == [("twice_in_a_row", ["zhou"])]
    with pytest.raises(NotAllowed):
        office.engine.execute(ClaimUserTask(found.id, "zhou"))


def test_two_steps_in_a_row_may_go_up_to_the_leader(office):
    found = two(office, task("do", "", "last_handler", twice_in_a_row="leader"))
    assert found.groups == ["supervisor"]  # who did this step before is nobody yet
    found = two(office, task("do", "", "${'zhou'}", twice_in_a_row="leader"))
    assert found.assignee == "feng"


def test_a_job_between_two_steps_does_not_hide_who_did_the_first(office):
    steps = user("first"), service("post", "send_letter", to="a@b"), task("do", twice_in_a_row="others")
    office.deploy(procedure("errand", *steps, flows="start >> first >> post >> do >> end"))
    office.start("errand")
    office.complete("first", "zhou")
    office.worker.drain()
    assert office.open_task("do").barred == ["zhou"]


def test_everybody_who_did_a_branch_counts_where_branches_meet(office):
    nodes = gateway("fork", "parallel"), gateway("join", "parallel"), user("a"), user("b")
    flows = "start >> fork >> a >> join >> do >> end; fork >> b >> join"
    office.deploy(procedure("errand", *nodes, task("do", twice_in_a_row="others"), flows=flows))
    office.start("errand")
    office.complete("a", "zhou")
    office.complete("b", "wu")
    assert (office.open_task("do").barred, office.open_task("do").groups) == (["wu", "zhou"], ["person:zheng"])


def test_a_return_asks_the_rules_again_by_what_comes_before_the_step_now(office):
    steps = user("first"), task("do", twice_in_a_row="others"), user("last", "leader")
    office.deploy(procedure("errand", *steps, flows="start >> first >> do >> last >> end"))
    office.start("errand")
    office.complete("first", "zhou")
    office.complete("do", "wu")
    send_back(office, "last", "wang", "do")
    assert (office.open_task("do").assignee, office.open_task("do").barred) == ("wu", ["zhou"])
    office.complete("do", "wu")
    send_back(office, "last", "wang", "first")
    office.engine.execute(TransferUserTask(office.open_task("first").id, "wang", "wu", "换人"))
    office.complete("first", "wu")
    assert (office.open_task("do").assignee, office.open_task("do").barred) == (None, ["wu"])


def test_whom_the_case_is_about_is_written_down_as_a_rule_too(office):
    files = procedure("errand", user("do", "clerk,person:zhou"), flows="start >> do >> end", fields="about")
    files["procedure.toml"] = b'recused = ["about"]\n' + files["procedure.toml"]
    office.deploy(files)
    office.start("errand", about="zhou")
    assert [(r["rule"], r["who"], r["now"]) for r in rulings(office)] == [("recused", ["zhou"], ["clerk"])]


@pytest.mark.parametrize(
    ("step", "word"),
    [
        (task("do", same_as_starter="boss"), "boss"),
        (task("do", nobody="pass"), "pass"),
        (task("do", twice_in_a_row="skip"), "skip"),
        (task("do", "agent", "same_agent", same_as_starter="others"), "same_agent"),
    ],
)
def test_a_wrong_word_is_refused_with_the_element(office, step, word):
    files = procedure("errand", step, flows="start >> do >> end")
    with pytest.raises(InvalidDiagram, match=word):
        office.deploy(files)
    found = check_procedure(files, office.engine.register)
    assert [(f.element, f.rule, f.level) for f in found] == [("do", "assignment-rule", "error")]


@pytest.mark.parametrize("text", ['nobody = "pass"', 'same = "others"', "twice_in_a_row = 3"])
def test_a_wrong_word_in_the_settings_is_refused(office, text):
    files = procedure("errand", user("do"), flows="start >> do >> end")
    files["procedure.toml"] += f"\n[assignment]\n{text}\n".encode()
    with pytest.raises(InvalidDiagram, match="assignment"):
        office.deploy(files)


def test_other_candidates_are_not_told_that_a_rule_handed_it_to_them(office):
    office.engine.execute(PutMembership("li", "roads", "clerk", "root"))
    one(office, task("do", "clerk@roads", same_as_starter="leader"))
    assert told(office, "ruled") == []


def test_two_rules_that_meet_are_told_in_one_notice(office):
    one(office, task("do", "", "${created_by}", same_as_starter="leader"))
    [notice] = [row for row in office.rows("outbox") if row.notice == "ruled"]
    assert (notice.recipient, "本该由发起人自己办，又没有人可办" in notice.body) == ("sun", True)


def test_no_rule_is_written_down_where_the_drawing_names_another_anyway(office):
    found = two(office, task("do", "clerk@roads", "${'wu'}", twice_in_a_row="leader"))
    assert (found.assignee, found.barred) == ("wu", ["zhou"])
    assert (rulings(office), told(office, "ruled")) == ([], [])


def test_a_step_that_stops_says_whom_the_diagram_means_and_who_makes_way(office):
    step = task("do", "person:li", same_as_starter="others", nobody="incident")
    office.deploy(procedure("errand", step, flows="start >> do >> end"))
    with pytest.raises(StepFailed, match=r"没有人可办\(person:li,要避开的有李"):
        office.start("errand")
