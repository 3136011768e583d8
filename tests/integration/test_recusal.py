"""Whom a case is about (回避): no candidate, no holder, no receiver, and the order is out of their sight."""

import pytest

from engine import (
    AddSubstitute,
    AskSigners,
    Begun,
    ClaimUserTask,
    CommentOrder,
    CompleteUserTask,
    CopyOrder,
    DelegateUserTask,
    Done,
    HandOverTasks,
    History,
    Inbox,
    InboxCounts,
    PlanHandOver,
    Search,
    ShowOrder,
    TransferUserTask,
    WhoMay,
    order_acts,
    task_acts,
)
from engine.domain.errors import EngineError, Invalid, InvalidDiagram, NotFound
from tests.support.offices import at, statements
from tests.support.procedures import gateway, procedure, tell, user
from tests.support.races import race

MONDAY, FRIDAY = at("2025-09-22 10:00"), at("2025-09-26 18:00")
BOTH = "start >> fork >> ask >> join; fork >> hear >> join >> end"


def complaint(*nodes, flows, recused='["about"]', **more):
    files = procedure("complaint", *nodes, flows=flows, fields="about", **more)
    files["procedure.toml"] = f"recused = {recused}\n".encode() + files["procedure.toml"]
    return files


@pytest.fixture
def about_zhou(office):
    """Gives an office with a complaint about clerk zhou, to be heard by any clerk."""
    office.deploy(complaint(user("hear"), flows="start >> hear >> end"))
    office.start("complaint", about="zhou")
    return office


@pytest.fixture
def asking(office):
    """Gives an office where a complaint is heard while somebody else finds out whom it is about."""
    nodes = gateway("fork", "parallel"), gateway("join", "parallel"), user("ask", "leader"), user("hear")
    office.deploy(complaint(*nodes, flows=BOTH, forms={"ask": "about"}))
    office.start("complaint")
    return office


def ident(office, element="hear"):
    return office.open_task(element).id


def rows(office, who, box="pool"):
    return [row.task_id for row in office.engine.ask(Inbox(box), who).rows]


def counts(office, who):
    return office.engine.ask(InboxCounts(), who)[:2]


def hidden(office, who):
    """Whether an order shows itself nowhere to somebody: neither in lists nor by its number."""
    with pytest.raises(NotFound):
        office.engine.ask(ShowOrder(office.number), who)
    found = [*rows(office, who), *rows(office, who, "todo"), *office.engine.ask(Search(office.number), who)]
    return [*found, *office.engine.ask(Begun(), who).rows, *office.engine.ask(Done(), who).rows] == []


def said(office, kind):
    return [e.payload for e in office.engine.ask(History(office.case().instance_id)) if e.kind == kind]


def stand_in(office, person, principal):
    office.engine.execute(AddSubstitute(principal, person, MONDAY, FRIDAY, (), "出差", principal))


def test_it_is_out_of_sight_of_whom_it_is_about_and_there_for_the_others(about_zhou):
    assert hidden(about_zhou, "zhou")
    assert counts(about_zhou, "zhou") == (0, 0)
    assert rows(about_zhou, "wu") == [ident(about_zhou)]
    assert about_zhou.engine.ask(WhoMay(ident(about_zhou))) == ["wu", "zheng"]
    assert said(about_zhou, "PeopleRecused") == [{"people": ["zhou"]}]


@pytest.mark.parametrize("verb", [ClaimUserTask, CompleteUserTask], ids=["claim", "complete"])
def test_whom_it_is_about_learns_no_more_than_a_stranger(about_zhou, verb):
    with pytest.raises(NotFound):
        about_zhou.engine.execute(verb(ident(about_zhou), "zhou"))
    with pytest.raises(NotFound):
        about_zhou.engine.execute(CommentOrder(about_zhou.number, "zhou", "不是我"))


@pytest.mark.parametrize(
    "verb",
    [
        lambda task, number: TransferUserTask(task, "wu", "zhou", "忙不过来"),
        lambda task, number: DelegateUserTask(task, "wu", "zhou", "怎么看"),
        lambda task, number: CopyOrder(number, "wu", ["zhou"]),
        lambda task, number: AskSigners(task, "wu", ["zhou"], "before", "请看是否合规"),
    ],
    ids=["transfer", "delegate", "copy", "sign"],
)
def test_nobody_gives_them_a_hand_in_it_or_sight_of_it(about_zhou, verb):
    about_zhou.claim("hear", "wu")
    with pytest.raises(Invalid, match="周经办.*回避"):
        about_zhou.engine.execute(verb(ident(about_zhou), about_zhou.number))
    assert about_zhou.open_task("hear").assignee == "wu"


def test_a_leavers_work_is_not_handed_over_to_them(about_zhou):
    about_zhou.claim("hear", "wu")
    assert list(about_zhou.engine.ask(PlanHandOver("wu", "zhou"), "root").tasks) == ["stays"]
    assert about_zhou.engine.execute(HandOverTasks("wu", "zhou", "调离", "root")).moved == 0


def test_who_stands_in_for_them_gets_nothing_of_it_and_they_get_nothing_through_others(about_zhou):
    stand_in(about_zhou, "mei", "zhou")
    stand_in(about_zhou, "zhou", "zheng")
    assert hidden(about_zhou, "mei") and hidden(about_zhou, "zhou")
    for who in ("mei", "zhou"):
        with pytest.raises(EngineError):
            about_zhou.complete("hear", who)
    stand_in(about_zhou, "li", "wu")
    assert rows(about_zhou, "li") == [ident(about_zhou)]


def test_who_registered_it_loses_sight_of_it_where_it_is_about_them(office):
    office.deploy(complaint(user("hear"), flows="start >> hear >> end"))
    office.start("complaint", about="li")
    assert hidden(office, "li")


def test_admins_see_it_but_have_no_hand_in_what_is_about_them(office):
    office.deploy(complaint(user("hear", "admin,clerk"), flows="start >> hear >> end"))
    office.start("complaint", about="root")
    order = office.engine.ask(ShowOrder(office.number), "root")
    assert task_acts(order, order.tasks[0], order.viewer) == frozenset()
    assert "suspend" in order_acts(order, order.viewer)
    assert rows(office, "root") == []
    with pytest.raises(EngineError):
        office.complete("hear", "root")


def test_several_people_may_be_named(office):
    files = complaint(user("hear"), flows="start >> hear >> end", recused='["about", "also"]')
    files["forms/start.form"] = procedure("x", flows="start >> end", fields="about also")["forms/start.form"]
    office.deploy(files)
    office.start("complaint", about="zhou", also="wu")
    assert (hidden(office, "zhou"), hidden(office, "wu"), rows(office, "zheng")) == (True, True, [ident(office)])


def test_what_they_hold_is_taken_away_when_it_turns_out_to_be_about_them(asking):
    asking.claim("hear", "zhou")
    asking.complete("ask", "wang", about="zhou")
    assert (asking.open_task("hear").assignee, rows(asking, "wu")) == (None, [ident(asking)])
    assert hidden(asking, "zhou")
    assert [(p["was"], p["groups"]) for p in said(asking, "UserTaskTakenAway")] == [("zhou", ["clerk"])]
    told = [row.person for row in asking.rows("notification") if row.notice == "opened"]
    assert sorted(told) == ["wu", "zheng"]


def test_what_they_were_only_asked_about_goes_back_and_what_they_lent_out_is_free(asking):
    asking.claim("hear", "wu")
    asking.engine.execute(DelegateUserTask(ident(asking), "wu", "zhou", "怎么看"))
    asking.complete("ask", "wang", about="zhou")
    task = asking.open_task("hear")
    assert (task.assignee, task.owner, rows(asking, "wu", "todo")) == ("wu", None, [task.id])


def test_what_they_lent_out_is_free_for_the_others(asking):
    asking.claim("hear", "zhou")
    asking.engine.execute(DelegateUserTask(ident(asking), "zhou", "mei", "怎么看"))
    asking.complete("ask", "wang", about="zhou")
    task = asking.open_task("hear")
    assert (task.assignee, task.owner, rows(asking, "mei", "todo")) == (None, None, [])


def test_they_sign_nothing_and_answers_that_waited_for_them_are_handed_in_anew(asking):
    asking.claim("hear", "wu")
    asking.engine.execute(AskSigners(ident(asking), "wu", ["zhou"], "after", "请看是否合规"))
    asking.complete("hear", "wu")
    assert rows(asking, "zhou", "todo") == [ident(asking)]
    asking.complete("ask", "wang", about="zhou")
    task = asking.open_task("hear")
    assert (task.assignee, task.held, task.signers, rows(asking, "zhou", "todo")) == ("wu", None, [], [])
    assert hidden(asking, "zhou")
    asking.complete("hear", "wu")
    assert asking.open_tasks() == []


def test_who_signs_what_they_held_goes_on_signing_for_whoever_does_it_now(asking):
    asking.claim("hear", "zhou")
    asking.engine.execute(AskSigners(ident(asking), "zhou", ["mei"], "before", "请看是否合规"))
    asking.complete("ask", "wang", about="zhou")
    assert (asking.open_task("hear").assignee, rows(asking, "mei", "todo")) == (None, [ident(asking)])


def test_it_comes_back_into_sight_where_it_was_a_mistake(office):
    office.deploy(
        complaint(user("ask", "leader"), user("hear"), flows="start >> ask >> hear >> end", forms={"ask": "about"})
    )
    office.start("complaint", about="zhou")
    assert hidden(office, "zhou")
    office.complete("ask", "wang", about="wu")
    assert (rows(office, "zhou"), hidden(office, "wu")) == ([ident(office)], True)


@pytest.mark.parametrize("task", [user("hear", "person:zhou"), user("hear", "", assignee="${about}")])
def test_a_task_for_nobody_but_them_goes_to_who_looks_after_the_procedure(office, task):
    office.deploy(complaint(task, flows="start >> hear >> end"))
    office.start("complaint", about="zhou")
    assert (office.open_task("hear").assignee, rows(office, "sun")) == (None, [ident(office)])
    office.complete("hear", "sun")


def test_they_are_told_nothing_of_it(office):
    notices = {"heard": "投诉\n\n${number} 受理了"}
    office.deploy(
        complaint(tell("say", "heard", "clerk"), user("hear"), flows="start >> say >> hear >> end", notices=notices)
    )
    office.start("complaint", about="zhou")
    assert sorted(row.person for row in office.rows("notification") if row.notice == "heard") == ["wu", "zheng"]
    stand_in(office, "zhou", "wu")
    office.claim("hear", "wu")
    office.urge("hear", "wang")
    assert "zhou" not in [row.person for row in office.rows("notification") if row.instance_id]


def test_a_name_that_the_record_does_not_have_is_refused(office):
    with pytest.raises((Invalid, InvalidDiagram)) as refused:
        office.deploy(complaint(user("hear"), flows="start >> hear >> end", recused='["abuot"]'))
    assert "abuot" in str(refused.value)


def test_a_procedure_without_it_pays_nothing_for_it(leave):
    with statements(leave.engine) as sent:
        leave.complete("approve", "zhou", verdict="yes")
    assert [line for line in sent if "recusal" in line] == []


def test_a_claim_in_the_same_second_leaves_them_nothing(asking):
    others, task = asking.another_engine(), ident(asking)
    race(
        [
            lambda: others.execute(ClaimUserTask(task, "zhou")),
            lambda: asking.engine.execute(CompleteUserTask(ident(asking, "ask"), "wang", {"about": "zhou"})),
        ]
    )
    assert (asking.open_task("hear").assignee, hidden(asking, "zhou")) == (None, True)
