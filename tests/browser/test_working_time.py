"""Working time as people meet it: receipts, the calendar of a month, a notice of holidays, pauses and extensions.

The office stands at Monday 28 December 2026, 10:00; the holidays of 2027 are not announced yet.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from engine.domain.clock import SHANGHAI
from tests.browser.conftest import Office, running_office
from tests.browser.test_an_order_to_its_end import open_task, take_call
from tests.support.holidays_2027 import TEXT

MONDAY = datetime(2026, 12, 28, 10, 0, tzinfo=SHANGHAI)
IMPORT = "/admin/calendars/import"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of its own: other tests shall not find its clock and its calendars changed."""
    folder = tmp_path_factory.mktemp("december")
    with running_office(folder, "hotline", at=MONDAY, letter_limit="13个工作日") as office:
        yield office


def dispatched(agent: Any, leader: Any, subject: str) -> str:
    """An order that the roads office is to handle within five working days; give its number."""
    number = take_call(agent, subject=subject)
    open_task(leader, number, "/pool")
    leader.fill(dispatch_choice="dispatch")
    leader.fill(unit="city_roads", urgency="normal")
    leader.press("提交“交办工单”")
    return number


def letter_asked_for(agent: Any, subject: str) -> str:
    """A letter to be written within thirteen working days; give its number."""
    agent.open("/intake?process=letter")
    agent.fill(subject=subject, phone="13800010002", amount="2")
    agent.press("登记成工单")
    return str(re.search(r"L\d{8}", agent.text())[0])


def row(person: Any, text: str) -> Any:
    """The line of a list that says something."""
    return person.page.locator("tbody tr", has_text=text)


def receipt_at(person: Any, where: Any) -> str:
    """Open a receipt by the keyboard, read it, close it with Escape; the focus is back on the link."""
    link = where.locator("a[data-receipt]").first
    address = link.get_attribute("href")
    link.focus()
    person.page.keyboard.press("Enter")
    dialog = person.page.locator("dialog#receipt[open]")
    dialog.wait_for()
    words = str(dialog.inner_text())
    person.page.keyboard.press("Escape")
    person.page.wait_for_function("() => !document.getElementById('receipt').open")
    assert person.page.evaluate("() => document.activeElement.getAttribute('href')") == address
    return words


def opened(person: Any, summary: str) -> None:
    """Unfold a section."""
    person.page.locator("summary").get_by_text(summary, exact=True).click()


def confirm(admin: Any, version: int) -> None:
    """Make the change that is previewed; the page that follows names its version."""
    admin.page.locator("button.primary", has_text="确认").click()
    admin.page.get_by_text(f"现在是第 {version} 版").wait_for()


def test_a_due_date_opens_its_receipt_in_place_and_without_scripts_as_a_page(somebody: Any) -> None:
    agent, leader, clerk = somebody("agent_li"), somebody("leader_wang"), somebody("clerk_roads_zhou")
    number = dispatched(agent, leader, "井盖松动")
    clerk.open("/pool")
    line = row(clerk, number)
    assert "2027年1月5日 18:00" in line.inner_text() and "暂定" in line.inner_text()
    clicked = line.locator("a[data-receipt] .small")
    clicked.click()
    clerk.page.locator("dialog#receipt[open]").wait_for()
    clerk.press("关上")
    words = receipt_at(clerk, line)
    for said in ("5个工作日", "2026年12月28日", "12月29日", "第1至第3个工作日", "1月1日", "元旦", "暂定", "第1版"):
        assert said in words, said
    clerk.open(f"/orders/{number}")
    assert "2027年1月5日 18:00" in receipt_at(clerk, clerk.page.locator("main"))

    plain = somebody("clerk_roads_zhou", java_script_enabled=False)
    plain.open("/pool")
    row(plain, number).locator("a[data-receipt]").click()
    assert plain.page.url.endswith("/receipt")
    lines = [line.split() for line in plain.page.locator("table.receipt").inner_text().splitlines()]
    assert lines and all(" ".join(line) in " ".join(words.split()) for line in lines)


def test_an_admin_reads_a_month_and_gives_one_day_hours_of_its_own(somebody: Any) -> None:
    admin = somebody("admin_tang")
    admin.open("/admin/calendars/office/2026-10")
    made_up = admin.page.locator("a.day[data-tip^='10月10日']")
    assert "班" in made_up.locator(".sign").inner_text()
    assert "10月10日 周六 · 上班 · 国庆节调休上班" in made_up.inner_text()
    admin.page.locator("table.month a").first.focus()
    for _ in range(9):
        admin.page.keyboard.press("Tab")
    assert "10月10日" in admin.page.evaluate("() => document.activeElement.innerText")
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_url("**/days/2026-10-10")
    assert "国庆节调休上班" in admin.text()

    admin.open("/admin/calendars/office/days/2026-12-30")
    admin.fill(state="open", hours="08:30-12:00", reason="年终盘点")
    admin.press("先看看会怎样")
    admin.page.get_by_text("现在什么也没有写").wait_for()
    assert "年终盘点" in admin.text()
    confirm(admin, 2)
    version = admin.page.locator("#versions li").first
    assert "唐宁" in version.inner_text() and "年终盘点" in version.inner_text()
    admin.open("/admin/calendars/office/2026-12")
    day = admin.page.locator("a.day.own")
    assert "例" in day.locator(".sign").inner_text() and "年终盘点 · 08:30-12:00" in day.inner_text()


def test_a_notice_is_looked_at_before_it_moves_what_was_tentative(somebody: Any) -> None:
    agent, clerk, admin = somebody("agent_li"), somebody("clerk_roads_zhou"), somebody("admin_tang")
    letter_asked_for(agent, "年终催缴")
    clerk.open("/pool")
    assert re.search(r"2027年1月15日 18:00.*暂定", row(clerk, "年终催缴").inner_text(), re.S)
    assert "暂定" in receipt_at(clerk, row(clerk, "年终催缴"))

    admin.open(IMPORT)
    wrong = TEXT.replace("1月9日(周六)", "1月9日(周日)")
    admin.fill(text=wrong)
    admin.press("先看看会怎样")
    assert "第2行" in admin.page.locator(".summary").inner_text()
    assert admin.page.locator("textarea").input_value().splitlines() == wrong.splitlines()

    for confirmed in (False, True):
        admin.open(IMPORT)
        admin.fill(text=TEXT)
        admin.press("先看看会怎样")
        admin.page.locator("#reason").wait_for()
        assert re.search(r"1月9日.*元旦调休上班", admin.text(), re.S)
        moved = row(admin, "年终催缴").inner_text()
        assert re.search(r"写信.*2027年1月15日 18:00.*2027年1月14日 18:00.*不再暂定", moved, re.S)
        if confirmed:
            confirm(admin, 3)
        else:
            admin.press("不改了")
        clerk.open("/pool")
        line = row(clerk, "年终催缴").inner_text()
        assert ("2027年1月14日 18:00" in line, "暂定" not in line) == (confirmed, confirmed)
    assert "第3版" in receipt_at(clerk, row(clerk, "年终催缴"))


def test_a_pause_and_an_extension_are_told_by_the_receipt(somebody: Any, office: Office) -> None:
    agent, clerk, chief = somebody("agent_li"), somebody("clerk_roads_zhou"), somebody("office_chen")
    number = letter_asked_for(agent, "护栏赔偿")
    open_task(clerk, number, "/pool")
    clerk.press("先签收,稍后再办")
    open_task(clerk, number, "/")
    opened(clerk, "申请延长这一步的时限")
    clerk.page.locator("#ask-limit").fill("2个工作日")
    clerk.page.locator("#ask-reason").fill("配件要定做")
    clerk.page.locator("#ask-limit").press("Enter")
    assert "等督办岗位批准" in clerk.text()

    chief.open(f"/orders/{number}")
    assert "申请延期2个工作日" in chief.text()
    chief.open(clerk.page.url.removeprefix(office.url))
    chief.page.locator("#granted").fill("1个工作日")
    chief.press("批准延期")
    chief.open(f"/orders/{number}")
    chief.page.get_by_role("link", name="暂停工单…").click()
    chief.page.locator("#pause-reason").fill("等来电人补照片")
    chief.page.locator("#pause-review").fill("2027-01-08")
    chief.press("暂停工单")
    assert "工单暂停中" in chief.text() and "2027年1月8日 09:00 复核" in chief.text()
    clerk.open("/")
    assert "暂停中" in row(clerk, number).inner_text()
    office.shift((MONDAY - datetime.now(SHANGHAI)).total_seconds() + 86400)
    chief.open(f"/orders/{number}")
    chief.page.get_by_role("link", name="恢复工单…").click()
    chief.press("恢复办理,时限接着走")
    assert "工单已恢复" in chief.text()

    clerk.open("/")
    words = receipt_at(clerk, row(clerk, number))
    for said in ("陈志远批准延期1个工作日", "配件要定做", "等来电人补照片", "占去", "现在的到期"):
        assert said in words, said
