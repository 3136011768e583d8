"""The admins' pages: people, units, roles, files, a leaver's tasks."""

import csv
import io
import re
import zipfile

import pytest
from openpyxl import Workbook

from engine import ClaimUserTask, Inbox
from tests.web.conftest import PASSWORD

PAGES = ["/admin/people", "/admin/people/new", "/admin/person/agent_li", "/admin/units", "/admin/units/city_roads", "/admin/roles",
         "/admin/acts", "/admin/people/import", "/admin/people.csv"]  # fmt: skip
HEAD = "账号,姓名,单位,岗位\n"


@pytest.fixture
def admin(site):
    """The admin's browser."""
    return site.logged_in("admin_tang")


def text(response):
    return response.get_data(as_text=True)


def upload(browser, content, name="people.csv"):
    browser.get("/admin/people/import")
    return browser.post(
        "/admin/people/import", {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def sealed(page):
    return re.search(r'name="sealed" value="([^"]*)"', text(page))[1]


def excel(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("path", PAGES)
def test_admins_see_the_page(admin, path):
    assert admin.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_others_find_nothing_there(site, path):
    assert site.logged_in("leader_wang").get(path).status_code == 404


def test_others_change_nothing_there(site):
    browser = site.logged_in("agent_li")
    assert browser.post("/admin/person/leader_wang/disable").status_code == 404
    assert all(row.active for row in site.rows("person"))


def test_people_are_found_by_name_and_account(admin):
    assert "李晓岚" in text(admin.get("/admin/people?q=晓岚"))
    assert "agent_li" not in text(admin.get("/admin/people?q=%25"))
    assert text(admin.get("/admin/people?q=clerk_water")).count("data-row") == 1


def test_the_list_goes_on_page_by_page(admin):
    first = text(admin.get("/admin/people"))
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert first.count("data-row") == 20
    assert "equipment_manager_wan" in text(admin.get(following))


def test_a_new_person_logs_in_with_the_word_shown_once(site, admin):
    admin.get("/admin/people/new")
    shown = text(
        admin.post(
            "/admin/people/new",
            {"account": "Zhang_Wei", "name": "张伟", "unit": "hotline_desk", "role": "hotline_agent"},
        )
    )
    word = re.search(r'<code class="word">([^<]+)</code>', shown)[1]
    assert site.browser().log_in("zhang_wei", word).headers["Location"] == "/password"
    assert word not in text(admin.get("/admin/person/zhang_wei"))


def test_a_person_that_cannot_be_added_keeps_what_was_typed(admin):
    admin.get("/admin/people/new")
    answer = admin.post("/admin/people/new", {"account": "agent_li", "name": "<b>重名</b>"})
    assert answer.status_code == 422
    assert "已经有了,是李晓岚" in text(answer)
    assert "&lt;b&gt;重名&lt;/b&gt;" in text(answer)


def test_roles_come_and_go(site, admin):
    admin.get("/admin/person/agent_li")
    admin.post("/admin/person/agent_li/memberships", {"unit": "hotline_desk", "role": "hotline_leader"})
    admin.post("/admin/person/agent_li/memberships/drop", {"unit": "hotline_desk", "role": "hotline_agent"})
    assert [row.role for row in site.rows("membership") if row.person == "agent_li"] == ["hotline_leader"]


def test_disabling_and_resetting_are_two_clicks(site, admin):
    theirs = site.logged_in("agent_li")
    admin.get("/admin/person/agent_li")
    assert "已停用" in text(admin.get(admin.post("/admin/person/agent_li/disable").headers["Location"]))
    assert theirs.get("/").status_code == 303
    admin.post("/admin/person/agent_li/enable")
    word = re.search(r'<code class="word">([^<]+)</code>', text(admin.post("/admin/person/agent_li/password")))[1]
    assert site.browser().log_in("agent_li", PASSWORD).status_code == 401
    assert site.browser().log_in("agent_li", word).status_code == 303


def test_the_last_admin_cannot_shut_the_door_behind_himself(admin):
    admin.get("/admin/person/admin_tang")
    answer = admin.post("/admin/person/admin_tang/disable")
    assert answer.status_code == 422
    assert "最后一个在用的管理员" in text(answer)


def test_passwords_are_given_to_a_page_of_people(site, admin):
    admin.get("/admin/people?state=no_password")
    assert text(admin.post("/admin/people/passwords")).count('<code class="word">') == 20
    assert len(site.rows("account")) == 3 + 20


def test_a_leavers_tasks_are_shown_and_handed_over(site, admin):
    site.deploy_hotline()
    site.call("agent_li")
    task = site.engine.ask(Inbox("todo"), "agent_li").rows or site.engine.ask(Inbox("pool"), "agent_li").rows
    if task[0].assignee != "agent_li":
        site.engine.execute(ClaimUserTask(task[0].task_id, "agent_li"))
    shown = text(admin.get("/admin/person/agent_li"))
    assert site.orders[0] in shown and 'value="agent_wang"' in shown
    assert admin.get("/admin/person/agent_li/hand-over?to=nobody").status_code == 422
    assert "转到接手人手上" in text(admin.get("/admin/person/agent_li/hand-over?to=agent_wang"))
    assert "请写明转办原因" in text(admin.post("/admin/person/agent_li/hand-over", {"to": "agent_wang"}))
    done = admin.post("/admin/person/agent_li/hand-over", {"to": "agent_wang", "reason": "调离"})
    assert "已转办 1 件" in text(admin.get(done.headers["Location"]))
    assert site.engine.ask(Inbox("todo"), "agent_wang").rows[0].task_id == task[0].task_id


def test_a_unit_is_added_renamed_and_moved(site, admin):
    admin.get("/admin/units")
    admin.post("/admin/units", {"unit": "night_shift", "name": "夜班", "parent": "hotline_desk", "calendar": ""})
    admin.post("/admin/units/night_shift", {"name": "夜班组", "parent": "hotline_centre", "calendar": "office"})
    assert [(r.name, r.parent, r.calendar) for r in site.rows("unit") if r.id == "night_shift"] == [
        ("夜班组", "hotline_centre", "office")
    ]


def test_a_unit_below_itself_is_refused_on_the_page(admin):
    admin.get("/admin/units/hotline_centre")
    assert admin.post("/admin/units/hotline_centre", {"name": "中心", "parent": "hotline_desk"}).status_code == 422


def test_a_role_gets_a_name(admin):
    admin.get("/admin/roles")
    admin.post("/admin/roles", {"role": "night_leader", "name": "夜班班长"})
    assert "夜班班长" in text(admin.get("/admin/people/new"))


def test_an_import_shows_what_it_would_do_and_writes_only_when_told(site, admin):
    page = upload(admin, (HEAD + "zhang_wei,张伟,话务大厅,话务员\nagent_li,李晓岚,,\n").encode("utf-8-sig"))
    assert "新增人员、新增岗位" in text(page)
    assert "zhang_wei" not in [row.id for row in site.rows("person")]
    admin.post("/admin/people/import/confirm", {"sealed": sealed(page)})
    assert "zhang_wei" in [row.id for row in site.rows("person")]


def test_a_file_with_a_mistake_names_the_row_and_cannot_be_confirmed(admin):
    page = upload(admin, (HEAD + "zhang_wei,张伟,火星站,话务员\n").encode())
    assert "没有单位“火星站”" in text(page)
    assert 'name="sealed"' not in text(page)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_however_excel_saved_it(admin, encoding):
    assert "张伟" in text(upload(admin, (HEAD + "zhang_wei,张伟,话务大厅,话务员\n").encode(encoding)))


def test_excel_is_read(admin):
    page = upload(
        admin,
        excel(["账号", "姓名", "单位", "岗位"], [1001, "张伟", "话务大厅", "话务员"], [None, None, None, None]),
        "people.xlsx",
    )
    assert "共 1 行" in text(page)
    assert "1001" in text(page)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (21 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (bomb(), "people.xlsx", "超过 20 MB"),
        (b"PK\x03\x04 not really", "people.xlsx", "读不出来"),
        (b"MZ\x90\x00", "people.exe", "只收"),
        (b"", "people.csv", "空的"),
        ("工号,名字\n1,张伟\n".encode(), "people.csv", "没有找到:账号、姓名"),
        (b"\xff\xff\xff\xff\xff", "people.csv", "编码"),
        ((HEAD + "a1,甲,,\n" * 5001).encode(), "people.csv", "5000 行"),
        (HEAD.encode(), "people.csv", "没有人员"),
    ],
    ids=["zip bomb", "broken zip", "not a sheet", "empty", "other columns", "binary", "too long", "no lines"],
)
def test_a_file_that_cannot_be_read_says_why(admin, content, name, said):
    answer = upload(admin, content, name)
    assert answer.status_code == 422
    assert said in text(answer)


def test_the_longest_file_gets_through_the_preview(site, admin):
    rows = "".join(
        f"person_{n:05d},人员{n * 7919 % 5003:04d},话务大厅,话务员,p{n * 7919:08d}@example.cn,138{n * 104729 % 99999999:08d}\n"
        for n in range(5000)
    )
    page = upload(admin, (HEAD.strip() + ",邮箱,手机号\n" + rows).encode())
    assert admin.post("/admin/people/import/confirm", {"sealed": sealed(page)}).status_code == 303
    assert (len(site.rows("person")) > 5000, len(site.rows("reach"))) == (True, 5000)


def test_a_preview_made_up_or_gone_stale_is_refused(admin):
    admin.get("/admin/people/import")
    assert admin.post("/admin/people/import/confirm", {"sealed": "made-up"}).status_code == 422


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(1)", "=cmd|' /C calc'!A0"])
def test_the_export_runs_no_formula_and_reads_back_as_it_was(site, admin, name):
    admin.get("/admin/people/new")
    admin.post(
        "/admin/people/new", {"account": "zhang_wei", "name": name, "unit": "hotline_desk", "role": "hotline_agent"}
    )
    content = admin.get("/admin/people.csv").get_data()
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert content.startswith("\ufeff".encode())
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "0 行会带来变化" in text(upload(admin, content))


def test_addresses_come_from_a_file_and_go_into_the_export_running_no_formula(site, admin):
    said = "账号,姓名,手机号,邮箱\nagent_li,,+8613800000001,=li@example.cn\n"
    page = upload(admin, said.encode())
    assert "填邮箱、填手机号" in text(page)
    done = admin.post("/admin/people/import/confirm", {"sealed": sealed(page)})
    assert "写下 1 人的邮箱或手机号" in text(admin.get(done.location))
    content = admin.get("/admin/people.csv").get_data()
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert {"'+8613800000001", "'=li@example.cn"} <= set(cells)
    assert "0 行会带来变化" in text(upload(admin, content))


def test_an_address_in_a_sheet_may_be_a_number_and_a_wrong_one_names_its_row(admin):
    head = ["账号", "姓名", "邮箱", "手机号"]
    page = upload(admin, excel(head, ["agent_li", "", None, 13800000001]), "people.xlsx")
    assert "13800000001" in text(page)
    assert "填手机号" in text(page)
    wrong = text(upload(admin, excel(head, ["agent_li", "", "a" * 250 + "@example.cn", ""]), "people.xlsx"))
    assert "请填一个邮箱地址" in wrong
    assert 'name="sealed"' not in wrong


def test_names_with_markup_are_text_on_every_page(admin):
    admin.get("/admin/people/new")
    admin.post(
        "/admin/people/new",
        {"account": "zhang_wei", "name": "<script>alert(1)</script>", "unit": "hotline_desk", "role": "hotline_agent"},
    )
    pages = [text(admin.get(path)) for path in ("/admin/people?q=zhang", "/admin/person/zhang_wei", "/admin/acts")]
    assert not [page for page in pages if "<script>alert" in page]


def test_pages_carry_no_style_and_no_script_of_their_own(admin):
    pages = [text(admin.get(path)) for path in PAGES if not path.endswith("csv")]
    assert not [page for page in pages if re.search(r"<style|\sstyle=|<script(?! src)|\son\w+=", page)]


def test_statements_per_page_do_not_grow_with_people(site, admin):
    with site.statements() as few:
        admin.get("/admin/people?q=agent")
    with site.statements() as many:
        admin.get("/admin/people")
    assert len(few) == len(many)


def test_the_organisation_s_calendar_is_chosen_by_name(admin, site):
    assert '<option value="desk_24h">热线24小时</option>' in text(admin.get("/admin/units"))
    admin.post("/admin/organisation/calendar", {"calendar": "desk_24h"})
    assert '<option value="desk_24h" selected>热线24小时</option>' in text(admin.get("/admin/units"))
    refused = admin.post("/admin/organisation/calendar", {"calendar": "nowhere"})
    assert (refused.status_code, "没有工作日历 nowhere" in text(refused)) == (422, True)
