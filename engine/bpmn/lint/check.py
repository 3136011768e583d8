"""Runs every rule over the files of a procedure."""

from collections.abc import Mapping

from engine.bpmn.lint import (
    calls,
    constructs,
    cycles,
    deadlines,
    errors,
    events,
    expressions,
    flow,
    identity,
    parallel,
    people,
    repetition,
    services,
    structure,
)
from engine.bpmn.lint.bundle import open_bundle
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.names import names_of
from engine.bpmn.lint.report import Report
from engine.domain.findings import Finding

RULES_OF_DIAGRAMS = (structure, constructs, events, errors, flow, repetition, calls)
RULES_OF_USE = (cycles, parallel, services, people, deadlines)


def check_diagram(process_id: str, files: Mapping[str, bytes], known: Known) -> list[Finding]:
    """Give everything that is wrong with the diagrams and decision tables of a procedure, errors first.

    Never raises for bad input: what cannot be read is a finding. Other files than .bpmn and .dmn are ignored.
    """
    report = Report()
    bundle = open_bundle(files, report)
    names = names_of(bundle, known)
    structure.check_processes(bundle, process_id, report)
    for rules in RULES_OF_DIAGRAMS:
        rules.check(bundle, report)
    identity.check(bundle, names, report)
    expressions.check(bundle, names, report)
    for rules in RULES_OF_USE:
        rules.check(bundle, known, report)
    return sorted(report, key=lambda finding: finding.level != "error")
