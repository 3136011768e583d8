"""An owner changes how the minutes are co-signed and releases it; the next case is decided by more than half, early.

The owner draws in the desktop modeller, which no browser test can open: what it would save is written by
`tests.support.redrawn` into the very file that the owner downloads here, from a choice its template offers.
"""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_a_quality_complaint import PROCESS, hand_in, take_complaint
from tests.browser.test_pages_are_accessible import look
from tests.support.redrawn import redraw, revision

UNITS = {
    "linjing_workshop": "workshop_qian",
    "linjing_assembly": "assembly_kong",
    "linjing_technology": "technology_bao",
}
STEP = "会签会议记录"


@pytest.fixture
def redrawn(somebody: Any, office: Any, tmp_path: Path) -> Any:
    """The owner downloads the diagram that is in use, chooses 过半 for the minutes, uploads it and releases it."""
    office.banjie("deploy", "complaint")
    owner = somebody("owner_qin")
    owner.open(f"/procedures/{PROCESS}")
    with owner.page.expect_download() as download:
        owner.page.get_by_role("link", name="下载第").click()
    file = tmp_path / f"{PROCESS}.bpmn"
    with zipfile.ZipFile(download.value.path()) as folder:
        [name] = [name for name in folder.namelist() if name.endswith(file.name)]
        drawn = {file.name: folder.read(name)}
    file.write_bytes(redraw(drawn, revision(f"{PROCESS}/cosign_more_than_half").changes)[file.name])
    owner.page.set_input_files("#file", file)
    owner.press("检查并存为草稿")
    owner.page.wait_for_url("**version=*")
    yield owner
    office.banjie("deploy", "complaint")


def to_the_minutes(somebody: Any) -> str:
    """Bring a complaint to the point where three units are to sign the minutes; give its number."""
    engineer, workshop = somebody("quality_song"), somebody("workshop_qian")
    number = take_complaint(engineer)
    hand_in(engineer, number, "调查抱怨", findings="同批库存也超差", same_batch="yes")
    engineer.open("/pool")
    engineer.page.get_by_role("link", name=number).first.click()
    engineer.fill(liability="company", judge_reason="同批库存也超差", lead_unit="linjing_workshop", need_meeting="yes")
    for unit in UNITS:
        engineer.page.locator(f"[name=attendees][value={unit}]").check()
    engineer.press("提交“判定责任归属”")
    hand_in(workshop, number, "临时止损", containment="隔离同批库存")
    hand_in(engineer, number, "召开顾客抱怨检讨会", meeting_at="2025-10-15T14:00", minutes="机加车间查夹具")
    return number


def test_more_than_half_decides_and_the_rest_need_not_sign(somebody: Any, redrawn: Any) -> None:
    owner = redrawn
    assert "检查通过,没有提醒" in owner.text()
    for summary in ("各环节", "条款"):
        owner.page.locator("summary", has_text=summary).first.click()
    assert "会签 · 过半同意即通过" in owner.page.locator("tr[data-row=cosign_minutes]").inner_text()
    look(owner, "draft", 1280)
    release = owner.page.get_by_role("button", name="发布第").first
    release.click()
    release.wait_for(state="detached")

    number = to_the_minutes(somebody)
    workshop, assembly, technology = (somebody(who) for who in UNITS.values())
    technology.open("/pool")
    technology.page.get_by_role("row", name=number).get_by_role("link", name=number).click()
    assert "已同意 0,不同意 0,共 3" in technology.text()
    assert "过半同意即通过" in technology.text()
    technology.press("先签收,稍后再办")

    hand_in(workshop, number, STEP, sign_opinion="agree")
    assembly.open(f"/orders/{number}")
    assert "已同意 1,不同意 0,共 3" in assembly.text()
    hand_in(assembly, number, STEP, sign_opinion="agree")

    for width in (1280, 390):
        engineer = somebody("quality_song", width=width)
        engineer.open(f"/orders/{number}")
        look(engineer, "decided", width)
    assert "收回“会签会议记录”\n技术部" in engineer.text()
    shown = engineer.text()
    assert f"“{STEP}”通过" in shown
    assert "已同意 2,不同意 0,共 3" in shown
    assert "分析原因" in shown
    technology.open("/notices")
    assert f"不用签了:{STEP}".replace(":", "：") in technology.text()
    technology.open("/")
    assert number not in technology.text()
