"""Asking somebody about a task (委派): it comes back with the opinion, and nobody but its holder submits it."""

import pytest

from engine import (
    AnswerDelegation,
    CompleteUserTask,
    DelegateUserTask,
    History,
    Inbox,
    InboxCounts,
    PauseCase,
    RecallDelegation,
    ReleaseUserTask,
    ShowOrder,
    TransferUserTask,
    task_acts,
)
from engine.domain.errors import AlreadyClaimed, Conflict, Invalid, NotAllowed, NotFound
from engine.store import people
from engine.store.database import reading
from tests.support.races import race, refusals

QUESTION, OPINION = "路面承重够不够", "够,按二级路面算"


@pytest.fixture
def asked(leave):
    """Gives an office where clerk zhou has asked mei, who has nothing to do with the order, about a task of his."""
    leave.claim("approve", "zhou")
    leave.engine.execute(DelegateUserTask(leave.open_task("approve").id, "zhou", "mei", QUESTION))
    return leave


def ident(office):
    return office.open_task("approve").id


def answer(office, who="mei", text=OPINION):
    office.engine.execute(AnswerDelegation(ident(office), who, text))


def recall(office, who="zhou"):
    office.engine.execute(RecallDelegation(ident(office), who, "自己查到了"))


def told(office, notice):
    return [(row.person, row.body) for row in office.rows("notification") if row.notice == notice]


def acts(office, who):
    with reading(office.engine.database) as connection:
        actor = people.actor(connection, who).actor
    order = office.engine.ask(ShowOrder(office.number), "root")
    return task_acts(order, order.tasks[0], actor)


def todo(office, who):
    return [row.task_id for row in office.engine.ask(Inbox("todo"), who).rows]


def test_who_is_asked_finds_the_task_and_sees_the_order_and_is_told_the_question(asked):
    assert todo(asked, "mei") == todo(asked, "zhou") == [ident(asked)]
    assert asked.engine.ask(InboxCounts(), "mei")[0] == 1
    assert asked.engine.ask(ShowOrder(asked.number), "mei").number == asked.number
    assert [(who, QUESTION in body) for who, body in told(asked, "delegated")] == [("mei", True)]


def test_the_opinion_brings_the_task_back_and_both_names_stay_in_the_history(asked):
    answer(asked)
    task = asked.open_task("approve")
    assert (task.assignee, task.owner, todo(asked, "mei")) == ("zhou", None, [])
    said = {e.kind: (e.actor, e.payload) for e in asked.engine.ask(History(asked.case().instance_id))}
    who, words = said["UserTaskDelegated"]
    assert (who, words["to"], words["question"]) == ("zhou", "mei", QUESTION)
    who, words = said["DelegationAnswered"]
    assert (who, words["to"], words["answer"]) == ("mei", "zhou", OPINION)
    assert [(who, OPINION in body) for who, body in told(asked, "delegation_answered")] == [("zhou", True)]
    asked.complete("approve", "zhou", verdict="yes")


def test_who_is_asked_neither_submits_nor_puts_back_nor_gives_on_nor_asks_further(asked):
    task = ident(asked)
    for command in (
        CompleteUserTask(task, "mei", {"verdict": "yes"}),
        ReleaseUserTask(task, "mei"),
        TransferUserTask(task, "mei", "wu", "忙"),
        DelegateUserTask(task, "mei", "wu", QUESTION),
        PauseCase(asked.number, "等材料", "other", None, "mei"),
    ):
        with pytest.raises(NotAllowed):
            asked.engine.execute(command)


def test_who_asked_submits_only_after_taking_it_back(asked):
    with pytest.raises(Conflict, match="已委派给梅路人"):
        asked.complete("approve", "zhou", verdict="yes")
    recall(asked)
    asked.complete("approve", "zhou", verdict="yes")


def test_another_candidate_is_told_who_has_it(asked):
    with pytest.raises(AlreadyClaimed):
        asked.complete("approve", "wang", verdict="yes")


def test_a_recalled_question_wants_no_answer_and_is_no_more_in_sight(asked):
    recall(asked)
    assert [(who, "自己查到了" in body) for who, body in told(asked, "delegation_recalled")] == [("mei", True)]
    with pytest.raises(Conflict, match="不用再提意见"):
        answer(asked)
    with pytest.raises(NotFound):
        asked.engine.ask(ShowOrder(asked.number), "mei")


@pytest.mark.parametrize(("to", "question", "error"), [("zhou", QUESTION, Invalid), ("nobody", QUESTION, Invalid)])
def test_somebody_else_must_be_asked(leave, to, question, error):
    leave.claim("approve", "zhou")
    with pytest.raises(error):
        leave.engine.execute(DelegateUserTask(ident(leave), "zhou", to, question))


@pytest.mark.parametrize("question", ["", " ", "问" * 501])
def test_a_question_must_be_asked(leave, question):
    leave.claim("approve", "zhou")
    with pytest.raises(Invalid):
        leave.engine.execute(DelegateUserTask(ident(leave), "zhou", "wu", question))


def test_only_who_holds_a_task_asks(leave):
    for who in ("wang", "sun", "root"):
        with pytest.raises(NotAllowed):
            leave.engine.execute(DelegateUserTask(ident(leave), who, "wu", QUESTION))


def test_a_task_is_asked_about_once_at_a_time(asked):
    with pytest.raises(Conflict, match="梅路人"):
        asked.engine.execute(DelegateUserTask(ident(asked), "zhou", "wu", QUESTION))


@pytest.mark.parametrize("text", ["", "  ", "字" * 2001])
def test_an_opinion_says_something(asked, text):
    with pytest.raises(Invalid):
        answer(asked, text=text)


def test_nobody_else_answers_or_recalls(asked):
    for who in ("zhou", "wu", "root"):
        with pytest.raises(NotAllowed):
            answer(asked, who)
    for who in ("mei", "wu", "root"):
        with pytest.raises(NotAllowed):
            recall(asked, who)


def test_a_leader_gives_a_lent_task_to_another_and_who_was_asked_hears_of_it(asked):
    asked.engine.execute(TransferUserTask(ident(asked), "sun", "wu", "周经办病了"))
    task = asked.open_task("approve")
    assert (task.assignee, task.owner) == ("wu", None)
    assert [who for who, _ in told(asked, "delegation_recalled")] == ["mei"]


def test_who_asked_still_answers_for_the_task(asked):
    asked.engine.execute(PauseCase(asked.number, "等材料", "other", None, "zhou"))
    assert asked.case().status == "paused"


def test_buttons_are_where_the_commands_obey(asked):
    verbs = {"complete", "fill", "release", "transfer", "delegate", "answer_delegation", "recall"}
    assert acts(asked, "zhou") & verbs == {"recall"}
    assert acts(asked, "mei") & verbs == {"answer_delegation"}
    answer(asked)
    assert acts(asked, "zhou") & verbs == {"complete", "fill", "release", "transfer", "delegate"}
    assert acts(asked, "mei") & verbs == set()


def test_an_opinion_and_a_recall_in_the_same_second(asked):
    task, others = ident(asked), asked.another_engine()
    acts = [
        lambda: asked.engine.execute(AnswerDelegation(task, "mei", OPINION)),
        lambda: others.execute(RecallDelegation(task, "zhou")),
    ]
    [refused] = refusals(race(acts))
    assert isinstance(refused, Conflict)
    assert asked.open_task("approve").assignee == "zhou"
    assert sum(asked.history().count(kind) for kind in ("DelegationAnswered", "DelegationRecalled")) == 1


def test_a_lent_task_that_the_case_drops_ends_for_both(asked):
    asked.send("withdrawn")
    assert todo(asked, "mei") == todo(asked, "zhou") == []
    with pytest.raises(Conflict, match="不需要办"):
        asked.engine.execute(AnswerDelegation(asked.past_tasks()[0].id, "mei", OPINION))
