"""What goes wrong with returns in other workflow systems, told by the symptom; here it goes right."""

import pytest

from tests.integration.test_returns import beside, nested
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
