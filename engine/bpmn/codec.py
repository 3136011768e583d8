"""An instance's tokens as bytes: one row per token, no specs, no business data, compressed.

SpiffWorkflow's serializer writes three times as much and takes three times as long; ours relies on the fields of
`Task` named here and nowhere else, and is held to the stock behaviour by tests over random diagrams.
"""

from typing import Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.task import Task

from engine.bpmn.workflow import CalledWorkflow, CaseWorkflow

FORMAT = 1


def dump(case: CaseWorkflow) -> bytes:
    """Give the state of a case at rest."""
    inside = [[ident.hex, w.spec.name, int(w.completed), _rows(w)] for ident, w in _outermost_first(case)]
    state = [FORMAT, int(case.completed), int(case.success), _rows(case), inside]
    return zstandard.ZstdCompressor(level=3).compress(orjson.dumps(state))


def load(blob: bytes, spec: Any, subs: dict[str, Any], engine: Any) -> CaseWorkflow:
    """Build a case from its state on the definition's cached specs."""
    form, completed, success, rows, inside = orjson.loads(zstandard.ZstdDecompressor().decompress(blob))
    if form != FORMAT:
        raise ValueError(f"unknown state format {form}")
    case = CaseWorkflow(spec, subs, script_engine=engine, deserializing=True)
    case.completed, case.success = bool(completed), bool(success)
    _restore(case, case, rows)
    for ident, name, done, tokens in inside:
        holder = case.get_task_from_id(UUID(hex=ident))
        called = CalledWorkflow(subs[name], parent_task_id=holder.id, top_workflow=case, deserializing=True)
        case.subprocesses[holder.id] = called
        called.completed = bool(done)
        called.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
        _restore(case, called, tokens)
    return case


def _outermost_first(case: CaseWorkflow) -> list[tuple[UUID, Any]]:
    return sorted(case.subprocesses.items(), key=lambda pair: pair[1].depth)


def _rows(workflow: Any) -> list[Any]:
    names: dict[str, int] = {}
    place = {ident: index for index, ident in enumerate(workflow.tasks)}
    rows: list[list[Any]] = [
        [
            ident.hex,
            place.get(t._parent, -1),
            t._state,
            names.setdefault(t.task_spec.name, len(names)),
            int(t.triggered),
            [place[c] for c in t._children],
            t.internal_data,
        ]
        for ident, t in workflow.tasks.items()
    ]
    return [list(names), place[workflow.task_tree.id], rows]


def _restore(case: CaseWorkflow, workflow: Any, packed: list[Any]) -> None:
    names, root, rows = packed
    specs = [workflow.spec.task_specs[name] for name in names]
    tokens = []
    for ident, _, state, spec, triggered, _, internal in rows:
        token = Task(workflow, specs[spec], None, state, UUID(hex=ident))
        token.triggered, token.internal_data = bool(triggered), internal
        tokens.append(token)
    for token, (_, parent, _, _, _, children, _) in zip(tokens, rows, strict=True):
        token._parent = tokens[parent].id if parent >= 0 else None
        token._children = [tokens[child].id for child in children]
        case.watch(token)
    workflow.task_tree = workflow.last_task = tokens[root]
