"""Votes where co-signers come and go: what is counted are the votes that stand, of those who are asked now."""

from engine import AddCoSigner, DropCoSigner
from tests.integration.test_co_signing import begin, counted, decided, told, vote
from tests.support.sending_back import send_back


def drop(office, key, beside):
    office.engine.execute(DropCoSigner(office.open_task("sign", beside).id, "sun", key, "已电话确认"))


def add(office, who, beside):
    office.engine.execute(AddCoSigner(office.open_task("sign", beside).id, "sun", who, "事关消防"))
    return office.open_tasks().count("sign")


def test_dropping_makes_the_votes_that_are_in_enough(office):
    begin(office, co_sign="ratio")
    vote(office, "zhou+")
    drop(office, "1", "1")
    assert counted(office) == (None, 1, 0, 1)
    drop(office, "2", "2")
    assert (office.open_tasks(), decided(office)) == (["passed"], [("passed", 1)])
    assert counted(office) == ("passed", 1, 0, 0)


def test_dropping_whoever_could_have_turned_it_ends_it_and_spares_the_others(office):
    begin(office, co_sign="ratio", pass_share="2/3")
    vote(office, "zhou-")
    assert office.open_tasks() == ["sign", "sign"]
    drop(office, "1", "1")
    assert (office.open_tasks(), decided(office)) == (["aside"], [("refused", 0)])
    assert "zheng" in told(office)


def test_adding_makes_the_votes_that_are_in_too_few(office):
    begin(office, co_sign="ratio")
    vote(office, "zhou+")
    assert add(office, "mei", "1") == 3
    assert counted(office) == (None, 1, 0, 3)
    vote(office, "wu+")
    assert counted(office)[0] is None
    vote(office, "zheng+")
    assert (office.open_tasks(), counted(office)) == (
        ["passed"],
        ("passed", 3, 0, 1),
    )  # three of four: nobody waits for the last


def test_the_only_one_added_after_a_drop_still_has_to_vote(office):
    begin(office)
    vote(office, "zhou+", "wu+")
    assert add(office, "mei", "2") == 2
    drop(office, "2", "2")
    assert office.open_tasks() == ["sign"]
    [left] = [task for task in office.case().open_tasks if task.element_id == "sign"]
    office.complete("sign", "mei", item=left.item, vote="object")
    assert (office.open_tasks(), counted(office)) == (["aside"], ("refused", 2, 1, 0))


def test_after_a_return_who_was_added_is_asked_and_who_was_dropped_is_not(office):
    begin(office, stop="last")
    vote(office, "zhou+")
    assert add(office, "mei", "1") == 3
    drop(office, "2", "2")
    vote(office, "wu+")
    [left] = [task for task in office.case().open_tasks if task.element_id == "sign"]
    office.complete("sign", "mei", item=left.item, vote="agree")
    assert office.open_tasks() == ["passed"]
    office.claim("passed", "wang")
    send_back(office, "passed", "wang", "sign", to_item="1")
    assert (office.open_tasks(), counted(office)) == (["sign"], (None, 2, 0, 1))
    vote(office, "wu-")
    assert (office.open_tasks(), counted(office)) == (["aside"], ("refused", 2, 1, 0))
