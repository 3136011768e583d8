"""What must hold whatever breaks: each invariant gives the sentences that say where it does not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from engine import Engine, Inbox, WhoMay
from engine.bpmn.rest import waiting
from engine.bpmn.runtime import Case
from engine.executor import Context
from engine.service_tasks import SEND
from engine.steps.performers import lists_of
from engine.steps.scene import load, of_instance
from engine.steps.services import StepServices
from engine.store.database import reading
from engine.store.history import broken_at
from engine.store.tables import (
    history,
    history_payload,
    inbox,
    incident,
    instance,
    job,
    link,
    message_receipt,
    message_wait,
    outbox,
    person,
    timer,
    user_task,
    work_order,
)


def check(engine: Engine, sent: Iterable[str] = (), started: Iterable[str] = ()) -> list[str]:
    """Give every violation in a database at rest; `sent` are the keys the world outside has seen, `started` what was acknowledged."""
    with reading(engine.database) as connection:
        ctx = engine._context(connection, "system")
        found = [
            *acknowledged(connection, started),
            *orphans(connection),
            *jobs_and_messages(connection, list(sent)),
            *receipts(connection),
            *chains(connection),
            *early(connection),
            *projections(ctx),
            *lost_updates(connection),
        ]
    return [*found, *strangers(engine)]


def acknowledged(connection: Connection, started: Iterable[str]) -> Iterator[str]:
    """I1: every order whose start was acknowledged exists."""
    known = set(connection.execute(select(work_order.c.number)).scalars())
    yield from (f"I1 order {number} was acknowledged and is gone" for number in started if number not in known)


def orphans(connection: Connection) -> Iterator[str]:
    """I2: whatever runs waits for somebody or something, or an incident says why not."""
    waiting: set[int] = set()
    for table, states in ((user_task, ("open",)), (job, ("ready", "leased", "failed")), (incident, ("open",))):
        waiting |= set(connection.execute(select(table.c.instance_id).where(table.c.state.in_(states))).scalars())
    for table in (timer, message_wait):
        waiting |= set(connection.execute(select(table.c.instance_id)).scalars())
    running = connection.execute(select(instance.c.id).where(instance.c.status == "running")).scalars()
    yield from (f"I2 instance {ident} waits for nothing" for ident in running if ident not in waiting)


def jobs_and_messages(connection: Connection, sent: list[str]) -> Iterator[str]:
    """I3: each job finished once; what was sent bears a known key, what counts as sent was sent."""
    finished = Counter(
        p.payload["job"]
        for p in _events(connection, "JobCompleted", "JobThrew")
        if p.payload is not None and "job" in p.payload
    )
    yield from (f"I3 job {ident} finished {n} times" for ident, n in finished.items() if n > 1)
    done = set(connection.execute(select(job.c.id).where(job.c.state == "done")).scalars())
    yield from (f"I3 job {ident} is done and nobody finished it" for ident in done - set(finished))
    yield from (f"I3 job {ident} was finished and is not done" for ident in set(finished) - done)
    keys = dict(connection.execute(select(outbox.c.idempotency_key, outbox.c.state)).all())
    yield from (f"I3 {key} was sent and nobody knows it" for key in set(sent) - set(keys))
    if sent:
        claimed = {key for key, state in keys.items() if state == "sent"}
        yield from (f"I3 {key} counts as sent and never was" for key in claimed - set(sent))


def receipts(connection: Connection) -> Iterator[str]:
    """I3: each message between cases arrived once; who sent it and whoever it started or woke are linked."""
    orders = {
        row.id: row
        for row in connection.execute(select(work_order.c.id, work_order.c.number, work_order.c.instance_id))
    }
    by_case, ids = {o.instance_id: o.id for o in orders.values()}, {o.number: o.id for o in orders.values()}
    carried = {row.idempotency_key: row for row in connection.execute(select(job).where(job.c.topic == SEND))}
    arrived = dict(connection.execute(select(message_receipt.c.key, message_receipt.c.number)).all())
    done = {key for key, row in carried.items() if row.state == "done"}
    yield from (f"I3 message {key} is done and never arrived" for key in done - set(arrived))
    linked = set(connection.execute(select(link.c.order_id, link.c.other_id)))
    tied = {frozenset(pair) for pair in linked}
    said, known = Counter[tuple[int, int]](), {key: n for key, n in arrived.items() if key in carried}
    yield from (f"I3 message {key} arrived and nobody sent it" for key in set(arrived) - set(known))
    for key, number in known.items():
        sender = by_case[carried[key].instance_id]
        said[sender, ids.get(number, 0)] += 1
        if number and frozenset((sender, ids.get(number, 0))) not in tied:
            yield f"I3 message {key} came to {number}, and nothing links it to its sender"
    heard = Counter(
        (ids[row.payload["from_order"]], by_case[row.instance_id])
        for row in _events(connection, "InstanceStarted")
        if row.payload and "from_order" in row.payload
    )
    doubled = [pair for pair, times in heard.items() if times > said[pair]]
    yield from (f"I3 message from {sender} started {receiver} more often than it came" for sender, receiver in doubled)


def extra(sent: Iterable[str]) -> int:
    """Give how many messages went out more than once, each time with the same key."""
    return sum(n - 1 for n in Counter(sent).values())


def chains(connection: Connection) -> Iterator[str]:
    """I4: no history has a gap or a broken chain."""
    for ident in connection.execute(select(instance.c.id)).scalars().all():
        seq = broken_at(connection, ident)
        if seq is not None:
            yield f"I4 the history of instance {ident} is broken at {seq}"


def early(connection: Connection) -> Iterator[str]:
    """I5: no timer fired before its moment."""
    for row in _events(connection, "TimerFired"):
        if row.payload and datetime.fromisoformat(row.payload["due_at"]) > row.at:
            yield f"I5 {row.element_id} of instance {row.instance_id} fired early"


def lateness(engine: Engine) -> list[float]:
    """Give by how many seconds each timer fired late (I5)."""
    with reading(engine.database) as connection:
        fired = [row for row in _events(connection, "TimerFired") if row.payload]
    return sorted((row.at - datetime.fromisoformat(row.payload["due_at"])).total_seconds() for row in fired)


def projections(ctx: Context) -> Iterator[str]:
    """I6: the rows that wait are those that the stored state says are waiting, and lists are what tasks say."""
    connection = ctx.connection
    for ident, status in connection.execute(select(instance.c.id, instance.c.status)).all():
        expected = _recomputed(ctx, ident) if status == "running" else set()
        stored = set(_stored(connection, ident))
        yield from (f"I6 instance {ident}: {kind} {token} has no row" for kind, token in expected - stored)
        yield from (f"I6 instance {ident}: {kind} {token} waits no more" for kind, token in stored - expected)
    opened = connection.execute(select(user_task).where(user_task.c.state == "open")).all()
    wanted = {(name, row.id) for row in opened for name in _lists(row)}
    listed = set(connection.execute(select(inbox.c.principal, inbox.c.user_task_id)))
    yield from (f"I6 list entry {entry} is wrong or missing" for entry in wanted ^ listed)


def _lists(task: Row[Any]) -> list[str]:
    """Give the names under which an open task stands in lists: whose it is, and who can sign it."""
    return [*lists_of(task.assignee, task.groups, task.owner), *(f"person:{who}" for who in task.signers or ())]


def _recomputed(ctx: Context, ident: int) -> set[tuple[str, str]]:
    scene = of_instance(ctx, ident)
    case: Case = load(scene, StepServices(scene))
    return {(kind, token) for token, kinds in waiting(case.workflow).items() for kind in kinds}


def _stored(connection: Connection, ident: int) -> Iterator[tuple[str, str]]:
    for kind, table, states in (
        ("task", user_task, ("open",)),
        ("job", job, ("ready", "leased", "failed")),
        ("timer", timer, None),
        ("message", message_wait, None),
    ):
        ours = select(table.c.token_id).where(table.c.instance_id == ident)
        if states:
            ours = ours.where(table.c.state.in_(states))
        yield from ((kind, token) for token in connection.execute(ours).scalars())


def lost_updates(connection: Connection) -> Iterator[str]:
    """I7: the record is what the history's changes add up to; no name that somebody wrote is missing from it."""
    records = dict(connection.execute(select(work_order.c.instance_id, work_order.c.record)).all())
    for ident, record in records.items():
        last: dict[str, Any] = {}
        for row in _events(connection, instance_id=ident):
            changes = (row.payload or {}).get("changes", {})
            last.update({k: v for k, v in changes.items() if "." not in k})
            for row_of in {k.partition("[")[0] for k in changes if "[" in k}:
                last.pop(row_of, None)  # emptied when several began to sign; filled by each since
        wrong = [name for name, value in last.items() if "[" not in name and record.get(name) != value]
        yield from (f"I7 instance {ident}: {name} is {record.get(name)!r}, not {last[name]!r}" for name in wrong)


def strangers(engine: Engine) -> Iterator[str]:
    """I8: nobody sees a task in a list that is not for them."""
    with reading(engine.database) as connection:
        everybody = connection.execute(select(person.c.id).where(person.c.active)).scalars().all()
        if not connection.execute(select(func.count()).select_from(inbox)).scalar_one():
            return
    may: dict[int, set[str]] = {}
    for who in everybody:
        for box in ("todo", "pool"):
            for row in engine.ask(Inbox(box), who).rows:
                allowed = may.setdefault(row.task_id, set(engine.ask(WhoMay(row.task_id))))
                if who not in allowed | {row.assignee}:
                    yield f"I8 {who} sees task {row.task_id}"


def _events(connection: Connection, *kinds: str, instance_id: int | None = None) -> list[Any]:
    query = (
        select(history, history_payload.c.payload)
        .join(
            history_payload,
            (history_payload.c.instance_id == history.c.instance_id) & (history_payload.c.seq == history.c.seq),
        )
        .order_by(history.c.instance_id, history.c.seq)
    )
    if kinds:
        query = query.where(history.c.kind.in_(kinds))
    if instance_id is not None:
        query = query.where(history.c.instance_id == instance_id)
    return list(connection.execute(query))
