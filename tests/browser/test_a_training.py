"""A training in real pages: planned, one sheet filled by the trainer and signed by the trainee, seen in the record."""

import re
from typing import Any

PLAN = {
    "requirements": "能独立装车",
    "course_theory": "构造、操作规程",
    "course_driving": "装车下车",
    "course_maintenance": "日检",
    "course_safety": "危险源",
    "training_area": "基地东侧",
    "training_machine": "ZL50-1",
    "assess_method": "笔试加实操",
    "assess_on": "2030-01-01",
    "trainer": "trainer_gu",
}


def test_a_sheet_is_filled_signed_and_counted(somebody: Any) -> None:
    dispatcher = somebody("dispatcher_long")
    dispatcher.open("/intake?process=equipment_operator_training")
    dispatcher.fill(trainee="trainee_niu", equipment_type="装载机", equipment_class="general", reason="new")
    dispatcher.press("登记成工单")
    found = re.search(r"PX\d{12}", dispatcher.page.content())
    assert found, dispatcher.text()
    dispatcher.fill(**PLAN)
    dispatcher.press("提交“制定培训计划”")

    trainer, trainee = somebody("trainer_gu"), somebody("trainee_niu", width=390)
    trainer.open("/")
    trainer.page.get_by_role("link", name=found[0]).click()
    trainer.fill(sheet_kind="driving", attendance="present")
    trainer.fill(machine_hours="2.5", sheet_content="装车下车", pre_start_check="true")
    trainer.press("提交“填写每日培训表”")

    trainee.open("/")
    trainee.page.get_by_role("link", name=found[0]).click()
    assert "2.5" in trainee.text()
    trainee.fill(sign_result="signed")
    trainee.press("提交“签认培训表”")
    trainee.open(f"/orders/{found[0]}")
    row = trainee.page.locator("#training tbody tr")
    assert row.count() == 1
    assert "驾驶操作" in row.inner_text()
    assert "顾全" in row.inner_text()
    assert "2.5 / 30" in trainee.page.inner_text("#training")
