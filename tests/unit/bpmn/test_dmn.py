import pytest

from engine.bpmn.dmn import DecisionConflict, check_decision, parse_decision
from engine.domain.errors import InvalidDiagram, InvalidExpression, StepFailed

DMN13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
PLAIN = [(['"complaint"', "-"], ['"roads"', "3个工作日"]), (["-", "> 3"], ['"police"', "2小时"])]
FALLBACK = (["-", "-"], ['"office"', '"P5D"'])
OPTIONAL = (
    '<extensionElements xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><camunda:properties>'
    '<camunda:property name="optional" value="true"/></camunda:properties></extensionElements>'
)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def cells(tag, texts, row):
    return "".join(f'<{tag} id="{tag}{row}_{at}"><text>{escaped(text)}</text></{tag}>' for at, text in enumerate(texts))


def dmn(rows, policy="FIRST", inputs=("category", "${count}"), outputs=("unit", "limit"), extra="", ns=DMN13, more=""):
    heads = "".join(
        f'<input id="in{at}"><inputExpression id="ie{at}"><text>{escaped(text)}</text></inputExpression></input>'
        for at, text in enumerate(inputs)
    ) + "".join(f'<output id="out_{name}" name="{name}"/>' for name in outputs)
    body = "".join(
        f'<rule id="row{at}">{cells("inputEntry", tests, at)}{cells("outputEntry", answers, at)}</rule>'
        for at, (tests, answers) in enumerate(rows, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{ns}" id="d">'
        f'<decision id="route" name="派单">{extra}'
        f'<decisionTable id="t" hitPolicy="{policy}" {more}>{heads}{body}</decisionTable></decision></definitions>'
    ).encode()


def rules_of(xml):
    return [(finding.element, finding.rule) for finding in check_decision("a.dmn", xml)]


@pytest.mark.parametrize(
    ("policy", "category", "count", "expected"),
    [
        ("FIRST", "complaint", 9, {"unit": "roads", "limit": "3个工作日"}),
        ("FIRST", "other", 9, {"unit": "police", "limit": "2小时"}),
        ("FIRST", "other", 1, {"unit": "office", "limit": "P5D"}),
        ("FIRST", None, None, {"unit": "office", "limit": "P5D"}),
        ("UNIQUE", "complaint", 1, {"unit": "roads", "limit": "3个工作日"}),
        ("UNIQUE", "other", 1, {"unit": "office", "limit": "P5D"}),
        ("COLLECT", "complaint", 9, {"unit": ["roads", "police"], "limit": ["3个工作日", "2小时"]}),
        ("COLLECT", "other", 1, {"unit": ["office"], "limit": ["P5D"]}),
    ],
)
def test_a_table_decides_by_its_hit_policy(policy, category, count, expected):
    table = parse_decision(dmn([*PLAIN, FALLBACK], policy))
    assert table.decide({"category": category, "count": count}) == expected


def test_two_hits_of_a_unique_table_are_a_typed_error_that_names_the_rows():
    table = parse_decision(dmn([*PLAIN, FALLBACK], "UNIQUE"))
    with pytest.raises(DecisionConflict, match="第 1、2 行") as caught:
        table.decide({"category": "complaint", "count": 9})
    assert isinstance(caught.value, StepFailed)


@pytest.mark.parametrize("policy", ["FIRST", "UNIQUE", "COLLECT"])
def test_when_no_row_holds_every_output_is_emptied(policy):
    table = parse_decision(dmn(PLAIN, policy, extra=OPTIONAL))
    assert table.decide({"category": "other", "count": 0}) == {"unit": None, "limit": None}


def test_an_output_may_be_an_expression_over_the_record():
    table = parse_decision(dmn([(["-"], ["${district + '_office'}"])], inputs=["category"], outputs=["unit"]))
    assert table.decide({"category": "x", "district": "east"}) == {"unit": "east_office"}


def test_a_table_knows_its_names():
    xml = dmn([(["-"], ["${district}"])], inputs=["len(category)"], outputs=["unit"])
    table = parse_decision(xml)
    assert (table.id, table.name, table.inputs[0].source) == ("route", "派单", "len(category)")
    assert (table.input_names, table.output_names) == ({"category", "district"}, {"unit"})


@pytest.mark.parametrize(
    "namespace", ["http://www.omg.org/spec/DMN/20180521/MODEL/", "http://www.omg.org/spec/DMN/20151101/dmn.xsd"]
)
def test_older_dmn_files_are_read_too(namespace):
    assert parse_decision(dmn([*PLAIN, FALLBACK], ns=namespace)).policy == "FIRST"


def test_a_missing_hit_policy_means_unique():
    xml = dmn([*PLAIN, FALLBACK]).replace(b'hitPolicy="FIRST"', b"")
    assert parse_decision(xml).policy == "UNIQUE"


@pytest.mark.parametrize(
    ("xml", "finding"),
    [
        (dmn(PLAIN), ("t", "dmn-catch-all")),
        (dmn([FALLBACK, *PLAIN]), ("t", "dmn-catch-all")),
        (dmn([*PLAIN, FALLBACK, FALLBACK]), ("t", "dmn-catch-all")),
        (dmn([FALLBACK], "ANY"), ("t", "dmn-hit-policy")),
        (dmn([FALLBACK], "RULE ORDER"), ("t", "dmn-hit-policy")),
        (dmn([FALLBACK], "COLLECT", more='aggregation="SUM"'), ("t", "dmn-hit-policy")),
        (dmn([FALLBACK], inputs=["category", ""]), ("in1", "dmn-input")),
        (dmn([FALLBACK], inputs=["category", "a ** 2"]), ("in1", "dmn-input")),
        (dmn([FALLBACK], outputs=["unit", "unit"]), ("out_unit", "dmn-output")),
        (dmn([FALLBACK], outputs=["unit", "2x"]), ("out_2x", "dmn-output")),
        (dmn([FALLBACK], outputs=["unit", "len"]), ("out_len", "dmn-output")),
        (dmn([(["complaint", "-"], ["1", "2"]), FALLBACK]), ("inputEntry1_0", "dmn-cell")),
        (dmn([(['"a"', "-"], ["oops", "2"]), FALLBACK]), ("outputEntry1_0", "dmn-cell")),
        (dmn([(["-"], ["1", "2"]), FALLBACK]), ("row1", "dmn-rows")),
        (dmn([]), ("t", "dmn-rows")),
        (dmn([([], ["1"])], inputs=[], outputs=["unit"]), ("t", "dmn-columns")),
        (dmn([FALLBACK], ns="http://example.org/"), ("d", "dmn-file")),
        (b'<definitions xmlns="%s"/>' % DMN13.encode(), ("", "dmn-one-table")),
        (b"not xml", ("", "dmn-xml")),
        (b"", ("", "dmn-xml")),
    ],
)
def test_a_file_that_would_be_decided_wrongly_is_refused_with_its_element(xml, finding):
    assert finding in rules_of(xml)
    with pytest.raises(InvalidDiagram):
        parse_decision(xml)


def test_two_tables_in_one_file_are_refused():
    xml = dmn([FALLBACK]).replace(b"</definitions>", b'<decision id="second"/></definitions>')
    assert rules_of(xml) == [("d", "dmn-one-table")]


def test_a_table_that_needs_another_decision_is_refused():
    need = '<informationRequirement id="r"><requiredDecision href="#other"/></informationRequirement>'
    assert rules_of(dmn([FALLBACK], extra=need)) == [("route", "dmn-drd")]


def test_a_good_file_has_no_findings():
    assert check_decision("a.dmn", dmn([*PLAIN, FALLBACK])) == []


BOMB = "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{('&' + before + ';') * 10}'>" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
HOSTILE = {
    "doctype": b"<!DOCTYPE definitions><definitions/>",
    "internal entity": b"<!DOCTYPE d [<!ENTITY x 'y'>]><definitions id='&x;'/>",
    "external entity": b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><definitions>&x;</definitions>",
    "entity bomb": (BOMB + "]><definitions>&j;</definitions>").encode(),
    "entity bomb in an attribute": (BOMB + "]><definitions id='&j;'/>").encode(),
    "doctype in UTF-16": "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE definitions><definitions/>".encode("utf-16"),
    "too large": b"<definitions>" + b" " * (2 * 1024 * 1024) + b"</definitions>",
    "too deep": b"<a>" * 10_000 + b"</a>" * 10_000,
}


@pytest.mark.parametrize("xml", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_xml_is_refused(xml):
    assert [rule for _, rule in rules_of(xml)] == ["dmn-xml"]


def test_an_input_that_cannot_be_computed_names_the_table():
    table = parse_decision(dmn([*PLAIN, FALLBACK]))
    with pytest.raises(InvalidExpression, match="派单.*category"):
        table.decide({})


def test_a_value_of_the_wrong_kind_names_the_row():
    table = parse_decision(dmn([*PLAIN, FALLBACK]))
    with pytest.raises(InvalidExpression, match="第 2 行"):
        table.decide({"category": "x", "count": "9"})
