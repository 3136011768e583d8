"""Receipts on every screen, pauses and extensions as people meet them."""

from datetime import timedelta

from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
STRANGER = "clerk_water_wu"
PART = {"X-Part": "1"}


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


def test_more_time_is_asked_for_and_granted(hotline):
    number, task = handled(hotline)
    clerk, office = hotline.as_("clerk_roads_zhou"), hotline.as_("office_chen")
    asked = {"limit": "2个工作日", "reason": "沥青到货延迟"}
    assert clerk.post(f"/tasks/{task}/ask_extension", asked).status_code == 303
    assert "收回申请" in clerk.get(f"/tasks/{task}").text
    assert clerk.post(f"/tasks/{task}/ask_extension", asked | {"reason": "再问一次"}).status_code == 422
    ident = hotline.site.rows("extension")[0].id
    decided = {"extension": ident, "verdict": "grant", "limit": "1个工作日", "note": ""}
    assert office.post(f"/tasks/{task}/decide_extension", decided).status_code == 303
    assert "批准延期1个工作日" in clerk.get(f"/tasks/{task}/receipt").text
    assert "申请延期 2个工作日" in clerk.get(f"/orders/{number}").text


def test_a_refusal_needs_its_reason_and_a_request_may_be_taken_back(hotline):
    _, task = handled(hotline)
    clerk, office = hotline.as_("clerk_roads_zhou"), hotline.as_("office_chen")
    clerk.post(f"/tasks/{task}/ask_extension", {"limit": "2个工作日", "reason": "沥青到货延迟"})
    ident = hotline.site.rows("extension")[0].id
    answer = office.post(f"/tasks/{task}/decide_extension", {"extension": ident, "verdict": "refuse"})
    assert (answer.status_code, "请写明不批准的理由" in answer.text) == (422, True)
    assert clerk.post(f"/tasks/{task}/withdraw_extension", {"extension": ident}).status_code == 303
    assert hotline.site.rows("extension")[0].state == "withdrawn"
