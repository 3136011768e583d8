"""Write everything that came of a step: rows for what waits, the order's columns, history, outbox, and the state under its fence."""

from typing import Any

from engine.bpmn.arrivals import Arrivals, TaskOpened, TimerArmed
from engine.bpmn.runtime import Case
from engine.domain import states
from engine.domain.deadline import parse_cycle
from engine.domain.states import STANDING_STILL
from engine.steps import limits, notices
from engine.steps.assignment import Assigned, assign
from engine.steps.limits import Due
from engine.steps.performers import lists_of
from engine.steps.posting import post
from engine.steps.recusing import recuse
from engine.steps.ruling import write_down
from engine.steps.scene import Scene
from engine.steps.slips import tell_done
from engine.steps.substitutes import standing_in
from engine.steps.voting import note_decided, tell_spared
from engine.store import history, instances, jobs, messages, pauses, timers, user_tasks
from engine.store.instances import TaskRow
from engine.store.papers import save_draft

RUNNING, COMPLETED, TERMINATED = states.RUNNING, states.COMPLETED, states.TERMINATED
_LIMITS = ("due_at", "due_text", "due_from", "warn_at", "warn_text", "warn_from", "calendar", "calendar_version")
ALIVE = (RUNNING, states.SUSPENDED)
"""Instances that may still go on."""


def save(scene: Scene, case: Case, *, completed: TaskRow | None = None, kept_timer: str = "") -> None:
    """Write a step at rest; `completed` is the task a person ended, `kept_timer` a cycle's token that goes on under a new one."""
    note_decided(scene, case)
    _close(scene, case, completed, kept_timer)
    _open_tasks(scene, case, completed)
    _arm_timers(scene, case)
    _queue(scene, case)
    for notice, terms, values in scene.pending:
        notices.notify(scene, notice, terms, **values)
    ended = case.completed
    if ended:
        scene.note("InstanceCompleted", "")
        scene.order.update(status="closed", closed_at=scene.ctx.now)
    finish(scene, None if ended else case.dump(), COMPLETED if ended else RUNNING, case.arrivals.changes)


def finish(scene: Scene, blob: bytes | None, status: str, changes: dict[str, Any] | None = None) -> None:
    """Write order, history, outbox and, last, the instance under its fence; what does not end a suspended case leaves it so."""
    ctx, row = scene.ctx, scene.row
    if status == RUNNING:
        status = row.instance_status
    if changes:
        scene.order.update(record=row.record, **_projected(scene, changes))
        if not scene.released.procedure.recused.isdisjoint(changes):
            recuse(scene)
    if status not in ALIVE and row.status in STANDING_STILL:
        pauses.end(ctx.connection, row.instance_id, ctx.now, ctx.actor.id)
    instances.save_order(ctx.connection, row.order_id, scene.order)
    history.append(ctx.connection, row, scene.events, ctx.now)
    post(ctx, scene.messages)
    instances.save(ctx.connection, row, blob, status, None if status in ALIVE else ctx.now)


def stepped(scene: Scene, case: Case, kind: str, element_id: str, /, **payload: Any) -> None:
    """Put the event that caused a step first in its history, with what it changed and where it led."""
    arrivals = case.arrivals
    payload.update(changes=arrivals.changes, reached=arrivals.reached, **lineage_of(arrivals))
    element = scene.released.definition.elements.get(element_id)
    if element is not None and "clause" in element.properties:
        payload["clause"] = element.properties["clause"]
    scene.events.insert(0, history.Event(kind, scene.doer, element_id, payload))


def lineage_of(arrivals: Arrivals) -> dict[str, Any]:
    """Give what a return into this step, or past it, will have to know; see `steps.past`."""
    if arrivals.after is None:
        return {}
    nested = len(arrivals.levels) > 1 or any(host for _, _, host, _, _ in arrivals.levels)
    said = {
        "again": arrivals.again,
        "levels": arrivals.levels if nested else None,
        "joined": arrivals.joined,
        "frozen": arrivals.frozen,
        "broken": arrivals.broken,
    }
    return {"after": arrivals.after, **{name: value for name, value in said.items() if value}}


def _projected(scene: Scene, changes: dict[str, Any]) -> dict[str, Any]:
    columns = scene.released.procedure.columns
    return {c: _text(scene.row.record.get(name)) for c, name in columns.items() if name in changes}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:200]


def _close(scene: Scene, case: Case, completed: TaskRow | None, kept_timer: str) -> None:
    ctx, instance_id = scene.ctx, scene.row.instance_id
    ended = completed.token_id if completed else ""
    if completed and user_tasks.complete(ctx.connection, instance_id, completed, scene.doer, ctx.now):
        tell_done(scene, completed)
    dropped = [t for t in case.closed("task") if t != ended]
    if dropped:
        decided = {element.id for element, _, _ in case.arrivals.decided}
        for gone in user_tasks.cancel(ctx.connection, instance_id, dropped, ctx.now):
            scene.note("UserTaskCancelled", gone.element_id, task=gone.id)
            if gone.element_id in decided:
                tell_spared(scene, case, gone)
            if gone.held:  # handed in, not signed yet: its writer keeps the answers
                save_draft(ctx.connection, gone.held["by"], f"task:{gone.id}", gone.held["answers"], ctx.now)
    quiet = [t for t in case.closed("timer") if t != kept_timer]
    if quiet:
        timers.remove(ctx.connection, instance_id, quiet)
    deaf = case.closed("message")
    if deaf:
        messages.remove(ctx.connection, instance_id, deaf)
    idle = case.closed("job")
    if idle:
        jobs.cancel(ctx.connection, instance_id, idle)


def _open_tasks(scene: Scene, case: Case, completed: TaskRow | None) -> None:
    opened = [t for t in case.arrivals.tasks if case.is_open(t.token_id)]
    if not opened:
        return
    assigned = [assign(scene, case, task, completed) for task in opened]
    rows = [task_row(scene, task, to) for task, to in zip(opened, assigned, strict=True)]
    lists = [lists_of(to.holder, to.groups) for to in assigned]
    ids = user_tasks.add(scene.ctx.connection, rows, lists)
    for ident, task, to, row in zip(ids, opened, assigned, rows, strict=True):
        due = row["due_at"].isoformat() if row["due_at"] else None
        away = standing_in(scene.ctx, [row["assignee"]], scene.row.process) if row["assignee"] else {}
        scene.note(
            "UserTaskOpened",
            task.element.id,
            task=ident,
            name=task.element.name,
            item=task.item,
            assignee=row["assignee"],
            groups=row["groups"],
            due_at=due,
            **({"strategy": task.assignee} if to.picked else {}),
            **({"stand_ins": sorted(away)} if away else {}),
        )
        write_down(scene, task.element, ident, row["due_at"], to.rulings)
        if row["due_at"] is not None and task.element.id in scene.released.procedure.deadline:
            scene.order.update(due_at=row["due_at"], due_task=ident)
        if scene.announces or scene.released.procedure.tells_new_tasks:
            holders = [f"person:{row['assignee']}"] if row["assignee"] else row["groups"]
            notices.tell_of_task(scene, "opened", task.element.name, row["due_at"], holders)


def task_row(scene: Scene, task: TaskOpened, to: Assigned) -> dict[str, Any]:
    """Give the row of a task that opens: in whose hands, until when."""
    return {
        "instance_id": scene.row.instance_id,
        "token_id": task.token_id,
        "element_id": task.element.id,
        "name": task.element.name,
        "item": task.item,
        "host": task.host,
        "assignee": to.holder,
        "groups": to.groups,
        "barred": to.barred,
        "picked": to.picked,
        "priority": task.priority,
        "opened_at": scene.ctx.now,
        **_limits(scene, task),
        "state": "open",
        "claimed_at": scene.ctx.now if to.holder else None,
        "returned": scene.returned.get((task.element.id, task.item)),
    }


def _limits(scene: Scene, task: TaskOpened) -> dict[str, Any]:
    """Give when a task falls due, since when and by which words; one added beside another shares that one's limit."""
    beside = scene.beside.get(task.token_id)
    if beside is not None:
        return {name: getattr(beside, name) for name in _LIMITS}
    key = scene.calendar_of(task.element.properties)
    due = limits.due(scene.ctx, task.due, key) if task.due else None
    warn = limits.warning(scene.ctx, task.warn, task.due, key)
    said = (due.at, due.text, due.start) if due else (None, None, None)
    warned = (warn.at, warn.text, warn.start) if warn else (None, None, None)
    counted = (due.calendar, due.calendar_version) if due else (None, None)
    return dict(zip(_LIMITS, (*said, *warned, *counted), strict=True))


def _arm_timers(scene: Scene, case: Case) -> None:
    rows = [timer_row(scene, t) for t in case.arrivals.timers if case.is_open(t.token_id)]
    if rows:
        timers.add(scene.ctx.connection, rows)


def timer_row(scene: Scene, armed: TimerArmed) -> dict[str, Any]:
    """Give the row of a timer that is armed; of a case that stands still it rests."""
    properties = armed.element.properties
    if armed.role:
        properties = scene.released.definition.elements[armed.element.attached_to].properties
    key, remaining = scene.calendar_of(properties), None
    if armed.kind == "cycle":
        cycle = parse_cycle(armed.limit.text)
        first = cycle.interval.due(cycle.start or scene.ctx.now, limits.calendar(scene.ctx, key))
        at = cycle.start if cycle.start and cycle.start > scene.ctx.now else first.at
        due = Due(at, armed.limit.text, scene.ctx.now, first.calendar_key, first.calendar_version)
        remaining = cycle.count
    else:
        due = limits.of_timer(scene.ctx, armed, key)
    return {
        "instance_id": scene.row.instance_id,
        "token_id": armed.token_id,
        "element_id": armed.element.id,
        "host": armed.host,
        "role": armed.role,
        "kind": "cycle" if armed.kind == "cycle" else "once",
        "text": armed.limit.text,
        "due_at": due.at,
        "due_from": due.start,
        "remaining": remaining,
        "calendar": due.calendar,
        "calendar_version": due.calendar_version,
        "state": "paused" if scene.is_paused else "waiting",
    }


def _queue(scene: Scene, case: Case) -> None:
    row, ctx = scene.row, scene.ctx
    queued = [
        {
            "instance_id": row.instance_id,
            "token_id": j.token_id,
            "element_id": j.element.id,
            "topic": j.element.topic,
            "payload": j.payload,
            "idempotency_key": f"{row.instance_id}:{j.token_id}",
            "run_at": ctx.now,
            "state": "ready",
            "fence": 0,
            "attempts": 0,
        }
        for j in case.arrivals.jobs
        if case.is_open(j.token_id)
    ]
    if queued:
        jobs.add(ctx.connection, queued)
    waits = [
        {
            "name": m.name,
            "key": m.key or row.number,
            "instance_id": row.instance_id,
            "token_id": m.token_id,
            "element_id": m.element.id,
        }
        for m in case.arrivals.messages
        if case.is_open(m.token_id)
    ]
    if waits:
        messages.add(ctx.connection, waits)


def drop_everything(scene: Scene, case: Case, status: str) -> None:
    """Write the end of a case that was ended from outside; `status` is what its order is from now on."""
    _close(scene, case, None, "")
    scene.order.update(status=status, closed_at=scene.ctx.now)
    finish(scene, None, TERMINATED)


def note_after_the_end(scene: Scene) -> None:
    """Write what is said of an order that is over: its columns, history and notices; the instance stays as it ended."""
    ctx, row = scene.ctx, scene.row
    instances.save_order(ctx.connection, row.order_id, scene.order)
    history.append(ctx.connection, row, scene.events, ctx.now)
    post(ctx, scene.messages)
    instances.save_history(ctx.connection, row)
