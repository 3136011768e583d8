"""The strategies a diagram may name for who holds a step from the start."""

import pytest
from sqlalchemy import insert

from engine import History, PutMembership, TransferUserTask
from engine.store import user_tasks
from engine.store.database import transaction
from engine.store.tables import user_task
from tests.support.plans import plan_of
from tests.support.procedures import each, gateway, procedure, ruled, user
from tests.support.sending_back import send_back

MANY = 5_000


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


def test_taking_turns_follows_whom_it_chose_itself_not_who_holds_the_task_by_now(office):
    assert given(office, "round_robin") == "wu"
    office.engine.execute(TransferUserTask(office.open_task("do").id, "wu", "zhou", "出差"))
    assert given(office, "round_robin") == "zhou"
    office.complete("do", "zhou")
    assert (given(office, "round_robin"), given(office, "unit_leader")) == ("wu", "feng")


def test_a_task_given_back_to_who_did_it_takes_nobodys_turn(office):
    do, last = user("do", "clerk@roads", assignee="round_robin"), user("last", "leader")
    office.deploy(procedure("errand", do, last, flows="start >> do >> last >> end"))
    office.start("errand")
    task = office.open_task("do")
    office.engine.execute(TransferUserTask(task.id, "wu", "zhou", "出差"))
    office.complete("do", "zhou")
    send_back(office, "last", "wang", "do")
    assert (office.open_task("do").assignee, task.picked) == ("zhou", "wu")
    office.start("errand")
    assert office.open_task("do").assignee == "zhou"
    opened = [e.payload for e in office.engine.ask(History(office.case().instance_id)) if e.kind == "UserTaskOpened"]
    assert [said["strategy"] for said in opened] == ["round_robin"]


def test_who_had_the_last_turn_is_found_without_reading_other_tasks(office):
    given(office, "round_robin")
    with transaction(office.engine.database) as connection:
        [one] = connection.execute(user_task.select().where(user_task.c.element_id == "do")).mappings().all()
        like = {name: value for name, value in one.items() if name != "id"} | {"picked": None}
        connection.execute(insert(user_task), [{**like, "token_id": f"{n}"} for n in range(MANY)])
        connection.exec_driver_sql("ANALYZE")
    plan = "\n".join(plan_of(office.engine, lambda c: user_tasks.last_picked(c, "errand", "do")))
    assert "ix_user_task_picked" in plan
    assert [slow for slow in ("Seq Scan on user_task", "SCAN user_task", "Sort", "TEMP B-TREE") if slow in plan] == []


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
