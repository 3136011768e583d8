"""What somebody may do with a task or an order: the same questions the commands ask, asked before a button is drawn."""

from typing import Protocol

from engine.domain.actors import Actor
from engine.domain.rights import may
from engine.domain.states import OPEN, PAUSED, STILL_TO_DO, STOPPED, VOID
from engine.queries.signings import SigningView
from engine.queries.work_order import OrderView
from engine.steps.co_signing import adders, adds, drops, named_by
from engine.steps.copies import may_copy
from engine.steps.past import is_done
from engine.steps.performers import (
    Question,
    acting_as,
    holds,
    is_asked,
    is_candidate,
    is_concerned,
    is_in_charge,
    is_to_do,
    signs_as,
)
from engine.steps.released import Released
from engine.store.instances import TaskRow
from engine.store.signings import ASKED, BEFORE

_ANYTIME = frozenset({"fill"})
"""What is open to people while an admin has suspended the order: a form may be read and a draft kept."""


class CaseAtHand(Protocol):
    """What of an order says who may do what with its tasks."""

    @property
    def released(self) -> Released:
        """The version it runs on."""

    @property
    def created_by(self) -> str:
        """Who started it."""

    @property
    def status(self) -> str:
        """Of the order."""


def hand_acts(case: CaseAtHand, task: TaskRow, actor: Actor) -> frozenset[str]:
    """Give which of complete, claim, release, transfer, delegate and urge are open to an actor: what the task and the
    state of its order decide alone, also where several tasks are chosen in a list.
    """
    procedure = case.released.procedure
    steers = bool(actor.roles & (procedure.supervisors | procedure.urgers))

    def may(question: Question) -> bool:
        return acting_as(actor, task, procedure.id, question) is not None

    own, free, fills = may(holds), task.assignee is None and may(is_candidate), task.held is None
    found = {
        "complete": (own or free) and fills and case.status != PAUSED,
        "claim": free,
        "release": own and bool(task.groups),
        "transfer": bool(task.groups) and (own or steers),
        "delegate": own and fills,
        "urge": not own and (steers or case.created_by == actor.id or bool(actor.roles & procedure.starters)),
    }
    acts_at_all = task.state == OPEN and case.status in (OPEN, PAUSED)
    return frozenset(act for act, yes in found.items() if yes and acts_at_all)


def task_acts(order: OrderView, task: TaskRow, actor: Actor) -> frozenset[str]:
    """Give which of complete, claim, release, send_back, transfer, delegate, answer_delegation, recall, ask_signers, sign,
    drop_signer, add_co_signer, drop_co_signer, urge, extend, ask_extension, decide_extension and withdraw_extension are
    open to an actor; in a paused order nothing is completed.
    """
    procedure = order.released.procedure

    def may(question: Question) -> bool:
        return acting_as(actor, task, order.process, question) is not None

    own, free, fills = may(holds), task.assignee is None and may(is_candidate), task.held is None
    found = {
        "fill": (own or free) and fills,
        "send_back": (own or free)
        and order.pause is None
        and any(is_done(e.kind, e.payload.get("name", "")) for e in order.events),
        "answer_delegation": may(is_asked),
        "recall": task.owner is not None and may(is_in_charge),
        "ask_signers": own and fills,
        "sign": signs_as(actor, task, order.process) is not None and order.pause is None,
        "drop_signer": order.pause is None and bool(droppable(order, task, actor)),
        **_of_co_signers(order, task, actor),
        "extend": task.due_at is not None and bool(actor.roles & procedure.supervisors) and not may(is_candidate),
        **_of_extension(order, task, actor),
    }
    offered = _ANYTIME if order.status == STOPPED else found.keys()
    more = frozenset(act for act, yes in found.items() if yes and act in offered and task.state == OPEN)
    refused = {"complete"} if _missing_before(order, task) else set()
    return hand_acts(order, task, actor) - refused | more


def stood_in_for(order: OrderView, task: TaskRow, actor: Actor) -> str | None:
    """Give the name of whom an actor would act for on a task (代理); None for what is their own or nobody's they stand in for."""
    whose = acting_as(actor, task, order.process, is_in_charge) or acting_as(actor, task, order.process, is_to_do)
    whose = whose or signs_as(actor, task, order.process)
    return whose.name if whose is not None and whose.id != actor.id else None


def droppable(order: OrderView, task: TaskRow, actor: Actor) -> list[SigningView]:
    """Give those asked to sign a task whom an actor may take off (减签)."""
    steers = bool(actor.roles & order.released.procedure.supervisors)
    asked = [row for row in order.signings if row.task_id == task.id and row.state == ASKED]
    return [row for row in asked if steers or row.asked_by in {one.id for one in actor.faces(order.process)}]


def _missing_before(order: OrderView, task: TaskRow) -> bool:
    return any(r.task_id == task.id and r.mode == BEFORE and r.state == ASKED for r in order.signings)


def _of_co_signers(order: OrderView, task: TaskRow, actor: Actor) -> dict[str, bool]:
    """Of a step that several sign (会签、依次); whom of them an actor may take off is said by `CoSignersOf`."""
    element, procedure = order.released.definition.elements[task.element_id], order.released.procedure
    several = bool(task.item) and bool(element.collection) and order.pause is None
    added = adders(event for event in order.events if event.element_id == task.element_id).values()
    return {
        "add_co_signer": several and bool(named_by(element)) and adds(procedure, task, actor) is not None,
        "drop_co_signer": several and any(drops(procedure, one, actor) for one in (None, *added)),
    }


def _of_extension(order: OrderView, task: TaskRow, actor: Actor) -> dict[str, bool]:
    asked, own = order.requests.get(task.id), bool(acting_as(actor, task, order.process, is_in_charge))
    if asked is None:
        return {"ask_extension": own and task.id not in order.unaskable}
    mine, judges = actor.id == asked.asked_by or own, bool(actor.roles & order.released.procedure.supervisors)
    concerned = mine or acting_as(actor, task, order.process, is_concerned) is not None
    return {"decide_extension": judges and not concerned, "withdraw_extension": mine}


def order_acts(order: OrderView, actor: Actor) -> frozenset[str]:
    """Give which of link, copy, read_copy, comment, cancel, supervise, pause, resume, suspend, go_on, jump, terminate
    and void are open to an actor.
    """
    procedure, runs = order.released.procedure, order.status in (OPEN, PAUSED)
    rests = any(acting_as(actor, task, order.process, is_in_charge) for task in order.tasks) or bool(
        actor.roles & (procedure.supervisors | procedure.pausers)
    )
    found = {
        "link": bool(actor.roles & (procedure.starters | procedure.supervisors | procedure.urgers)),
        "copy": may_copy(procedure, order.created_by, order.tasks, actor),
        "read_copy": any(copy.person == actor.id and copy.read_at is None for copy in order.copies),
        "comment": True,
        "supervise": runs and bool(order.tasks) and bool(actor.roles & procedure.supervisors),
        "pause": order.status == OPEN and rests,
        "resume": order.status == PAUSED and rests,
        "cancel": order.status in STILL_TO_DO
        and (order.created_by == actor.id or bool(actor.roles & procedure.supervisors)),
        "suspend": runs and may(actor, "SuspendInstance"),
        "go_on": order.status == STOPPED and may(actor, "ResumeInstance"),
        "jump": order.status in STILL_TO_DO and may(actor, "JumpInstance"),
        "terminate": order.status in STILL_TO_DO and may(actor, "TerminateOrder"),
        "void": order.status != VOID and may(actor, "VoidOrder"),
    }
    return frozenset(act for act, yes in found.items() if yes)
