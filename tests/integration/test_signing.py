"""People asked to sign a task (加签) and taken off again (减签): nothing goes on before they agree, nothing is approved in silence."""

import pytest

from engine import PauseCase, ShowDraft, ShowOrder, task_acts
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store import people
from engine.store.database import reading
from tests.support.signing import QUESTION, ask, drop, events, hand_in, open_desk, sign, todo, told


@pytest.fixture
def desk(office):
    return open_desk(office)


def acts(office, who):
    with reading(office.engine.database) as connection:
        actor = people.actor(connection, who).actor
    order = office.engine.ask(ShowOrder(office.number), "root")
    return task_acts(order, order.tasks[0], actor)


def test_nothing_is_handed_in_before_everybody_asked_has_signed(desk):
    ask(desk, "mei", "feng")
    assert (todo(desk, "mei"), todo(desk, "feng"), todo(desk, "zhou")) == (["draft"], ["draft"], ["draft"])
    assert told(desk, "signing_asked") == ["feng", "mei"]
    with pytest.raises(Conflict, match="还要等梅路人、冯处长签署"):
        hand_in(desk)
    sign(desk, "mei")
    with pytest.raises(Conflict, match="还要等冯处长签署"):
        hand_in(desk)
    sign(desk, "feng", agrees=False, answer="不合规")
    assert (todo(desk, "mei"), todo(desk, "feng")) == ([], [])
    assert hand_in(desk) is False
    assert desk.open_tasks() == ["check"]
    assert told(desk, "signed") == ["zhou", "zhou"]


@pytest.mark.parametrize("mode", ["after", "parallel"])
def test_answers_wait_for_the_last_signature_and_count_as_their_writers(desk, mode):
    ask(desk, "mei", "feng", mode=mode)
    assert todo(desk, "mei") == ([] if mode == "after" else ["draft"])
    assert hand_in(desk) is True
    assert (desk.open_tasks(), todo(desk, "mei"), desk.record()) == (["draft"], ["draft"], {})
    sign(desk, "mei")
    assert desk.open_tasks() == ["draft"]
    sign(desk, "feng", answer="可以")
    assert (desk.open_tasks(), desk.record()) == (["check"], {"text": "拟办"})
    [done] = events(desk, "UserTaskCompleted")
    assert (done.actor, [e.kind for e in events(desk, "UserTaskSigned")]) == ("zhou", ["UserTaskSigned"] * 2)
    assert events(desk, "UserTaskSigned")[-1].seq < done.seq
    row = desk.past_tasks()[0]
    assert (row.ended_by, row.assignee, row.held) == ("zhou", "zhou", None)


def test_who_is_asked_meanwhile_and_signs_first_keeps_nobody_waiting(desk):
    ask(desk, "mei", mode="parallel")
    sign(desk, "mei")
    assert hand_in(desk) is False
    assert desk.open_tasks() == ["check"]


def test_who_is_asked_afterwards_cannot_sign_what_nobody_has_handed_in(desk):
    ask(desk, "mei", mode="after")
    with pytest.raises(Conflict, match="还没有轮到你签"):
        sign(desk, "mei")


@pytest.mark.parametrize("mode", ["after", "parallel"])
def test_who_does_not_agree_gives_the_answers_back_and_signs_the_next_ones_too(desk, mode):
    ask(desk, "mei", "feng", mode=mode)
    hand_in(desk)
    sign(desk, "feng")
    sign(desk, "mei", agrees=False, answer="金额不对")
    assert (desk.open_tasks(), told(desk, "signed_back"), todo(desk, "mei")) == (["draft"], ["zhou"], [])
    drafted = desk.engine.ask(ShowDraft(f"task:{desk.open_task('draft').id}"), "zhou")
    assert drafted[0] == {"text": "拟办"}
    assert len(events(desk, "AnswersHandedBack")) == 1
    assert hand_in(desk, text="改好了") is True
    sign(desk, "mei")
    if mode == "after":
        assert desk.open_tasks() == ["draft"]
        sign(desk, "feng")
    assert (desk.open_tasks(), desk.record()) == (["check"], {"text": "改好了"})


def test_answers_that_wait_are_not_handed_in_twice(desk):
    ask(desk, "mei", mode="after")
    hand_in(desk)
    with pytest.raises(Conflict, match="正在等梅路人签署"):
        hand_in(desk, text="另一份")
    assert "complete" not in acts(desk, "zhou") and "fill" not in acts(desk, "zhou")


@pytest.mark.parametrize(
    ("to", "error"), [((), Invalid), (("zhou",), Invalid), (("nobody",), Invalid), (("mei", "mei"), None)]
)
def test_others_who_exist_are_asked_each_once(desk, to, error):
    if error is None:
        ask(desk, *to)
        assert len(desk.rows("signing")) == 1
        with pytest.raises(Conflict, match="已经请梅路人签署"):
            ask(desk, "mei", "feng", mode="after")
    else:
        with pytest.raises(error):
            ask(desk, *to)


@pytest.mark.parametrize(("mode", "question"), [("beside", QUESTION), ("before", ""), ("before", "长" * 501)])
def test_a_mode_and_a_question_are_needed(desk, mode, question):
    with pytest.raises(Invalid):
        ask(desk, "mei", mode=mode, question=question)


def test_only_the_holder_asks_and_who_is_asked_asks_nobody(desk):
    ask(desk, "mei")
    for who in ("mei", "wu", "sun", "li"):
        with pytest.raises(NotAllowed, match="加签"):
            ask(desk, "feng", who=who)


def test_who_was_not_asked_signs_nothing_and_sees_nothing(desk):
    with pytest.raises(NotFound):
        desk.engine.ask(ShowOrder(desk.number), "mei")
    with pytest.raises(NotFound):
        sign(desk, "mei")
    ask(desk, "mei")
    assert desk.engine.ask(ShowOrder(desk.number), "mei").number == desk.number


def test_not_agreeing_needs_words(desk):
    ask(desk, "mei")
    with pytest.raises(Invalid, match="理由"):
        sign(desk, "mei", agrees=False, answer=" ")


def test_nobody_signs_twice(desk):
    ask(desk, "mei")
    sign(desk, "mei")
    with pytest.raises(Conflict, match="已经签过"):
        sign(desk, "mei")


def test_nobody_signs_while_the_order_stands_still(desk):
    ask(desk, "mei")
    desk.engine.execute(PauseCase(desk.number, "等材料", "other", None, "zhou"))
    with pytest.raises(Conflict, match="暂停"):
        sign(desk, "mei")
    assert "sign" not in acts(desk, "mei")


@pytest.mark.parametrize(("who", "may"), [("zhou", True), ("sun", True), ("mei", False), ("wu", False), ("li", False)])
def test_who_asked_or_supervises_takes_somebody_off_again(desk, who, may):
    ask(desk, "mei")
    assert ("drop_signer" in acts(desk, who)) == may
    if not may:
        with pytest.raises(NotAllowed):
            drop(desk, "mei", who=who)
        return
    drop(desk, "mei", who=who)
    assert (todo(desk, "mei"), told(desk, "signer_taken_off")) == ([], sorted({"mei", "zhou"} - {who}))
    with pytest.raises(Conflict):
        drop(desk, "mei", who="sun")
    with pytest.raises(Conflict, match="已被减签"):
        sign(desk, "mei")
    assert hand_in(desk) is False


def test_taking_off_the_last_who_is_missing_lets_the_case_go_on(desk):
    ask(desk, "mei", "feng", mode="after")
    hand_in(desk)
    sign(desk, "feng")
    drop(desk, "mei", who="sun")
    assert desk.open_tasks() == ["check"]
    assert events(desk, "UserTaskCompleted")[0].actor == "zhou"


def test_taking_off_needs_a_reason(desk):
    ask(desk, "mei")
    with pytest.raises(Invalid):
        drop(desk, "mei", reason="")
