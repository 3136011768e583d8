"""Which calendar a limit counts by: element before procedure before unit before organisation."""

import pytest

from engine import ChangeSetting, ChangeUnit
from engine.domain.errors import Invalid, InvalidDiagram
from tests.support.calendars import at
from tests.support.procedures import procedure, tell, timer, user

CALENDAR = '<camunda:properties><camunda:property name="calendar" value="{}"/></camunda:properties>'
LIMIT = "4小时(工作时间)"
BY_DESK, BY_OFFICE = at("2025-09-22 21:00"), at("2025-09-23 11:30")
"""From 17:00: the desk never closes, the office has one hour left that day."""


def files(in_settings="office", at_element=""):
    inside = f"<bpmn:extensionElements>{CALENDAR.format(at_element)}</bpmn:extensionElements>" if at_element else ""
    found = procedure(
        "order",
        user("handle", due=LIMIT, inside=inside),
        timer("late", "到期", on="handle"),
        tell("urge", "late", "leader"),
        flows="start >> handle >> end; late >> urge >> end",
        fields="unit",
        notices={"late": "到期"},
    )
    settings = found["procedure.toml"].decode().replace('calendar = "office"', f'calendar = "{in_settings}"')
    if not in_settings:
        settings = settings.replace('calendar = ""\n', "")
    found["procedure.toml"] = (settings + '[columns]\nunit = "unit"\n').encode()
    return found


def due(office, **said):
    office.deploy(files(**said))
    office.move_to("2025-09-22 17:00")
    office.start("order", unit="roads")
    return office.open_task("handle").due_at


def test_the_procedure_s_calendar_holds_for_its_elements(office):
    assert due(office) == BY_OFFICE


def test_an_element_s_own_calendar_comes_first(office):
    assert due(office, at_element="desk_24h") == BY_DESK


def test_without_one_in_the_procedure_the_organisation_s_holds(office):
    assert due(office, in_settings="") == BY_OFFICE


def test_the_organisation_s_calendar_can_be_another(office):
    office.engine.execute(ChangeSetting("calendar", "desk_24h", "root"))
    assert due(office, in_settings="") == BY_DESK
    with pytest.raises(Invalid):
        office.engine.execute(ChangeSetting("calendar", "nowhere", "root"))


def test_the_nearest_unit_above_with_a_calendar_comes_before_the_organisation(office):
    office.engine.execute(ChangeUnit("town", "某市", "root", calendar="desk_24h"))
    assert due(office, in_settings="") == BY_DESK


def test_a_unit_s_own_calendar_comes_before_that_of_the_unit_above(office):
    office.engine.execute(ChangeUnit("town", "某市", "root", calendar="desk_24h"))
    office.engine.execute(ChangeUnit("roads", "道路处", "root", parent="town", calendar="office"))
    assert due(office, in_settings="") == BY_OFFICE


def test_an_element_may_ask_for_the_unit_s_calendar(office):
    office.engine.execute(ChangeUnit("roads", "道路处", "root", parent="town", calendar="desk_24h"))
    assert due(office, at_element="unit") == BY_DESK


@pytest.mark.parametrize("said", [{"in_settings": "nowhere"}, {"at_element": "nowhere"}])
def test_a_calendar_nobody_knows_is_refused_with_the_ones_there_are(office, said):
    with pytest.raises(InvalidDiagram, match="没有工作日历“nowhere”;有的是 .*office"):
        office.deploy(files(**said))


def test_a_roster_nobody_knows_is_refused(office):
    with pytest.raises(InvalidDiagram, match="没有值班表“night”"):
        office.deploy(procedure("call", user("handle", "duty:night,leader"), flows="start >> handle >> end"))
