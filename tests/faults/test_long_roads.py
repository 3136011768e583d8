"""Long roads through a diagram end where they are drawn to end, or stop with an incident; never in silence."""

import pytest

from engine import StartInstance
from engine.domain.errors import InvalidDiagram, StepFailed
from tests.faults import invariants
from tests.support.procedures import gateway, procedure, script, user

LOOP = procedure(
    "round",
    gateway("merge"),
    user("turn"),
    gateway("again", default="end"),
    flows="start >> merge >> turn >> again >> end; again [more == 'yes'] >> merge",
    forms={"turn": "more!"},
)


def chain(length):
    """Give a procedure of so many scripts in a row behind one task."""
    scripts = [script(f"s{n}", f"n{n} = {n}") for n in range(length)]
    road = " >> ".join(["start", "go", *(f"s{n}" for n in range(length)), "end"])
    return procedure("chain", user("go"), *scripts, flows=road)


def test_a_loop_of_many_turns_ends_when_its_condition_says_so(office, size):
    office.deploy(LOOP)
    office.start("round")
    turns, sizes = size(150, 1200), []
    for n in range(turns):
        if n % 50 == 49:
            office.restart()
        office.complete("turn", "zhou", more="yes")
        sizes.append(len(office.state()))
    assert max(sizes[10:]) <= 1.2 * sizes[9]
    office.complete("turn", "zhou", more="no")
    assert office.case().status == "closed"
    assert len([k for k in office.history() if k == "UserTaskCompleted"]) == turns + 1
    assert invariants.check(office.engine, [], [office.number]) == []


def test_a_chain_as_long_as_the_check_allows_is_walked_in_one_step(office):
    office.deploy(chain(250))
    office.start("chain")
    office.complete("go", "zhou")
    assert (office.case().status, office.record()["n249"]) == ("closed", 249)


def test_a_longer_chain_is_refused_before_it_can_break(office):
    with pytest.raises(InvalidDiagram, match="超过"):
        office.deploy(chain(320))


def test_a_step_that_cannot_end_is_an_incident_and_nothing_is_half_done(office):
    """What the check cannot see, a division by nothing, stops the step when it comes to it."""
    office.deploy(
        procedure(
            "fall",
            user("go"),
            script("compute", "total = 1 / (amount or 0)"),
            flows="start >> go >> compute >> end",
            fields="amount:number",
        )
    )
    office.engine.execute(StartInstance("fall", "li", {}))
    number = office.rows("work_order")[-1].number
    office.number = number
    with pytest.raises(StepFailed):
        office.complete("go", "zhou")
    assert office.open_tasks() == ["go"]
    assert len(office.incidents()) == 1
    assert invariants.check(office.engine, [], [number]) == []
