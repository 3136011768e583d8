"""One order: what is shown and what is masked, its sheets, links, cancelling; and that nothing typed becomes a script."""

import pytest

from tests.web.support_hotline import CALL, DISPATCHED, HANDLED, file, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
PHONE = "13800005678"
HOSTILE = "<script>alert(1)</script>\"'"
TYPED = ("caller_name", "occurred_at", "place", "subject", "content", "demand", "staff_name", "badge_no")
COMPLAINT = {"category": "complaint", "complaint_kind": "attitude", "area": "municipal", "request_kind": ""}


def test_an_order_shows_what_happened_who_and_how_long(hotline):
    number = hotline.dispatched()
    hotline.site.later(hours=3, minutes=20)
    hotline.hand_in("clerk_roads_zhou", number, **HANDLED)
    text = hotline.as_("agent_li").get(f"/orders/{number}").text
    assert "周海提交“承办并填写反馈单”" in text
    assert "用时 3小时20分" in text
    assert "通知 周海" in text


def test_answers_stand_in_the_words_of_their_forms(hotline):
    text = hotline.as_("agent_li").get(f"/orders/{hotline.dispatched()}").text
    assert "<dt>承办单位</dt><dd>市政道路管理处</dd>" in text
    assert "<dd>city_roads" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/orders/{n}",
        "/orders/{n}/sheet/dispatch",
        "/orders/{n}/sheet/feedback",
        "/tasks/{t}",
        "/search?q=路灯",
        "/board",
        "/pool",
        "/orders/{n}/diagram.bpmn",
    ],
)
def test_a_phone_is_masked_on_every_page(hotline, path):
    number = hotline.start()
    text = hotline.as_("leader_wang").get(path.format(n=number, t=hotline.task(number).id)).text
    assert PHONE not in text


def test_looking_at_a_phone_needs_a_reason_and_leaves_a_trace(hotline):
    number = hotline.start()
    browser = hotline.as_("leader_wang")
    refused = browser.post(f"/orders/{number}/reveal", {"reveal": "caller_phone", "why-caller_phone": " "})
    assert (refused.status_code, PHONE in refused.text) == (422, False)
    shown = browser.post(f"/orders/{number}/reveal", {"reveal": "caller_phone", "why-caller_phone": "回访"})
    assert PHONE in shown.text
    assert PHONE not in browser.get(f"/orders/{number}").text
    assert [(r.person, r.field, r.reason) for r in hotline.site.rows("access_log")] == [
        ("leader_wang", "caller_phone", "回访")
    ]


def test_looking_at_a_phone_from_a_task_keeps_what_was_typed(hotline):
    task = hotline.task(hotline.start())
    browser = hotline.as_("leader_wang")
    said = {"reveal": "caller_phone", "why-caller_phone": "问地址", "dispatch_note": "写了一半"}
    text = browser.post(f"/tasks/{task.id}/reveal", said).text
    assert PHONE in text
    assert "写了一半" in text
    assert len(hotline.site.rows("access_log")) == 1


def test_strangers_see_no_phone_and_leave_no_trace(hotline):
    number = hotline.dispatched()
    stranger = hotline.as_("clerk_water_wu")
    said = {"reveal": "caller_phone", "why-caller_phone": "好奇"}
    assert stranger.post(f"/orders/{number}/reveal", said).status_code == 404
    assert stranger.post(f"/tasks/{hotline.task(number).id}/reveal", said).status_code == 404
    assert hotline.site.rows("access_log") == []


def test_the_sheets_are_the_forms_they_replace(hotline):
    number = hotline.dispatched()
    hotline.hand_in("clerk_roads_zhou", number, **HANDLED)
    browser = hotline.as_("agent_li")
    dispatch, feedback = (browser.get(f"/orders/{number}/sheet/{kind}").text for kind in ("dispatch", "feedback"))
    assert "<h1>交办单</h1>" in dispatch
    assert "已换灯泡。" not in dispatch
    assert "已换灯泡。" in feedback
    assert browser.get(f"/orders/{number}/sheet/other").status_code == 404


def test_orders_are_bound_when_both_are_in_sight(hotline):
    one, other = hotline.start(), hotline.start(caller_phone="13911112222", place="人民路1号")
    browser = hotline.as_("agent_li")
    browser.post(f"/orders/{one}/link", {"other": f" {other.lower()} "})
    assert f'href="/orders/{other}"' in browser.get(f"/orders/{one}").text


@pytest.mark.parametrize("other", ["RX000000000000", "self", "hidden"])
def test_an_order_is_not_bound_to(hotline, other):
    one = hotline.start(caller_phone="13911112222", place="人民路1号")
    hidden = hotline.start("agent_wang", caller_phone="13933334444", place="和平路3号")
    number = {"self": one, "hidden": hidden}.get(other, other)
    response = hotline.as_("agent_li").post(f"/orders/{one}/link", {"other": number})
    assert response.status_code == 422
    assert hotline.site.rows("link") == []


def test_a_bound_order_out_of_sight_is_not_named(hotline):
    hidden = hotline.start("agent_wang")
    number = hotline.start("agent_li")
    assert [one.number for one in hotline.order(number).links] == [hidden]
    assert f'href="/orders/{hidden}"' not in hotline.as_("agent_li").get(f"/orders/{number}").text


def test_an_order_is_cancelled_by_its_starter_with_a_reason(hotline):
    number = hotline.start()
    browser = hotline.as_("agent_li")
    assert browser.post(f"/orders/{number}/cancel", {"reason": ""}).status_code == 422
    browser.post(f"/orders/{number}/cancel", {"reason": "来电人撤回"})
    text = browser.get(f"/orders/{number}").text
    assert "已撤销" in text
    assert "来电人撤回" in text


def test_a_task_taken_back_says_so(hotline):
    number = hotline.start()
    task = hotline.task(number)
    hotline.as_("agent_li").post(f"/orders/{number}/cancel", {"reason": "来电人撤回"})
    response = hotline.as_("leader_wang").get(f"/tasks/{task.id}")
    assert (response.status_code, "收回,不用再办" in response.text) == (410, True)


def hostile_order(hotline) -> str:
    """Every text field of the start form, of the steps after it, and of what people say about a task."""
    agent = hotline.as_("agent_li")
    agent.post("/intake", {**CALL, **COMPLAINT, **dict.fromkeys(TYPED, HOSTILE)})
    number = hotline.site.rows("work_order")[-1].number
    task, office = hotline.task(number), hotline.as_("office_chen")
    office.post(f"/tasks/{task.id}/transfer", {"to": "office_chen", "reason": HOSTILE})
    office.post(f"/tasks/{task.id}/urge", {"text": HOSTILE})
    office.post(f"/tasks/{task.id}/complete", {**DISPATCHED, "dispatch_note": HOSTILE})
    clerk, handling = hotline.as_("clerk_roads_zhou"), hotline.task(number)
    clerk.post(f"/orders/{number}/message/extension_requested", {"extension_reason": HOSTILE})
    agent.post(f"/orders/{number}/message/caller_phoned_again", {"again_text": HOSTILE})
    clerk.post(f"/tasks/{handling.id}/draft", {"handler_name": HOSTILE})
    said = {**HANDLED, "reply": HOSTILE, "handler_name": HOSTILE, "handling_papers": file(f"{HOSTILE}.txt", b"x")}
    clerk.post(f"/tasks/{handling.id}/complete", said, content_type="multipart/form-data")
    return number


def test_nothing_typed_becomes_a_script(hotline):
    number = hostile_order(hotline)
    paths = [
        "/",
        "/pool",
        "/done",
        "/started",
        "/board",
        "/search?q=alert",
        f"/orders/{number}",
        "/intake?phone=13800005678",
    ]
    paths += [f"/orders/{number}/sheet/{kind}" for kind in ("dispatch", "feedback")]
    paths += [f"/tasks/{t.id}" for t in hotline.site.rows("user_task")]
    pages = [
        (who, path, hotline.as_(who).get(path))
        for who in ("agent_li", "office_chen", "clerk_roads_zhou")
        for path in paths
    ]
    texts = {(who, path): page.text for who, path, page in pages if page.status_code in (200, 410)}
    assert [where for where, text in texts.items() if "<script>alert" in text] == []
    shown = [path for (_, path), text in texts.items() if "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;" in text]
    assert len(set(shown)) >= 9
    order = texts["office_chen", f"/orders/{number}"]
    assert order.count("&lt;script&gt;alert(1)") >= 15


def test_hostile_forms_come_back_harmless_when_they_are_refused(hotline):
    browser = hotline.as_("agent_li")
    said = {**CALL, **COMPLAINT, **dict.fromkeys(TYPED, HOSTILE), "caller_phone": HOSTILE}
    response = browser.post("/intake", said)
    browser.post("/intake/draft", said)
    listed = browser.get("/intake").text
    assert response.status_code == 422
    assert "<script>alert" not in response.text + listed
    assert "&lt;script&gt;alert(1)" in listed


@pytest.mark.parametrize("path", ["/search", "/", "/intake"])
def test_hostile_addresses_come_back_harmless(hotline, path):
    said = {"q": HOSTILE, "process": HOSTILE, "phone": HOSTILE, "draft": HOSTILE, "due": HOSTILE}
    said = said if path != "/intake" else {k: v for k, v in said.items() if k != "process"}
    text = hotline.as_("agent_li").get(path, query_string=said).text
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    "path", ["/search?q=%00", "/orders/RX%00", "/pool?process=%00", "/intake?phone=%00", "/board?person=%00"]
)
def test_an_address_with_a_nul_in_it_leads_nowhere(hotline, path):
    assert hotline.as_("leader_wang").get(path).status_code == 404


def test_a_remark_that_is_too_long_is_told_about_and_not_cut(hotline):
    number, long = hotline.start(), "长" * 501
    task, browser = hotline.task(number), hotline.as_("leader_wang")
    for path, said in (("transfer", {"to": "leader_zhao", "reason": long}), ("urge", {"text": long})):
        response = browser.post(f"/tasks/{task.id}/{path}", said)
        assert (response.status_code, "最多 500 个字" in response.text, long in response.text) == (422, True, True)


def test_a_draft_leaves_out_what_no_database_keeps(hotline):
    task = hotline.task(hotline.start())
    hotline.as_("leader_wang").post(f"/tasks/{task.id}/draft", {"dispatch_note": "半\x00句"})
    assert hotline.drafts("task:")[0]["dispatch_note"] == ["半句"]
