"""A complaint received after hours in real pages: passed on, promised, called about again, confirmed and closed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.domain.clock import SHANGHAI, SystemClock
from tests.browser.test_pages_are_accessible import check

COMPLAINT = {
    "channel": "phone",
    "caller_name": "许先生",
    "caller_phone": "13900030001",
    "site": "heju_jinxiu",
    "place": "锦绣花园3栋2单元501",
    "subject": "楼上漏水",
    "content": "卫生间顶部渗水,已经滴了两天。",
    "demand": "尽快止水并修复吊顶",
    "severity": "ordinary",
    "settled_now": "no",
}


@pytest.fixture
def evening(office: Any) -> Iterator[datetime]:
    """The office's clock stands at half past eight, after closing."""
    now = SystemClock().now().astimezone(SHANGHAI)
    at = now.replace(hour=20, minute=30)
    at += timedelta(days=1) if at < now else timedelta()
    office.shift((at - now).total_seconds())
    yield at
    office.shift(0)


def work_on(person: Any, number: str, box: str) -> None:
    """Open a task of an order from a list and look at its page as axe does."""
    person.open(box)
    person.page.get_by_role("link", name=number, exact=True).click()
    check(person, person.page.url.removeprefix(person.url), person.page.viewport_size["width"])


def test_a_complaint_of_the_evening_is_promised_called_about_again_and_closed(somebody: Any, evening: datetime) -> None:
    service, site = somebody("service_ding"), somebody("staff_jinxiu_fang", width=390)
    promised = evening + timedelta(days=2)
    service.press("登记投诉")
    check(service, "/intake", 1280)
    service.fill(**COMPLAINT)
    service.fill(promised_at=f"{promised:%Y-%m-%dT17:00}")
    service.press("登记成工单")
    number = service.number("WY")
    assert "等候物业客服签收" in service.text()

    service.open("/pool")
    assert "09:30" in service.page.get_by_role("row").filter(has_text=number).inner_text()
    work_on(service, number, "/pool")
    service.fill(notified_person="高峰", notified_how="phone")
    service.press("提交“送达管理处”")

    site.open("/pool")
    assert f"{promised.day}日 17:00" in site.page.get_by_role("row").filter(has_text=number).inner_text()
    service.open(f"/orders/{number}")
    assert "等候锦绣花园管理处 管理处人员" in service.text()
    service.page.locator("summary", has_text="业主再次投诉").click()
    service.fill(again_text="水越来越大")
    service.press("业主再次投诉")
    check(service, f"/orders/{number}", 1280)

    work_on(site, number, "/pool")
    assert "水越来越大" in site.text()
    site.fill(handle_result="replied")
    site.fill(measures="已关阀止水", reply="电话告知业主")
    site.press("提交“处理并回复业主”")

    work_on(service, number, "/pool")
    service.fill(confirm_result="satisfied", owner_opinion="处理得很快")
    service.press("提交“核实回复”")
    service.open(f"/orders/{number}")
    assert "已办结" in service.page.inner_text(".head")
