"""An admin suspends an order, resumes it and ends it; its people see each at once."""

from typing import Any

from tests.browser.test_pages_are_accessible import check


def begun(clerk: Any, subject: str) -> str:
    """Ask for a letter, and open the order from one's own list; give its number."""
    clerk.open("/intake?process=letter")
    clerk.fill(subject=subject, phone="13800010003", amount="2")
    clerk.press("登记成工单")
    clerk.open("/started")
    clerk.page.locator("tr", has_text=subject).first.get_by_role("link").first.click()
    return str(clerk.page.url.partition("/orders/")[2])


def test_suspended_resumed_and_terminated(somebody: Any) -> None:
    clerk, admin = somebody("agent_li"), somebody("admin_tang")
    path = begun(clerk, "退信查询")

    admin.open(f"/orders/{path}")
    admin.page.locator("summary", has_text="挂起工单").click()
    admin.page.fill("#suspend-reason", "等邮局来函")
    admin.page.locator("form[action$='/suspend'] button").click()
    assert "恢复以前谁也不能办" in admin.text()
    check(admin, f"/orders/{path}", 1280)
    clerk.open(f"/orders/{path}")
    assert "等邮局来函" in clerk.text()

    admin.page.locator("summary", has_text="恢复办理").click()
    admin.page.locator("form[action$='/go_on'] button").click()
    admin.page.locator("summary", has_text="终止工单").click()
    assert "收回" in admin.page.locator("#terminate-preview").inner_text()
    admin.page.fill("#terminate-reason", "邮局不再受理")
    admin.page.locator("form[action$='/terminate'] button").click()
    clerk.open(f"/orders/{path}")
    assert "已终止" in clerk.text()


def test_declared_void(somebody: Any) -> None:
    clerk, admin = somebody("agent_li"), somebody("admin_tang")
    path = begun(clerk, "登记错的信")
    admin.open(f"/orders/{path}")
    admin.page.locator("summary", has_text="作废工单").click()
    assert "收回" in admin.page.locator("#void-preview").inner_text()
    admin.page.fill("#void-reason", "登记错了,没有这封信")
    admin.page.locator("form[action$='/void'] button").click()
    assert "已作废" in admin.text()
    clerk.open(f"/orders/{path}")
    assert "登记错了,没有这封信" in clerk.text()
    clerk.open("/")
    assert path not in clerk.text()
