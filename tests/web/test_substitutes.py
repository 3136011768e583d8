"""The page about stand-ins, and what a stand-in finds on the other pages."""

from datetime import datetime, timedelta

import pytest

from tests.web.support_hotline import HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
RULE = {"person": "clerk_water_wu", "start": "2025-09-22T09:00", "end": "2025-09-26T18:00", "reason": "出差"}


@pytest.fixture
def away(hotline):
    """Clerk zhou of the roads office is away, clerk wu of the water company stands in."""
    assert hotline.as_("clerk_roads_zhou").post("/substitutes", RULE).status_code == 303
    return hotline


def test_a_stand_in_finds_the_tasks_submits_one_and_both_names_are_on_the_timeline(away):
    number = away.dispatched()
    task, stand_in = away.task(number), away.as_("clerk_water_wu")
    assert number in stand_in.get("/pool").text
    assert stand_in.post(f"/tasks/{task.id}/claim").location == f"/tasks/{task.id}"
    assert "代周海" in stand_in.get("/").text
    page = stand_in.get(f"/tasks/{task.id}").text
    assert "你在代周海办理" in page and 'id="task-form"' in page
    assert stand_in.post(f"/tasks/{task.id}/complete", HANDLED).status_code == 303
    assert "吴倩(代周海)提交" in away.as_("clerk_roads_zhou").get(f"/orders/{number}").text


def test_a_rule_that_is_over_is_shown_as_such_and_gives_nothing(away):
    number = away.dispatched()
    away.site.clock.move_to(datetime.fromisoformat("2025-09-26T18:00+08:00"))
    assert "已结束" in away.as_("clerk_roads_zhou").get("/substitutes").text
    assert away.as_("clerk_water_wu").get(f"/orders/{number}").status_code == 404


def test_a_refused_rule_stays_as_typed(away):
    refused = away.as_("clerk_roads_zhou").post(
        "/substitutes", {**RULE, "reason": "又出差", "processes": "mayor_hotline"}
    )
    assert refused.status_code == 422
    assert "已经由吴倩代理" in refused.text and "又出差" in refused.text and "checked" in refused.text


def test_a_form_sent_twice_writes_one_rule(hotline):
    clerk = hotline.as_("clerk_roads_zhou")
    for _ in range(2):
        assert clerk.post("/substitutes", {**RULE, "once": "a"}).status_code == 303
    assert len(hotline.site.rows("substitute")) == 1


def test_a_rule_is_ended_by_who_stands_in_and_a_second_click_is_told_so(away):
    rule, stand_in = away.site.rows("substitute")[0].id, away.as_("clerk_water_wu")
    assert "结束代理" in stand_in.get("/substitutes").text
    for sentence in ("代理已结束", "没有这条代理"):
        assert stand_in.post(f"/substitutes/{rule}/end").status_code == 303
        assert sentence in stand_in.get("/substitutes").text


def test_an_admin_sets_a_stand_in_for_somebody_who_fell_ill(hotline):
    admin = hotline.as_("admin_tang")
    assert admin.post("/admin/substitutes", {**RULE, "principal": "clerk_roads_zhou"}).status_code == 303
    assert "吴倩" in admin.get("/admin/substitutes").text
    assert "出差" in hotline.as_("clerk_roads_zhou").get("/notices").text
    [rule] = hotline.site.rows("substitute")
    assert admin.post(f"/admin/substitutes/{rule.id}/end").status_code == 303
    assert hotline.site.rows("substitute")[0].ended_by == "admin_tang"
    hotline.site.later(hours=1)
    assert timedelta(0) < hotline.site.clock.at - hotline.site.rows("substitute")[0].ended_at
