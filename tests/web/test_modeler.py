"""Procedures in the browser: who sees them, uploads and what is refused, release under four eyes, hostile names, diagrams."""

import io
import re
import stat
import zipfile

import pytest

from engine import ChangeSetting, Deploy
from engine.domain.errors import NotAllowed
from tests.web.support_pages import BPMN, TOML, Desk, desk, folder, furnished_desk, zipped
from web.modeler.uploads import MAX_BYTES

__all__ = ["desk", "furnished_desk"]
SCRIPT = "<script>alert(1)</script>"
HOSTILE = "&lt;script&gt;alert(1)&lt;/script&gt;"


def renamed(name: str = "改过名") -> bytes:
    return BPMN.replace('name="写信"', f'name="{name}"').encode()


def states(desk: Desk) -> list[tuple[int, str]]:
    return [(row.version, row.state) for row in desk.rows("definition")]


@pytest.mark.parametrize(("person", "seen"), [("clerk", True), ("owner", True), ("root", True), ("mei", False)])
def test_the_gallery_shows_what_one_may_start_or_looks_after(desk, person, seen):
    text = desk.get(person, "/procedures").text
    assert ("替市民寄一封信" in text) is seen


@pytest.mark.parametrize("path", ["", "/1/picture.svg", "/1/diagram.bpmn", "/1/download", "?version=1"])
def test_strangers_find_no_procedure(desk, path):
    assert desk.get("mei", f"/procedures/letter{path}").status_code == 404


def test_a_starter_sees_no_drafts_and_no_upload(desk):
    desk.upload("owner", "letter.bpmn", renamed())
    assert desk.get("clerk", "/procedures/letter?version=2").status_code == 404
    assert "上传" not in desk.get("clerk", "/procedures/letter").text
    assert desk.upload("clerk", "letter.bpmn", renamed("又一个")).status_code == 404


def test_a_changed_diagram_takes_its_place_in_the_newest_version_as_a_draft(desk):
    response = desk.upload("owner", "letter (2).bpmn", renamed())
    assert (response.status_code, response.location) == (303, "/procedures/letter?version=2")
    assert states(desk) == [(1, "active"), (2, "draft")]
    assert "改过名" in desk.get("owner", "/procedures/letter?version=2").text


def test_the_same_diagram_is_no_new_version(desk):
    desk.upload("owner", "letter.bpmn", BPMN.encode())
    assert states(desk) == [(1, "active")]


def test_a_folder_as_zip_is_read_scenarios_left_out(desk):
    files = {**folder(bpmn=renamed().decode()), "scenarios/a.toml": b"x", "README.md": b"x"}
    assert desk.upload("owner", "letter.zip", zipped(files)).status_code == 303
    assert {row.name for row in desk.rows("resource") if row.definition_id == 2} == set(folder())


def test_a_new_procedure_comes_as_zip(desk):
    drawn = BPMN.replace('id="letter"', 'id="parcel"').replace('bpmnElement="letter"', 'bpmnElement="parcel"')
    files = folder(toml=TOML.replace('"letter"', '"parcel"').replace('prefix = "L"', 'prefix = "P"'), bpmn=drawn)
    response = desk.upload("owner", "parcel.zip", zipped(files, "parcel/"), key="")
    assert response.location == "/procedures/parcel?version=1"
    assert desk.get("clerk", "/procedures/parcel").status_code == 404


def test_findings_are_listed_and_shown_on_the_drawing(desk):
    bad = BPMN.replace("1小时", "十来分钟吧").encode()
    response = desk.upload("owner", "letter.bpmn", bad)
    assert response.status_code == 422
    assert re.search(r"<code>late</code>.*十来分钟吧", response.text, re.DOTALL)
    assert 'class="el overdue" data-element-id="late"' in response.text
    assert states(desk) == [(1, "active")]


def entry(name: str, mode: int = 0o644, content: bytes = b"x") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        target.writestr("letter/procedure.toml", b"")
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        target.writestr(info, content)
    return packed.getvalue()


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("letter/procedure.toml", b"0" * (MAX_BYTES + 1))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", entry("../letter.bpmn"), "路径"),
        ("a.zip", entry("/etc/passwd.bpmn"), "路径"),
        ("a.zip", entry("letter/..\\a.bpmn"), "路径"),
        ("a.zip", entry("letter/a.bpmn", stat.S_IFLNK | 0o777), "符号链接"),
        ("a.zip", bomb(), "太大"),
        ("a.zip", zipped({f"{i}.bpmn": b"" for i in range(60)} | folder()), "至多 50"),
        ("a.zip", zipped({"a.bpmn": b""}), "procedure.toml"),
        ("a.zip", zipped(folder())[:-30], "只收"),
        ("a.zip", zipped(folder(toml='id = "x"\nnumbering = 3')), "procedure.toml"),
        ("a.zip", zipped(folder(toml=TOML.replace('"letter"', '"other"'))), "other"),
        (
            "a.bpmn",
            b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + BPMN.split("?>", 1)[1].encode(),
            "DOCTYPE",
        ),
        (
            "a.bpmn",
            ("\ufeff" + BPMN.replace("UTF-8", "UTF-16").replace("?>", "?><!DOCTYPE x>", 1)).encode("utf-16-le"),
            "DOCTYPE",
        ),
        ("a.bpmn", b"not xml", "XML"),
        ("a.exe", b"MZ", "只收"),
        ("a.bpmn", b"", "选择"),
    ],
    ids="slip absolute backslash symlink bomb many headless cut-off types other-id doctype doctype-utf16 no-xml exe empty".split(),
)
def test_uploads_that_are_refused(desk, name, content, said):
    response = desk.upload("owner", name, content)
    assert response.status_code == 422
    assert said in response.text
    assert states(desk) == [(1, "active")]
    assert desk.rows("incident") == []


def hostile_folder() -> dict[str, bytes]:
    documented = '<bpmn:userTask id="fill" name="写信" camunda:candidateGroups="clerk">'
    drawn = BPMN.replace(documented, f"{documented}<bpmn:documentation>{HOSTILE}</bpmn:documentation>")
    drawn = drawn.replace('name="写信"', f'name="{HOSTILE}"').replace('name="寄信"', f'name="{HOSTILE}"')
    settings = TOML.replace("替市民寄一封信。", SCRIPT).replace('title = "寄信"', f'title = "{SCRIPT}"')
    clauses = f"clause,source,element,demand,basis\n{SCRIPT},{SCRIPT},fill,{SCRIPT},x\n".encode()
    return {**folder(bpmn=drawn, toml=settings), "clauses.csv": clauses}


def test_hostile_names_and_documentation_stay_text_on_every_page(desk):
    assert desk.upload("owner", "letter.zip", zipped(hostile_folder())).status_code == 303
    desk.send("second", "/procedures/letter/2/release")
    number = desk.start(subject=SCRIPT)
    for path in (
        "/procedures",
        "/procedures/letter",
        "/procedures/letter/2/picture.svg",
        f"/orders/{number}/picture.svg",
    ):
        response = desk.get("clerk", path)
        assert response.status_code == 200
        assert SCRIPT not in response.text
        assert "script&gt;alert(1)" in response.text


def test_hostile_names_stay_text_among_findings(desk):
    drawn = hostile_folder()["letter.bpmn"].decode().replace("1小时", HOSTILE)
    refused = desk.upload("owner", "letter.bpmn", drawn.encode())
    assert (refused.status_code, SCRIPT in refused.text) == (422, False)


def test_pictures_and_files_opened_alone_may_do_nothing(desk):
    for path in ("/procedures/letter/1/picture.svg", "/procedures/letter/1/diagram.bpmn"):
        policy = desk.get("owner", path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
    assert "attachment" in desk.get("owner", "/procedures/letter/1/diagram.bpmn").headers["Content-Disposition"]


def test_a_released_draft_is_what_new_cases_start_on(desk):
    desk.upload("owner", "letter.bpmn", renamed())
    assert desk.send("owner", "/procedures/letter/2/release").status_code == 303
    assert states(desk) == [(1, "retired"), (2, "active")]
    assert "发布" in desk.get("owner", "/procedures/letter").text


def test_rolling_back_needs_a_reason_and_is_on_record(desk):
    desk.upload("owner", "letter.bpmn", renamed())
    desk.send("owner", "/procedures/letter/2/release")
    assert desk.send("owner", "/procedures/letter/1/release", reason=" ").status_code == 422
    assert desk.send("owner", "/procedures/letter/1/release", reason="新图有错").status_code == 303
    assert states(desk) == [(1, "active"), (2, "retired")]
    assert "新图有错" in desk.get("owner", "/procedures/letter").text


@pytest.mark.parametrize("person", ["clerk", "mei"])
def test_only_owners_and_admins_release(desk, person):
    desk.upload("owner", "letter.bpmn", renamed())
    assert desk.send(person, "/procedures/letter/2/release").status_code in (403, 404)
    assert desk.send(person, "/procedures/letter/1/release", reason="x").status_code in (403, 404)
    assert states(desk) == [(1, "active"), (2, "draft")]


def test_four_eyes_want_somebody_else_to_release(desk):
    desk.engine.execute(ChangeSetting("four_eyes", "on", "root"))
    desk.upload("owner", "letter.bpmn", renamed())
    refused = desk.send("owner", "/procedures/letter/2/release")
    assert (refused.status_code, "四眼" in refused.text) == (403, True)
    with pytest.raises(NotAllowed, match="四眼"):
        desk.engine.execute(Deploy(folder(bpmn=renamed("直接发布").decode()), "owner"))
    assert desk.send("second", "/procedures/letter/2/release").status_code == 303
    assert states(desk) == [(1, "retired"), (2, "active")]


def test_the_download_can_be_uploaded_again(desk):
    content = desk.get("owner", "/procedures/letter/1/download").data
    assert desk.upload("owner", "letter.zip", content).status_code == 303
    assert states(desk) == [(1, "active")]
    assert desk.get("clerk", "/procedures/letter/1/download").status_code == 404


def test_a_version_without_coordinates_has_no_picture_but_a_page(desk):
    bare = BPMN.split("<bpmndi:BPMNDiagram")[0] + "</bpmn:definitions>"
    desk.upload("owner", "letter.zip", zipped(folder(bpmn=bare.replace('name="写信"', 'name="没画"'))))
    assert desk.get("owner", "/procedures/letter?version=2").status_code == 200
    assert desk.get("owner", "/procedures/letter/2/picture.svg").status_code == 404


def test_an_orders_diagram_tells_what_is_done_current_and_overdue(desk):
    number = desk.start()
    drawn = desk.get("clerk", f"/orders/{number}/picture.svg").text
    assert re.search(r'class="el done" data-element-id="begin"', drawn)
    assert re.search(r'class="el current" data-element-id="fill"', drawn)
    assert "<style>" in drawn


def test_a_waiting_job_is_marked(desk):
    number = desk.start()
    desk.write()
    assert 'class="el waiting" data-element-id="mail"' in desk.get("root", f"/orders/{number}/picture.svg").text


@pytest.mark.parametrize("name", ["picture.svg", "diagram.bpmn"])
def test_strangers_find_no_orders_diagram(desk, name):
    number = desk.start()
    assert desk.get("mei", f"/orders/{number}/{name}").status_code == 404
    assert desk.get("clerk", f"/orders/NOTHING/{name}").status_code == 404


def test_a_gallery_of_many_orders_asks_no_more_questions(desk):
    for _ in range(3):
        desk.start()
    text = desk.get("owner", "/procedures").text
    assert "在办 3 件" in text
    assert len(text) < 12_000


def test_a_page_without_built_assets_shows_the_servers_drawing(desk):
    desk.app.extensions["asset_manifest"] = {}
    text = desk.get("owner", "/procedures/letter").text
    assert 'src="/procedures/letter/1/picture.svg"' in text
    assert "data-viewer" not in text


def test_with_built_assets_the_section_names_the_viewer(desk):
    desk.app.extensions["asset_manifest"] = {"viewer.js": "viewer-1.js", "viewer-style.css": "viewer-2.css"}
    text = desk.get("owner", "/procedures/letter").text
    assert 'data-viewer="/static/dist/viewer-1.js"' in text
    assert 'data-xml="/procedures/letter/1/diagram.bpmn"' in text


def test_the_part_where_a_case_stands_is_smaller_than_the_whole(desk):
    number = desk.start()
    part = desk.get("clerk", f"/orders/{number}/picture.svg?part=here").text
    assert 'width="1000"' in part
    assert 'class="el current" data-element-id="fill"' in part


def test_element_templates_list_the_calendars_of_this_office_by_name(site):
    templates = site.logged_in("admin_tang").get("/procedures/element-templates.json").get_json()
    chosen = [p["choices"] for t in templates for p in t["properties"] if p["binding"].get("name") == "calendar"]
    assert chosen
    assert all({"name": "机关作息", "value": "office"} in choices for choices in chosen)
    assert site.logged_in("agent_li").get("/procedures/element-templates.json").status_code == 404
