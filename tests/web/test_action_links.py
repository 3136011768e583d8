"""The link of a message: through the log-in to the task, once."""

from dataclasses import replace

import pytest

from engine import ClaimUserTask, UrgeUserTask
from engine.domain import action_links
from tests.web.conftest import PASSWORD
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
SECRET = "a secret of an installation, long enough"


@pytest.fixture
def link(hotline):
    """The address of the link in the message that urges the shift leader."""
    engine = hotline.site.engine
    engine.settings = replace(engine.settings, secret=SECRET)
    task = hotline.task(hotline.start())
    engine.execute(ClaimUserTask(task.id, "leader_wang"))
    engine.execute(UrgeUserTask(task.id, "leader_wang", "请尽快"))
    (row,) = (row for row in hotline.site.rows("outbox") if row.recipient == "leader_wang")
    token = action_links.write(SECRET, action_links.link_from(row.id, "leader_wang", engine.now()))
    return f"/go/{token}", f"/tasks/{task.id}"


def test_it_leads_through_the_log_in_to_the_task_and_only_once(hotline, link):
    address, task = link
    browser = hotline.site.browser()
    asked = browser.get(address)
    assert (asked.status_code, "/login?next=" in asked.location) == (303, True)
    browser.get("/login")
    said = {"account": "leader_wang", "password": PASSWORD, "next": address}
    assert browser.post("/login", said).location == address
    assert browser.get(address).location == task
    spent = browser.get(address)
    assert (spent.status_code, "已经用过" in spent.text, "/login" in spent.text) == (410, True, False)


def test_whoever_only_looks_ahead_does_not_use_it_up(hotline, link):
    address, task = link
    leader = hotline.as_("leader_wang")
    assert leader.get(address, headers={"Sec-Purpose": "prefetch"}).status_code == 204
    assert leader.client.head(address).status_code == 204
    assert leader.get(address).location == task


def test_a_forged_one_and_somebody_else_s_is_not_found(hotline, link):
    address, task = link
    assert hotline.as_("leader_wang").get(address[:-3] + "AAA").status_code == 404
    assert hotline.as_("agent_li").get(address).status_code == 404
    assert hotline.as_("leader_wang").get(address).location == task
