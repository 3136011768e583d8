"""Drop finished history that no live token needs: a loop of a thousand turns stays as small as its first turn.

The record and the history table remember what happened; the tree only has to know what can still happen.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.lineage import AFTER, MARK, reach
from engine.bpmn.record import Token
from engine.domain.errors import StepFailed

_FINISHED = TaskState.FINISHED_MASK
MAX_DEPTH = 900
"""SpiffWorkflow's iterators stop silently at depth 1,000; a step that grows this deep is refused instead."""


def compact(case: Any) -> None:
    """Shrink a case at rest; raise StepFailed when one step has grown too deep to be trusted.

    What a live token came after is kept in marks, however much of the tree is dropped.
    """
    for ident in [i for i in case.subprocesses if case.get_task_from_id(i).has_state(_FINISHED)]:
        _drop_inside(case, ident)
    for workflow in (case, *case.subprocesses.values()):
        live = [t for t in workflow.tasks.values() if not t.has_state(_FINISHED) and not _is_echo(t)]
        _keep(workflow, live)
        for leaf in live:
            if leaf.id in workflow.tasks and not leaf._children:
                _splice_turns(workflow, leaf)


def _is_echo(token: Token) -> bool:
    """Whether a join token was left by a boundary event that fired without interrupting: only the activity's own counts."""
    if token.state != TaskState.WAITING or not isinstance(token.task_spec, BoundaryEventJoin):
        return False
    origin = token.parent.task_spec
    return isinstance(origin, BoundaryEvent) and not origin.cancel_activity


def _drop_inside(case: Any, ident: Any) -> None:
    if ident not in case.subprocesses:
        return
    for inner in [t.id for t in case.subprocesses[ident].tasks.values() if t.id in case.subprocesses]:
        _drop_inside(case, inner)
    del case.subprocesses[ident]


def _keep(workflow: Any, live: list[Token]) -> None:
    tasks = workflow.tasks
    keep = {workflow.task_tree.id}
    for token in live:
        depth, at = 0, token
        while at is not None and at.id not in keep:
            keep.add(at.id)
            at, depth = tasks.get(at._parent), depth + 1
        if depth > MAX_DEPTH:
            raise StepFailed("一步之内走得太深:图里有不停转的循环")
    workflow.last_task = workflow.task_tree
    if len(keep) == len(tasks):
        return
    for ident in [i for i in tasks if i not in keep]:
        del tasks[ident]
    for token in tasks.values():
        token._children = [c for c in token._children if c in keep]


def _splice_turns(workflow: Any, leaf: Token) -> None:
    """Cut earlier turns out of a leaf's path: from a finished token to the last finished one of the same spec.

    Only where every step between has a single child; a fork on the cut may still hold live tokens.
    """
    path = [leaf]
    while (parent := workflow.tasks.get(path[-1]._parent)) is not None:
        path.append(parent)
    done = [t.task_spec.name for t in path if t.state == TaskState.COMPLETED]
    if len(set(done)) == len(done):
        return
    path.reverse()
    at = 1
    while at < len(path):
        first = path[at]
        if first.state == TaskState.COMPLETED:
            last = _last_turn(path, at)
            if last is not None:
                _cut(workflow, path, at, last)
        at += 1


def _last_turn(path: list[Token], at: int) -> int | None:
    last = None
    for index in range(at, len(path) - 1):
        if len(path[index]._children) != 1:
            break
        follower = path[index + 1]
        if follower.task_spec is path[at].task_spec and follower.state == TaskState.COMPLETED:
            last = index + 1
    return last


def _cut(workflow: Any, path: list[Token], at: int, last: int) -> None:
    before, kept = path[at - 1], path[last]
    if MARK not in kept.internal_data:
        kept.internal_data[AFTER] = reach(kept)
    before._children = [kept.id if c == path[at].id else c for c in before._children]
    kept._parent = before.id
    for token in path[at:last]:
        del workflow.tasks[token.id]
    del path[at:last]
