"""Every kind of mutant on a tiny procedure: it differs from the original by exactly what it says."""

import difflib
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

import pytest

from engine.bpmn.mutation import Mutant, mutants
from engine.commands.definitions import check_procedure
from engine.service_tasks import load_workers
from tests.support.procedures import folder, gateway, message, procedure, script, tell, timer, user

FILES = procedure(
    "loan",
    script("first", 'turns = 1\nlimit = "3个工作日"'),
    user("look", "clerk,leader", due="1小时", warn="${limit}", assignee="same_agent"),
    timer("look_due", "到期", "look"),
    message("withdrawn", "withdrawn", "look", ends=True),
    tell("hurry", "late", "leader,starter"),
    gateway("gw", default="end"),
    user("pay", "cashier"),
    tell("thank", "paid", "starter,phone:110"),
    flows="start >> first >> look >> gw >> end; gw [turns > 2] >> pay >> thank >> end; look_due >> hurry >> end; withdrawn >> end",
    notices={"late": "晚了", "paid": "付了"},
)


def table(rows: list[tuple[str, str, str, str]]) -> bytes:
    """Give a FIRST table of two inputs and two outputs."""

    def cells(kind: str, texts: tuple[str, ...]) -> str:
        return "".join(f"<{kind}><text>{escape(text)}</text></{kind}>" for text in texts)

    head = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in ("who", "n"))
    head += '<output name="unit"/><output name="limit"/>'
    body = "".join(f"<rule>{cells('inputEntry', r[:2])}{cells('outputEntry', r[2:])}</rule>" for r in rows)
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://banjie">'
        f'<decision id="d1" name="d1"><decisionTable hitPolicy="FIRST">{head}{body}</decisionTable></decision></definitions>'
    ).encode()


TABLE = table([('"a"', "> 3", '"x"', '"1小时"'), ('"b"', "-", '"y"', '"2小时"'), ("-", "-", '"x"', '"2小时"')])


def lines(content: bytes) -> list[str]:
    """Give one line per element: name, attributes, text."""
    return [
        " ".join([node.tag.split("}")[-1], *(f"{k.split('}')[-1]}={v}" for k, v in sorted(node.attrib.items()))])
        + f" {(node.text or '').strip()}"
        for node in ElementTree.fromstring(content).iter()
    ]


def made(ident: str, files: dict[str, bytes]) -> Mutant:
    [found] = [m for m in mutants(files) if m.id == ident]
    return found


def difference(ident: str, files: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """Give which lines a mutant lost and which it gained."""
    mutant = made(ident, files)
    compared = difflib.ndiff(lines(files[mutant.file]), lines(mutant.files(files)[mutant.file]))
    found = [line for line in compared if line[0] in "+-"]
    return [x[2:].strip() for x in found if x[0] == "-"], [x[2:].strip() for x in found if x[0] == "+"]


@pytest.mark.parametrize(
    ("ident", "lost", "gained"),
    [
        ("negate:gw__pay", "turns > 2", "${not (turns > 2)}"),
        ("number:gw__pay:1", "turns > 2", "${turns > 3}"),
        ("number:first:1", 'turns = 1\nlimit = "3个工作日"', 'turns = 2\nlimit = "3个工作日"'),
        ("drop-assignment:first:1.turns", 'turns = 1\nlimit = "3个工作日"', 'turns = turns\nlimit = "3个工作日"'),
        ("limit:first:script", 'turns = 1\nlimit = "3个工作日"', 'turns = 1\nlimit = "4个工作日"'),
        ("limit:look:dueDate", "dueDate=1小时", "dueDate=2小时"),
        ("performer:look:clerk", "candidateGroups=clerk,leader", "candidateGroups=cashier,leader"),
        ("recipient:hurry:leader", "leader,starter", "phone:110,starter"),
        ("notice:thank", "paid", "late"),
        ("flip-event:look_due", "cancelActivity=false", "cancelActivity=true"),
        ("flip-event:withdrawn", "cancelActivity=true", "cancelActivity=false"),
    ],
)
def test_one_text_changes(ident, lost, gained):
    [before], [after] = difference(ident, FILES)
    assert before.replace(lost, gained) == after
    assert lost in before


def test_an_only_way_of_assigning_is_taken_away():
    [before], [after] = difference("assignee:look", FILES)
    assert before.replace(" assignee=same_agent", "") == after


def test_a_flow_goes_with_what_only_it_leads_to():
    lost, gained = difference("drop-flow:gw__pay", FILES)
    assert gained == []
    assert {line.split()[0] for line in lost} >= {"userTask", "serviceTask", "sequenceFlow"}
    assert [i for i in ("gw", "look", "hurry", "end") if any(f" id={i} " in f"{line} " for line in lost)] == []
    assert [line for line in lost if "id=pay " in f"{line} " or "id=thank " in f"{line} "] != []


def test_a_default_flow_that_is_gone_is_no_default_any_more():
    lost, gained = difference("drop-flow:gw__end", FILES)
    assert any("default=gw__end" in line for line in lost)
    assert [line for line in gained if "default" in line] == []


def test_an_event_goes_with_what_only_it_leads_to():
    lost, gained = difference("drop-event:look_due", FILES)
    assert gained == []
    assert [i for i in ("look_due", "hurry") if any(f"id={i} " in f"{line} " for line in lost)] == ["look_due", "hurry"]
    assert not any("id=withdrawn " in f"{line} " for line in lost)


def test_the_default_flow_of_three_changes_places_with_either_other():
    files = procedure(
        "three",
        gateway("gw", default="end"),
        user("a"),
        user("b"),
        flows="start >> gw >> end; gw [n > 1] >> a >> end; gw [n > 2] >> b >> end",
        fields="n:number",
    )
    assert [m.id for m in mutants(files) if m.id.startswith("swap")] == [
        "swap-default:gw:gw__a",
        "swap-default:gw:gw__b",
    ]
    lost, gained = difference("swap-default:gw:gw__b", files)
    assert sorted(x.split()[0] for x in lost) == sorted(x.split()[0] for x in gained)
    assert any("default=gw__b" in line for line in gained)


def test_swapping_with_the_only_condition_would_say_the_same_as_negating_it():
    assert [m.id for m in mutants(FILES) if m.id.startswith("swap")] == []


@pytest.mark.parametrize(
    ("ident", "lost", "gained"),
    [
        ("output:{}:unit", '"x"', '"y"'),
        ("output:{}:limit", '"1小时"', '"2小时"'),
        ("limit:{}:limit", '"1小时"', '"2小时"'),
        ("any-input:{}:in_1", '"a"', "-"),
        ("any-input:{}:in_2", "> 3", "-"),
    ],
)
def test_one_cell_changes(ident, lost, gained):
    assert difference(ident.format("d1#1"), {"d.dmn": TABLE}) == ([f"text {lost}"], [f"text {gained}"])


def test_a_row_is_missing():
    lost, gained = difference("drop-rule:d1#2", {"d.dmn": TABLE})
    assert gained == []
    assert [line.removeprefix("text ") for line in lost if line.startswith("text")] == ['"b"', "-", '"y"', '"2小时"']


def test_only_rows_that_may_both_hold_and_say_different_things_change_places():
    cells = [('"a"', '"x"'), ('"b", "c"', '"y"'), ('"c"', '"y"'), ("> 3", '"z"'), ("-", '"x"')]
    apart = table([(asked, "-", said, '"1小时"') for asked, said in cells])
    swapped = [m for m in mutants({"d.dmn": apart}) if m.id.startswith("swap-rules")]
    assert [m.near for m in swapped] == [("d1#4",), ("d1#5",)]


def test_names_and_order_are_the_same_in_every_run():
    files = {**FILES, "d.dmn": TABLE}
    names = [m.id for m in mutants(files)]
    assert names == [m.id for m in mutants(dict(reversed(files.items())))]
    assert len(names) == len(set(names))


def test_the_procedure_itself_is_left_as_it_was():
    before = dict(FILES)
    for mutant in mutants(FILES):
        mutant.files(FILES)
    assert before == FILES


def test_every_mutant_is_judged_by_the_check_whatever_was_changed():
    files = folder("leave_request")
    found = mutants(files)
    assert {m.id.split(":")[0] for m in found} >= {"drop-flow", "drop-event", "limit", "recipient"}
    for mutant in found:
        assert isinstance(check_procedure(mutant.files(files), load_workers()), list)
