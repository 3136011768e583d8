"""People from a file: judged line by line, all or nothing, with their addresses."""

import pytest

from engine import ChangeReach, ChangeSetting, ImportLines, ImportPeople, PersonLine, PreviewPeople, ShowReach
from engine.domain.errors import Invalid


def test_a_file_is_judged_line_by_line(office):
    lines = [
        PersonLine(2, "Qian", "钱新人", "道路处", "clerk"),
        PersonLine(3, "qian", "", "水务处", "clerk"),
        PersonLine(4, "zhou", "周改名"),
        PersonLine(5, "bad id!", "坏账号"),
        PersonLine(6, "feng", "冯处长", "没有的单位", "clerk"),
        PersonLine(7, "feng", "冯别名"),
        PersonLine(8, "wu", "", "roads", ""),
    ]
    judged = office.engine.ask(PreviewPeople(lines), "root")
    assert [one.does for one in judged[:3]] == [["新增人员", "新增岗位"], ["新增岗位"], ["改名(原来叫“周经办”)"]]
    assert [len(one.errors) for one in judged] == [0, 0, 0, 1, 1, 1, 1]


def test_an_import_is_all_or_nothing(office):
    lines = [PersonLine(2, "qian", "钱新人", "道路处", "clerk"), PersonLine(3, "sun2", "孙", "火星", "clerk")]
    with pytest.raises(Invalid, match="第 3 行"):
        office.engine.execute(ImportLines(lines, "root"))
    assert "qian" not in [row.id for row in office.rows("person")]


def test_an_import_repeated_changes_nothing(office):
    lines = [PersonLine(2, "qian", "钱新人", "道路处", "clerk"), PersonLine(3, "zhou", "周改名", "water", "clerk")]
    first, second = (office.engine.execute(ImportLines(lines, "root")) for _ in range(2))
    assert (first.people, first.memberships, second.people, second.memberships) == (2, 2, 0, 0)


def test_addresses_come_with_a_file_and_nothing_typed_leaves_what_is_there(office):
    office.engine.execute(ChangeReach("wu", "wu@example.cn", "13800000001", True, "wu"))
    lines = [
        PersonLine(2, "zhou", "", "roads", "clerk", "zhou@example.cn", "138 0000-0002"),
        PersonLine(3, "zhou", "", "water", "clerk", "zhou@example.cn"),
        PersonLine(4, "wu", "", phone="+8613800000003"),
        PersonLine(5, "feng", ""),
    ]
    judged = office.engine.ask(PreviewPeople(lines), "root")
    assert [one.does for one in judged] == [["填邮箱", "填手机号"], ["新增岗位"], ["改手机号"], []]
    first, second = (office.engine.execute(ImportLines(lines, "root")) for _ in range(2))
    assert (first.addresses, second.addresses) == (2, 0)
    assert [(row.person, row.email, row.phone, row.quiet) for row in office.rows("reach")] == [
        ("wu", "wu@example.cn", "+8613800000003", True),
        ("zhou", "zhou@example.cn", "13800000002", None),
    ]
    [event] = [row for row in office.rows("admin_event") if row.kind == "PeopleImported"]
    assert (event.payload["addresses"], "example" in str(event.payload)) == (["wu", "zhou"], False)


def test_addresses_come_with_an_organisation_too(office):
    persons = [
        {"id": "zhou", "name": "周经办", "email": "zhou@example.cn"},
        {"id": "wu", "name": "吴", "phone": "138-0000-0001"},
    ]
    office.engine.execute(ImportPeople("root", (), persons))
    office.engine.execute(ImportPeople("root", (), [{"id": "zhou", "name": "周经办"}]))
    assert [(row.person, row.email, row.phone) for row in office.rows("reach")] == [
        ("wu", None, "13800000001"),
        ("zhou", "zhou@example.cn", None),
    ]
    with pytest.raises(Invalid, match="邮箱地址"):
        office.engine.execute(ImportPeople("root", (), [{"id": "zhou", "name": "周经办", "email": "zhou"}]))


def test_who_got_an_address_by_a_file_has_quiet_hours_as_the_office_wants_them(office):
    office.engine.execute(ImportLines([PersonLine(2, "zhou", "", email="zhou@example.cn")], "root"))
    before = office.engine.ask(ShowReach("zhou"), "zhou").quiet
    office.engine.execute(ChangeSetting("notice_quiet", "on", "root"))
    assert (before, office.engine.ask(ShowReach("zhou"), "zhou").quiet) == (False, True)


@pytest.mark.parametrize(
    ("email", "phone", "said"),
    [("zhou", "", "邮箱地址"), ("", "call me", "手机号"), ("other@example.cn", "", "同一个账号在第 2 行的邮箱不一样")],
)
def test_an_address_that_is_none_is_refused_with_line_and_reason_and_nothing_is_written(office, email, phone, said):
    lines = [PersonLine(2, "zhou", "", email="zhou@example.cn"), PersonLine(3, "zhou", "", email=email, phone=phone)]
    with pytest.raises(Invalid, match=f"第 3 行:.*{said}"):
        office.engine.execute(ImportLines(lines, "root"))
    assert office.rows("reach") == []
