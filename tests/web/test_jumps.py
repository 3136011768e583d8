"""The page of a jump: from where, to where, what would happen, refusals that keep what was typed."""

import re

import pytest

from engine import JumpPositions
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]

ADMIN = "admin_tang"


def here(hotline, number):
    """Give the position of the sub-process in which the unit handles the order."""
    found = hotline.site.engine.ask(JumpPositions(number), ADMIN)
    return next(p.ident for p in found if p.element_id == "handling")


def page(hotline, number, to=""):
    at = here(hotline, number)
    return hotline.as_(ADMIN).get(f"/orders/{number}/jump?at={at}&to={to}").text


def jump(hotline, number, to, reason="承办单位没有网络,先回访", who=ADMIN, at=None):
    return hotline.as_(who).post(
        f"/orders/{number}/jump", {"at": at or here(hotline, number), "to": to, "reason": reason}
    )


def test_the_order_leads_admins_alone_to_it(hotline):
    number = hotline.dispatched()
    assert "跳转到别的步骤…" in hotline.as_(ADMIN).get(f"/orders/{number}").text
    assert "跳转到别的步骤…" not in hotline.as_("office_chen").get(f"/orders/{number}").text
    assert hotline.as_("office_chen").get(f"/orders/{number}/jump").status_code in (403, 404)


def test_where_it_stands_once_the_targets_are_offered_at_once(hotline):
    number = hotline.dispatched()
    text = hotline.as_(ADMIN).get(f"/orders/{number}/jump").text
    assert "承办并填写反馈单" in text
    assert 'name="to" value="handle_order"' in text
    assert 'value="follow_up"' not in text  # the way out is to leave the sub-process whole
    assert "会这样" not in text


def test_what_the_page_names_is_what_happens(hotline):
    number = hotline.dispatched()
    text = page(hotline, number, "follow_up")
    before = {t.id for t in hotline.order(number, ADMIN).tasks}
    closes, opens = re.findall(r'data-closes="(\d+)"', text), re.findall(r'data-opens="(.*?)"', text)
    assert "从“限时承办”跳转到“核实并回访”会这样" in text
    assert jump(hotline, number, "follow_up").status_code == 303
    tasks = hotline.order(number, ADMIN).tasks
    assert {int(ident) for ident in closes} == before - {t.id for t in tasks}
    assert opens == [t.name for t in tasks if t.id not in before]
    shown = hotline.as_(ADMIN).get(f"/orders/{number}").text
    assert "从“限时承办”跳转到“核实并回访”" in shown
    assert "承办单位没有网络,先回访" in shown


@pytest.mark.parametrize(
    ("to", "reason", "status", "word"),
    [("follow_up", "x", 422, "请写明跳转的理由"), ("nowhere", "没有网络", 422, "请选择跳到哪一步")],
)
def test_what_is_refused_comes_back_with_what_was_typed(hotline, to, reason, status, word):
    number = hotline.dispatched()
    response = jump(hotline, number, to, reason)
    assert response.status_code == status
    assert word in response.text
    assert f">{reason}</textarea>" in response.text
    assert hotline.task(number).element_id == "handle_order"


def test_a_position_that_is_gone_is_said(hotline):
    number = hotline.dispatched()
    was = here(hotline, number)
    assert jump(hotline, number, "follow_up").status_code == 303
    response = jump(hotline, number, "dispatch_order", "再办一次", at=was)
    assert response.status_code == 409
    assert "刚才已经变了" in response.text
    assert "再办一次</textarea>" in response.text
