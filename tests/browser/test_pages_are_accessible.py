"""axe-core finds nothing to object to, at both widths; nothing scrolls sideways; staff pages stay light."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.test_an_order_to_its_end import take_call

AXE = Path(__file__).parents[2] / "var" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
STAFF = (
    "/",
    "/pool",
    "/done",
    "/started",
    "/intake?process=mayor_hotline",
    "/search?q=路",
    "/procedures",
    "/password",
    "/duty",
    "/notices",
    "/notices/wishes",
)
LEADER = ("/board",)
ADMIN = (
    *(
        "/admin",
        "/admin/acts",
        "/admin/incidents",
        "/admin/queues/jobs",
        "/admin/queues/timers",
        "/admin/queues/outbox",
    ),
    *(
        "/admin/usual-ways",
        "/admin/channels",
        "/admin/channels?kind=email",
        "/admin/channels?kind=dingtalk",
        "/admin/channels?kind=sms",
    ),
    *("/admin/people", "/admin/people/new", "/admin/people/import", "/admin/person/agent_li"),
    *("/admin/roles", "/admin/units", "/admin/units/city_roads", "/admin/rosters", "/admin/rosters/property_night"),
    *("/admin/calendars", "/admin/calendars/office", "/admin/calendars/import"),
    *("/admin/calendars/office/2026-10", "/admin/calendars/office/days/2026-10-10"),
)
BUDGET = 60_000


def check(person: Any, path: str, width: int) -> None:
    """Open a page and look at it as axe does."""
    person.open(path)
    look(person, path, width)


def look(person: Any, path: str, width: int) -> None:
    """Look at the page that is open as axe does."""
    sideways = person.page.evaluate(
        "() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
    )
    assert not sideways, f"{path} scrolls sideways at {width}"
    person.page.evaluate(AXE.read_text())
    found = person.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    problems = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]]
    assert problems == [], f"{path} at {width}: {problems}"


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_an_accessibility_violation(somebody: Any, width: int) -> None:
    for account, paths in (("agent_li", STAFF), ("leader_wang", LEADER), ("admin_tang", ADMIN)):
        person = somebody(account, width=width)
        for path in paths:
            check(person, path, width)


def test_the_pages_of_one_order_have_no_violation_either(somebody: Any) -> None:
    agent = somebody("agent_li")
    number = take_call(agent, subject="公交站牌倾斜")
    for width in (1280, 390):
        leader, owner = somebody("leader_wang", width=width), somebody("owner_qin", width=width)
        leader.open("/pool")
        task = leader.page.get_by_role("link", name=number).get_attribute("href")
        for path in (task, f"/orders/{number}", f"/orders/{number}/sheet/dispatch"):
            check(leader, path, width)
        for path in (
            "/procedures/mayor_hotline",
            "/procedures/mayor_hotline/1/limits",
            "/procedures/mayor_hotline/1/notices",
            "/procedures/limits?text=3-5个工作日",
        ):
            check(owner, path, width)


def test_a_channel_and_trying_it_out_have_none(somebody: Any) -> None:
    admin = somebody("admin_tang")
    admin.open("/admin/channels?kind=console")
    admin.fill(code="on_the_log", name="日志")
    admin.press("存下通道,先不启用")
    admin.press("发送测试消息")
    admin.page.locator("#result h2 .calm").wait_for()
    tested = urlsplit(admin.page.url).path
    for width in (1280, 390):
        admin.page.set_viewport_size({"width": width, "height": 900})
        for path in (tested, "/admin/channels", "/admin/channels/on_the_log", "/admin/usual-ways"):
            check(admin, path, width)


def test_a_receipt_a_preview_and_an_order_that_stands_still_have_none(somebody: Any) -> None:
    agent, leader = somebody("agent_li"), somebody("leader_wang")
    number = take_call(agent, subject="窨井盖缺失")
    leader.open("/pool")
    task = leader.page.get_by_role("link", name=number).get_attribute("href")
    chief = somebody("office_chen")
    chief.open(f"/orders/{number}")
    chief.page.get_by_role("link", name="暂停工单…").click()
    chief.page.locator("#pause-reason").fill("等来电人补照片")
    chief.press("暂停工单")
    for width in (1280, 390):
        boss, admin = somebody("office_chen", width=width), somebody("admin_tang", width=width)
        for path in (f"/orders/{number}", task, f"{task}/receipt", f"/orders/{number}/receipt"):
            check(boss, path, width)
        boss.open(f"/orders/{number}")
        boss.page.locator("a[data-receipt]").first.click()
        boss.page.locator("dialog#receipt[open]").wait_for()
        look(boss, f"the dialog of {number}", width)
        admin.open("/admin/calendars/office/days/2027-06-01")
        admin.fill(state="off", reason="停电")
        admin.press("先看看会怎样")
        look(admin, "the preview of a day", width)


def test_staff_pages_load_less_than_sixty_kilobytes(somebody: Any) -> None:
    person = somebody("agent_li")
    sizes: dict[str, int] = {}
    person.page.on("response", lambda r: sizes.__setitem__(r.url, len(r.body())) if r.status == 200 else None)
    for path in ("/", "/pool", "/intake?process=mayor_hotline"):
        sizes.clear()
        person.open(path)
        person.page.wait_for_load_state("networkidle")
        assert sum(sizes.values()) < BUDGET, (path, sizes)


def test_lists_and_forms_work_without_javascript(somebody: Any) -> None:
    person = somebody("agent_li", java_script_enabled=False)
    for path in ("/", "/pool", "/intake?process=mayor_hotline"):
        person.open(path)
        assert person.page.locator("h1").count() == 1
