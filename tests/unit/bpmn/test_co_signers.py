"""Co-signers are added and dropped while a repeated task is open: nothing hangs, nobody's answer is lost, counts stay right."""

from typing import Any

import pytest

from engine.bpmn import signers
from engine.bpmn.runtime import Case
from engine.domain.errors import Conflict
from tests.support.bpmn import Part, boundary, bpmn, end, loop, multi, start, timer, user
from tests.support.driving import Run, running

PEOPLE = ["li", "wang", "zhao"]


def signing(*inside: Part | str, sequential: bool = False, until: str = "", people: list[str] | None = None) -> Run:
    """Start a case in which several sign `a`, before somebody does `z`."""
    marker = multi("people", "person", until=until, sequential=sequential)
    task = user("a", marker, groups="person:${person},unit:${person}", assignee="${person}")
    drawn = bpmn("p", start("s"), task, *inside, user("z"), end("e"), "s a z e")
    return running("p", drawn, people=people or PEOPLE, form_keys=("opinion",))


def add(run: Run, beside: str, value: str = "zhou", *, next_in_turn: bool = False) -> None:
    token = run.token("a", beside)
    run._act(lambda case: signers.add(case, token, value, next_in_turn=next_in_turn) and None)


def drop(run: Run, beside: str, key: str) -> signers.Dropping:
    token, done = run.token("a", beside), list[signers.Dropping]()

    def act(case: Case) -> None:
        done.append(signers.drop(case, token, key))
        case.advance()

    run._act(act)
    return done[0]


def keys(run: Run) -> list[str]:
    return [key for _, key in run.open()]


def sign(run: Run, *who: str, opinion: Any = "agree") -> None:
    for key in who:
        run.complete("a", key, opinion=opinion)


def test_who_is_added_in_parallel_begins_at_once_and_is_waited_for() -> None:
    run = signing()
    add(run, "0")
    assert keys(run) == ["+0", "0", "1", "2"]
    assert run.tasks[run.token("a", "+0")].assignee == "zhou"
    sign(run, "0", "1", "2")
    assert keys(run) == ["+0"]
    sign(run, "+0", opinion="late")
    assert run.names() == ["z"]
    assert run.data["a"]["+0"] == {"opinion": "late"}


@pytest.mark.parametrize(("next_in_turn", "order"), [(False, ["0", "1", "2", "+0"]), (True, ["0", "+0", "1", "2"])])
def test_who_is_added_in_turn_follows_last_or_next(next_in_turn: bool, order: list[str]) -> None:
    run = signing(sequential=True)
    add(run, "0", next_in_turn=next_in_turn)
    for key in order:
        assert keys(run) == [key]
        sign(run, key)
    assert run.names() == ["z"]


def test_who_is_added_while_the_last_in_turn_signs_still_follows() -> None:
    run = signing(sequential=True, people=["li"])
    add(run, "0")
    sign(run, "0")
    assert keys(run) == ["+0"]


@pytest.mark.parametrize("sequential", [False, True])
def test_dropping_the_last_open_one_ends_the_step_and_keeps_what_the_others_said(sequential: bool) -> None:
    run = signing(sequential=sequential)
    sign(run, "0", "1")
    assert drop(run, "2", "2") == signers.Dropping(["2"], "", ends=True)
    assert run.names() == ["z"]
    assert run.data["a"] == {"0": {"opinion": "agree"}, "1": {"opinion": "agree"}}
    run.complete("z")
    assert run.completed


def test_dropping_one_in_parallel_leaves_the_others_open() -> None:
    run = signing()
    assert drop(run, "0", "1") == signers.Dropping(["1"], "", ends=False)
    assert keys(run) == ["0", "2"]
    sign(run, "0", "2")
    assert run.names() == ["z"]


def test_dropping_whose_turn_it_is_lets_the_next_begin() -> None:
    run = signing(sequential=True)
    assert drop(run, "0", "0") == signers.Dropping(["0"], "1", ends=False)
    assert keys(run) == ["1"]
    sign(run, "1", "2")
    assert run.names() == ["z"]


def test_dropping_whose_turn_has_not_come_leaves_them_out() -> None:
    run = signing(sequential=True)
    assert drop(run, "0", "1") == signers.Dropping([], "", ends=False)
    sign(run, "0", "2")
    assert run.names() == ["z"]


@pytest.mark.parametrize("sequential", [False, True])
def test_the_only_one_left_stays_where_nobody_has_signed(sequential: bool) -> None:
    run = signing(sequential=sequential, people=["li"])
    with pytest.raises(Conflict, match="至少要有一个人签"):
        drop(run, "0", "0")
    assert keys(run) == ["0"]


@pytest.mark.parametrize("sequential", [False, True])
def test_who_has_signed_or_is_gone_is_not_dropped(sequential: bool) -> None:
    run = signing(sequential=sequential)
    sign(run, "0")
    with pytest.raises(Conflict, match="已经签过"):
        drop(run, "1", "0")
    drop(run, "1", "2")
    with pytest.raises(Conflict, match="已被减签"):
        drop(run, "1", "2")


def test_enough_is_asked_anew_by_the_smaller_number() -> None:
    run = signing(until="nrOfCompletedInstances / nrOfInstances >= 0.5", people=["li", "wang", "zhao", "sun", "wu"])
    sign(run, "0", "1")
    assert drop(run, "2", "2") == signers.Dropping(["2", "3", "4"], "", ends=True)
    assert run.names() == ["z"]


def test_with_one_more_the_same_share_is_more_people() -> None:
    run = signing(until="nrOfCompletedInstances / nrOfInstances >= 0.6")
    add(run, "0")
    sign(run, "0", "1")
    assert keys(run) == ["+0", "2"]


def test_what_nobody_has_said_ends_nothing() -> None:
    run = signing(until="opinion != 'agree'")
    drop(run, "0", "1")
    assert keys(run) == ["0", "2"]
    sign(run, "0")
    drop(run, "2", "2")
    assert run.names() == ["z"]


def test_limits_around_the_step_go_with_it() -> None:
    run = signing(boundary("limit", "a", timer("PT1H"), interrupts=False), end("over"), "limit over")
    assert list(run.timers.values())
    sign(run, "0", "1")
    drop(run, "2", "2")
    assert run.timers == {}


def test_performers_are_read_for_somebody_who_is_not_there_yet() -> None:
    run = signing()
    token = run.token("a", "0")
    assert signers.performers(run._load(), token, "zhou") == ("zhou", ["person:zhou", "unit:zhou"])


@pytest.mark.parametrize("marker", [None, multi(count="2"), loop("again")])
def test_only_a_task_repeated_over_a_list_has_co_signers(marker: Part | None) -> None:
    inside = [] if marker is None else [marker]
    run = running("p", bpmn("p", start("s"), user("a", *inside), end("e"), "s a e"), form_keys=("again",))
    token = next(iter(run.tasks))
    assert signers.co_signers(run._load(), token) is None
    with pytest.raises(Conflict, match="不是按名单会签"):
        run._act(lambda case: signers.drop(case, token, "0") and None)
