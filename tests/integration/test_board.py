"""The shift leader's board: orders that stand still belong to it, after those that run, and only the live ones are read."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from engine import Board, PauseCase
from engine.store.database import transaction
from engine.store.tables import instance, user_task, work_order
from tests.support.plans import plans_of
from tests.support.procedures import procedure, timer, user

CLOSED = 3000


@pytest.fixture
def desk(office):
    """An office whose orders are handed over within a day and belong to the roads' unit from the beginning."""
    files = procedure(
        "errand",
        user("hand", due="8小时(工作时间)"),
        timer("hand_due", "到期", on="hand"),
        flows="start >> hand >> end; hand_due >> end",
        fields="unit",
        deadline=["hand"],
    )
    settings = b'dispatch = ["hand"]\n' + files["procedure.toml"] + b'[columns]\nunit = "unit"\n'
    office.deploy({**files, "procedure.toml": settings})
    return office


def order(office):
    office.start("errand", unit="roads")
    office.clock.move_to(office.clock.at + timedelta(minutes=10))
    return office.number


def pause(office, number):
    office.engine.execute(PauseCase(number, "等材料", "other", None, "sun"))


def board(office, person=""):
    return office.engine.ask(Board("errand", person), "sun")


def test_orders_that_stand_still_wait_after_those_that_run(desk):
    first, second, third = order(desk), order(desk), order(desk)
    pause(desk, first)
    rows = board(desk).undispatched
    assert [(row.number, row.status) for row in rows] == [(second, "open"), (third, "open"), (first, "paused")]


def test_a_unit_has_still_to_do_what_stands_still(desk):
    pause(desk, order(desk))
    order(desk)
    [roads] = board(desk).units
    assert (roads.unit, roads.open, roads.late, roads.paused) == ("roads", 2, 0, 1)


def test_the_clock_of_what_stands_still_makes_nothing_late(desk):
    pause(desk, order(desk))
    order(desk)
    desk.move_to("2025-09-24 10:00")
    [roads] = board(desk).units
    assert (roads.open, roads.late) == (2, 1)


def test_what_was_late_when_the_pause_began_is_late(desk):
    number = order(desk)
    desk.move_to("2025-09-24 10:00")
    pause(desk, number)
    [roads] = board(desk).units
    assert (roads.late, roads.paused) == (1, 1)


def test_somebody_s_next_limit_is_one_that_runs(desk):
    order(desk)
    desk.claim("hand", "zhou")
    pause(desk, desk.number)
    [zhou] = board(desk).people
    assert (zhou.open, zhou.next_due_at) == (1, None)
    order(desk)
    desk.claim("hand", "zhou")
    [zhou] = board(desk, "zhou").people
    assert (zhou.open, zhou.next_due_at) == (2, desk.case().due_at)
    assert [row.status for row in board(desk, "zhou").held] == ["open", "paused"]


def close_many(office):
    """Orders long closed: the last one again and again, row by row."""
    with transaction(office.engine.database) as connection:
        found = {
            t.name: dict(connection.execute(select(t)).all()[-1]._mapping) for t in (instance, work_order, user_task)
        }
        ended = {"instance": "completed", "work_order": "closed", "user_task": "completed"}
        for table in (instance, work_order, user_task):
            column = "state" if table is user_task else "status"
            row = {**found[table.name], column: ended[table.name]}
            key = "id" if table is instance else "instance_id"
            copies = [{**row, "id": row["id"] + n, key: row[key] + n} for n in range(1, CLOSED)]
            for n, copy in enumerate(copies):
                copy |= {"number": f"Z{n}"} if table is work_order else {}
            connection.execute(insert(table), copies)
        connection.exec_driver_sql("ANALYZE")


def test_however_many_orders_were_closed_the_board_reads_those_still_to_be_done(desk):
    pause(desk, order(desk))
    order(desk)
    close_many(desk)
    plans = plans_of(desk.engine, lambda: board(desk), about="IN ('open', 'paused', 'suspended')")
    assert len(plans) == 2
    assert [plan for plan in plans if "ix_work_order_open" not in plan] == []
    [roads] = board(desk).units
    assert (len(board(desk).undispatched), roads.open) == (2, 2)
