"""Runs every rule over the files of a procedure."""

from collections.abc import Mapping

from engine.bpmn.definition import build
from engine.bpmn.lint import (
    calls,
    co_signing,
    constructs,
    cycles,
    deadlines,
    errors,
    events,
    expressions,
    flow,
    identity,
    joins,
    ladders,
    parallel,
    people,
    repetition,
    services,
    structure,
)
from engine.bpmn.lint.bundle import Bundle, open_bundle
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.names import names_of
from engine.bpmn.lint.report import Report
from engine.domain.errors import EngineError
from engine.domain.findings import Finding

RULES_OF_DIAGRAMS = (structure, constructs, events, errors, flow, repetition, calls, joins)
RULES_OF_USE = (cycles, parallel, services, people, co_signing, ladders, deadlines)


def check_diagram(process_id: str, files: Mapping[str, bytes], known: Known) -> list[Finding]:
    """Give everything that is wrong with the diagrams of a procedure, errors first.

    Never raises for bad input: what cannot be read is a finding. Decision tables are read for the names they use and
    fill; what is wrong inside them says `engine.bpmn.dmn.check_decision`. Other files are ignored.
    """
    report = Report()
    bundle = open_bundle(files, report)
    structure.check_processes(bundle, process_id, report)
    if structure.is_small(bundle, report):
        _rules(bundle, known, report)
    if not report.refuses and not bundle.broken_decisions:
        _build(process_id, files, bundle, known, report)
    return sorted(report, key=lambda finding: finding.level != "error")


def _rules(bundle: Bundle, known: Known, report: Report) -> None:
    names = names_of(bundle, known)
    for rules in RULES_OF_DIAGRAMS:
        rules.check(bundle, report)
    identity.check(bundle, names, report)
    expressions.check(bundle, names, report)
    for rules_of_use in RULES_OF_USE:
        rules_of_use.check(bundle, known, report)


def _build(process_id: str, files: Mapping[str, bytes], bundle: Bundle, known: Known, report: Report) -> None:
    """The last word: what no rule refuses must become a definition."""
    try:
        build(process_id, files, known.form_keys)
    except EngineError as error:
        file = bundle.processes[process_id].file
        message = f"引擎读不了这张图({error});请检查最近改动的元素,改不好请把文件交给开发人员"
        report.error(file, process_id, "not-buildable", message)
