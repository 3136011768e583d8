"""A job that fails becomes an incident; an admin finds it, mends the cause and lets it run again."""

from typing import Any
from urllib.parse import urlsplit

from tests.browser.test_pages_are_accessible import check


def wait_for(person: Any, path: str, text: str) -> None:
    """Open a page again and again until it says something."""
    for _ in range(60):
        person.open(path)
        if text in person.text():
            return
        person.page.wait_for_timeout(500)
    raise AssertionError(person.text())


def test_a_failing_job_is_found_and_mended(somebody: Any, office: Any) -> None:
    agent, admin = somebody("agent_li"), somebody("admin_tang")
    agent.open("/intake?process=letter")
    agent.fill(subject="催缴通知", phone="13800010002", amount="2")
    agent.press("登记成工单")
    agent.open("/started")
    agent.page.get_by_role("link", name="L2").first.click()

    clerk = somebody("clerk_roads_zhou")
    clerk.open("/pool")
    clerk.page.locator("tr", has_text="催缴通知").get_by_role("link").first.click()
    clerk.page.locator("form button.primary").first.click()

    wait_for(admin, "/admin/incidents", "邮局没有开门")
    admin.page.locator("main table a").first.click()
    assert "寄出" in admin.text()
    check(admin, urlsplit(admin.page.url).path, 1280)
    office.open_the_post()
    admin.press("原样重试")
    wait_for(clerk, "/pool", "归档")
