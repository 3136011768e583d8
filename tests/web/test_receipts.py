"""Receipts on every screen, pauses and extensions as people meet them."""

from datetime import timedelta

import pytest

from engine import Deploy
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
STRANGER = "clerk_water_wu"
PART = {"X-Part": "1"}


@pytest.fixture
def asking(hotline):
    """The hotline, did its diagram not have a way of its own to more time: asked for on the task, once."""
    files = read_bundle(procedures_root() / "hotline" / "mayor_hotline")
    said = files["procedure.toml"].replace(b"offered = false", b"most = 1")
    hotline.site.engine.execute(Deploy({**files, "procedure.toml": said}, SYSTEM.id))
    return hotline


def handled(hotline):
    """An order in the hands of the roads office's clerk."""
    number = hotline.dispatched()
    task = hotline.task(number)
    hotline.as_("clerk_roads_zhou").post(f"/tasks/{task.id}/claim")
    return number, task.id


def pause(hotline, number, **said):
    form = {"kind": "caller", "reason": "等来电人补照片", "review": "", **said}
    return hotline.as_("office_chen").post(f"/orders/{number}/pause", form)


def test_every_due_date_opens_its_receipt(hotline):
    number, task = handled(hotline)
    clerk = hotline.as_("clerk_roads_zhou")
    for path in ("/", f"/tasks/{task}", f"/orders/{number}"):
        assert f'data-receipt href="/tasks/{task}/receipt"' in clerk.get(path).text, path
    for path in (f"/orders/{number}", f"/search?q={number}"):
        assert f'data-receipt href="/orders/{number}/receipt"' in clerk.get(path).text, path


def test_a_receipt_is_a_page_and_a_part(hotline):
    number, task = handled(hotline)
    clerk = hotline.as_("clerk_roads_zhou")
    page, part = clerk.get(f"/tasks/{task}/receipt").text, clerk.get(f"/tasks/{task}/receipt", headers=PART).text
    assert ("<html" in page, "<html" in part) == (True, False)
    for text in (page, part, clerk.get(f"/orders/{number}/receipt").text):
        assert "规则：" in text and "到期：" in text and "依据：" in text


def test_strangers_learn_nothing(hotline):
    number, task = handled(hotline)
    stranger = hotline.as_(STRANGER)
    for path in (f"/tasks/{task}/receipt", f"/orders/{number}/receipt", f"/orders/{number}/waits/1"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/orders/{number}/pause", {"reason": "等", "kind": "other"}).status_code == 404


def test_a_paused_order_says_so_everywhere_and_keeps_what_was_typed(hotline):
    number, task = handled(hotline)
    assert pause(hotline, number, review="2099-01-08").status_code == 303
    clerk = hotline.as_("clerk_roads_zhou")
    for path in (f"/tasks/{task}", f"/orders/{number}"):
        text = clerk.get(path).text
        assert "工单暂停中" in text and "等来电人补照片" in text and "2099年1月8日 09:00 复核" in text
    assert "暂停中" in clerk.get("/").text
    assert "还剩" not in clerk.get("/").text.split("<tbody>")[1]
    answer = clerk.post(f"/tasks/{task}/complete", {"result": "已修好"})
    assert answer.status_code == 303
    assert "请先恢复再提交" in clerk.get(f"/tasks/{task}").text
    assert "暂停中" in clerk.get(f"/tasks/{task}/receipt").text


def test_whoever_resumes_sees_what_moved(hotline):
    number, task = handled(hotline)
    pause(hotline, number)
    hotline.site.clock.move_to(hotline.site.clock.now() + timedelta(hours=1))
    office = hotline.as_("office_chen")
    assert office.post(f"/orders/{number}/resume", {"note": "照片已补"}).status_code == 303
    text = office.get(f"/orders/{number}").text
    assert "恢复工单" in text and "照片已补" in text and "暂停中" not in text
    assert "暂停：" in office.get(f"/tasks/{task}/receipt").text


def test_a_pause_without_a_reason_is_refused_where_it_was_asked_for(hotline):
    number, _ = handled(hotline)
    for said in ({"reason": ""}, {"review": "明天"}):
        answer = pause(hotline, number, **said)
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


def test_more_time_is_asked_for_and_granted(asking):
    number, task = handled(asking)
    clerk, office = asking.as_("clerk_roads_zhou"), asking.as_("office_chen")
    asked = {"limit": "2个工作日", "reason": "沥青到货延迟"}
    assert clerk.post(f"/tasks/{task}/ask_extension", asked).status_code == 303
    assert "收回申请" in clerk.get(f"/tasks/{task}").text
    again = clerk.post(f"/tasks/{task}/ask_extension", asked | {"reason": "再问一次"})
    assert (again.status_code, "已经申请过" in again.text) == (422, True)
    ident = asking.site.rows("extension")[0].id
    decided = {"extension": ident, "verdict": "grant", "limit": "1个工作日", "note": ""}
    assert office.post(f"/tasks/{task}/decide_extension", decided).status_code == 303
    assert "批准延期1个工作日" in clerk.get(f"/tasks/{task}/receipt").text
    assert "申请延期 2个工作日" in clerk.get(f"/orders/{number}").text


def test_a_refusal_needs_its_reason_and_a_request_may_be_taken_back(asking):
    _, task = handled(asking)
    clerk, office = asking.as_("clerk_roads_zhou"), asking.as_("office_chen")
    clerk.post(f"/tasks/{task}/ask_extension", {"limit": "2个工作日", "reason": "沥青到货延迟"})
    ident = asking.site.rows("extension")[0].id
    answer = office.post(f"/tasks/{task}/decide_extension", {"extension": ident, "verdict": "refuse"})
    assert (answer.status_code, "请写明不批准的理由" in answer.text) == (422, True)
    assert clerk.post(f"/tasks/{task}/withdraw_extension", {"extension": ident}).status_code == 303
    assert asking.site.rows("extension")[0].state == "withdrawn"


def test_where_the_diagram_has_its_own_way_one_card_asks_for_more_time(hotline):
    number, task = handled(hotline)
    clerk = hotline.as_("clerk_roads_zhou")
    assert clerk.get(f"/tasks/{task}").text.count("<summary>申请延期</summary>") == 1
    refused = clerk.post(f"/tasks/{task}/ask_extension", {"limit": "2个工作日", "reason": "沥青到货延迟"})
    assert (refused.status_code, "按流程图上自己的办法" in refused.text) == (403, True)
    assert clerk.post(f"/orders/{number}/message/extension_requested", {"extension_reason": "沥青"}).status_code == 303
    assert {t.element_id for t in hotline.order(number).tasks} == {"handle_order", "approve_extension"}


def test_after_expiry_the_page_says_so_instead_of_a_form(asking):
    _, task = handled(asking)
    clerk, form = asking.as_("clerk_roads_zhou"), f"/tasks/{task}/ask_extension"
    assert form in clerk.get(f"/tasks/{task}").text
    asking.site.later(days=20)
    text = asking.as_("clerk_roads_zhou").get(f"/tasks/{task}").text
    assert (form in text, "已经到期,这个流程不收到期后的延期申请。" in text) == (False, True)


def test_whoever_pauses_second_learns_that_it_stands_still_already(hotline):
    number, _ = handled(hotline)
    pause(hotline, number)
    answer = pause(hotline, number)
    assert (answer.status_code, "已经暂停了" in answer.text, "工单暂停中" in answer.text) == (422, True, True)


def test_whoever_resumes_second_learns_that_it_goes_on(hotline):
    number, _ = handled(hotline)
    answer = hotline.as_("office_chen").post(f"/orders/{number}/resume", {"note": ""})
    assert (answer.status_code, "没有暂停,或刚由别人恢复了" in answer.text) == (422, True)
