"""Who may see which work order: the one clause that every query, export, attachment and link uses."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, or_, select, true

from engine.domain.actors import Actor
from engine.domain.rights import ADMIN
from engine.store.recusals import spares
from engine.store.signings import DROPPED
from engine.store.tables import copied, inbox, signing, unit, user_task, work_order

LEADER = "unit_leader"

Clause = ColumnElement[bool]
"""A condition on `work_order`."""

HELD = ("assignee", "ended_by", "owner")
"""Columns of a task that name whose it is or was."""

_task, _list = user_task.alias("seen_task"), inbox.alias("seen_list")
_copy, _sign = copied.alias("seen_copy"), signing.alias("seen_signing")
_mine = _task.c.instance_id == work_order.c.instance_id


def visible(actor: Actor, supervised: Iterable[str]) -> Clause:
    """Give the condition on `work_order` under which an actor may see it.

    They started it, hold or held or may claim a task of it, asked another about one, are or were asked to sign one, got a
    copy of it, stand in for somebody to whom an open one belongs, belong to (or lead from above) the unit it was sent to,
    supervise its procedure, or are admin. An order about somebody (回避) is out of their sight, and out of that of those
    who stand in for them as such.
    """
    if ADMIN in actor.roles:
        return true()
    held = select(_task.c.id).where(_mine, or_(*(_task.c[held] == actor.id for held in HELD)))
    shown = select(_copy.c.id).where(_copy.c.instance_id == work_order.c.instance_id, _copy.c.person == actor.id)
    asked = select(_sign.c.id).where(
        _sign.c.instance_id == work_order.c.instance_id, _sign.c.person == actor.id, _sign.c.state != DROPPED
    )
    return spares(actor.id) & or_(
        work_order.c.created_by == actor.id,
        held.correlate(work_order).exists(),
        _listed(actor),
        shown.correlate(work_order).exists(),
        asked.correlate(work_order).exists(),
        *(_listed(one.of) & _within(one.processes) & spares(one.of.id) for one in actor.stands_in),
        work_order.c.unit.in_(sorted(actor.units)),
        work_order.c.unit.in_(_led(actor)),
        work_order.c.process.in_(sorted(supervised)),
    )


def _listed(actor: Actor) -> Clause:
    """Give the condition that an open task of the order stands in somebody's lists."""
    names = sorted(actor.principals)
    offered = select(_task.c.id).where(_mine, _list.c.user_task_id == _task.c.id, _list.c.principal.in_(names))
    return offered.correlate(work_order).exists()


def _within(processes: frozenset[str] | None) -> Clause:
    return true() if processes is None else work_order.c.process.in_(sorted(processes))


def _led(actor: Actor) -> Select[tuple[str]]:
    """Give the units below those an actor leads."""
    heads = [u for u, role in actor.memberships if role == LEADER]
    below = select(unit.c.id).where(unit.c.id.in_(heads)).cte("led", recursive=True)
    below = below.union(select(unit.c.id).where(unit.c.parent == below.c.id))
    return select(below.c.id)
