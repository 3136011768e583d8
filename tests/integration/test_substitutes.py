"""Standing in (代理): dated, by procedure, ending by itself; both see the tasks, both names stay."""

from datetime import timedelta

import pytest

from engine import (
    AddSubstitute,
    AnswerDelegation,
    ClaimUserTask,
    CompleteUserTask,
    DelegateUserTask,
    EndSubstitute,
    History,
    Inbox,
    InboxCounts,
    ReleaseUserTask,
    SendBack,
    ShowOrder,
    Substitutes,
    TransferUserTask,
    WithdrawStep,
    task_acts,
)
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.offices import at, statements
from tests.support.procedures import procedure, user
from tests.support.races import race, refusals

MONDAY, FRIDAY, LATER = at("2025-09-22 10:00"), at("2025-09-26 18:00"), at("2025-09-30 18:00")


def stand_in(office, person="mei", principal="zhou", since=MONDAY, until=FRIDAY, processes=(), actor=None):
    """Let somebody stand in for clerk zhou until Friday."""
    rule = AddSubstitute(principal, person, since, until, processes, "出差", actor or principal)
    return office.engine.execute(rule)


def ident(office):
    return office.open_task("approve").id


def rows(office, who, box="todo"):
    return [row.task_id for row in office.engine.ask(Inbox(box), who).rows]


def counts(office, who):
    return office.engine.ask(InboxCounts(), who)[:2]


def said(office, kind):
    return [(e.actor, e.payload) for e in office.engine.ask(History(office.case().instance_id)) if e.kind == kind][-1]


def told(office, notice):
    return sorted(row.person for row in office.rows("notification") if row.notice == notice)


@pytest.fixture
def away(leave):
    """Gives an office where mei, who has no role near it, stands in for clerk zhou."""
    stand_in(leave)
    return leave


def test_both_see_the_task_until_one_acts_and_both_names_stay(away):
    assert rows(away, "mei", "pool") == rows(away, "zhou", "pool") == [ident(away)]
    assert (counts(away, "mei"), away.engine.ask(ShowOrder(away.number), "mei").number) == ((0, 1), away.number)
    away.complete("approve", "mei", verdict="yes")
    task = away.past_tasks()[0]
    assert (task.ended_by, task.on_behalf) == ("mei", "zhou")
    who, payload = said(away, "UserTaskCompleted")
    assert (who, payload["on_behalf"]) == ("mei", "zhou")
    assert rows(away, "mei", "pool") == rows(away, "zhou", "pool") == []


def test_what_is_claimed_in_somebodys_name_is_in_their_hands_and_both_see_it(away):
    away.claim("approve", "mei")
    assert away.open_task("approve").assignee == "zhou"
    assert rows(away, "mei") == rows(away, "zhou") == [ident(away)]
    assert said(away, "UserTaskClaimed")[1]["on_behalf"] == "zhou"
    away.complete("approve", "zhou", verdict="yes")
    assert "on_behalf" not in said(away, "UserTaskCompleted")[1]


@pytest.mark.parametrize("moment", ["2025-09-26 18:00", "2025-09-21 12:00"])
def test_outside_its_dates_a_rule_gives_nothing(away, moment):
    away.claim("approve", "mei")
    away.move_to(moment)
    assert (rows(away, "mei"), counts(away, "mei")) == ([], (0, 0))
    with pytest.raises(NotAllowed):
        away.complete("approve", "mei", verdict="yes")
    with pytest.raises(NotFound):
        away.engine.ask(ShowOrder(away.number), "mei")
    assert rows(away, "zhou") == [ident(away)]


def test_a_rule_for_other_procedures_gives_nothing_here(leave):
    leave.deploy(procedure("errand", user("do", groups="clerk@roads"), flows="start >> do >> end"))
    stand_in(leave, processes=("errand",))
    assert rows(leave, "mei", "pool") == []
    with pytest.raises(NotFound):
        leave.complete("approve", "mei", verdict="yes")
    with pytest.raises(NotFound):
        leave.engine.ask(ShowOrder(leave.number), "mei")
    leave.start("errand")
    assert (len(rows(leave, "mei", "pool")), counts(leave, "mei")) == (1, (0, 1))
    leave.complete("do", "mei")


def test_there_are_no_chains(away):
    stand_in(away, "zheng", "mei")
    assert rows(away, "zheng", "pool") == []
    with pytest.raises(NotFound):
        away.complete("approve", "zheng", verdict="yes")


def test_who_may_take_a_task_anyway_takes_it_in_their_own_name(leave):
    stand_in(leave, "wang")
    leave.claim("approve", "wang")
    assert leave.open_task("approve").assignee == "wang"
    assert "on_behalf" not in said(leave, "UserTaskClaimed")[1]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"person": "zhou"}, Invalid),
        ({"person": "nobody"}, Invalid),
        ({"until": MONDAY}, Invalid),
        ({"since": MONDAY - timedelta(days=9), "until": MONDAY - timedelta(days=2)}, Invalid),
        ({"until": MONDAY + timedelta(days=400)}, Invalid),
        ({"processes": ("nothing_here",)}, Invalid),
        ({"actor": "wang"}, NotAllowed),
    ],
    ids=["oneself", "nobody", "no time", "gone by", "for ever", "no such procedure", "for another"],
)
def test_rules_that_make_no_sense_are_refused(leave, change, error):
    with pytest.raises(error):
        stand_in(leave, **change)


@pytest.mark.parametrize(
    ("since", "until", "clashes"),
    [(FRIDAY, LATER, False), (MONDAY + timedelta(days=1), LATER, True)],
    ids=["one after the other", "at the same time"],
)
def test_one_stands_in_at_a_time(away, since, until, clashes):
    if clashes:
        with pytest.raises(Conflict, match="梅路人"):
            stand_in(away, "wu", since=since, until=until)
    else:
        assert stand_in(away, "wu", since=since, until=until)


def test_two_rules_written_in_the_same_second(leave):
    others = leave.another_engine()
    rules = [
        AddSubstitute("zhou", who, MONDAY, FRIDAY, (), "出差", by) for who, by in (("mei", "zhou"), ("wu", "root"))
    ]
    [refused] = refusals(race([lambda: leave.engine.execute(rules[0]), lambda: others.execute(rules[1])]))
    assert isinstance(refused, Conflict)
    assert len(leave.rows("substitute")) == 1


def test_an_admin_writes_a_rule_for_others_and_both_are_told(leave):
    stand_in(leave, actor="root")
    assert told(leave, "substitute_added") == ["mei", "zhou"]


@pytest.mark.parametrize("who", ["zhou", "mei", "root"])
def test_a_rule_ends_early_by_those_it_is_about_and_admins(away, who):
    rule = away.rows("substitute")[0].id
    with pytest.raises(NotAllowed):
        away.engine.execute(EndSubstitute(rule, "wang"))
    away.engine.execute(EndSubstitute(rule, who))
    assert rows(away, "mei", "pool") == []
    assert told(away, "substitute_ended") == sorted({"zhou", "mei"} - {who})
    with pytest.raises(NotFound):
        away.engine.execute(EndSubstitute(rule, who))


def test_another_process_knows_of_a_rule_at_once(leave):
    other = leave.another_engine()
    assert other.ask(Inbox("pool"), "mei").rows == []
    stand_in(leave)
    assert [row.task_id for row in other.ask(Inbox("pool"), "mei").rows] == [ident(leave)]


def test_a_rule_costs_no_statement(leave):
    leave.claim("approve", "zhou")
    with statements(leave.engine) as before:
        leave.engine.ask(Inbox("todo"), "zhou")
    stand_in(leave)
    leave.engine.ask(Inbox("todo"), "mei")
    with statements(leave.engine) as after:
        leave.engine.ask(Inbox("todo"), "mei")
    assert len(after) == len(before)


def test_whoever_stands_in_is_told_what_the_other_is_told(away):
    away.claim("approve", "zhou")
    away.urge("approve", "li")
    assert sorted(said(away, "UserTaskUrged")[1]["to"]) == ["mei", "zhou"]


def test_a_task_that_opens_in_the_hands_of_who_is_away_says_who_stands_in(office):
    office.deploy(procedure("mine", user("do", groups="", assignee="${'zhou'}"), flows="start >> do >> end"))
    stand_in(office)
    office.start("mine")
    assert said(office, "UserTaskOpened")[1]["stand_ins"] == ["mei"]
    office.complete("do", "mei")


def test_the_other_verbs_work_in_anothers_name_too(away):
    away.claim("approve", "mei")
    task = ident(away)
    away.engine.execute(DelegateUserTask(task, "mei", "zheng", "水压够不够"))
    assert away.open_task("approve").owner == "zhou"
    away.engine.execute(AnswerDelegation(task, "zheng", "够"))
    away.engine.execute(TransferUserTask(task, "mei", "wu", "忙不过来"))
    assert (away.open_task("approve").assignee, said(away, "UserTaskTransferred")[1]["on_behalf"]) == ("wu", "zhou")
    with pytest.raises(NotAllowed):
        away.engine.execute(ReleaseUserTask(task, "mei"))


def test_what_was_done_in_anothers_name_comes_back_to_them_when_it_is_sent_back_or_withdrawn(office):
    files = procedure(
        "two", user("a", groups="clerk@roads"), user("b", groups="leader"), flows="start >> a >> b >> end"
    )
    office.deploy(files)
    stand_in(office)
    office.start("two")
    for undo in (SendBack, WithdrawStep):
        office.complete("a", "mei")
        done = [task.id for task in office.past_tasks() if task.element_id == "a"][-1]
        back = (
            undo(office.open_task("b").id, "wang", done, "材料不全") if undo is SendBack else undo(done, "mei", "写错")
        )
        office.engine.execute(back)
        assert office.open_task("a").assignee == "zhou"
        assert rows(office, "mei") == [office.open_task("a").id]


def test_a_claim_and_its_principals_own_at_the_same_second_give_one_task_in_their_hands(away):
    others, task = away.another_engine(), ident(away)
    race([lambda: away.engine.execute(ClaimUserTask(task, "mei")), lambda: others.execute(ClaimUserTask(task, "zhou"))])
    assert away.open_task("approve").assignee == "zhou"
    assert away.history().count("UserTaskClaimed") == 1


def test_both_submit_in_the_same_second_and_one_is_told_who_was_first(away):
    others, task = away.another_engine(), ident(away)
    results = race(
        [
            lambda: away.engine.execute(CompleteUserTask(task, "mei", {"verdict": "yes"})),
            lambda: others.execute(CompleteUserTask(task, "zhou", {"verdict": "yes"})),
        ]
    )
    [refused] = refusals(results)
    assert isinstance(refused, Conflict) and "提交" in str(refused)


def test_the_page_offers_what_the_commands_accept(away):
    order = away.engine.ask(ShowOrder(away.number), "mei")
    assert {"fill", "complete", "claim"} <= task_acts(order, order.tasks[0], order.viewer)


def test_rules_are_listed_for_those_they_are_about_and_for_admins(away):
    assert [line.state for line in away.engine.ask(Substitutes(), "mei").lines] == ["running"]
    assert away.engine.ask(Substitutes(), "wang").lines == []
    assert len(away.engine.ask(Substitutes(everybody=True), "root").lines) == 1
    with pytest.raises(NotAllowed):
        away.engine.ask(Substitutes(everybody=True), "wang")
    away.move_to(LATER)
    assert [line.state for line in away.engine.ask(Substitutes(), "zhou").lines] == ["over"]
