"""Finding what is due reads only what is due, however many timers wait."""

from sqlalchemy import insert

from engine.store import timers
from engine.store.database import transaction
from engine.store.tables import timer
from tests.support.plans import plan_of
from tests.support.procedures import procedure, user
from tests.support.procedures import timer as timed

WAITING = 20_000


def crowd(office, instance_id):
    """Timers of a year from now."""
    due = office.clock.now().replace(year=office.clock.now().year + 1)
    fixed = {"instance_id": instance_id, "element_id": "x", "role": "", "kind": "once", "text": "P1Y", "due_at": due}
    with transaction(office.engine.database) as connection:
        for low in range(0, WAITING, 5000):
            rows = [{**fixed, "token_id": f"t{n}", "host": f"t{n}", "state": "waiting"} for n in range(low, low + 5000)]
            connection.execute(insert(timer), rows)


def test_the_due_timers_are_found_by_their_index_alone(office):
    office.deploy(
        procedure(
            "letter",
            user("read"),
            timed("late", "PT1H", on="read"),
            user("ask"),
            flows="start >> read >> end; late >> ask >> end",
        )
    )
    office.start("letter")
    crowd(office, office.case().instance_id)
    office.work_at("2025-09-22 10:30")
    with transaction(office.engine.database) as connection:
        connection.exec_driver_sql("ANALYZE timer")
    plan = "\n".join(plan_of(office.engine, lambda connection: timers.due(connection, office.clock.now(), 100)))
    assert "ix_timer_due" in plan
    assert [word for word in ("Sort", "SCAN timer", "Seq Scan", "TEMP B-TREE") if word in plan] == []
    assert office.work_at("2025-09-22 11:00") == 1
