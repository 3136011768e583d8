"""Several tasks of a list at once: ticks, one form for all of them, a result for each, counted once."""

import re

import pytest

from tests.support.races import race
from tests.web.support_hotline import DISPATCHED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
CHOSEN = "chosen.task"


@pytest.fixture
def three(hotline):
    """Three calls that wait to be handed over; gives their tasks."""
    hotline.numbers = [hotline.start(subject=f"路灯{n}", caller_phone=f"1391111000{n}") for n in range(3)]
    hotline.ids = [hotline.task(number).id for number in hotline.numbers]
    return hotline


def results(text: str) -> dict[str, str]:
    """Give the result of each row of the page that tells them, by order."""
    rows = re.findall(r">([A-Z]+\d+)</a></td>.*?<td>(.*?)</td></tr>", text, re.S)
    return {number: re.sub(r"<[^>]+>", "", said).strip() for number, said in rows}


def holders(hotline):
    return [task.assignee for task in hotline.site.rows("user_task") if task.id in hotline.ids]


def events(hotline, kind):
    return [row for row in hotline.site.rows("history") if row.kind == kind]


def test_chosen_tasks_are_claimed_by_one_button_and_each_tells_its_result(three):
    browser = three.as_("leader_wang")
    assert browser.get("/pool").text.count('name="chosen.task"') == 3
    done = browser.post("/bulk/claim", {CHOSEN: three.ids[:2], "chosen.list": "pool"})
    assert results(done.text) == dict.fromkeys(three.numbers[:2], "已签收")
    assert holders(three) == ["leader_wang", "leader_wang", None]


def test_one_that_somebody_else_took_meanwhile_keeps_the_others_from_nothing(three):
    three.as_("leader_zhao").post(f"/tasks/{three.ids[1]}/claim")
    text = three.as_("leader_wang").post("/bulk/claim", {CHOSEN: three.ids}).text
    assert holders(three) == ["leader_wang", "leader_zhao", "leader_wang"]
    assert "这件待办已由赵敏于9月22日 10:00签收" in results(text)[three.numbers[1]]
    assert "办成 2 件 · 没有办成 1 件" in text


def test_two_people_who_choose_the_same_at_once_share_it_and_each_learns_what_became_of_each(three):
    browsers = [three.as_(who) for who in ("leader_wang", "leader_zhao")]
    told = [results(a.text) for a in race([lambda b=b: b.post("/bulk/claim", {CHOSEN: three.ids}) for b in browsers])]
    for n, number in enumerate(three.numbers):
        won = ["leader_wang", "leader_zhao"].index(holders(three)[n])
        assert told[won][number] == "已签收"
        assert "签收" in told[1 - won][number]
        assert told[1 - won][number] != "已签收"


def test_the_page_of_a_transfer_says_who_may_take_how_many_and_each_is_told_of(three):
    browser = three.as_("leader_wang")
    browser.post("/bulk/claim", {CHOSEN: three.ids})
    asked = browser.post("/bulk", {CHOSEN: three.ids, "act": "transfer", "chosen.list": "todo"})
    assert asked.status_code == 303
    assert "赵敏 · 可以接 3 件" in browser.get(asked.location).text
    done = browser.post("/bulk/transfer", {CHOSEN: three.ids, "to": "leader_zhao", "reason": "下午请假"})
    assert set(results(done.text).values()) == {"已转办"}
    assert holders(three) == ["leader_zhao"] * 3
    assert len(events(three, "UserTaskTransferred")) == 3


def test_what_is_refused_for_all_by_one_sentence_is_asked_again_as_typed(three):
    browser = three.as_("leader_wang")
    browser.post("/bulk/claim", {CHOSEN: three.ids})
    again = browser.post("/bulk/transfer", {CHOSEN: three.ids, "to": "leader_zhao", "reason": " "})
    assert again.status_code == 422
    assert "请写明转办原因" in again.text
    assert '<option value="leader_zhao" selected>' in again.text
    assert again.text.count("checked") == 3
    assert holders(three) == ["leader_wang"] * 3


def test_orders_i_started_are_urged_at_their_open_steps(three):
    browser = three.as_("agent_li")
    asked = browser.post("/bulk", {"chosen.order": three.numbers[:2], "act": "urge", "chosen.list": "started"})
    page = browser.get(asked.location).text
    assert [f'value="{ident}" checked' in page for ident in three.ids] == [True, True, False]
    done = browser.post("/bulk/urge", {CHOSEN: three.ids[:2], "text": "请抓紧", "chosen.list": "started"})
    assert set(results(done.text)) == set(three.numbers[:2])
    assert len(events(three, "UserTaskUrged")) == 2
    assert 'href="/started"' in done.text


def test_a_form_of_choices_is_filled_in_once_for_all_of_a_step(three):
    browser = three.as_("leader_wang")
    asked = browser.post("/bulk", {CHOSEN: three.ids, "act": "complete", "chosen.list": "pool"})
    assert 'name="dispatch_choice"' in browser.get(asked.location).text
    done = browser.post("/bulk/complete", {CHOSEN: three.ids, **DISPATCHED})
    assert results(done.text) == dict.fromkeys(three.numbers, "已提交")
    assert {row.unit for row in three.site.rows("work_order")} == {"city_roads"}


def test_a_shared_form_that_lacks_an_answer_comes_back_with_its_fields_and_nothing_is_done(three):
    browser = three.as_("leader_wang")
    again = browser.post("/bulk/complete", {CHOSEN: three.ids, **DISPATCHED, "unit": ""})
    assert again.status_code == 422
    assert "必填" in again.text
    assert 'href="#field-unit"' in again.text
    assert events(three, "UserTaskCompleted") == []


def test_a_form_that_wants_an_account_of_each_case_is_not_shared(hotline):
    numbers = [hotline.dispatched(caller_phone=f"1392222000{n}", place=f"和平路{n}号") for n in range(2)]
    ids = [hotline.task(number).id for number in numbers]
    browser, before = hotline.as_("clerk_roads_zhou"), len(events(hotline, "UserTaskCompleted"))
    page = browser.get(f"/bulk/complete?{CHOSEN}={ids[0]}&{CHOSEN}={ids[1]}").text
    assert page.count("“办理情况与答复”要一件一件填") == 2
    assert "逐件提交" not in page
    done = browser.post("/bulk/complete", {CHOSEN: ids, "reply": "已换灯泡。"})
    assert done.status_code == 422
    assert len(events(hotline, "UserTaskCompleted")) == before


def test_tasks_of_different_steps_are_offered_apart(three):
    other = three.dispatched(caller_phone="13922220000", place="和平路1号")
    ids = [*three.ids, three.task(other).id]
    page = three.as_("admin_tang").get("/bulk/complete?" + "&".join(f"{CHOSEN}={i}" for i in ids)).text
    assert "“交办工单” 3 件" in page
    assert "“承办并填写反馈单” 1 件" in page


def test_a_form_sent_again_does_nothing_twice(three):
    browser = three.as_("leader_wang")
    said = {CHOSEN: three.ids, "text": "请抓紧", "once": "0123456789abcdef"}
    first = browser.post("/bulk/urge", said)
    before = len(three.site.rows("history")), len(three.site.rows("slip"))
    second = browser.post("/bulk/urge", said)
    assert set(results(first.text).values()) != set(results(second.text).values())
    assert set(results(second.text).values()) == {"刚才已经催办过了,没有重复催。"}
    assert (len(three.site.rows("history")), len(three.site.rows("slip"))) == before


def test_tasks_out_of_sight_are_as_if_they_were_not_there(three):
    browser = three.as_("clerk_water_wu")
    assert browser.get(f"/bulk/urge?{CHOSEN}={three.ids[0]}").status_code == 303
    assert browser.post("/bulk/urge", {CHOSEN: three.ids}).status_code == 303
    assert events(three, "UserTaskUrged") == []


def test_nothing_chosen_is_said_and_leads_back_to_the_list(three):
    browser = three.as_("leader_wang")
    answer = browser.post("/bulk", {"act": "transfer", "chosen.list": "board", "chosen.process": "mayor_hotline"})
    assert answer.location == "/board?process=mayor_hotline"
    assert "没有选中任何一件" in browser.get(answer.location).text


def test_the_page_asks_the_database_as_often_for_many_as_for_few(three):
    browser = three.as_("leader_wang")

    def statements(ids):
        with three.site.statements() as seen:
            assert browser.get("/bulk/transfer?" + "&".join(f"{CHOSEN}={i}" for i in ids)).status_code == 200
        return len(seen)

    statements(three.ids)
    few = statements(three.ids[:1])
    more = [three.task(three.start(caller_phone=f"1380000{n:04}", place=f"{n}号")).id for n in range(10)]
    assert statements([*three.ids, *more]) == few
