import json

import pytest

from engine.domain.errors import InvalidForm
from engine.forms import check_form, load_form

PEOPLE = {"trainer": {"gu": "顾全", "hou": "侯亮"}}


def form(*components):
    return json.dumps({"type": "default", "components": list(components)}).encode()


def person(key="who", kind="select", role="trainer", **more):
    properties = {"people": role, **({"but": more.pop("but")} if "but" in more else {})}
    return {"type": kind, "key": key, "id": f"f_{key}", "label": "教员", "properties": properties, **more}


def refused(schema, **answers):
    with pytest.raises(InvalidForm) as caught:
        schema.clean(answers)
    return set(caught.value.errors)


@pytest.mark.parametrize("kind", ["select", "radio"])
def test_the_holders_of_a_role_are_the_options(kind):
    schema = load_form(form(person(kind=kind))).staffed(PEOPLE, {})
    assert [(o.value, o.label) for o in schema.fields[0].options] == [("gu", "顾全"), ("hou", "侯亮")]
    assert schema.clean({"who": "gu"}) == schema.clean({"who": ["gu"]}) == {"who": "gu"}
    assert refused(schema, who="stranger") == {"who"}


def test_whoever_the_record_names_is_left_out():
    schema = load_form(form(person(but="trainee"))).staffed(PEOPLE, {"trainee": "gu"})
    assert [o.value for o in schema.fields[0].options] == ["hou"]
    assert refused(schema, who="gu") == {"who"}


def test_nobody_can_be_chosen_before_the_people_are_known():
    assert refused(load_form(form(person())), who="gu") == {"who"}
    assert refused(load_form(form(person())).staffed({}, {}), who="gu") == {"who"}


def test_a_form_names_the_roles_it_asks_for():
    assert load_form(form(person(), person("other", role="mentor"))).roles == {"trainer", "mentor"}


def test_the_json_schema_lists_the_people_once_they_are_known():
    schema = load_form(form(person(validate={"required": True})))
    assert schema.json_schema()["properties"]["who"]["type"] == "string"
    assert schema.staffed(PEOPLE, {}).json_schema()["properties"]["who"]["enum"] == ["gu", "hou"]


@pytest.mark.parametrize(
    "component",
    [
        person(kind="textfield"),
        person(kind="checklist"),
        person(values=[{"label": "甲", "value": "a"}]),
        person(role="Trainer of all"),
        person(but="not a key"),
        {"type": "select", "key": "who", "label": "x", "values": [{"value": "a"}], "properties": {"but": "trainee"}},
        {"type": "dynamiclist", "path": "rows", "label": "x", "components": [person()]},
    ],
    ids=["text", "many", "values beside", "no role", "no key", "but alone", "in a list"],
)
def test_a_choice_of_people_that_cannot_work_is_refused(component):
    assert "form-people" in {finding.rule for finding in check_form("x.form", form(component))}
