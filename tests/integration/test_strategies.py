"""The strategies a diagram may name for who holds a step from the start."""

import pytest

from engine import PutMembership
from tests.support.procedures import each, gateway, procedure, ruled, user


def given(office, assignee, groups="clerk@roads", **rules):
    """Start an errand of two steps; zhou does the first; say who holds the second."""
    step = user("do", groups, assignee=assignee, inside=ruled(**rules))
    office.deploy(procedure("errand", user("first", "clerk@roads"), step, flows="start >> first >> do >> end"))
    office.start("errand")
    office.complete("first", "zhou")
    return office.open_task("do").assignee


def test_each_strategy_gives_the_task_to_whom_its_name_says(office):
    assert given(office, "same_agent") == "li"
    assert given(office, "unit_leader") == "feng"
    assert given(office, "unit_leader", "clerk") is None
    assert [given(office, "round_robin") for _ in range(3)] == ["wu", "zhou", "wu"]
    office.engine.execute(PutMembership("mei", "roads", "clerk", "root"))
    assert given(office, "least_load") == "mei"


def test_who_handled_it_last_gets_it_again(office):
    again = gateway("more", default="end")
    files = procedure(
        "errand",
        user("do", "clerk@roads", assignee="last_handler"),
        again,
        flows="start >> do >> more >> end; more [again == 'yes'] >> do",
        forms={"do": "again"},
    )
    office.deploy(files)
    office.start("errand")
    assert office.open_task("do").assignee is None
    office.complete("do", "wu", again="yes")
    assert office.open_task("do").assignee == "wu"


@pytest.mark.parametrize("strategy", ["round_robin", "least_load"])
def test_several_of_one_step_that_open_together_go_to_different_people(office, strategy):
    office.deploy(
        procedure(
            "errand",
            user("do", "clerk", assignee=strategy, inside=each("${['a', 'b', 'c']}", "part")),
            flows="start >> do >> end",
        )
    )
    office.start("errand")
    assert sorted(task.assignee for task in office.case().open_tasks) == ["wu", "zheng", "zhou"]


def test_a_strategy_passes_over_who_is_kept_away(office):
    assert given(office, "least_load", twice_in_a_row="others") == "wu"
    assert office.open_task("do").groups == ["person:wu"]
