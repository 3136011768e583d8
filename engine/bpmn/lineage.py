"""What came of what: which earlier steps a token owes its place to.

Every step that people, workers, timers or messages take bears a number, its `mark`: the number of its event in the case's
history. A token remembers only the nearest marks before it (`after`); the whole web of causes stands in the history.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.record import Token, caller_of

MARK, AFTER, AS = "mark", "after", "as"


def frontier(token: Token) -> list[int]:
    """Give the marks nearest before a token: what must have happened for it to be here."""
    before, at = token, token.parent
    while True:
        if at is None:
            before = caller_of(before.workflow)
            if before is None:
                return []
            at = before.parent
            continue
        own = at.internal_data
        if MARK in own:
            return [own[MARK]]
        if own.get(AFTER) and not _is_one_of_many(before, at):
            return list(own[AFTER])
        before, at = at, at.parent


def reach(token: Token) -> list[int]:
    """Give the marks that stand for a token's own end: its mark, what it has gathered, or else what came before it."""
    own = token.internal_data
    if MARK in own:
        return [own[MARK]]
    return list(own.get(AFTER) or frontier(token))


def united(parts: Iterable[Iterable[int]]) -> list[int]:
    """Give all marks once, in order."""
    return sorted({mark for part in parts for mark in part})


def ends(workflow: Any) -> list[int]:
    """Give the marks by which the inside of an activity has come to its end."""
    return united(reach(token) for token in workflow.tasks.values() if not token._children)


def interrupted(token: Token) -> list[int]:
    """Give the marks before a boundary event that breaks its activity off: those of everything inside count too."""
    found = [frontier(token)]
    for other in token.parent.children:
        if not isinstance(other.task_spec, BoundaryEvent):
            found += [reach(one) for one in within(other)]
    return united(found)


def before(token: Token) -> list[int]:
    """Give the marks before a token that is about to act."""
    return interrupted(token) if is_interrupting(token) else frontier(token)


def is_interrupting(token: Token) -> bool:
    """Whether a token is a boundary event that breaks its activity off."""
    return isinstance(token.task_spec, BoundaryEvent) and bool(token.task_spec.cancel_activity)


def broken_off(case: Any) -> list[str]:
    """Give the activities whose inside was open when they were cancelled, by identity."""
    holders = (case.get_task_from_id(ident) for ident in case.subprocesses)
    return [identity(holder) for holder in holders if holder.state == TaskState.CANCELLED]


def within(token: Token) -> Iterator[Token]:
    """Give a token with everything below it and inside it."""
    opened = token.workflow.top_workflow.subprocesses
    left = [token]
    while left:
        at = left.pop()
        yield at
        left += at.children
        if at.id in opened:
            left.append(opened[at.id].task_tree)


def host_of(token: Token) -> Token | None:
    """Give the repeated activity that a token is one instance of; None where it is drawn once."""
    return token.parent if token.parent is not None and _is_instance(token, token.parent) else None


def identity(token: Token) -> str:
    """Give the name by which history knows an activity: that of the token it was planted again for, if it was."""
    return str(token.internal_data.get(AS) or token.id.hex)


def scope_of(token: Token) -> str:
    """Give the identity of the activity that a token stands inside of; empty for the process itself."""
    caller = caller_of(token.workflow)
    return identity(caller) if caller is not None else ""


def levels(token: Token) -> list[list[Any]]:
    """Give where a token stands, outermost activity first: [element, identity, host's identity or "", key, marks before it]."""
    found = []
    at: Token | None = token
    while at is not None:
        host, key = host_of(at), at.internal_data.get("key")
        entered = frontier(host if host is not None else at)
        found.append([at.task_spec.bpmn_id, identity(at), identity(host) if host is not None else "", key, entered])
        at = caller_of(at.workflow)
    return found[::-1]


def _is_instance(token: Token, parent: Token) -> bool:
    return isinstance(parent.task_spec, LoopTask) and token.task_spec.name == parent.task_spec.task_spec


def _is_one_of_many(token: Token, parent: Token) -> bool:
    """Whether a token is an instance beside others: what those have done is not before it. In turn it is."""
    return _is_instance(token, parent) and bool(getattr(parent.task_spec, "at_once", False))
