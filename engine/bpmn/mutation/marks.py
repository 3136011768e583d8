"""Marks in decision tables: one more output says which row answered, so that a played case tells where it came by."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from lxml import etree

from engine.bpmn.documents import local_name
from engine.bpmn.mutation.change import children, drawn

_PREFIX = "answering_row_of_"


def marked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give a procedure's files with every decision table saying, in an output of its own, which row answered."""
    return {name: _marked(name, content) if name.endswith(".dmn") else content for name, content in files.items()}


def places(payload: Any) -> Iterator[str]:
    """Give the rows that a case's changed data says it came by, however deep they lie."""
    if isinstance(payload, list | tuple):
        for each in payload:
            yield from places(each)
    if not isinstance(payload, dict):
        return
    for name, value in payload.items():
        if str(name).startswith(_PREFIX):
            yield from value if isinstance(value, list) else [str(value)]
        else:
            yield from places(value)


def rules(root: etree._Element) -> Iterator[tuple[etree._Element, int, etree._Element]]:
    """Give every row of a file's tables as (table, number from 1, row)."""
    for table in root.iter():
        if local_name(table) == "decisionTable":
            for number, rule in enumerate(children(table, "rule"), 1):
                yield table, number, rule


def place(table: etree._Element, number: int) -> str:
    """Give the name of a row as a place that a case comes by."""
    decision = table.getparent()
    return f"{decision.get('id') if decision is not None else ''}#{number}"


def _marked(file: str, content: bytes) -> bytes:
    root = drawn(content, file)
    for table in [n for n in root.iter() if local_name(n) == "decisionTable"]:
        outputs = children(table, "output")
        if not outputs:
            continue
        column = deepcopy(outputs[-1])
        column.set("id", f"{_PREFIX}{column.get('id')}")
        decision = table.getparent()
        column.set("name", _PREFIX + (decision.get("id") or "" if decision is not None else ""))
        column.set("typeRef", "string")
        outputs[-1].addnext(column)
        for number, rule in enumerate(children(table, "rule"), 1):
            cell = deepcopy(children(rule, "outputEntry")[-1])
            cell.set("id", f"{_PREFIX}{cell.get('id')}")
            children(cell, "text")[0].text = f'"{place(table, number)}"'
            children(rule, "outputEntry")[-1].addnext(cell)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
