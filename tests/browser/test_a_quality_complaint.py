"""A customer's complaint through the real pages: judged the company's fault, a meeting, and every unit signs its minutes."""

import re
from typing import Any

PROCESS = "quality_complaint_capa"
COMPLAINT = {
    "customer": "东岭泵业",
    "contact_phone": "0571-81230001",
    "product": "主轴 A-12 / 20250903",
    "subject": "主轴外圆超差",
    "content": "一批二十根中有四根外圆超差,装不进轴承。",
    "demand": "换货并说明原因",
}


def take_complaint(engineer: Any) -> str:
    """Register a complaint and give its number."""
    engineer.open(f"/intake?process={PROCESS}")
    engineer.fill(channel="letter", category="quality", severity="ordinary", returned_goods="no", **COMPLAINT)
    engineer.page.locator("main form button.primary").first.click()
    found = re.search(r"KS\d{10}", engineer.page.content())
    assert found, engineer.text()
    return found[0]


def hand_in(person: Any, number: str, step: str, box: str = "/pool", **answers: str) -> None:
    """Open a task from a list, answer it and hand it in."""
    person.open(box)
    person.page.get_by_role("row", name=number).filter(has_text=step).get_by_role("link", name=number).click()
    for name, value in answers.items():
        person.fill(**{name: value})
    person.press(f"提交“{step}”")
    assert "已提交" in person.text()


def meet(somebody: Any, office: Any) -> str:
    """Bring a complaint to the point where two units are to sign the minutes; give its number."""
    office.banjie("deploy", "complaint")
    engineer, workshop = somebody("quality_song"), somebody("workshop_qian")
    number = take_complaint(engineer)
    hand_in(engineer, number, "调查抱怨", findings="同批库存也超差", same_batch="yes")
    engineer.open("/pool")
    engineer.page.get_by_role("link", name=number).first.click()
    engineer.fill(liability="company")
    engineer.fill(judge_reason="同批库存也超差", lead_unit="linjing_workshop", need_meeting="yes")
    for unit in ("linjing_workshop", "linjing_assembly"):
        engineer.page.locator(f"[name=attendees][value={unit}]").check()
    engineer.press("提交“判定责任归属”")
    hand_in(workshop, number, "临时止损", containment="隔离同批库存")
    hand_in(engineer, number, "召开顾客抱怨检讨会", meeting_at="2025-10-15T14:00", minutes="机加车间查夹具")
    return number


def test_two_units_sign_the_minutes_and_the_order_shows_both(somebody: Any, office: Any) -> None:
    number = meet(somebody, office)
    engineer, workshop, assembly = somebody("quality_song"), somebody("workshop_qian"), somebody("assembly_kong")
    engineer.open(f"/orders/{number}")
    assert "会签会议记录 · 机加车间" in engineer.text()
    assert "会签会议记录 · 装配车间" in engineer.text()

    hand_in(workshop, number, "会签会议记录", sign_opinion="agree")
    hand_in(assembly, number, "会签会议记录", sign_opinion="object", objection="首检不归我们")
    engineer.open(f"/orders/{number}")
    shown = engineer.text()
    assert "钱进提交“会签会议记录”" in shown
    assert "孔明华提交“会签会议记录”" in shown
    assert "首检不归我们" in engineer.page.locator("section.card", has_text="孔明华").first.inner_text()
    assert "会议记录有异议" in shown


def test_one_unit_is_added_and_another_taken_off_as_the_page_says_beforehand(somebody: Any, office: Any) -> None:
    number = meet(somebody, office)
    workshop, technology, boss = somebody("workshop_qian"), somebody("technology_bao"), somebody("representative_fan")
    workshop.open("/pool")
    workshop.page.get_by_role("row", name=number).get_by_role("link", name=number).click()
    workshop.press("先签收,稍后再办")
    workshop.page.get_by_text("会签加签,再请一位").click()
    workshop.page.get_by_label("再请哪个单位").select_option(label="技术部")
    workshop.page.get_by_label("加签的事由").fill("首检也要改")
    workshop.press("会签加签")
    assert "再请技术部会签" in workshop.text()
    hand_in(workshop, number, "会签会议记录", "/", sign_opinion="agree")
    hand_in(technology, number, "会签会议记录", sign_opinion="agree")

    boss.open(f"/orders/{number}")
    boss.page.get_by_role("link", name="会签会议记录").first.click()
    boss.page.get_by_role("link", name="减签装配车间…").click()
    assert "收回装配车间的“会签会议记录”,还没有人签收" in boss.text()
    assert "“会签会议记录”就此签完,流程继续" in boss.text()
    boss.page.get_by_label("减签的原因").fill("首检不归装配")
    boss.press("减签装配车间")
    assert "不用装配车间签" in boss.text()
    assert "分析原因" in boss.text()
    assert "会签会议记录 · 装配车间" not in boss.text()
