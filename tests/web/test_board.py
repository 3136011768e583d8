"""The shift leader's board: what is not handed over, units' load, people's tasks, and giving them to others."""

import re

from tests.web.support_hotline import HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


def loads(text: str) -> dict[str, tuple[int, int]]:
    rows = re.findall(
        r'<tr><td>([^<]+)</td><td class="due">(\d+)</td><td class="due">(?:<span class="tag late">)?(\d+)', text
    )
    return {name: (int(open_), int(late)) for name, open_, late in rows}


def test_orders_not_handed_over_stand_there_with_the_minutes_left(hotline):
    number = hotline.start()
    hotline.site.later(minutes=17)
    text = hotline.as_("leader_wang").get("/board").text
    assert number in text
    assert "还剩 43分钟" in text


def test_what_is_handed_over_counts_for_its_unit_until_the_unit_is_done(hotline):
    number = hotline.dispatched()
    assert loads(hotline.as_("leader_wang").get("/board").text) == {"市政道路管理处": (1, 0)}
    hotline.site.later(days=9)
    assert loads(hotline.as_("leader_wang").get("/board").text) == {"市政道路管理处": (1, 1)}
    hotline.hand_in("clerk_roads_zhou", number, **HANDLED)
    assert loads(hotline.as_("leader_wang").get("/board").text) == {}


def test_an_order_that_stands_still_is_marked_and_still_counts_for_its_unit(hotline):
    waiting, handled = hotline.start(), hotline.dispatched()
    for number in (waiting, handled):
        said = {"kind": "caller", "reason": "等来电人补照片", "review": ""}
        hotline.as_("office_chen").post(f"/orders/{number}/pause", said)
    hotline.site.later(days=9)
    text = hotline.as_("leader_wang").get("/board").text
    row = text[text.index(waiting) :].partition("</tr>")[0]
    assert ("暂停中" in row, "逾期" in row) == (True, False)
    assert '<td class="due">1 <span class="tag paused">暂停 1</span></td><td class="due">0</td>' in text


def test_when_somebody_is_off_sick_the_tasks_go_to_others_with_a_reason(hotline):
    number = hotline.start()
    task = hotline.task(number)
    hotline.as_("leader_zhao").post(f"/tasks/{task.id}/claim")
    browser = hotline.as_("leader_wang")
    assert "赵敏手上的待办" in browser.get("/board?person=leader_zhao").text
    said = {"to": "leader_wang", "board": "mayor_hotline", "person": "leader_zhao"}
    browser.post(f"/tasks/{task.id}/transfer", {**said, "reason": " "})
    assert "请写明转办原因" in browser.get("/board").text
    response = browser.post(f"/tasks/{task.id}/transfer", {**said, "reason": "赵敏病假"})
    assert response.location == "/board?process=mayor_hotline&person=leader_zhao"
    assert hotline.task(number).assignee == "leader_wang"
    assert "赵敏病假" in browser.get(f"/orders/{number}").text


def test_nobody_is_given_what_is_not_theirs_to_do(hotline):
    task = hotline.task(hotline.start())
    said = {"to": "clerk_water_wu", "board": "mayor_hotline", "reason": "试试"}
    browser = hotline.as_("leader_wang")
    browser.post(f"/tasks/{task.id}/transfer", said)
    assert "不在这件待办的候选人里" in browser.get("/board").text


def test_the_board_is_for_those_who_urge_or_supervise(hotline):
    answers = {
        who: hotline.as_(who).get("/board").status_code
        for who in ("leader_wang", "office_chen", "agent_li", "clerk_roads_zhou")
    }
    assert answers == {"leader_wang": 200, "office_chen": 200, "agent_li": 403, "clerk_roads_zhou": 403}


def test_an_empty_board_says_so(hotline):
    text = hotline.as_("leader_wang").get("/board").text
    assert "等着“交办工单、" in text
    assert "没有等着的了。" in text
    assert "没有在办的工单。" in text
