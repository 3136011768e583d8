"""Receipts on every screen, pauses and extensions as people meet them."""

import re
from datetime import timedelta

import pytest

from engine import Deploy
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from tests.web.support_hotline import HANDLED, furnished_hotline, hotline

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


def opens(page, address):
    """Whether the page has the due moment itself inside the link to its receipt."""
    link = re.search(rf'<a[^>]* data-receipt href="{address}"[^>]*>(.*?)</a>', page.text, re.S)
    assert link, f"{page.request.path} does not open {address}"
    return re.search(r"\d+月\d+日 \d\d:\d\d", link[1]) is not None


def test_every_due_date_of_a_clerk_opens_its_receipt(hotline):
    number, task = handled(hotline)
    clerk = hotline.as_("clerk_roads_zhou")
    for path in ("/", f"/tasks/{task}", f"/orders/{number}"):
        assert opens(clerk.get(path), f"/tasks/{task}/receipt"), path
    for path in (f"/orders/{number}", f"/search?q={number}"):
        assert opens(clerk.get(path), f"/orders/{number}/receipt"), path
    assert clerk.get(f"/tasks/{task}/receipt").status_code == 200


def test_the_pool_and_what_one_started_open_receipts(hotline):
    number = hotline.dispatched()
    task = hotline.task(number).id
    assert opens(hotline.as_("clerk_roads_zhou").get("/pool"), f"/tasks/{task}/receipt")
    agent = hotline.as_("agent_li")
    assert opens(agent.get("/started"), f"/orders/{number}/receipt")
    said = {"caller_phone": "13800005678"}
    assert opens(agent.post("/intake/look?process=mayor_hotline", said), f"/orders/{number}/receipt")


def test_the_board_opens_receipts_of_tasks_and_of_what_everybody_has_next(hotline):
    number = hotline.start()
    task = hotline.task(number).id
    leader = hotline.as_("leader_wang")
    assert opens(leader.get("/board"), f"/tasks/{task}/receipt")
    hotline.as_("leader_zhao").post(f"/tasks/{task}/claim")
    page = leader.get("/board")
    assert page.text.count(f'data-receipt href="/tasks/{task}/receipt"') == 2
    assert page.text.split("各人手上")[1].count(f'href="/tasks/{task}/receipt"') == 1
    assert opens(leader.get("/board?person=leader_zhao"), f"/tasks/{task}/receipt")


def test_of_several_tasks_the_board_shows_the_one_due_first(hotline):
    later, sooner = hotline.start(), hotline.start()
    for number in (later, sooner):
        hotline.as_("leader_zhao").post(f"/tasks/{hotline.task(number).id}/claim")
    one, other = hotline.task(later).id, hotline.task(sooner).id
    row = hotline.as_("leader_wang").get("/board").text.split("各人手上")[1]
    assert f"/tasks/{one}/receipt" in row and f"/tasks/{other}/receipt" not in row
    assert '<td class="due">2</td>' in row


def test_admins_open_receipts_from_people_queues_and_diagrams(hotline):
    number, task = handled(hotline)
    admin = hotline.as_("admin_tang")
    assert opens(admin.get("/admin/person/clerk_roads_zhou"), f"/tasks/{task}/receipt")
    timer = next(t for t in hotline.site.rows("timer") if t.state == "waiting" and t.role == "due")
    address = f"/orders/{number}/waits/{timer.id}"
    assert opens(admin.get("/admin/queues/timers"), address)
    assert ">规则<" in admin.get(address).text
    diagram = admin.get(f"/orders/{number}").text.split("走过和正在走的环节")[1]
    assert f'data-receipt href="/tasks/{task}/receipt"' in diagram


def test_a_closed_order_still_opens_the_receipt_of_its_limit(hotline):
    number, task = handled(hotline)
    hotline.hand_in("clerk_roads_zhou", number, **HANDLED)
    assert opens(hotline.as_("agent_li").get(f"/orders/{number}"), f"/orders/{number}/receipt")


def test_a_receipt_is_a_page_and_a_part(hotline):
    number, task = handled(hotline)
    clerk = hotline.as_("clerk_roads_zhou")
    page, part = clerk.get(f"/tasks/{task}/receipt").text, clerk.get(f"/tasks/{task}/receipt", headers=PART).text
    assert ("<html" in page, "<html" in part) == (True, False)
    for text in (page, part, clerk.get(f"/orders/{number}/receipt").text):
        assert all(f">{head}<" in text for head in ("规则", "起算", "计入", "到期", "依据"))


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
    receipt = office.get(f"/tasks/{task}/receipt").text
    assert receipt.index(">暂停<") < receipt.index(">现在的到期<") < receipt.index(">依据<")


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
    assert (answer.status_code, "已经暂停了" in answer.text, "等来电人补照片" in answer.text) == (422, True, True)


def test_whoever_resumes_second_learns_that_it_goes_on(hotline):
    number, _ = handled(hotline)
    answer = hotline.as_("office_chen").post(f"/orders/{number}/resume", {"note": ""})
    assert (answer.status_code, "没有暂停,或刚由别人恢复了" in answer.text) == (422, True)
