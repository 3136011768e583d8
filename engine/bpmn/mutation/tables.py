"""Decision tables: a row answers something else, is missing, comes too late, or catches too much."""

import re
from collections.abc import Callable, Iterator

from lxml import etree

from engine.bpmn.documents import local_name
from engine.bpmn.mutation.change import Change, Draft, children, following, set_text
from engine.bpmn.mutation.limits import limits_in
from engine.bpmn.mutation.marks import place, rules

_WORD = re.compile(r'"[^"]*"')
_WORDS = re.compile(r'\s*"[^"]*"(\s*,\s*"[^"]*")*\s*')


def output(root: etree._Element) -> Iterator[Change]:
    """Let a row give the next other value of the same column."""
    for table, number, rule in rules(root):
        for at, (name, cell) in enumerate(_answers(table, rule)):
            held = _text(cell)
            other = following(held, [_text(children(r, "outputEntry")[at]) for r in children(table, "rule")])
            if other is not None:
                said = f"{_said(table, number, rule)}的 {name} 由 {held} 改成 {other}"
                yield _change(table, number, rule, name, said, _written(cell, other))


def limit(root: etree._Element) -> Iterator[Change]:
    """Let a row give a limit that is a little longer."""
    for table, number, rule in rules(root):
        for name, cell in _answers(table, rule):
            held = _text(cell)
            for start, end, more in limits_in(held):
                said = f"{_said(table, number, rule)}的时限 {held[start:end]} 改成 {more}"
                edit = _written(cell, f"{held[:start]}{more}{held[end:]}")
                yield _change(table, number, rule, name, said, edit)


def drop_rule(root: etree._Element) -> Iterator[Change]:
    """Take a row away."""
    for table, number, rule in rules(root):
        yield _change(table, number, rule, "", f"{_said(table, number, rule)}去掉", _removed(rule))


def swap_rules(root: etree._Element) -> Iterator[Change]:
    """Let two neighbouring rows of a FIRST table change places, unless that is sure to mean the same."""
    for table, number, rule in rules(root):
        below = rule.getnext()
        if table.get("hitPolicy") != "FIRST" or below is None or local_name(below) != "rule":
            continue
        if _answers_alike(table, rule, below) or _exclude_each_other(rule, below):
            continue
        said = f"{_said(table, number, rule)}与下一行对调"
        yield _change(table, number, rule, "", said, _lowered(rule), place(table, number + 1))


def any_input(root: etree._Element) -> Iterator[Change]:
    """Let a row no longer ask one of its questions."""
    for table, number, rule in rules(root):
        below = [place(table, n) for n in range(number + 1, len(children(table, "rule")) + 1)]
        labels = [n.get("label") or n.get("id") or "" for n in children(table, "input")]
        for at, (label, cell) in enumerate(zip(labels, children(rule, "inputEntry"), strict=False), 1):
            if _text(cell) not in ("", "-"):
                said = f"{_said(table, number, rule)}不再看 {label}(原来是 {_text(cell)})"
                yield _change(table, number, rule, f"in_{at}", said, _written(cell, "-"), *below)


def _change(
    table: etree._Element,
    number: int,
    rule: etree._Element,
    detail: str,
    said: str,
    edit: Callable[[Draft], None],
    *near: str,
) -> Change:
    return Change(rule.get("id") or place(table, number), detail, said, near or (place(table, number),), edit)


def _said(table: etree._Element, number: int, rule: etree._Element) -> str:
    decision = table.getparent()
    about = "".join((n.text or "").strip() for n in children(rule, "description"))
    name = decision.get("name") or decision.get("id") if decision is not None else ""
    return f"判断表“{name}”第 {number} 行" + (f"({about})" if about else "")


def _text(entry: etree._Element) -> str:
    return "".join((n.text or "") for n in children(entry, "text")).strip()


def _answers(table: etree._Element, rule: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    names = [n.get("name", "") for n in children(table, "output")]
    yield from zip(names, children(rule, "outputEntry"), strict=False)


def _answers_alike(table: etree._Element, one: etree._Element, other: etree._Element) -> bool:
    return [_text(c) for _, c in _answers(table, one)] == [_text(c) for _, c in _answers(table, other)]


def _exclude_each_other(one: etree._Element, other: etree._Element) -> bool:
    """Whether some column asks both rows for words, and no word is in both: then never do both rows hold."""
    columns = zip(children(one, "inputEntry"), children(other, "inputEntry"), strict=False)
    asked = ((_words(_text(a)), _words(_text(b))) for a, b in columns)
    return any(a and b and a.isdisjoint(b) for a, b in asked)


def _words(cell: str) -> frozenset[str]:
    return frozenset(_WORD.findall(cell)) if _WORDS.fullmatch(cell) else frozenset()


def _written(entry: etree._Element, text: str) -> Callable[[Draft], None]:
    return set_text(children(entry, "text")[0], text)


def _removed(rule: etree._Element) -> Callable[[Draft], None]:
    return lambda draft: draft.remove(rule)


def _lowered(rule: etree._Element) -> Callable[[Draft], None]:
    def edit(draft: Draft) -> None:
        twin = draft[rule]
        below = twin.getnext()
        if below is not None:
            below.addnext(twin)

    return edit
