"""Show an order to people who do not work on it (抄送), and their mark that they have read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps.copies import give, may_copy
from engine.steps.noting import note_down
from engine.steps.recusing import require_impartial
from engine.steps.scene import Scene, of_instance
from engine.steps.scope import scope
from engine.store import copies, instances, people, user_tasks, work_orders

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """Let people see an order and tell them so; nobody gets a second copy."""

    number: str
    actor: str
    to: Sequence[str]
    note: str = ""

    def run(self, ctx: Context) -> list[str]:
        """Give those who had no copy before. Raises NotFound, NotAllowed, Invalid, Conflict when all had one."""
        scene = seen_order(ctx, self.number)
        tasks = user_tasks.open_of(ctx.connection, scene.row.instance_id)
        if not may_copy(scene.released.procedure, scene.row.created_by, tasks, ctx.actor):
            raise NotAllowed("只有登记的人、正在办的人和督办岗位可以抄送")
        note, to = free_text("附言", self.note).strip(), list(dict.fromkeys(self.to))
        if not to or len(to) > MOST_AT_ONCE:
            raise Invalid(f"请写明抄送给谁,一次至多 {MOST_AT_ONCE} 人")
        if ctx.actor.id in to:
            raise Invalid("不用抄送给自己")
        if set(to) - set(people.active(ctx.connection, to)):
            raise Invalid("抄送的人里有不在册或已停用的")
        require_impartial(scene, *to)
        fresh = give(scene, to, note, ctx.actor)
        if not fresh:
            names = people.names_of(ctx.connection, to)
            raise Conflict(f"已经抄送过{'、'.join(names.get(person, person) for person in to)},不再重复")
        note_down(scene)
        return fresh


@dataclass(frozen=True, slots=True)
class ReadCopy:
    """Say that one has read the copy of an order (已阅)."""

    number: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Saying it again changes nothing. Raises NotFound, NotAllowed for who got no copy."""
        scene = seen_order(ctx, self.number)
        if copies.read(ctx.connection, scene.row.instance_id, ctx.actor.id, ctx.now):
            scene.note("CopyRead", "")
            note_down(scene)
        elif ctx.actor.id not in {row.person for row in copies.of_case(ctx.connection, scene.row.instance_id)}:
            raise NotAllowed("这件工单没有抄送给你")


def seen_order(ctx: Context, number: str) -> Scene:
    """Load an order that the actor may see, under lock; raise NotFound for strangers as for orders that do not exist."""
    if not work_orders.seen(ctx.connection, [number], scope(ctx)):
        raise NotFound(f"没有工单 {number},或者你不能看它")
    return of_instance(ctx, instances.by_number(ctx.connection, number)[1])
