"""What goes wrong with returns in other workflow systems, told by the symptom; here it goes right.

Public threads (yudao: YunaiV/ruoyi-vue-pro, codingapi: codingapi/springboot-framework), each with the test that shows ours:

| Thread | What is told there | Test |
|---|---|---|
| yudao 668 | co-signers send back: neither they nor the step before have a task | a_co_signer_sends_back… |
| yudao 727 | back to co-signing: nobody has a task | from_one_co_signing_back… |
| yudao 867 | out of a parallel branch a return is refused | out_of_a_parallel_branch… |
| yudao 1018 | reminders are dead after a return | reminders_ring… |
| yudao 847, 1128 | back to a starter who only filled in the start form | all of test_returns_to_the_start |
| flowable 1641 | back into one branch: the join waits for ever | back_into_one_branch… |
| flowable 2259, 4046 | out of a fork with signers: the step before is there twice | out_of_a_fork… |
| flowable 2559 | in a sub-process with a fork a task is removed | in_a_sub_process… |
| flowable 2669 | co-signing entered again: "one is enough" holds no more | the_second_round… |
| flowable 3944 | from one co-signing back into another: nobody has a task | from_one_co_signing_back… |
| codingapi 108 | of several candidates, who do not co-sign, one sends back | of_several_candidates… |
| codingapi 183 | returns in a row do not go back step by step | returns_in_a_row… |
"""

import pytest

from tests.integration.test_returns import beside, nested
from tests.support.jumping import jump
from tests.support.procedures import each, gateway, procedure, timer, user
from tests.support.sending_back import send_back, targets

PEOPLE = ("zhou", "wu", "zheng")
OPINIONS = dict.fromkeys(("sign", "first", "second"), "opinion")


def listed(key: str) -> bytes:
    """Give a start form that lists three people under a key."""
    values = ",".join(f'{{"value":"{who}","label":"{who}"}}' for who in PEOPLE)
    field = f'{{"type":"taglist","key":"{key}","label":"{key}","values":[{values}]}}'
    return f'{{"type":"default","components":[{field}]}}'.encode()


def drawn(office, *nodes, flows, forms):
    """Start a case whose start form lists three signers."""
    drawn_in = " ".join(nodes)
    said = {name: text for name, text in forms.items() if f'id="{name}"' in drawn_in}
    files = procedure("elsewhere", *nodes, flows=flows, fields="signers:tagged", forms=said)
    files["forms/start.form"] = listed("signers")
    office.deploy(files)
    office.start("elsewhere", signers=list(PEOPLE))


def signed(ident):
    """Give a step that all three sign at once."""
    return user(ident, groups="person:${who_" + ident + "}", inside=each("signers", f"who_{ident}"))


def everyone(office, element):
    for item, who in enumerate(PEOPLE):
        office.complete(element, who, str(item), opinion="好")


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_co_signer_sends_back_and_the_case_is_still_there(office, before):
    drawn(office, user("draft"), signed("sign"), flows="start >> draft >> sign >> end", forms=OPINIONS)
    office.complete("draft", "zhou")
    for item in range(before):
        office.complete("sign", PEOPLE[item], str(item), opinion="好")
    seen = send_back(office, "sign", PEOPLE[before], "draft", str(before))
    assert len(seen.closes) == 3 - before
    assert office.open_tasks() == ["draft"]
    assert not office.record().get("sign")
    office.complete("draft", "zhou")
    assert office.open_tasks() == ["sign"] * 3
    everyone(office, "sign")
    assert office.case().status == "closed"


def test_from_one_co_signing_back_into_another_there_is_somebody_to_act(office):
    drawn(office, signed("first"), signed("second"), flows="start >> first >> second >> end", forms=OPINIONS)
    everyone(office, "first")
    office.complete("second", "zhou", "0")
    send_back(office, "second", "wu", "first", "1", "2")
    assert [(t.element_id, t.item) for t in office.case().open_tasks] == [("first", "2")]
    office.complete("first", "zheng", "2")
    assert office.open_tasks() == ["second"] * 3
    everyone(office, "second")
    assert office.case().status == "closed"


@pytest.mark.parametrize("item", [None, "1"])
def test_out_of_a_fork_with_signers_the_step_before_opens_once(office, item):
    drawn(
        office,
        user("draft"),
        gateway("fork", "parallel"),
        signed("sign"),
        user("check"),
        gateway("meet", "parallel"),
        flows="start >> draft >> fork >> sign >> meet >> end; fork >> check >> meet",
        forms=OPINIONS,
    )
    office.complete("draft", "zhou")
    office.complete("sign", "zhou", "0")
    send_back(office, "sign" if item else "check", "wu", "draft", item)
    assert office.open_tasks() == ["draft"]
    office.complete("draft", "zhou")
    assert office.open_tasks() == ["check", "sign", "sign", "sign"]
    everyone(office, "sign")
    office.complete("check", "wu")
    assert office.case().status == "closed"


def test_back_into_one_branch_the_join_does_not_wait_for_ever(office):
    beside(office)
    for name in ("b1", "a", "b2"):
        office.complete(name, "zhou")
    for name in ("a", "b1", "b2"):
        send_back(office, "c", "zhou", name)
        for step in ("b1", "b2") if name == "b1" else (name,):
            office.complete(step, "zhou")
        assert office.open_tasks() == ["c"]
    office.complete("c", "zhou")
    assert office.case().status == "closed"


def test_out_of_a_parallel_branch_a_return_is_not_refused(office):
    beside(office)
    office.complete("b1", "zhou")
    assert targets(office, "b2") == [("b1", "")]
    send_back(office, "b2", "wu", "b1")
    assert office.open_tasks() == ["a", "b1"]


def test_in_a_sub_process_with_a_fork_nobody_is_removed(office):
    nested(office)
    office.complete("first", "zhou")
    office.complete("second", "zhou")
    send_back(office, "third", "wu", "second")
    assert office.open_tasks() == ["second"]
    office.complete("second", "zhou")
    send_back(office, "third", "wu", "first")
    office.complete("first", "zhou")
    assert office.open_tasks() == ["third"]


def test_reminders_ring_after_a_return_as_they_did_before(office):
    files = procedure(
        "reminded",
        user("a"),
        user("b", due="2小时(工作时间)"),
        timer("b_due", "到期", on="b"),
        user("chase"),
        flows="start >> a >> b >> end; b_due >> chase >> end",
    )
    office.deploy(files)
    office.start("reminded")
    office.complete("a", "zhou")
    office.work_at("2025-09-22 16:00")
    assert office.open_tasks() == ["b", "chase"]
    office.complete("chase", "zhou")
    send_back(office, "b", "wu", "a")
    office.complete("a", "zhou")
    assert [row.element_id for row in office.rows("timer")] == ["b_due"]
    office.work_at("2025-09-23 16:00")
    assert office.open_tasks() == ["b", "chase"]


@pytest.mark.parametrize("way", ["returned", "jumped"])
def test_the_second_round_ends_by_the_same_rule_as_the_first(office, way):
    drawn(
        office,
        user("draft"),
        user("sign", groups="person:${who}", inside=each("signers", "who", until="nrOfCompletedInstances >= 1")),
        user("check"),
        gateway("enough", default="end"),
        flows="start >> draft >> sign >> check >> enough >> end; enough [redo == 1] >> draft",
        forms={**OPINIONS, "check": "redo:number"},
    )
    office.complete("draft", "zhou")
    if way == "returned":
        office.complete("sign", "zhou", "0", opinion="好")
        send_back(office, "check", "wu", "draft")
    else:
        jump(office, "sign", to="check")
        office.complete("check", "wu", redo=1)
    office.complete("draft", "zhou")
    assert office.open_tasks() == ["sign"] * 3
    office.complete("sign", "wu", "1", opinion="好")
    assert office.open_tasks() == ["check"]
    office.complete("check", "wu", redo=0)
    assert office.case().status == "closed"


@pytest.mark.parametrize("claims", [False, True])
def test_of_several_candidates_one_sends_back_and_it_is_everybodys_again_afterwards(office, claims):
    drawn(office, user("draft"), user("check"), flows="start >> draft >> check >> end", forms=OPINIONS)
    office.complete("draft", "zhou")
    if claims:
        office.claim("check", "wu")
    assert len(send_back(office, "check", "wu", "draft").closes) == 1
    assert office.open_task("draft").assignee == "zhou"
    assert {row.user_task_id for row in office.rows("inbox")} == {office.open_task("draft").id}
    office.complete("draft", "zhou")
    again = office.open_task("check")
    assert (again.assignee, again.groups) == (None, ["clerk"])
    office.complete("check", "zheng")
    assert office.case().status == "closed"


def test_returns_in_a_row_go_back_step_by_step_and_the_case_comes_to_its_end(office):
    names = ("first", "second", "third", "fourth")
    drawn(office, *map(user, names), flows="start >> first >> second >> third >> fourth >> end", forms={})
    for name in names[:-1]:
        office.complete(name, "zhou")
    for late, before in zip(names[:0:-1], names[-2::-1], strict=True):
        assert targets(office, late)[0] == (before, "")
        send_back(office, late, "zhou", before)
        assert office.open_tasks() == [before]
    assert targets(office, "first") == [("start", "")]
    for name in names:
        assert office.open_tasks() == [name]
        office.complete(name, "zhou")
    assert office.case().status == "closed"
