"""Suspending, resuming, terminating and voiding an order from its page: what the page says beforehand is what then happens."""

import re

import pytest

from tests.web.support_hotline import HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]

ADMIN, CLERK = "admin_tang", "clerk_roads_zhou"


def preview(hotline, number, act):
    """Give the lines that say what an act takes back or stops, without moments."""
    text = hotline.as_(ADMIN).get(f"/orders/{number}").text
    listed = re.search(rf'id="{act}-preview">(.*?)</ul>', text, re.DOTALL).group(1)
    return [line.strip() for line in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]


def open_names(hotline, number):
    return [task.name for task in hotline.order(number, ADMIN).tasks]


def act(hotline, number, name, who=ADMIN, reason="练习时登记的"):
    return hotline.as_(who).post(f"/orders/{number}/{name}", {"reason": reason})


@pytest.mark.parametrize(
    ("name", "word"), [("terminate", "已终止"), ("void", "已作废"), ("cancel", "已撤销"), ("suspend", "已挂起")]
)
def test_the_order_says_its_new_state_and_why_everywhere(hotline, name, word):
    number = hotline.dispatched()
    person = ADMIN if name != "cancel" else "agent_li"
    assert act(hotline, number, name, person).status_code == 303
    page = hotline.as_("agent_li").get(f"/orders/{number}").text
    assert word in page
    assert "练习时登记的" in page
    started = hotline.as_("agent_li").get("/started").text
    assert word in re.search(rf"{number}</a>.*?</tr>", started, re.DOTALL).group(0)
    status = hotline.order(number, ADMIN).status
    assert number in hotline.as_("agent_li").get(f"/started?status={status}").text
    assert number not in hotline.as_("agent_li").get("/started?status=open").text


@pytest.mark.parametrize("name", ["terminate", "void"])
def test_the_page_names_exactly_what_will_be_taken_back(hotline, name):
    number = hotline.dispatched()
    names = open_names(hotline, number)
    said = [line for line in preview(hotline, number, name) if line.startswith("收回")]
    assert [line.partition("”")[0].removeprefix("收回“") for line in said] == names
    act(hotline, number, name)
    taken = [e.payload["task"] for e in hotline.order(number, ADMIN).events if e.kind == "UserTaskCancelled"]
    assert len(taken) == len(names)
    assert open_names(hotline, number) == []


def test_the_page_names_exactly_what_will_stand_still(hotline):
    number = hotline.dispatched()
    names = open_names(hotline, number)
    said = preview(hotline, number, "suspend")
    assert [line.partition("”")[0].removeprefix("停住“") for line in said if line.startswith("停住“")] == names
    act(hotline, number, "suspend")
    assert open_names(hotline, number) == names
    assert {t.state for t in hotline.site.rows("timer")} == {"paused"}


@pytest.mark.parametrize("name", ["suspend", "terminate", "void"])
def test_a_reason_too_short_is_refused_and_stays_in_the_form(hotline, name):
    number = hotline.dispatched()
    response = act(hotline, number, name, reason="错")
    assert response.status_code == 422
    assert f'<details class="card no-print" open><summary>{WORDS[name]}' in response.text
    assert 'value="错"' in response.text


WORDS = {"suspend": "挂起工单", "terminate": "终止工单", "void": "作废工单", "go_on": "恢复办理"}


def test_only_admins_have_the_buttons(hotline):
    number = hotline.dispatched()
    for person in ("agent_li", CLERK, "office_chen"):
        page = hotline.as_(person).get(f"/orders/{number}").text
        assert not any(f"<summary>{word}" in page for word in WORDS.values())


def test_whoever_hands_in_a_suspended_task_is_told_and_loses_nothing(hotline):
    number = hotline.dispatched()
    task = hotline.task(number, "handle_order")
    act(hotline, number, "suspend", reason="等法院来函")
    clerk = hotline.as_(CLERK)
    shown = clerk.post(f"/tasks/{task.id}/complete", {**HANDLED, "reply": "路面已补平。"}, follow_redirects=True).text
    assert "恢复以后才能办:等法院来函" in shown
    assert "路面已补平。" in clerk.get(f"/tasks/{task.id}").text
    assert "工单已挂起" in clerk.get(f"/tasks/{task.id}").text
    assert act(hotline, number, "go_on").status_code == 303
    assert "工单已挂起" not in hotline.as_(CLERK).get(f"/tasks/{task.id}").text
