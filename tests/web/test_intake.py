"""Intake: what the telephone system hands over, earlier orders, elements, drafts, and that no call becomes two orders."""

import re

import pytest

from engine import CancelOrder
from tests.web.support_hotline import CALL, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
PART = {"X-Part": "1"}


def draft_of(text: str) -> str:
    return re.search(r'name="draft" value="([^"]+)"', text)[1]


def orders(hotline) -> list[str]:
    return [row.number for row in hotline.site.rows("work_order")]


def test_a_call_becomes_an_order(hotline):
    browser = hotline.as_("agent_li")
    browser.get("/intake")
    response = browser.post("/intake", CALL)
    assert response.status_code == 303
    assert "路灯不亮" in browser.get("/started").text


def test_the_telephone_system_hands_over_the_number_and_the_caller_s_orders_appear(hotline):
    number = hotline.start()
    text = hotline.as_("agent_li").get("/intake?phone=13800005678").text
    assert 'value="13800005678"' in text
    assert number in text
    assert "同号" in text


def test_orders_of_others_are_named_but_only_one_s_own_can_be_opened(hotline):
    number = hotline.start("agent_wang")
    text = hotline.as_("agent_li").get("/intake?phone=13800005678").text
    assert number in text
    assert f'href="/orders/{number}"' not in text


def test_orders_about_the_same_place_are_suggested_open_ones_first(hotline):
    here = hotline.start(caller_phone="13900000002", place="解放路12号门口")
    done = hotline.start(caller_phone="13900000001")
    hotline.site.engine.execute(CancelOrder(done, "agent_li", "重复"))
    text = hotline.as_("agent_li").post("/intake/look", {"place": "解放路12号"}).text
    assert text.index(here) < text.index(done)
    assert "同地" in text


def test_a_short_place_suggests_nothing(hotline):
    hotline.start()
    assert "没有同号或同地" in hotline.as_("agent_li").post("/intake/look", {"place": "解放"}).text


def test_a_caller_s_further_call_is_noted_in_the_open_order_by_whoever_takes_it(hotline):
    number = hotline.dispatched()
    browser = hotline.as_("agent_wang")
    assert "不另立新单" in browser.get("/intake?phone=13800005678").text
    response = browser.post(f"/orders/{number}/message/caller_phoned_again", {"again_text": "还是不亮"})
    assert response.location == "/intake"
    assert hotline.order(number).record["again_text"] == "还是不亮"


def test_a_message_fills_only_what_its_event_names(hotline):
    number = hotline.dispatched()
    said = {"again_text": "还是不亮", "unit": "city_water", "handle_limit": "99个工作日"}
    hotline.as_("agent_wang").post(f"/orders/{number}/message/caller_phoned_again", said)
    assert hotline.order(number).record["unit"] == "city_roads"


def test_only_whoever_holds_the_task_may_ask_for_more_time(hotline):
    number = hotline.dispatched()
    path = f"/orders/{number}/message/extension_requested"
    assert hotline.as_("leader_wang").post(path, {"extension_reason": "要等"}).status_code == 403
    assert hotline.as_("clerk_roads_zhou").post(path, {"extension_reason": "等配件"}).status_code == 303


@pytest.mark.parametrize(
    ("category", "label", "kind"),
    [("complaint", "被投诉人姓名", {"complaint_kind": "attitude"}), ("help", "发生时间", {})],
)
def test_the_elements_follow_the_class(hotline, category, label, kind):
    text = hotline.as_("agent_li").post("/intake/look", {"category": category, "content": "有", **kind}).text
    elements = text.split('id="elements"')[1]
    assert label in elements
    assert elements.count("✓") == 1


def test_our_script_gets_the_side_column_alone(hotline):
    text = hotline.as_("agent_li").post("/intake/look", {"category": "help"}, headers=PART).text
    assert text.lstrip().startswith("<section")
    assert orders(hotline) == []


def test_a_call_is_stored_and_completed_later(hotline):
    browser = hotline.as_("agent_li")
    about = draft_of(browser.get("/intake").text)
    browser.post("/intake/draft", {**CALL, "content": "", "draft": about})
    listed = browser.get("/intake").text
    assert ">路灯不亮</a> 王先生" in listed
    page = browser.get(f"/intake?draft={about}").text
    assert 'value="解放路12号"' in page
    browser.post("/intake", {**CALL, "draft": about})
    assert len(orders(hotline)) == 1
    assert ">路灯不亮</a>" not in browser.get("/intake").text


def test_our_script_stores_a_call_in_passing(hotline):
    browser = hotline.as_("agent_li")
    about = draft_of(browser.get("/intake").text)
    assert "已自动存下" in browser.post("/intake/draft", {"subject": "半句", "draft": about}, headers=PART).text
    assert hotline.drafts("start:")[0]["subject"] == ["半句"]


def test_a_stored_call_can_be_dropped_by_its_owner_alone(hotline):
    browser = hotline.as_("agent_li")
    about = draft_of(browser.get("/intake").text)
    browser.post("/intake/draft", {"subject": "半句", "draft": about})
    hotline.as_("agent_wang").post("/intake/draft/drop", {"draft": about})
    assert len(hotline.drafts("start:")) == 1
    browser.post("/intake/draft/drop", {"draft": about})
    assert hotline.drafts("start:") == []


def test_a_double_click_makes_one_order(hotline):
    browser = hotline.as_("agent_li")
    said = {**CALL, "draft": draft_of(browser.get("/intake").text)}
    first, second = browser.post("/intake", said), browser.post("/intake", said)
    assert first.location == second.location
    assert len(orders(hotline)) == 1


def test_a_form_changed_after_it_became_an_order_is_kept_as_a_new_call(hotline):
    browser = hotline.as_("agent_li")
    said = {**CALL, "draft": draft_of(browser.get("/intake").text)}
    browser.post("/intake", said)
    again = browser.post("/intake", {**said, "subject": "另一件事"})
    text = browser.get(again.location).text
    assert len(orders(hotline)) == 1
    assert "已经登记成工单" in text
    assert 'value="另一件事"' in text


def test_a_refused_form_leaves_the_way_open(hotline):
    browser = hotline.as_("agent_li")
    said = {**CALL, "draft": draft_of(browser.get("/intake").text)}
    refused = browser.post("/intake", {**said, "subject": ""})
    assert (refused.status_code, "解放路路灯三天不亮。" in refused.text) == (422, True)
    assert browser.post("/intake", said).status_code == 303


def test_whoever_takes_no_calls_finds_no_intake(hotline):
    for method in ("get", "post"):
        assert getattr(hotline.as_("clerk_roads_zhou"), method)("/intake").status_code == 404
