"""Diagrams drawn on the server: every kind of element, marks, wrapped names, and nothing that could act."""

import re
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.picture import draw
from engine.bpmn.picture_text import width, wrap
from engine.domain.errors import InvalidDiagram

HOTLINE = Path("processes/hotline/mayor_hotline/mayor_hotline.bpmn").read_bytes()
SVG = "{http://www.w3.org/2000/svg}"
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
)
TASKS = (
    "task userTask manualTask scriptTask serviceTask sendTask receiveTask businessRuleTask callActivity"
    " subProcess transaction adHocSubProcess"
)
GATEWAYS = "exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway"
MEANINGS = "message timer error escalation signal terminate conditional link compensate cancel"
OTHERS = "dataObjectReference dataStoreReference textAnnotation group"


def diagram(inner, shapes, edges="", name="图"):
    """A process with a shape for each (id, extra attributes) and edges as they come."""
    drawn = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{ident}" {extra}><dc:Bounds x="{100 * i}" y="100" width="{w}" height="{h}"/></bpmndi:BPMNShape>'
        for i, (ident, extra, w, h) in enumerate(shapes)
    )
    return (
        f'{HEAD}<bpmn:process id="p" name="{name}">{inner}</bpmn:process><bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">'
        f"{drawn}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
    ).encode()


def one(tag, attributes="", inner="", extra="", size=(100, 80)):
    """A diagram with one element, called x."""
    return diagram(f'<bpmn:{tag} id="x" {attributes}>{inner}</bpmn:{tag}>', [("x", extra, *size)])


def element(svg, ident="x"):
    """The group of an element."""
    root = etree.fromstring(svg)
    return next(g for g in root.iter(f"{SVG}g") if g.get("data-element-id") == ident)


def inside(svg, ident="x"):
    """What an element is drawn with, as text."""
    return etree.tostring(element(svg, ident), encoding="unicode")


@pytest.mark.parametrize(
    "tag", f"{TASKS} {GATEWAYS} {OTHERS} startEvent endEvent intermediateCatchEvent intermediateThrowEvent".split()
)
def test_every_kind_is_drawn(tag):
    assert len(inside(draw(one(tag, 'name="名"'), {}))) > 120


def sign_of(meaning):
    """What a catching event with this meaning is drawn with, its title left out."""
    return re.sub("<title.*?title>", "", inside(draw(one("intermediateCatchEvent", inner=meaning), {})))


def test_every_meaning_of_an_event_has_its_own_sign():
    signs = {sign_of(f"<bpmn:{m}EventDefinition/>") for m in MEANINGS.split()} | {sign_of("")}
    assert len(signs) == len(MEANINGS.split()) + 1


def test_a_thrown_sign_is_filled_and_a_caught_one_is_not():
    message = "<bpmn:messageEventDefinition/>"
    assert "solid" in inside(draw(one("intermediateThrowEvent", inner=message), {}))
    assert "solid" not in inside(draw(one("intermediateCatchEvent", inner=message), {}))


@pytest.mark.parametrize(
    ("attributes", "dashed"), [('cancelActivity="false"', True), ('cancelActivity="true"', False), ("", False)]
)
def test_a_boundary_event_that_does_not_interrupt_is_dashed(attributes, dashed):
    assert ("dash" in inside(draw(one("boundaryEvent", attributes, size=(36, 36)), {}))) is dashed


def test_an_end_is_thick_and_a_start_is_one_ring():
    assert "thick" in inside(draw(one("endEvent"), {}))
    assert inside(draw(one("startEvent"), {})).count("<circle") == 1


def test_an_exclusive_gateway_hides_its_cross_when_the_diagram_says_so():
    assert "bold" in inside(draw(one("exclusiveGateway"), {}))
    assert "bold" not in inside(draw(one("exclusiveGateway", extra='isMarkerVisible="false"'), {}))


def test_repetition_is_told_at_the_foot():
    several, loop = "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
    inner = ("", f"<bpmn:{several}/>", f'<bpmn:{several} isSequential="true"/>', f"<bpmn:{loop}/>")
    assert len({inside(draw(one("userTask", inner=x), {})) for x in inner}) == 4


def test_the_hotline_is_drawn_with_every_shape_and_flow():
    root = etree.fromstring(HOTLINE)
    drawn = {str(n.get("bpmnElement")) for n in root.iter() if n.get("bpmnElement")} - {"collaboration_mayor_hotline"}
    assert drawn == set(re.findall(r'data-element-id="([^"]+)"', draw(HOTLINE, {})))


def test_marks_become_classes_words_and_badges():
    svg = draw(HOTLINE, {"dispatch_order": "overdue", "prepare": "done", "handle_order": "nonsense"})
    assert element(svg, "dispatch_order").get("class") == "el overdue"
    assert "badge" in inside(svg, "dispatch_order")
    assert "已逾期" in (element(svg, "dispatch_order").findtext(f"{SVG}title") or "")
    assert element(svg, "handle_order").get("class") == "el"


def test_the_picture_holds_no_style_attribute_no_script_and_no_id():
    svg = draw(HOTLINE, {"dispatch_order": "current"})
    assert not re.search(r'\s(style|id|on\w+|href)="|<script|<style|<foreignObject|<image|<use', svg)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '" onload="alert(1)', "</title><script>x</script>", "]]>&amp;"]
)
def test_names_are_text_wherever_they_stand(name):
    escaped = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    inner = f'<bpmn:userTask id="x" name="{escaped}"/><bpmn:textAnnotation id="n"><bpmn:text>{escaped}</bpmn:text></bpmn:textAnnotation>'
    svg = draw(diagram(inner, [("x", "", 300, 80), ("n", "", 300, 80)], name=escaped), {})
    root = etree.fromstring(svg)
    assert {etree.QName(n).localname for n in root.iter()} <= {"svg", "title", "g", "rect", "path", "text", "circle"}
    assert name in "".join(element(svg).itertext())
    assert root.get("aria-label") == name


def test_an_id_is_escaped_too():
    inner = '<bpmn:task id="x&quot; onclick=&quot;y"/>'
    svg = draw(diagram(inner, [("x&quot; onclick=&quot;y", "", 100, 80)]), {})
    assert not any("onclick" in n.attrib for n in etree.fromstring(svg).iter())


def test_the_view_holds_everything_with_a_margin():
    root = etree.fromstring(draw(one("task", size=(100, 80)), {}))
    assert root.get("viewBox") == "-24 76 148 128"


def test_a_window_shows_where_it_begins_or_what_is_asked_for():
    begin = etree.fromstring(draw(HOTLINE, {}, window=(700, 300)))
    near = etree.fromstring(draw(HOTLINE, {}, window=(700, 300), near="handle_order"))
    assert begin.get("width") == near.get("width") == "700"
    assert begin.get("viewBox") != near.get("viewBox")


def test_a_default_flow_carries_a_slash_and_every_flow_an_arrow():
    edge = '<bpmndi:BPMNEdge bpmnElement="f"><di:waypoint x="0" y="0"/><di:waypoint x="50" y="0"/></bpmndi:BPMNEdge>'
    flow = '<bpmn:sequenceFlow id="f" sourceRef="x" targetRef="y"/><bpmn:task id="y"/>'
    by_default = draw(diagram(f'<bpmn:exclusiveGateway id="x" default="f"/>{flow}', [("x", "", 50, 50)], edge), {})
    plain = draw(diagram(f'<bpmn:exclusiveGateway id="x"/>{flow}', [("x", "", 50, 50)], edge), {})
    assert 'class="icon"' in inside(by_default, "f")
    assert 'class="icon"' not in inside(plain, "f")
    assert "head" in inside(plain, "f")


@pytest.mark.parametrize(
    "xml",
    [
        f'{HEAD}<bpmn:process id="p"/></bpmn:definitions>'.encode(),
        diagram("", []),
        one("task").replace(b'x="0"', b'x="nan"'),
        one("task").replace(b'x="0"', b'x="9e99"'),
        one("task").replace(b'x="0"', b'x="left"'),
        b"<!DOCTYPE a><a/>",
        b"<a",
    ],
    ids=["no plane", "no shape", "not a number", "too far", "a word", "doctype", "no xml"],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(xml):
    with pytest.raises(InvalidDiagram):
        draw(xml, {})


def test_chinese_breaks_anywhere_but_not_before_a_closing_sign():
    assert wrap("办结归档\uff0c然后回访", 48) == ["办结归档\uff0c", "然后回访"]


def test_latin_words_stay_whole_where_they_fit():
    assert wrap("send order RX20", 72) == ["send order", "RX20"]


def test_what_does_not_fit_ends_in_an_ellipsis():
    assert wrap("一二三四五六七八九", 36, most=2) == ["一二三", "四五…"]


def test_chinese_is_wider_than_latin():
    assert width("中文") > 1.5 * width("ab")


def test_a_window_leaves_out_what_does_not_show():
    window = draw(HOTLINE, {}, window=(700, 300))
    assert len(window) < len(draw(HOTLINE, {})) / 4
    assert 'data-element-id="call_received"' in window
