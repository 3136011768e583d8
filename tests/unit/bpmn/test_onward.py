"""Which steps may follow one, told from the drawing."""

import pytest

from engine.bpmn.elements import Element
from engine.bpmn.onward import next_steps


def drawn(**elements: str) -> dict[str, Element]:
    """Give elements from words like `a="userTask > gw"`, `inner="endEvent in sub"`, `over="endEvent! in sub"`."""
    found = {}
    for ident, said in elements.items():
        what, _, onward = said.partition(" > ")
        kind, _, scope = what.partition(" in ")
        ends_all = kind.endswith("!")
        found[ident] = Element(
            ident, ident, kind.rstrip("!"), "p", scope or "p", ends_all=ends_all, leads_to=tuple(onward.split())
        )
    return found


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"a": "userTask > b", "b": "userTask"}, ["b"]),
        (
            {
                "a": "userTask > gw",
                "gw": "exclusiveGateway > s b",
                "s": "serviceTask > c",
                "b": "userTask",
                "c": "userTask",
            },
            ["b", "c"],
        ),
        ({"a": "userTask > over", "over": "endEvent"}, ["over"]),
        ({"a": "userTask > gw", "gw": "exclusiveGateway > a b", "b": "userTask"}, ["b"]),
        (
            {
                "a": "userTask > sub",
                "sub": "subProcess > c",
                "st": "startEvent in sub > b",
                "b": "userTask in sub",
                "c": "userTask",
            },
            ["b"],
        ),
        ({"a": "userTask in sub > done", "done": "endEvent in sub", "sub": "subProcess > c", "c": "userTask"}, ["c"]),
        (
            {
                "a": "userTask in sub > one",
                "one": "endEvent in sub",
                "two": "endEvent! in sub",
                "sub": "subProcess > c",
                "c": "userTask",
            },
            [],
        ),
        (
            {
                "a": "userTask in sub > two",
                "one": "endEvent in sub",
                "two": "endEvent! in sub",
                "sub": "subProcess > c",
                "c": "userTask",
            },
            ["c"],
        ),
        ({"a": "userTask > wait", "wait": "intermediateCatchEvent > b", "b": "userTask"}, ["wait"]),
    ],
    ids=["next", "choice", "end", "loop", "into", "out", "one of several ends", "the end of all", "wait"],
)
def test_what_follows(elements, expected):
    assert [e.id for e in next_steps(drawn(**elements), "a")] == expected
