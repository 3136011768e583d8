"""The admins' calendars: list, year, month, a day, the hours, and the holidays of a year from a notice or a file."""

import io
import re
from datetime import datetime
from pathlib import Path

import pytest

from engine.commands.calendar_change import RESERVED
from engine.domain.clock import SHANGHAI
from tests.support.holidays_2027 import TEXT, holiday_cn
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
PAGES = ["/admin/calendars", "/admin/calendars/office", "/admin/calendars/office?year=2027", "/admin/calendars/plant_two_shifts",
         "/admin/calendars/office?version=1", "/admin/calendars/office/2025-10", "/admin/calendars/office/days/2025-10-11",
         "/admin/calendars/import"]  # fmt: skip
NOTICES = Path(__file__).parents[1] / "fixtures" / "holiday_notices"
IMPORT = "/admin/calendars/import"
CONFIRM = "/admin/calendars/confirm"


@pytest.fixture
def admin(site):
    """The admin's browser."""
    return site.logged_in("admin_tang")


def text(response):
    return response.get_data(as_text=True)


def sealed(page):
    return re.search(r'name="sealed" value="([^"]*)"', text(page))[1]


def confirmed(browser, preview, reason="国务院办公厅已公布"):
    return browser.post(CONFIRM, {"sealed": sealed(preview), "reason": reason}, follow_redirects=True)


def pasted(browser, said=TEXT, **more):
    browser.get(IMPORT)
    return browser.post(IMPORT, {"text": said, **more})


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_admins_and_is_unknown_to_others(site, admin, path):
    assert admin.get(path).status_code == 200
    assert site.logged_in("agent_li").get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "office?version=9",
        "office/2025-13",
        "office/1999-01",
        "office/days/soon",
        "office/days/1999-01-01",
        "nothing/days/2025-10-11",
    ],
)
def test_what_does_not_exist_is_not_found(admin, path):
    assert admin.get(f"/admin/calendars/{path}").status_code == 404


def test_the_list_says_who_counts_by_a_calendar(hotline):
    page = text(hotline.as_("admin_tang").get("/admin/calendars"))
    assert "机关作息" in page and "市长热线" in page and "06:00-14:00、14:00-22:00" in page


def test_a_day_says_in_words_what_it_is_and_why(admin):
    page = text(admin.get("/admin/calendars/office/2025-10"))
    assert "10月11日 周六 · 上班 · 国庆节调休上班（国办通知）" in page
    assert "10月1日 周三 · 不上班 · 国庆节" in page
    assert "暂定" in text(admin.get("/admin/calendars/office/2027-10"))


def test_from_november_on_the_list_asks_for_the_notice(site, admin):
    assert "还没有确认" not in text(admin.get("/admin/calendars"))
    site.clock.move_to(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI))
    page = text(site.logged_in("admin_tang").get("/admin/calendars"))
    assert "2027年的放假安排还没有确认" in page


def test_from_november_on_the_overview_asks_for_it_too_until_the_year_is_confirmed(site):
    def overview():
        browser = site.logged_in("admin_tang")
        browser.get("/admin")
        with site.statements() as seen:
            page = text(browser.get("/admin"))
        return len(seen), page

    asked, page = overview()
    assert "还没有确认" not in page
    site.clock.move_to(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI))
    in_time, page = overview()
    assert "2027年的放假安排还没有确认,跨到2027年的时限都是暂定的。" in page and f'href="{IMPORT}"' in page
    admin = site.logged_in("admin_tang")
    confirmed(admin, pasted(admin))
    confirmed_by_now, page = overview()
    assert "还没有确认" not in page
    assert (in_time, confirmed_by_now) == (asked + 1, asked + 1)


def test_a_pasted_notice_is_previewed_and_confirmed(admin, site):
    preview = pasted(admin)
    assert "365 天由暂定变为确认" in text(preview) and "元旦调休上班（国办通知）" in text(preview)
    assert len(site.rows("calendar_version")) == 1
    page = text(confirmed(admin, preview))
    assert "现在是第 2 版" in page
    assert "国务院办公厅已公布" in text(admin.get("/admin/calendars/office?year=2027"))
    assert "2027年1月9日</a> <strong>上班</strong>" in text(admin.get("/admin/calendars/office?year=2027"))


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_notice_that_says_what_is_there_already_is_refused_and_makes_no_version(admin, site, year):
    page = pasted(admin, (NOTICES / f"{year}.txt").read_text("utf-8"))
    assert page.status_code == 422
    assert "和现在的日历没有差别,不用改" in text(page) and 'name="sealed"' not in text(page)
    assert len(site.rows("calendar_version")) == 1


def test_a_file_is_previewed_as_well(admin):
    admin.get(IMPORT)
    sent = {"file": (io.BytesIO(holiday_cn()), "2027.json")}
    preview = admin.post(IMPORT, sent, content_type="multipart/form-data")
    assert "现在是第 2 版" in text(confirmed(admin, preview))


def test_what_is_wrong_in_a_notice_is_named_by_line_and_the_text_kept(admin, site):
    page = pasted(admin, TEXT.replace("1月9日(周六)", "1月9日(周日)"))
    assert page.status_code == 422
    assert "第2行" in text(page) and "清明节:4月3日" in text(page)
    assert len(site.rows("calendar_version")) == 1


def test_every_wrong_line_is_an_item_of_its_own_whatever_it_quotes(admin):
    said = TEXT.replace("1月9日(周六)上班", "1月9日照旧;照旧").replace("共8天", "共9天")
    page = text(pasted(admin, said))
    items = re.findall(r"<li>(.*?)</li>", page.split('role="alert"')[1].split("</div>")[0])
    assert [item[:4] for item in items] == ["第2行:", "第3行:"]
    table = "日期,上班/放假\n2027-01-01,放;假\n2027-13-01,放假\n"
    sent = {"file": (io.BytesIO(table.encode()), "2027.csv")}
    page = text(admin.post(IMPORT, sent, content_type="multipart/form-data"))
    items = re.findall(r"<li>(.*?)</li>", page.split('role="alert"')[1].split("</div>")[0])
    assert items == ["第2行:“放;假”看不懂,请写上班或放假", "第3行:“2027-13-01”:没有这一天"]


@pytest.mark.parametrize("said", [{"text": ""}, {"text": TEXT, "year": "2028"}])
def test_nothing_or_another_year_is_refused(admin, said):
    admin.get(IMPORT)
    assert admin.post(IMPORT, said).status_code == 422


def test_a_preview_that_was_tampered_with_changes_nothing(admin, site):
    preview = pasted(admin)
    admin.post(CONFIRM, {"sealed": sealed(preview)[:-3] + "xyz", "reason": "改"})
    assert len(site.rows("calendar_version")) == 1


def test_a_preview_of_somebody_else_is_not_accepted(site, admin):
    preview = pasted(admin)
    stranger = site.logged_in("leader_wang")
    assert stranger.post(CONFIRM, {"sealed": sealed(preview), "reason": "改"}).status_code == 404


def test_without_a_reason_the_preview_comes_back(admin, site):
    answer = admin.post(CONFIRM, {"sealed": sealed(pasted(admin)), "reason": " "})
    assert answer.status_code == 422 and "理由" in text(answer)
    assert len(site.rows("calendar_version")) == 1


def test_whoever_was_second_sees_the_preview_again(admin, site):
    first, second = (
        pasted(admin),
        admin.post("/admin/calendars/office/days/2027-03-03", {"state": "off", "reason": "停电"}),
    )
    confirmed(admin, second, "停电")
    answer = admin.post(CONFIRM, {"sealed": sealed(first), "reason": "改"})
    assert answer.status_code == 422 and "有人又改了" in text(answer)
    assert "现在是第 3 版" in text(confirmed(admin, answer))


def test_an_order_that_moves_is_named_before_and_after(hotline):
    number = hotline.dispatched()
    admin = hotline.as_("admin_tang")
    admin.get("/admin/calendars/office/days/2025-09-23")
    preview = admin.post("/admin/calendars/office/days/2025-09-23", {"state": "off", "reason": "全市停电"})
    assert number in text(preview) and "会移动" in text(preview)
    due = hotline.task(number).due_at
    confirmed(admin, preview, "全市停电")
    assert hotline.task(number).due_at > due
    assert "工作日历改了,到期时间跟着变:2025-09-23 不上班" in text(admin.get(f"/orders/{number}"))


def test_a_day_gets_hours_of_its_own_and_back(admin):
    path = "/admin/calendars/office/days/2025-10-10"
    half = admin.post(path, {"state": "open", "hours": "08:30-12:00", "reason": "下午开会"})
    confirmed(admin, half, "下午开会")
    assert "08:30-12:00" in text(admin.get(path)) and "恢复全国安排" in text(admin.get(path))
    confirmed(admin, admin.post(path, {"state": "national", "reason": "会不开了"}), "会不开了")
    assert "恢复全国安排(" not in text(admin.get(path))


@pytest.mark.parametrize(
    "said",
    [
        {"state": "off"},
        {"state": "sometimes", "reason": "改"},
        {"state": "open", "hours": "8点到12点", "reason": "改"},
        {"state": "open", "reason": "改", "scope": "national"},
        {"state": "off", "hours": "08:30-12:00", "scope": "national", "reason": "改"},
    ],
)
def test_a_day_that_is_not_understood_or_changes_nothing_is_refused(admin, said):
    assert admin.post("/admin/calendars/office/days/2025-10-10", said).status_code == 422


def test_summer_hours_begin_on_a_day_and_can_be_withdrawn(admin):
    path = "/admin/calendars/office/hours"
    admin.get("/admin/calendars/office")
    preview = admin.post(path, {"first": "2026-05-01", "hours": "08:00-12:00,14:30-18:30", "name": "夏季作息"})
    confirmed(admin, preview, "夏季作息")
    assert "2026-05-01 起:08:00-12:00、14:30-18:30" in text(admin.get("/admin/calendars/office"))
    confirmed(admin, admin.post(path, {"first": "2026-05-01", "withdraw": "1"}), "不换了")
    assert "2026-05-01 起:" not in text(admin.get("/admin/calendars/office"))


@pytest.mark.parametrize("said", [{"first": "", "hours": "08:00-12:00"}, {"first": "2026-05-01", "hours": "八点"}])
def test_hours_that_are_not_understood_are_refused(admin, said):
    assert admin.post("/admin/calendars/office/hours", said).status_code == 422


def test_calendars_are_added_and_renamed(admin):
    admin.get("/admin/calendars")
    said = {"name": "图书馆", "calendar": "library", "hours": "10:00-20:00", "every_day": "on"}
    assert admin.post("/admin/calendars", said).status_code == 303
    assert admin.post("/admin/calendars", said).status_code == 422
    admin.post("/admin/calendars/library/name", {"name": "市图书馆"})
    assert "市图书馆" in text(admin.get("/admin/calendars"))
    assert admin.post("/admin/calendars/library/name", {"name": ""}).status_code == 422


def test_a_calendar_is_never_called_like_a_page_for_all_of_them(admin, site):
    places = {
        str(rule).split("/")[3] for rule in site.app.url_map.iter_rules() if str(rule).startswith("/admin/calendars/")
    }
    pages = {place for place in places if not place.startswith("<")}
    assert pages == RESERVED
    admin.get("/admin/calendars")
    for page in sorted(pages):
        said = {"name": "外来", "calendar": page.upper(), "hours": "10:00-20:00"}
        answer = admin.post("/admin/calendars", said)
        assert (answer.status_code, f"日历代码 {page} 留给系统的页面用,请换一个" in text(answer)) == (422, True)
    assert pages.isdisjoint(row.key for row in site.rows("calendar"))


def test_the_year_asks_the_database_no_more_often_with_many_versions(admin, site):
    def asked():
        admin.get("/admin/calendars/office")
        with site.statements() as seen:
            admin.get("/admin/calendars/office")
        return len(seen)

    few = asked()
    for day in range(3, 8):
        change = admin.post(
            f"/admin/calendars/office/days/2027-03-0{day}", {"state": "off" if day < 6 else "open", "reason": "改"}
        )
        confirmed(admin, change, "改")
    assert asked() == few
