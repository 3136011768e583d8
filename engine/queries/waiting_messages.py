"""What open cases wait to be told, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.executor import Context
from engine.steps.message_rights import may_send
from engine.steps.released import Released, released
from engine.store.instances import TaskRow
from engine.store.tables import instance, message_wait, user_task


@dataclass(frozen=True, slots=True)
class MessageForm:
    """A message that a case waits for: its name, the event's title, and the fields to fill with their labels."""

    name: str
    title: str
    fields: tuple[tuple[str, str], ...]


def waiting_messages(ctx: Context, cases: Mapping[int, str]) -> dict[int, list[MessageForm]]:
    """Give what some cases (instance and who started it) wait for and the actor may tell them, by instance."""
    if not cases:
        return {}
    columns = message_wait.c.instance_id, message_wait.c.name, message_wait.c.element_id, instance.c.definition_id
    query = select(*columns).join(instance, instance.c.id == message_wait.c.instance_id)
    waits = ctx.connection.execute(query.where(message_wait.c.instance_id.in_(cases)).order_by(message_wait.c.id)).all()
    tasks = _tasks(ctx, {w.instance_id for w in waits})
    found: dict[int, list[MessageForm]] = {}
    for wait in waits:
        version = released(ctx, wait.definition_id)
        element = version.definition.elements[wait.element_id]
        mine = tasks.get(wait.instance_id, [])
        if may_send(ctx.actor, version.procedure, element, mine, cases[wait.instance_id]):
            fields = tuple((key, _label(version, key)) for key in sorted(element.fills))
            found.setdefault(wait.instance_id, []).append(MessageForm(wait.name, element.name, fields))
    return found


def _tasks(ctx: Context, cases: set[int]) -> dict[int, list[TaskRow]]:
    if not cases:
        return {}
    columns = [c for c in user_task.c if c.name != "instance_id"]
    query = select(user_task.c.instance_id, *columns).where(
        user_task.c.instance_id.in_(cases), user_task.c.state == "open"
    )
    found: dict[int, list[TaskRow]] = {}
    for ident, *row in ctx.connection.execute(query):
        found.setdefault(ident, []).append(TaskRow(*row))
    return found


def _label(version: Released, key: str) -> str:
    specs = (spec for form in version.forms.values() for spec in form.fields)
    return next((spec.label for spec in specs if spec.key == key), "")
