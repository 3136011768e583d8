"""The case a preview is about, as its command would find it, but read in a snapshot and never saved."""

from sqlalchemy import ColumnElement, select

from engine.domain.errors import HIDDEN, NotFound
from engine.executor import Context
from engine.steps.released import released
from engine.steps.scene import Scene
from engine.steps.scope import scope
from engine.store import instances
from engine.store.instances import TaskRow
from engine.store.tables import user_task, work_order


def task_at_hand(ctx: Context, task_id: int) -> tuple[Scene, TaskRow]:
    """Give the case of a task and the task. Raises NotFound for strangers."""
    columns = [c for c in user_task.c if c.name != "instance_id"]
    query = select(user_task.c.instance_id, *columns).join(
        work_order, work_order.c.instance_id == user_task.c.instance_id
    )
    found = ctx.connection.execute(query.where(user_task.c.id == task_id, scope(ctx))).one_or_none()
    if found is None:
        raise NotFound("没有这件待办,或者你不能看它")
    return _scene(ctx, int(found[0])), TaskRow(*found[1:])


def order_at_hand(ctx: Context, number: str) -> Scene:
    """Give the case of an order. Raises NotFound for strangers."""
    meant: ColumnElement[bool] = work_order.c.number == number
    found = ctx.connection.execute(select(work_order.c.instance_id).where(meant, scope(ctx))).scalar()
    if found is None:
        raise NotFound(HIDDEN)
    return _scene(ctx, int(found))


def _scene(ctx: Context, instance_id: int) -> Scene:
    row = instances.seen(ctx.connection, instance_id)
    return Scene(ctx, row, released(ctx, row.definition_id))
