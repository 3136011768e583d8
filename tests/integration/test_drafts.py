"""A start form handed in twice, by a double click or after a lost answer, opens one order."""

from engine import SaveDraft, StartInstance
from tests.support.procedures import procedure, user

DRAFT = "start:letter:0b9f6d2e"


def test_the_same_draft_handed_in_again_gives_the_same_order(office):
    office.deploy(procedure("letter", user("read"), flows="start >> read >> end", fields="word"))
    office.engine.execute(SaveDraft("li", DRAFT, {"word": "急"}))
    first = office.engine.execute(StartInstance("letter", "li", {"word": "急"}, draft=DRAFT))
    again = office.engine.execute(StartInstance("letter", "li", {"word": "急"}, draft=DRAFT))
    assert (again.number, first.again, again.again) == (first.number, False, True)
    assert len(office.rows("work_order")) == 1
