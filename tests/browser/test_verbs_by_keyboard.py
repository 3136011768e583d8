"""The verbs of an office with the keyboard alone: reached by Tab, opened and sent by Enter, the focus always to be seen."""

import re
from typing import Any

import pytest

from tests.browser.test_an_order_to_its_end import open_task, take_call
from tests.browser.test_returns import dispatch, handle

MOST = 80
"""No control of a page is further away than so many steps of Tab."""
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {
    name: (one.getAttribute("aria-label") || one.labels?.[0]?.innerText || one.innerText || "").trim(),
    id: one.id,
    seen: box.width > 0 && box.height > 0 && box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && style.outlineStyle !== "none",
  };
}"""


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, person: Any) -> None:
        self.person, self.page = person, person.page

    def focus(self) -> dict[str, Any]:
        """Give what has the focus: its name, its id, whether it is in view with a ring around it."""
        return dict(self.page.evaluate(FOCUS))

    def tab_to(self, name: str) -> None:
        """Press Tab until a control with this name has the focus."""
        passed = []
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            found = self.focus()
            if re.fullmatch(name + r"(\s*必填)?", found["name"]):
                assert found["seen"], found
                return
            passed.append(found["name"])
        raise AssertionError(f"{name} is not reached: {passed}")

    def press(self, name: str) -> None:
        """Go to a button, a link or the head of a part, and press Enter; a page that opens has opened afterwards."""
        self.tab_to(name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def send(self, name: str, said: str) -> None:
        """Press a button whose page says something then."""
        self.tab_to(name)
        self.page.keyboard.press("Enter")
        self.page.get_by_text(said).first.wait_for()

    def write(self, name: str, words: str) -> None:
        """Go to a field and write into it."""
        self.tab_to(name)
        self.page.keyboard.type(words)


@pytest.fixture(params=[1280, 390], ids=["wide", "narrow"])
def followed_up(request: Any, somebody: Any) -> tuple[Any, Keyboard, str]:
    """An order that came back to the agent, whose screen is wide or narrow; the clerk who did it, and its number."""
    agent, leader, clerk = (
        somebody("agent_li", width=request.param),
        somebody("leader_wang"),
        somebody("clerk_roads_zhou"),
    )
    number = take_call(agent, subject="护栏缺失")
    open_task(leader, number, "/pool")
    dispatch(leader, number, "city_roads")
    open_task(clerk, number, "/pool")
    handle(clerk, "已处理。")
    open_task(agent, number, "/")
    return clerk, Keyboard(agent), number


def test_sending_back_straight_to_a_chosen_step_by_keyboard(followed_up: Any) -> None:
    clerk, keys, number = followed_up
    keys.press("退回…")
    keys.page.wait_for_url("**/return")
    keys.press("交办工单")
    keys.page.wait_for_url("**#effect")
    keys.press("直达退回人")
    keys.page.wait_for_url("**straight**")
    keys.write("退回的理由", "交错了单位")
    keys.send("退回到“交办工单”,由王建平重办", "已退回")
    assert "退回到“交办工单”" in keys.person.text() and number in keys.person.text()


def test_asking_for_a_signature_by_keyboard_and_mending_what_is_refused(followed_up: Any) -> None:
    _, keys, _ = followed_up
    keys.press("加签,请别人签署")
    keys.write("请谁签署", "没有这个人")
    keys.tab_to("什么时候签")
    keys.page.keyboard.press("ArrowDown")
    keys.write("请人签署的事由", "请看是否修好")
    keys.send("加签", "没有叫“没有这个人”的人")
    assert keys.focus()["id"] == "signers-to" and keys.focus()["seen"]
    assert keys.page.locator("#signers-to").get_attribute("aria-describedby") == keys.page.locator(
        "[role=alert]"
    ).get_attribute("id")
    keys.page.keyboard.press("Control+a")
    keys.page.keyboard.type("王建平")
    keys.send("加签", "已加签")
    assert "后加签" in keys.person.text()


def test_giving_on_several_tasks_by_keyboard(somebody: Any) -> None:
    agent = somebody("agent_li")
    for subject in ("窨井冒水一", "窨井冒水二"):
        take_call(agent, subject=subject)
    leader = somebody("leader_wang")
    leader.open("/pool?q=窨井冒水")
    keys = Keyboard(leader)
    for key in ("j", "x", "j", "x"):
        keys.page.keyboard.press(key)
    keys.send("签收", "办成 2 件")
    leader.open("/?q=窨井冒水")
    for key in ("j", "x", "j", "x"):
        keys.page.keyboard.press(key)
    keys.send("转办", "选中的 2 件")
    keys.write("原因", "开会")
    keys.send("转办", "办成 2 件")
    assert "没有办成" not in leader.text() and keys.page.locator("tbody tr").count() == 2


def test_urging_by_keyboard_says_when_it_may_be_done_again(somebody: Any) -> None:
    agent, leader = somebody("agent_li"), somebody("leader_wang")
    number = take_call(agent, subject="路灯闪烁")
    open_task(leader, number, "/pool")
    keys = Keyboard(leader)
    keys.press("催办")
    keys.write("催办的话", "请今天办完")
    keys.send("催办", "已催办")
    open_task(leader, number, "/pool")
    assert "以后才能再催" in leader.text()
