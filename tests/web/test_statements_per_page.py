"""SQL statements per page: as many with a thousand orders as with ten."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from engine.store.database import transaction
from engine.store.tables import history, history_payload, inbox, instance, user_task, work_order
from tests.web.support_hotline import DISPATCHED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
FEW, MANY = 10, 5000
MOST = 60
"""No page asks more often than this."""
COPIED = (instance, work_order, user_task, history, history_payload, inbox)


def multiply(hotline, times: int) -> None:
    """Copy every order row by row: a thousand calls by the commands would take minutes, and this test changes nothing else."""
    with transaction(hotline.site.engine.database) as connection:
        rows = {table.name: [dict(r._mapping) for r in connection.execute(select(table))] for table in COPIED}
        step = {name: max((r.get("id", 0) for r in found), default=0) for name, found in rows.items()}
        for table in COPIED:
            copies = [shifted(table.name, row, step, n) for n in range(1, times) for row in rows[table.name]]
            connection.execute(insert(table), copies)


def shifted(name: str, row: dict, step: dict[str, int], n: int) -> dict:
    """Give a row of the n-th copy: its own ids and number, everything else as it is."""
    changed = dict(row)
    if "id" in row:
        changed["id"] = row["id"] + n * step[name]
    if "instance_id" in row:
        changed["instance_id"] = row["instance_id"] + n * step["instance"]
    if "user_task_id" in row:
        changed["user_task_id"] = row["user_task_id"] + n * step["user_task"]
    if "number" in row:
        changed |= {"number": f"{row['number']}X{n}", "received_at": row["received_at"] - timedelta(minutes=n)}
    return changed


def statements(hotline, person: str, path: str) -> int:
    browser = hotline.as_(person)
    browser.get(path)
    with hotline.site.statements() as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


@pytest.fixture
def ten(hotline):
    """Ten orders in all stages: not handed over, claimed, with the unit, answered on the phone."""
    for n in range(4):
        hotline.start("agent_li", caller_phone=f"1391111000{n}", place=f"人民路{n}号")
    numbers = [hotline.dispatched(caller_phone=f"1392222000{n}", place=f"和平路{n}号") for n in range(3)]
    for n in range(3):
        number = hotline.start("agent_li", caller_phone=f"1393333000{n}", place=f"中山路{n}号")
        hotline.as_("leader_wang").post(f"/tasks/{hotline.task(number).id}/claim")
    hotline.number, hotline.held = numbers[0], hotline.task(number).id
    return hotline


def test_statements_do_not_grow_with_the_orders(ten):
    pages = {
        ("leader_wang", "/"),
        ("leader_wang", "/pool"),
        ("leader_wang", "/done"),
        ("leader_wang", "/board"),
        ("leader_wang", "/board?person=leader_wang"),
        ("leader_wang", "/search?q=路灯"),
        ("leader_wang", f"/orders/{ten.number}"),
        ("leader_wang", f"/tasks/{ten.held}"),
        ("agent_li", "/started"),
        ("agent_li", "/search?q=路灯"),
        ("agent_li", "/intake?phone=13922220000"),
        ("clerk_roads_zhou", "/pool"),
        ("clerk_roads_zhou", f"/orders/{ten.number}"),
    }
    assert len(ten.site.rows("work_order")) == FEW
    before = {page: statements(ten, *page) for page in pages}
    multiply(ten, MANY // FEW)
    assert len(ten.site.rows("work_order")) == MANY
    assert {page: statements(ten, *page) for page in pages} == before
    assert max(before.values()) <= MOST


def test_handing_in_costs_the_same_with_a_thousand_orders(ten):
    before = cost_of_handing_in(ten)
    multiply(ten, MANY // FEW)
    assert cost_of_handing_in(ten) == before


def cost_of_handing_in(hotline) -> int:
    number = hotline.start("agent_he", caller_phone=f"1394444{len(hotline.site.rows('work_order')):04}", place="")
    task, browser = hotline.task(number), hotline.as_("leader_wang")
    with hotline.site.statements() as seen:
        assert browser.post(f"/tasks/{task.id}/complete", DISPATCHED).status_code == 303
    return len(seen)
