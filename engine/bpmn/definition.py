"""A released diagram ready to run: specs, elements, decisions and declared names. Immutable, shared, cached per version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.bpmn.dialect import translate
from engine.bpmn.dmn import DecisionTable, parse_decision
from engine.bpmn.documents import local_name, read
from engine.bpmn.elements import Element, elements_of
from engine.bpmn.parser import DiagramParser
from engine.bpmn.starting import add_start_again
from engine.domain.errors import InvalidDiagram
from engine.domain.procedure import STARTING
from engine.expressions import compile_script

ORDER_NAMES = frozenset({"number", "title", "created_by", "received_at", "due_at", "status"})
"""Names of the work order that expressions may read everywhere."""


@dataclass(frozen=True)
class Definition:
    """One process with everything it calls."""

    process_id: str
    name: str
    spec: Any
    subs: Mapping[str, Any]
    elements: Mapping[str, Element]
    decisions: Mapping[str, DecisionTable]
    declared: frozenset[str]
    starts: Mapping[str, str]
    """Message name → the start event it opens; the empty name stands for the start by a person."""


BY_A_PERSON = ""
"""The start that no message opens."""


def build(
    process_id: str, files: Mapping[str, bytes], form_keys: Iterable[str] = (), starting: str = STARTING
) -> Definition:
    """Build a definition from the files of a procedure (.bpmn and .dmn; others are ignored); `starting` names its start.

    Raises InvalidDiagram when SpiffWorkflow cannot read the diagram; `engine.bpmn.lint` says more and says it earlier.
    """
    parser, elements, name = DiagramParser(), {}, process_id
    for file in sorted(n for n in files if n.endswith(".bpmn")):
        root = read(files[file], file)
        elements.update(elements_of(root))
        name = next(
            (p.get("name", name) for p in root if local_name(p) == "process" and p.get("id") == process_id), name
        )
        _add(parser, root, file)
    decisions = {d.id: d for d in (parse_decision(files[n]) for n in sorted(files) if n.endswith(".dmn"))}
    try:
        spec, subs = parser.get_spec(process_id), parser.get_subprocess_specs(process_id)
    except (ValidationException, KeyError, AttributeError, RecursionError) as error:
        raise InvalidDiagram(f"{process_id}:图读不出来({error})") from error
    _connect_loops(spec, *subs.values())
    declared = declared_names(elements.values(), decisions.values(), form_keys)
    starts = {e.message: e.id for e in elements.values() if e.kind == "startEvent" and e.scope == process_id}
    if BY_A_PERSON in starts:
        add_start_again(spec, starts[BY_A_PERSON], starting)
    return Definition(process_id, name, spec, subs, elements, decisions, declared, starts)


def _add(parser: DiagramParser, root: Any, file: str) -> None:
    try:
        parser.add_bpmn_xml(translate(root), file)
    except ValidationException as error:
        raise InvalidDiagram(f"{file}:{error}") from error


def _connect_loops(*specs: Any) -> None:
    """Tie repeated activities to their instances at once.

    SpiffWorkflow does it on the first run only: a half-done activity restored on another host would never complete.
    """
    for spec in specs:
        for task_spec in [t for t in spec.task_specs.values() if isinstance(t, LoopTask)]:
            done = spec.task_specs[task_spec.task_spec].completed_event
            if not done.is_connected(task_spec.merge_child):
                done.connect(task_spec.merge_child)


def declared_names(
    elements: Iterable[Element], decisions: Iterable[DecisionTable], form_keys: Iterable[str]
) -> frozenset[str]:
    """Give every name that some part of the procedure may fill; any other name in an expression is an error."""
    names = set(form_keys)
    for decision in decisions:
        names |= decision.output_names
    for element in elements:
        names.update(name for name, _ in element.outputs)
        names.update(element.co_sign_names)
        names.update(target for _, target in element.calls_out)
        names.update(target for _, target in element.calls_in)
        names.update(n for n in (element.item, element.attributes.get("resultVariable", "")) if n)
        if element.kind == "startEvent":
            names.update(element.fills)
        if element.collection or element.cardinality or element.kind == "callActivity":
            names.add(element.id)
        if element.script:
            names |= compile_script(element.script).targets
    return frozenset(names)
