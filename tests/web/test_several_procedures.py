"""Where several organisations' procedures run: everybody is offered what is theirs, in the words of their procedure."""

import pytest

from engine import Deploy, StartInstance
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from engine.forms import FieldSpec
from engine.store import people
from engine.store.database import transaction
from tests.web.support_hotline import furnished_hotline
from tests.web.support_training import SHEET, furnished_school, school
from web.forms import Input

__all__ = ["furnished_hotline", "furnished_school", "school"]
COMPLAINT = {
    "channel": "phone",
    "caller_name": "许先生",
    "caller_phone": "13900030001",
    "site": "heju_jinxiu",
    "place": "锦绣花园3栋",
    "subject": "楼上漏水",
    "content": "滴了两天。",
    "demand": "止水",
    "severity": "ordinary",
    "settled_now": "no",
}
PROPERTY = "property_complaint_urgent"


@pytest.fixture
def town(school):
    """The hotline, the training and the property company's complaints under one roof."""
    school.site.engine.execute(Deploy(read_bundle(procedures_root() / "complaint" / PROPERTY), SYSTEM.id))
    return school


REGISTERED = StartInstance(PROPERTY, "service_ding", COMPLAINT)


def top(page: str) -> str:
    """Give the top bar of a page."""
    return page[page.index("<header") : page.index("</header>")]


def give(town, person: str, unit: str, role: str) -> None:
    """Give somebody one more role."""
    with transaction(town.site.engine.database) as connection:
        people.put_memberships(connection, [{"person": person, "unit": unit, "role": role}])


@pytest.mark.parametrize(
    ("person", "said"),
    [("agent_li", "登记来电"), ("service_ding", "登记投诉"), ("dispatcher_long", "提出培训"), ("trainer_gu", None)],
)
def test_the_button_names_what_one_starts(town, person, said):
    page = top(town.as_(person).get("/").text)
    assert ('href="/intake"' in page) == (said is not None)
    assert said is None or f">{said}</a>" in page


def test_who_starts_several_chooses_from_a_menu(town):
    give(town, "agent_li", "jianji_dispatch", "equipment_dispatcher")
    page = top(town.as_("agent_li").get("/").text)
    assert "<summary" in page
    assert "/intake?process=mayor_hotline" in page
    assert "/intake?process=equipment_operator_training" in page


def test_a_complaint_is_registered_in_its_own_words(town):
    page = town.as_("service_ding").get("/intake").text
    assert "<h1>登记投诉 · 物业客户投诉紧急处理</h1>" in page
    assert "来电" not in page[page.index("<main") :]


@pytest.mark.parametrize(
    ("person", "offered"), [("head_tian", True), ("leader_wang", True), ("dispatcher_long", False)]
)
def test_a_board_is_offered_only_where_orders_are_handed_over(town, person, offered):
    browser = town.as_(person)
    assert ("<span>看板</span>" in browser.get("/").text) == offered
    assert browser.get("/board").status_code == (200 if offered else 403)
    assert browser.get("/board?process=equipment_operator_training").status_code == 403


def test_a_board_names_the_step_by_which_orders_are_handed_over(town):
    town.site.engine.execute(REGISTERED)
    assert "等着“送达管理处”的工单" in town.as_("head_tian").get("/board").text


def test_lists_of_several_procedures_say_which_is_which(town):
    give(town, "agent_li", "heju_service", "property_service")
    town.start("agent_li")
    town.site.engine.execute(REGISTERED)
    pages = {p: town.as_("agent_li").get(p).text.partition("<tbody>")[2] for p in ("/pool", "/search?q=路灯 ")}
    assert "物业客户投诉紧急处理" in pages["/pool"]
    assert "市长热线工单办理" not in pages["/search?q=路灯 "]
    give(town, "leader_wang", "heju_service", "property_head")
    found = town.as_("leader_wang").get("/search?q=天").text.partition("<tbody>")[2]
    assert "物业客户投诉紧急处理" in found
    assert "市长热线工单办理" in found


def test_a_list_without_requesters_has_no_column_for_them(town):
    town.planned()
    assert "诉求人" not in town.as_("trainer_gu").get("/").text
    town.start("agent_li")
    assert "诉求人" in town.as_("leader_wang").get("/pool").text


def test_whoever_a_task_waits_for_is_named_in_words(town):
    number = town.dispatched()
    page = town.as_("agent_li").get(f"/orders/{number}").text
    assert "等候市政道路管理处 承办人员" in page
    assert "city_roads" not in page[page.index("<main") :]


def test_what_is_handed_over_to_no_unit_prints_as_an_order(town):
    number = town.planned()
    page = town.show(number, "trainer_gu").text
    assert "打印工单" in page
    assert "打印交办单" not in page
    assert "<h1>工单</h1>" in town.as_("trainer_gu").get(f"/orders/{number}/sheet/feedback").text


def test_an_empty_list_offers_nothing_to_narrow(town):
    assert "标题或工单号" not in town.as_("trainer_gu").get("/").text
    assert "标题或工单号" in town.as_("trainer_gu").get("/?q=x").text


def test_an_absence_waits_for_no_signature(town):
    number = town.planned()
    town.do(number, "trainer_gu", sheet_kind="driving", attendance="absent")
    page = town.show(number, "trainer_gu").text
    assert "不用签" in page
    assert "未签认" not in page
    assert "记入培训表 9月22日 周一" in page


def test_a_day_that_is_only_shown_is_written_as_people_write_it(town):
    number = town.planned()
    town.do(number, "trainer_gu", **SHEET)
    page = town.as_("trainee_niu").get(f"/tasks/{town.task(number).id}").text
    assert '<div class="given">9月22日 周一</div>' in page
    assert '<input type="hidden" name="sheet_day" value="2025-09-22">' in page


def test_a_moment_that_is_only_shown_is_that_of_the_town(town):
    promised = FieldSpec("promised_at", "promised_at", "datetime", "答应的时间", readonly=True)
    with town.site.app.test_request_context():
        assert Input(promised, "promised_at", ("2025-09-23T17:00",)).words == "9月23日 17:00"
