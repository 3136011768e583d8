"""Co-signers taken off, added and signing in the same moment: one is first, the other is told, the step never hangs."""

import pytest

from engine import AddCoSigner, CompleteUserTask, DropCoSigner
from engine.domain.errors import Conflict
from tests.support.co_signing import open_signing, sign, signing
from tests.support.races import race, refusals

TIMES = 10


@pytest.fixture
def engines(office):
    """Gives two engines on connections of their own."""
    return office.another_engine(), office.another_engine()


def test_of_two_who_take_the_same_one_off_one_is_told_that_it_is_done(office, engines):
    for _ in range(TIMES):
        open_signing(office)
        beside = office.open_task("sign", "0").id
        [refused] = refusals(
            race([lambda e=e, t=beside: e.execute(DropCoSigner(t, "sun", "2", "不用")) for e in engines])
        )
        assert isinstance(refused, Conflict) and "已被减签" in str(refused)
        assert signing(office) == ["0", "1"]
        assert office.history().count("CoSignerDropped") == 1


def test_of_who_signs_and_who_takes_them_off_one_wins_and_the_other_is_told(office, engines):
    first, second = engines
    for _ in range(TIMES):
        open_signing(office)
        sign(office, "0", "1")
        task = office.open_task("sign", "2").id
        results = race(
            [
                lambda t=task: first.execute(CompleteUserTask(t, "zheng", {"opinion": "同意"})),
                lambda t=task: second.execute(DropCoSigner(t, "sun", "2", "不用")),
            ]
        )
        [refused] = refusals(results)
        assert isinstance(refused, Conflict)
        assert ("已减签" if results[0] is refused else "已由郑经办于") in str(refused)
        assert (("2" in office.record()["sign"]), office.open_tasks()) == (results[0] is not refused, ["file"])
    assert office.incidents() == []


def test_of_two_who_take_the_last_two_off_one_stays_where_nobody_has_signed(office, engines):
    for _ in range(TIMES):
        open_signing(office, people=("zhou", "wu"))
        tasks = {key: office.open_task("sign", key).id for key in "01"}
        acts = [
            lambda e=e, k=k, t=t: e.execute(DropCoSigner(t, "sun", k, "不用"))
            for e, (k, t) in zip(engines, tasks.items(), strict=True)
        ]
        [refused] = refusals(race(acts))
        assert isinstance(refused, Conflict) and "至少要有一个人签" in str(refused)
        assert len(signing(office)) == 1


def test_of_two_who_add_the_same_one_one_is_told(office, engines):
    for _ in range(TIMES):
        open_signing(office)
        task = office.open_task("sign", "0").id
        acts = [
            lambda e=e, w=w, t=task: e.execute(AddCoSigner(t, w, "mei", "也要看"))
            for e, w in zip(engines, ("zhou", "sun"), strict=True)
        ]
        [refused] = refusals(race(acts))
        assert isinstance(refused, Conflict) and "已经在会签的人里" in str(refused)
        assert len(signing(office)) == 4


def test_the_last_one_signs_while_one_more_is_added(office, engines):
    first, second = engines
    for _ in range(TIMES):
        open_signing(office, people=("zhou",))
        task = office.open_task("sign", "0").id
        results = race(
            [
                lambda t=task: first.execute(CompleteUserTask(t, "zhou", {"opinion": "同意"})),
                lambda t=task: second.execute(AddCoSigner(t, "sun", "mei", "也要看")),
            ]
        )
        if refusals(results):
            assert office.open_tasks() == ["file"]
        else:
            assert (office.open_tasks(), len(signing(office))) == (["sign"], 1)
