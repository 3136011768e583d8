"""Co-signers on the task page: one more, one less with what that does, and what stays when somebody was too late."""

import re

import pytest

from engine import ClaimUserTask, DropCoSigner
from tests.web.support_hotline import furnished_hotline, hotline
from tests.web.test_co_signing import signed
from web.words import moment

__all__ = ["furnished_hotline", "hotline", "signed"]
BOSS = "representative_fan"


@pytest.fixture
def minutes(hotline, signed):
    """The tasks of the units that sign the minutes, by key; the workshop's is in qian's hands."""
    number, _ = signed
    order = next(r for r in hotline.site.rows("work_order") if r.number == number)
    rows = [t for t in hotline.site.rows("user_task") if t.instance_id == order.instance_id]
    tasks = {t.item: t.id for t in rows if t.element_id == "cosign_minutes"}
    hotline.site.engine.execute(ClaimUserTask(tasks["0"], "workshop_qian"))
    return tasks


def post(hotline, person, task, act, **said):
    return hotline.as_(person).post(f"/tasks/{task}/{act}", said, follow_redirects=True)


def words(page):
    return re.sub("<[^>]+>", "", page.text)


def test_who_signs_is_listed_and_one_more_unit_is_chosen(hotline, minutes):
    page = hotline.as_("workshop_qian").get(f"/tasks/{minutes['0']}")
    assert "会签加签,再请一位" in page.text and "技术部 未签" in words(page)
    assert '<option value="linjing_board">' in page.text and '<option value="linjing_quality">' not in page.text
    assert "减签技术部…" not in page.text
    added = post(hotline, "workshop_qian", minutes["0"], "add_co_signer", unit="linjing_board", reason="事关体系")
    assert "已加签" in added.text and "公司管理层 未签" in words(added) and "钱进加签" in added.text
    assert "减签公司管理层…" in added.text
    assert "再请公司管理层会签" in added.text


@pytest.mark.parametrize(
    ("act", "words"), [("会签加签,再请一位", "一到手就是逾期"), ("加签,请别人签署", "加签不会延长")]
)
def test_a_limit_that_has_passed_is_said_before_anybody_is_added(hotline, minutes, act, words):
    place = f"/tasks/{minutes['0']}"
    before = hotline.as_("workshop_qian").get(place).text
    assert act in before and "这一步已经超过时限" not in before
    hotline.site.later(days=30)
    after = hotline.as_("workshop_qian").get(place).text
    assert f"这一步已经超过时限({moment_of(hotline, minutes['0'])})" in after and words in after


def moment_of(hotline, task):
    due = next(row.due_at for row in hotline.site.rows("user_task") if row.id == task)
    with hotline.site.app.test_request_context("/"):
        return moment(due)


def test_what_is_refused_stays_as_typed(hotline, minutes):
    refused = post(hotline, "workshop_qian", minutes["0"], "add_co_signer", unit="linjing_board", reason="")
    assert refused.status_code == 422
    assert "请写明加签的事由" in refused.text and '<option value="linjing_board" selected>' in refused.text


def test_taking_one_off_says_first_what_it_does(hotline, minutes, signed):
    for item, who in (("1", "assembly_kong"), ("3", "quality_jia"), ("4", "marketing_xue")):
        signed[1](who, "cosign_minutes", item, sign_opinion="agree")
    look = hotline.as_(BOSS).get(f"/tasks/{minutes['2']}/drop_co_signer?key=2")
    assert "收回技术部的“会签会议记录”,还没有人签收" in look.text
    assert "还等别的人签" in look.text and "装配车间、质量部、市场部" in look.text
    post(hotline, BOSS, minutes["2"], "drop_co_signer", key="2", reason="首检不归技术部")
    look = hotline.as_(BOSS).get(f"/tasks/{minutes['0']}/drop_co_signer?key=0")
    assert "就此签完,流程继续" in look.text and "在钱进手上" in look.text
    without = post(hotline, BOSS, minutes["0"], "drop_co_signer", key="0", reason="")
    assert (without.status_code, "请写明减签的原因" in without.text) == (422, True)
    done = post(hotline, BOSS, minutes["0"], "drop_co_signer", key="0", reason="夹具已换")
    assert "已减签" in done.text and "不用机加车间签" in done.text
    assert "分析原因" in done.text


def test_who_may_not_take_anybody_off_is_led_back(hotline, minutes):
    look = hotline.as_("workshop_qian").get(f"/tasks/{minutes['0']}/drop_co_signer?key=2", follow_redirects=True)
    assert "减签会这样" not in look.text
    post(hotline, "workshop_qian", minutes["0"], "add_co_signer", unit="linjing_board", reason="事关体系")
    look = hotline.as_("workshop_qian").get(f"/tasks/{minutes['0']}/drop_co_signer?key=2", follow_redirects=True)
    assert "减签会这样" not in look.text


def test_whoever_comes_second_learns_that_it_is_done(hotline, minutes):
    hotline.site.engine.execute(DropCoSigner(minutes["0"], BOSS, "2", "首检不归技术部"))
    late = post(hotline, BOSS, minutes["0"], "drop_co_signer", key="2", reason="一样的理由")
    assert late.status_code == 422 and "已被减签" in late.text


@pytest.mark.parametrize(("claims", "told"), [(True, "已减签,首检不归技术部"), (False, "没有提交")])
def test_what_was_typed_is_kept_for_who_was_taken_off_meanwhile(hotline, minutes, claims, told):
    """Whoever had not claimed it sees the order no more; the notice said why."""
    if claims:
        hotline.site.engine.execute(ClaimUserTask(minutes["2"], "technology_bao"))
    hotline.site.engine.execute(DropCoSigner(minutes["0"], BOSS, "2", "首检不归技术部"))
    said = {"sign_opinion": "object", "objection": "写了半天的异议"}
    late = post(hotline, "technology_bao", minutes["2"], "complete", **said)
    assert "写了半天的异议" in late.text and told in late.text
