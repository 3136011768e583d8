"""通知: my notices, unread ones first in sight, each leading to what it is about; nobody else's."""

import re

import pytest

from engine.store import notifications
from engine.store.database import transaction
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
CLERK = "clerk_roads_zhou"


@pytest.fixture
def told(hotline):
    """An order was handed to the roads office, whose clerk has been told."""
    hotline.number = hotline.dispatched()
    return hotline


def mine(hotline, person=CLERK):
    return [row for row in hotline.site.rows("notification") if row.person == person]


def test_what_the_office_told_me_stands_in_my_inbox_and_is_counted(told):
    clerk = told.as_(CLERK)
    page = clerk.get("/notices").text
    (notice,) = mine(told)
    assert notice.subject in page and notice.body.splitlines()[0] in page
    assert re.search(r'href="/notices"[^>]*>通知 <span class="badge">1<', clerk.get("/tasks").text)


def test_a_notice_leads_to_its_task_and_is_read_then(told):
    clerk, (notice,) = told.as_(CLERK), mine(told)
    task = told.task(told.number)
    assert clerk.get(f"/notices/{notice.id}").location == f"/tasks/{task.id}"
    assert mine(told)[0].read_at == told.site.engine.now()
    assert "没有未读的通知" in clerk.get("/notices?unread=1").text
    assert '<span class="badge">1<' not in clerk.get("/tasks").text


def test_a_notice_of_somebody_else_is_not_found_and_stays_unread(told):
    (notice,) = mine(told)
    assert told.as_("clerk_water_wu").get(f"/notices/{notice.id}").status_code == 404
    assert told.as_("clerk_water_wu").post("/notices/read", {"id": notice.id}).status_code == 303
    assert mine(told)[0].read_at is None
    assert notice.subject not in told.as_("clerk_water_wu").get("/notices").text


@pytest.mark.parametrize("said", [{"every": "1"}, {"id": "all on the page"}])
def test_notices_are_marked_as_read_together(told, said):
    told.dispatched(caller_phone="13911112222", place="和平路1号")
    clerk = told.as_(CLERK)
    ids = {"id": [row.id for row in mine(told)]} if "id" in said else said
    clerk.get("/notices")
    clerk.post("/notices/read", ids)
    assert {row.read_at for row in mine(told)} == {told.site.engine.now()}


def test_more_than_a_page_is_turned_over_and_nothing_comes_twice(told):
    (first,) = mine(told)
    row = {name: value for name, value in first._mapping.items() if name not in ("id", "read_at")}
    with transaction(told.site.engine.database) as connection:
        notifications.add(connection, [{**row, "mark": f"copy:{n}", "subject": f"第 {n} 条"} for n in range(60)])
    clerk, seen, path = told.as_(CLERK), [], "/notices"
    while path:
        page = clerk.get(path).text
        seen += re.findall(r'data-row href="/notices/(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""
    assert seen == [str(row.id) for row in reversed(mine(told))] and len(seen) == 61


def test_what_is_no_number_marks_nothing(told):
    clerk = told.as_(CLERK)
    clerk.get("/notices")
    assert clerk.post("/notices/read", {"id": ["x", "-1", "9" * 30]}).status_code == 303
    assert mine(told)[0].read_at is None
    assert clerk.get("/notices?before=x").status_code == 200
