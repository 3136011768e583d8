"""Several units sign the same paper: the order says whose signature is missing and shows what each of them wrote."""

import re

import pytest

from engine import CompleteUserTask, Deploy, StartInstance
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from tests.support.redrawn import revision
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
PROCESS = "quality_complaint_capa"
COMPLAINT = {
    "channel": "letter",
    "customer": "东岭泵业",
    "contact_phone": "0571-81230001",
    "product": "主轴 A-12",
    "category": "quality",
    "severity": "ordinary",
    "subject": "主轴外圆超差",
    "content": "四根外圆超差。",
    "demand": "换货",
    "returned_goods": "no",
}
UNITS = ["linjing_workshop", "linjing_assembly", "linjing_technology", "linjing_quality", "linjing_marketing"]
COMPANY = {
    "liability": "company",
    "judge_reason": "库存也超差",
    "lead_unit": "linjing_workshop",
    "need_meeting": "yes",
    "attendees": UNITS,
}
MEETING = {"meeting_at": "2025-09-22T14:00", "minutes": "查夹具"}


@pytest.fixture
def signed(hotline):
    """An order whose minutes five units are to sign; gives its number and a function that completes a step."""
    engine = hotline.site.engine
    engine.execute(Deploy(read_bundle(procedures_root() / "complaint" / PROCESS), SYSTEM.id))
    number = engine.execute(StartInstance(PROCESS, "quality_song", COMPLAINT)).number

    def do(person, element, item="", **answers):
        order = next(r for r in hotline.site.rows("work_order") if r.number == number)
        task = next(
            t
            for t in hotline.site.rows("user_task")
            if (t.instance_id, t.element_id, t.item, t.state) == (order.instance_id, element, item, "open")
        )
        engine.execute(CompleteUserTask(task.id, person, answers))

    do("quality_song", "investigate", findings="超差", same_batch="yes")
    do("quality_song", "judge_liability", **COMPANY)
    do("workshop_qian", "contain_complaint", "0", containment="隔离")
    do("quality_song", "hold_meeting", **MEETING)
    return number, do


def test_the_order_says_which_units_have_not_signed_yet(hotline, signed):
    number, do = signed
    do("workshop_qian", "cosign_minutes", "0", sign_opinion="agree")
    page = re.sub("<[^>]+>", "", hotline.as_("quality_song").get(f"/orders/{number}").text)
    assert "会签会议记录 · 装配车间" in page
    assert "会签会议记录 · 机加车间" not in page
    assert "会签会议记录 · 1" not in page


def test_the_pages_say_how_the_votes_stand_and_what_came_of_them(hotline, signed):
    number, do = signed
    people = ["workshop_qian", "assembly_kong", "technology_bao", "quality_jia", "marketing_xue"]
    do(people[0], "cosign_minutes", "0", sign_opinion="agree")
    do(people[1], "cosign_minutes", "1", sign_opinion="object", objection="首检不归我们")
    said = "会签 · 已同意 1,不同意 1,共 5 份;全部同意才通过,等所有人签完"
    client = hotline.as_("quality_jia")
    page = client.get(f"/orders/{number}").text
    assert said in page
    task = next(r for r in hotline.site.rows("user_task") if (r.item, r.state) == ("3", "open"))
    assert f'<p class="notice">{said}</p>' in client.get(f"/tasks/{task.id}").text
    for item in (2, 3, 4):
        do(people[item], "cosign_minutes", str(item), sign_opinion="agree")
    page = client.get(f"/orders/{number}").text
    assert "“会签会议记录”不通过" in page and "已同意 4,不同意 1,共 5 份" in page and said not in page


def test_what_each_signer_wrote_is_shown_under_the_signer_s_name(hotline, signed):
    number, do = signed
    do("workshop_qian", "cosign_minutes", "0", sign_opinion="agree")
    do("assembly_kong", "cosign_minutes", "1", sign_opinion="object", objection="首检不归我们")
    page = hotline.as_("quality_song").get(f"/orders/{number}").text
    assert "<dt>会签</dt><dd>同意</dd>" in page
    assert "<dt>异议</dt><dd>首检不归我们</dd>" in page


def test_no_signer_is_left_out_however_many_they_are(hotline, signed):
    number, do = signed
    people = ["workshop_qian", "assembly_kong", "technology_bao", "quality_jia", "marketing_xue"]
    for _ in range(2):
        for item, person in enumerate(people):
            do(person, "cosign_minutes", str(item), sign_opinion="object", objection=f"{person}的异议")
        if _ == 0:
            do("quality_song", "hold_meeting", **MEETING)
    page = hotline.as_("quality_song").get(f"/orders/{number}").text
    assert [page.count(f"<dd>{person}的异议</dd>") for person in people] == [2] * 5


def test_the_history_says_which_unit_each_of_several_like_tasks_was_for(hotline, signed):
    number, _ = signed
    page = hotline.as_("quality_song").get(f"/orders/{number}").text
    opened = re.findall(r'到“会签会议记录”<br><span class="muted">([^<]+)</span>', page)
    assert sorted(opened) == sorted(["机加车间", "装配车间", "技术部", "质量部", "市场部"])


def test_the_order_says_once_how_the_votes_stand_however_many_are_to_sign(hotline, signed):
    number, _ = signed
    assert hotline.as_("quality_song").get(f"/orders/{number}").text.count("会签 · 已同意 0,不同意 0,共 5 份") == 1


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ("cosign_all", "全部同意才通过"),
        ("cosign_any", "先签的一位说了算"),
        ("cosign_two_thirds", "2/3同意即通过"),
        ("cosign_weights", "按票数(质量部 3 票),过半即通过"),
        ("cosign_veto", "过半同意即通过,质量部有一票否决权"),
        ("cosign_in_turn", "依次签,全部同意才通过"),
    ],
)
def test_the_procedure_s_page_says_how_a_step_is_co_signed(hotline, drawn, said):
    hotline.site.engine.execute(Deploy(revision(f"{PROCESS}/{drawn}").files(), SYSTEM.id))
    page = hotline.as_("owner_qin").get(f"/procedures/{PROCESS}").text
    assert f"会签 · {said}</span>" in page
