"""A training in the browser: choosing people, filling and signing sheets, and what the order page shows of them."""

import pytest

from tests.web.support_hotline import furnished_hotline, hotline
from tests.web.support_training import SHEET, SIGNED, WANTED, furnished_school, school

__all__ = ["furnished_hotline", "furnished_school", "hotline", "school"]
INTAKE = "/intake?process=equipment_operator_training"


def test_the_start_form_offers_the_trainees_by_name(school):
    page = school.as_("dispatcher_long").get(INTAKE).text
    assert '<option value="trainee_niu">牛小军</option>' in page
    assert "trainer_gu" not in page


def test_a_person_without_the_role_is_refused(school):
    browser = school.as_("dispatcher_long")
    browser.get(INTAKE)
    answers = {"process": "equipment_operator_training", **WANTED, "trainee": "trainer_gu"}
    assert browser.post("/intake", answers).status_code == 422
    assert browser.post("/intake", {**answers, "trainee": "trainee_niu"}).status_code == 303


def test_a_training_is_called_by_the_trainee_s_name(school):
    assert "装载机操作培训 牛小军" in school.show(school.planned(), "dispatcher_long").text


def test_people_stand_by_name_in_facts_and_answers(school):
    page = school.show(school.planned(), "dispatcher_long").text
    assert "<dt>学员</dt><dd>牛小军</dd>" in page
    assert "<dt>培训教员</dt><dd>顾全</dd>" in page


def test_a_sheet_filled_and_signed_through_the_pages_is_counted(school):
    number = school.planned()
    assert "还没有培训表" in school.show(number, "trainer_gu").text
    assert school.hand_in("trainer_gu", number, **SHEET).status_code == 303
    assert school.hand_in("trainee_niu", number, **SIGNED).status_code == 303
    page = school.show(number).text
    assert 'aria-label="基地培训:工作日 1,至少 15"' in page
    assert 'aria-label="基地培训:上机 2.0 小时,至少 30"' in page
    assert '<th scope="row" class="num">9月22日 周一</th>' in page
    assert '<td class="num">顾全</td>' in page


def test_the_form_of_the_trainer_says_what_was_wrong(school):
    number = school.planned()
    school.hand_in("trainer_gu", number, **{**SHEET, "machine_hours": "9"})
    task = school.task(number)
    assert task.element_id == "fill_base_sheet"
    assert "超过每天 8 小时" in school.as_("trainer_gu").get(f"/tasks/{task.id}").text


def test_a_refused_sheet_brings_its_reason_to_the_trainer(school):
    number = school.planned()
    school.do(number, "trainer_gu", **SHEET)
    school.do(number, "trainee_niu", sign_result="refused", sign_reason="只练了一小时")
    assert "只练了一小时" in school.as_("trainer_gu").get(f"/tasks/{school.task(number).id}").text


def test_a_corrected_sheet_is_marked_and_the_old_one_stays_in_sight(school):
    number = school.planned()
    school.trained(number)
    school.trained(number, sheet_day="2025-09-22", machine_hours="1", sheet_corrects="true")
    page = school.show(number).text
    assert "已作废" in page
    assert '<span class="tag">更正</span>' in page
    assert 'aria-label="基地培训:上机 1.0 小时,至少 30"' in page


def test_sheets_are_paged_newest_first(school):
    number = school.planned()
    school.trained(number, 22, machine_hours="1")
    first, second = (school.show(number, query=f"?sheets={page}").text for page in (1, 2))
    assert ("第 1 页,共 2 页" in first, "10月13日 周一</th>" in first, "9月22日 周一</th>" in first) == (
        True,
        True,
        False,
    )
    assert ("9月22日 周一</th>" in second, "10月13日 周一</th>" in second) == (True, False)
    assert school.show(number, query="?sheets=x").status_code == 200
    assert "第 2 页,共 2 页" in school.show(number, query="?sheets=99").text


@pytest.mark.parametrize(
    ("person", "status"),
    [("trainee_niu", 200), ("trainer_gu", 200), ("dispatcher_shi", 200), ("trainee_tan", 404), ("agent_li", 404)],
)
def test_only_who_may_see_the_order_sees_its_sheets(school, person, status):
    number = school.planned()
    school.trained(number)
    assert school.show(number, person).status_code == status


def test_an_order_without_training_shows_no_sheets(school):
    assert 'id="training"' not in school.show(school.start(), "agent_li").text


def test_a_page_sends_as_many_statements_after_forty_days_as_after_one(school):
    number = school.planned()
    school.trained(number)
    counts = []
    for days in (0, 39):
        school.trained(number, days, machine_hours="0.1")
        browser = school.as_("trainee_niu")
        browser.get(f"/orders/{number}")
        with school.site.statements() as seen:
            assert browser.get(f"/orders/{number}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 60


def test_a_step_done_every_day_is_shown_a_few_times_and_the_timeline_folds(school):
    number = school.planned()
    school.trained(number, 30, machine_hours="0.1")
    page = school.show(number).text
    assert page.count("<h2>填写每日培训表") == 5
    assert "更早的" in page
    assert page.count("<h2>制定培训计划") == 1


def test_starting_what_is_no_call_asks_for_no_caller(school):
    page = school.as_("dispatcher_long").get(INTAKE).text
    assert "<h1>提出培训 · 设备操作人员培训</h1>" in page
    assert "同号、同地" not in page
    assert "要素" not in page
    assert "同号、同地的工单" in school.as_("agent_li").get("/intake").text
