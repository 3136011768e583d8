"""An admin moves an order to another step: chosen from a list, seen beforehand, done; its people see it at once."""

from typing import Any

from tests.browser.test_an_admin_suspends_an_order import begun
from tests.browser.test_pages_are_accessible import look


def test_moved_to_the_end_of_its_way(somebody: Any) -> None:
    clerk, admin = somebody("agent_li"), somebody("admin_tang")
    path = begun(clerk, "错寄查询")

    admin.open(f"/orders/{path}")
    admin.page.get_by_role("link", name="跳转到别的步骤…").click()
    targets = admin.page.locator("input[name='to']:not([disabled])")
    targets.last.check()
    admin.page.get_by_role("button", name="看看会怎样").click()
    look(admin, f"/orders/{path}/jump", 1280)
    preview = admin.page.locator("#jump-preview").inner_text()
    assert "收回" in preview
    admin.page.fill("#jump-reason", "寄信人已自己找到")
    admin.page.locator("form[method='post'] button.primary").click()
    assert "已跳转" in admin.text()
    clerk.open(f"/orders/{path}")
    assert "寄信人已自己找到" in clerk.text()
