"""Check the notices of a procedure: each template can be filled, is used, and is what diagram and procedure.toml name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from engine.bpmn.definition import ORDER_NAMES, Definition, declared_names
from engine.bpmn.elements import Element
from engine.domain.findings import Finding
from engine.domain.notice_template import faults_of
from engine.domain.procedure import Procedure
from engine.service_tasks import ESCALATE, NOTIFY
from engine.steps.built_in_notices import VALUES

_OWN = {NOTIFY: {"notice", "to"}, ESCALATE: {"notice", "posts", "mode", "slip", "answer_within"}}
"""Inputs of the topics that put notices which are not handed on to the template."""
_SAID = {NOTIFY: frozenset[str](), ESCALATE: VALUES["escalate"]}
"""What the topics themselves hand to the template."""


def unreadable(files: Mapping[str, bytes]) -> list[Finding]:
    """Give the templates that are no UTF-8 text."""
    found = []
    for file, content in sorted(files.items()):
        if file.startswith("notices/"):
            try:
                content.decode("utf-8")
            except UnicodeDecodeError:
                message = f"{file} 不是 UTF-8 文字，读不出来；请用 UTF-8 编码另存"
                found.append(Finding(file, "", "notice-encoding", "error", message))
    return found


def check_notices(
    definition: Definition, form_keys: Iterable[str], procedure: Procedure, templates: Mapping[str, str]
) -> list[Finding]:
    """Give what is wrong with the templates, with the verbs of `[notices]` and with the tables `[notice.<name>]`."""
    calls = _calls(definition.elements.values(), procedure)
    record = _filled(definition, form_keys)
    found = [*_settings(procedure, templates)]
    for name, template in sorted(templates.items()):
        file = f"notices/{name}.txt"
        if not calls.callers[name] and not calls.anything:
            message = f"没有谁用通知 {name}：图里没有、procedure.toml 的 [notices] 里也没有；请用上，或删去 {file}"
            found.append(Finding(file, "", "notice-unused", "warning", message))
        known = record | calls.values[name] | calls.anything
        found += [Finding(file, "", rule, "error", f"通知 {name}：{said}") for rule, said in faults_of(template, known)]
    return found


@dataclass(frozen=True, slots=True)
class _Calls:
    """Who puts which notice, and what it is filled with besides the record."""

    callers: Mapping[str, int]
    values: Mapping[str, frozenset[str]]
    anything: frozenset[str]
    """What is handed to a notice whose name is only known when it is put; with it no template is unused."""


def _calls(elements: Iterable[Element], procedure: Procedure) -> _Calls:
    callers, values = defaultdict[str, int](int), defaultdict[str, frozenset[str]](frozenset)
    anything = frozenset[str]()
    for verb, notice in procedure.notices.items():
        callers[notice] += 1
        values[notice] |= VALUES.get(verb, frozenset())
    for element in elements:
        if element.topic not in _OWN:
            continue
        inputs = dict(element.inputs)
        said = frozenset(inputs.keys() - _OWN[element.topic]) | _SAID[element.topic]
        if "${" in inputs.get("notice", ""):
            anything |= said | {"number"}
        else:
            callers[inputs.get("notice", "")] += 1
            values[inputs.get("notice", "")] |= said
    return _Calls(callers, values, anything)


def _filled(definition: Definition, form_keys: Iterable[str]) -> frozenset[str]:
    """The names of the record that hold one value: no rows, no sub-records, and no item of a repeated step."""
    plain = [replace(e, item="", collection="", cardinality="", kind="") for e in definition.elements.values()]
    told = {name for e in definition.elements.values() for name in e.fills}
    return declared_names(plain, definition.decisions.values(), form_keys) | told | ORDER_NAMES


def _settings(procedure: Procedure, templates: Mapping[str, str]) -> Iterable[Finding]:
    for verb, notice in sorted(procedure.notices.items()):
        if verb not in VALUES:
            message = f"[notices] 里没有 {verb} 这件事{_meant(verb, VALUES)}；有的是 {'、'.join(sorted(VALUES))}"
            yield Finding("procedure.toml", "", "notice-verb", "error", message)
        if notice not in templates:
            message = f"{verb} 用的通知 {notice} 没有模板{_meant(notice, templates)}；请加文件 notices/{notice}.txt"
            yield Finding("procedure.toml", "", "notice-file", "error", message)
    for name in sorted(procedure.notice_rules.keys() - templates.keys() - (VALUES.keys() - procedure.notices.keys())):
        message = (
            f"[notice.{name}] 说的通知没有模板{_meant(name, templates)}；请加文件 notices/{name}.txt，或删去这张表"
        )
        yield Finding("procedure.toml", "", "notice-rules", "error", message)


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), 1, 0.6)
    return f"，您是不是想写 {close[0]}" if close else ""
