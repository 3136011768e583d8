"""What somebody may do with a task or an order: the same questions the commands ask, asked before a button is drawn."""

from engine.domain.actors import Actor
from engine.queries.work_order import OrderView
from engine.steps.performers import is_candidate
from engine.store.instances import TaskRow

OPEN = "open"


def task_acts(order: OrderView, task: TaskRow, actor: Actor) -> frozenset[str]:
    """Give which of complete, claim, release, transfer, urge and extend are open to an actor."""
    procedure = order.released.procedure
    steers = bool(actor.roles & (procedure.supervisors | procedure.urgers))
    holds, free = task.assignee == actor.id, task.assignee is None and is_candidate(actor, task)
    found = {
        "complete": holds or free,
        "claim": free,
        "release": holds and bool(task.groups),
        "transfer": bool(task.groups) and (holds or steers),
        "urge": not holds and (steers or order.created_by == actor.id or bool(actor.roles & procedure.starters)),
        "extend": task.due_at is not None
        and bool(actor.roles & procedure.supervisors)
        and not is_candidate(actor, task),
    }
    return frozenset(act for act, may in found.items() if may and task.state == OPEN)


def order_acts(order: OrderView, actor: Actor) -> frozenset[str]:
    """Give which of link and cancel are open to an actor."""
    procedure = order.released.procedure
    found = {
        "link": bool(actor.roles & (procedure.starters | procedure.supervisors | procedure.urgers)),
        "cancel": order.status == OPEN and (order.created_by == actor.id or bool(actor.roles & procedure.supervisors)),
    }
    return frozenset(act for act, may in found.items() if may)
