"""What somebody may do with a task or an order: the same questions the commands ask, asked before a button is drawn."""

from engine.domain.actors import Actor
from engine.queries.work_order import OrderView
from engine.steps.performers import is_candidate
from engine.store.instances import TaskRow

OPEN, PAUSED, DONE = "open", "paused", "UserTaskCompleted"


def task_acts(order: OrderView, task: TaskRow, actor: Actor) -> frozenset[str]:
    """Give which of complete, claim, release, send_back, transfer, urge, extend, ask_extension, decide_extension and withdraw_extension
    are open to an actor; in a paused order nothing is completed.
    """
    procedure = order.released.procedure
    steers = bool(actor.roles & (procedure.supervisors | procedure.urgers))
    holds, free = task.assignee == actor.id, task.assignee is None and is_candidate(actor, task)
    found = {
        "complete": (holds or free) and order.pause is None,
        "fill": holds or free,
        "claim": free,
        "release": holds and bool(task.groups),
        "send_back": (holds or free) and order.pause is None and any(e.kind == DONE for e in order.events),
        "transfer": bool(task.groups) and (holds or steers),
        "urge": not holds and (steers or order.created_by == actor.id or bool(actor.roles & procedure.starters)),
        "extend": task.due_at is not None
        and bool(actor.roles & procedure.supervisors)
        and not is_candidate(actor, task),
        **_of_extension(order, task, actor),
    }
    return frozenset(act for act, may in found.items() if may and task.state == OPEN)


def _of_extension(order: OrderView, task: TaskRow, actor: Actor) -> dict[str, bool]:
    asked, holds = order.requests.get(task.id), task.assignee == actor.id
    if asked is None:
        return {"ask_extension": holds and task.id not in order.unaskable}
    judges = bool(actor.roles & order.released.procedure.supervisors) and not is_candidate(actor, task)
    mine = actor.id in (asked.asked_by, task.assignee)
    return {"decide_extension": judges and not mine, "withdraw_extension": mine}


def order_acts(order: OrderView, actor: Actor) -> frozenset[str]:
    """Give which of link, cancel, supervise, pause and resume are open to an actor."""
    procedure = order.released.procedure
    holds = any(task.assignee == actor.id for task in order.tasks)
    rests = holds or bool(actor.roles & (procedure.supervisors | procedure.pausers))
    found = {
        "link": bool(actor.roles & (procedure.starters | procedure.supervisors | procedure.urgers)),
        "supervise": bool(order.tasks) and bool(actor.roles & procedure.supervisors),
        "pause": order.status == OPEN and rests,
        "resume": order.status == PAUSED and rests,
        "cancel": order.status in (OPEN, PAUSED)
        and (order.created_by == actor.id or bool(actor.roles & procedure.supervisors)),
    }
    return frozenset(act for act, may in found.items() if may)
