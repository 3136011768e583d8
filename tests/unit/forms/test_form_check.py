import json

import pytest

from engine.domain.errors import InvalidDiagram
from engine.forms import check_form, load_form


def form(*components):
    return json.dumps({"type": "default", "components": list(components)}).encode()


def field(kind="textfield", key="x", **more):
    return {"type": kind, "key": key, "id": f"f_{key}", "label": "字段", **more}


def hiding(condition):
    return field(conditional={"hide": condition})


def pattern(text):
    return field(validate={"pattern": text})


VALUES = [{"label": "甲", "value": "a"}]

WRONG = [
    ("form-json", b"{"),
    ("form-json", b"[]"),
    ("form-json", b'{"components": 3}'),
    ("form-json", b" " * 600_000),
    ("form-size", form(*[field(key=f"k{n}") for n in range(301)])),
    ("form-size", form("text")),
    ("form-type", form(field("iframe"))),
    ("form-type", form(field("html"))),
    ("form-type", form({"type": "expression", "key": "x"})),
    ("form-type", form(field("datetime", subtype="week"))),
    ("form-key", form(field(), field("number"))),
    ("form-key", form(field(), {"type": "group", "components": [field()]})),
    ("form-key", form({"type": "textfield"})),
    ("form-key", form(field(key="a.b"))),
    ("form-key", form(field(key="a-b"))),
    ("form-key", form(field(key="class"))),
    ("form-key", form(field(key="_x"))),
    ("form-key", form(field(key="status"))),
    ("form-key", form(field(key="due_at"))),
    ("form-key", form(field(key="len"))),
    ("form-condition", form(hiding("= x"))),
    ("form-condition", form(hiding('x = "a"'))),
    ("form-condition", form(hiding('= x == "a"'))),
    ("form-condition", form(hiding('= x = "a" and'))),
    ("form-condition", form(hiding('= contains(x, "a")'))),
    ("form-condition", form(hiding('= x > "a"'))),
    ("form-condition", form(hiding('= nobody = "a"'))),
    ("form-options", form(field("select"))),
    ("form-options", form(field("radio", values=[]))),
    ("form-options", form(field("checklist", values=[{"label": "甲"}]))),
    ("form-options", form(field("taglist", values=VALUES * 2))),
    ("form-options", form(field("select", valuesKey="units"))),
    ("form-options", form(field("select", valuesExpression="=units"))),
    ("form-default", form(field("select", values=VALUES, defaultValue="b"))),
    ("form-default", form(field("number", defaultValue="many"))),
    ("form-flag", form(field(readonly="=x"))),
    ("form-flag", form(field(validate={"required": "=x"}))),
    ("form-label", form(field(label='="a"'))),
    ("form-group", form({"type": "group", "path": "g", "components": []})),
    ("form-validate", form(field(validate={"maxLength": "many"}))),
    ("form-validate", form(field(validate={"maxLength": 10**6}))),
    ("form-validate", form(field(validate={"validationType": "passport"}))),
    ("form-validate", form(pattern("("))),
    ("form-validate", form(pattern("^(a+)+$"))),
    ("form-validate", form(pattern("^(a|a)*$"))),
    ("form-validate", form(pattern("^(.*,){11}P"))),
    ("form-validate", form(pattern("a*a*a*a*b"))),
    ("form-validate", form(pattern(r"^(a)\1$"))),
    ("form-validate", form(pattern("^(?=a)b$"))),
    ("form-validate", form(pattern("a" * 300))),
]


@pytest.mark.parametrize(("rule", "content"), WRONG)
def test_a_form_that_we_would_not_run_rightly_is_refused(rule, content):
    assert rule in [finding.rule for finding in check_form("forms/a.form", content)]
    with pytest.raises(InvalidDiagram):
        load_form(content)


def test_a_finding_names_file_element_and_field():
    finding = check_form("forms/a.form", form(field(key="status")))[0]
    assert (finding.file, finding.element, finding.level) == ("forms/a.form", "f_status", "error")
    assert finding.message == "“字段”：键“status”是保留的名字"


def test_a_form_of_every_supported_part_has_no_findings():
    content = form(
        {"type": "text", "text": "说明"},
        {"type": "spacer"},
        {"type": "separator"},
        {"type": "button", "action": "submit", "label": "提交"},
        field("textarea", "a"),
        field("number", "b", validate={"min": 1, "max": 9}),
        field("checkbox", "c", defaultValue=False, validate={"required": True}),
        field("select", "d", values=VALUES, defaultValue="a"),
        field("radio", "e", values=VALUES),
        field("checklist", "f", values=VALUES),
        field("taglist", "g", values=VALUES),
        {"type": "datetime", "key": "h", "subtype": "datetime", "dateLabel": "时间"},
        {"type": "group", "label": "组", "components": [field("filepicker", "i", multiple=True)]},
        {
            "type": "dynamiclist",
            "path": "j",
            "components": [field("textfield", "a", conditional={"hide": '= d = "a"'})],
        },
        pattern("^1[3-9]\\d{9}$"),
        field("textfield", "l", validate={"pattern": "^(0\\d{2,3}-?)?\\d{7,8}$"}),
        field("textfield", "身份证", properties={"pattern": "id_number"}),
    )
    assert check_form("a.form", content) == []
    assert load_form(content).keys == {*"abcdefghij", "x", "l", "身份证"}
