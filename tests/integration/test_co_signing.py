"""A co-signing among people: what the history and they hear, and that after a return the votes that count are those that stand."""

import json
import random

import pytest

from engine import CompleteUserTask, History, ReturnTargets, SendBack, WithdrawStep
from engine.commands.definitions import check_procedure
from tests.support.procedures import each, gateway, procedure, ruled, user
from tests.support.races import race, refusals
from tests.support.sending_back import send_back, targets

SIGNERS = ("zhou", "wu", "zheng")
VOTE = {
    "type": "radio",
    "id": "field_vote",
    "key": "vote",
    "label": "意见",
    "validate": {"required": True},
    "values": [{"label": "同意", "value": "agree"}, {"label": "不同意", "value": "object"}],
}


def paper(*, in_turn=False, **rules):
    """Give a procedure: draft, signed by three, then passed on or put aside."""
    marker = each("${['zhou', 'wu', 'zheng']}", "signer", in_turn=in_turn)
    inside = ruled(**{"co_sign": "all", "vote_field": "vote", **rules}) + marker
    files = procedure(
        "paper",
        user("draft", "clerk"),
        user("sign", "person:${signer}", inside=inside),
        gateway("decided", default="aside"),
        user("passed", "leader"),
        user("aside", "leader"),
        flows="start >> draft >> sign >> decided >> aside >> end; decided [sign_outcome == 'passed'] >> passed >> end",
    )
    files["forms/sign.form"] = json.dumps({"type": "default", "components": [VOTE]}).encode()
    return files


def begin(office, **rules):
    office.deploy(paper(**rules))
    office.start("paper")
    office.complete("draft", "zhou")


def vote(office, *said):
    """Vote one after another, by name and sign: `zhou+`, `wu-`."""
    for one in said:
        who, item = one[:-1], str(SIGNERS.index(one[:-1]))
        office.complete("sign", who, item=item, vote="agree" if one[-1] == "+" else "object")


def counted(office):
    """Give outcome, agreed, refused and waiting as the record tells them."""
    record = office.record()
    return record.get("sign_outcome"), *(record["sign_tally"][name] for name in ("agreed", "refused", "waiting"))


def decided(office):
    events = office.engine.ask(History(office.case().instance_id))
    return [(e.payload["outcome"], e.payload["votes"]["agreed"]) for e in events if e.kind == "CoSigningDecided"]


def told(office):
    return sorted(row.person for row in office.rows("notification") if row.notice == "co_sign_over")


def test_who_need_not_sign_any_more_is_told_and_the_history_tells_the_outcome(office):
    begin(office, co_sign="ratio")
    vote(office, "wu+", "zhou+")
    assert (office.open_tasks(), decided(office), told(office)) == (["passed"], [("passed", 2)], ["zheng"])
    assert office.history().count("UserTaskCancelled") == 1
    [notice] = [row for row in office.rows("notification") if row.notice == "co_sign_over"]
    assert "通过" in notice.body and "3 份中 2 份同意" in notice.body


def test_nobody_is_told_where_everybody_has_signed(office):
    begin(office, stop="last")
    vote(office, "wu-", "zhou+", "zheng+")
    assert (office.open_tasks(), decided(office), told(office)) == (["aside"], [("refused", 2)], [])


def test_a_vote_that_is_withdrawn_does_not_count(office):
    begin(office)
    vote(office, "zhou+", "wu+")
    done = next(t for t in office.past_tasks() if t.element_id == "sign" and t.ended_by == "zhou")
    office.engine.execute(WithdrawStep(done.id, "zhou", ""))
    assert counted(office) == (None, 1, 0, 2)
    vote(office, "zhou-")
    assert (counted(office), office.open_tasks()) == (("refused", 1, 1, 1), ["aside"])


def test_a_signer_sent_back_to_after_the_end_signs_anew_beside_the_votes_that_stand(office):
    begin(office)
    vote(office, "zhou+", "wu+", "zheng+")
    assert counted(office) == ("passed", 3, 0, 0)
    send_back(office, "passed", "wang", "sign", to_item="1")
    assert (office.open_tasks(), counted(office)) == (["sign"], (None, 2, 0, 1))
    vote(office, "wu-")
    assert (office.open_tasks(), counted(office)) == (["aside"], ("refused", 2, 1, 0))


def test_votes_before_a_return_to_the_draft_are_gone(office):
    begin(office)
    vote(office, "zhou+", "wu+")
    send_back(office, "sign", "zheng", "draft", item="2")
    assert (office.record().get("sign_outcome"), office.record().get("sign_tally")) == (None, None)
    office.complete("draft", "zhou")
    assert counted(office) == (None, 0, 0, 3)


def test_in_turn_a_return_to_an_earlier_signer_takes_the_later_votes_back(office):
    begin(office, in_turn=True)
    vote(office, "zhou+", "wu+")
    send_back(office, "sign", "zheng", "sign", item="2", to_item="0")
    assert counted(office) == (None, 0, 0, 3)
    vote(office, "zhou+", "wu+", "zheng+")
    assert (office.open_tasks(), counted(office)) == (["passed"], ("passed", 3, 0, 0))


def test_who_was_spared_signs_after_a_return(office):
    begin(office)
    vote(office, "wu-")
    assert (office.open_tasks(), counted(office)) == (["aside"], ("refused", 0, 1, 2))
    send_back(office, "aside", "wang", "sign", to_item="1")
    assert (office.open_tasks(), counted(office)) == (["sign", "sign", "sign"], (None, 0, 0, 3))
    vote(office, "wu+", "zhou+", "zheng+")
    assert office.open_tasks() == ["passed"]


def test_it_goes_on_after_a_restart(office):
    begin(office, co_sign="ratio")
    vote(office, "wu+")
    office.restart()
    vote(office, "zheng+")
    assert office.open_tasks() == ["passed"]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happened_the_numbers_are_those_of_the_votes_that_stand(office, seed):
    """Votes, withdrawals and returns at random; the votes that stand are kept beside, and counted."""
    chance = random.Random(seed)
    begin(office, stop="last")
    stand = {}
    for _ in range(14):
        waiting = [t for t in office.case().open_tasks if t.element_id == "sign"]
        if waiting and (not stand or chance.random() < 0.6):
            task = chance.choice(waiting)
            stand[task.item] = chance.choice("+-")
            vote(office, SIGNERS[int(task.item)] + stand[task.item])
        elif waiting:
            _send_to_a_signer(office, waiting[0], chance, stand)
        else:
            at = office.open_tasks()[0]
            item = chance.choice([item for element, item in targets(office, at) if element == "sign"])
            send_back(office, at, "wang", "sign", to_item=item)
            del stand[item]
        sides = list(stand.values())
        outcome = None if len(stand) < 3 else "passed" if sides.count("+") == 3 else "refused"
        assert counted(office) == (outcome, sides.count("+"), sides.count("-"), 3 - len(stand))


def _send_to_a_signer(office, task, chance, stand):
    """Withdraw a vote, or where that cannot be send somebody's task back to the draft and begin anew."""
    item = chance.choice(sorted(stand))
    done = [t for t in office.past_tasks() if t.element_id == "sign" and t.item == item and t.state == "completed"]
    if chance.random() < 0.7:
        office.engine.execute(WithdrawStep(done[-1].id, SIGNERS[int(item)], ""))
        del stand[item]
        return
    who = SIGNERS[int(task.item)]
    [draft] = [t for t in office.engine.ask(ReturnTargets(task.id), who) if t.element_id == "draft"]
    office.engine.execute(SendBack(task.id, who, draft.task_id, "重拟"))
    office.complete("draft", "zhou")
    stand.clear()


def test_it_is_checked_with_its_form(office):
    files = paper(vote_field="opinion")
    assert [(f.element, f.rule) for f in check_procedure(files, office.engine.register)] == [("sign", "co-sign-vote")]


def test_two_who_answer_in_the_same_second_where_the_first_decides_are_one_answer(office):
    begin(office, co_sign="any")
    others, tasks = office.another_engine(), {t.item: t.id for t in office.case().open_tasks}
    done = race(
        [
            lambda: office.engine.execute(CompleteUserTask(tasks["0"], "zhou", {"vote": "agree"})),
            lambda: others.execute(CompleteUserTask(tasks["1"], "wu", {"vote": "object"})),
        ]
    )
    [late] = refusals(done)
    assert "不需要办了" in str(late)
    assert sum(counted(office)[1:3]) == 1
    assert office.open_tasks() == (["passed"] if counted(office)[0] == "passed" else ["aside"])
