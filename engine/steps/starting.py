"""What people say when they start a case: the words of its order, and what stays of it when the form is filled in again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.executor import Context
from engine.expressions import compile_parameter
from engine.forms import FormSchema
from engine.steps.released import START_FORM, Released
from engine.steps.scene import Scene
from engine.store import people
from engine.store.instances import TaskRow


def name_of_start(version: Released) -> str:
    """Give what a start by a person is called as a step to be returned to; empty where there is no form to fill in."""
    form = version.forms.get(START_FORM)
    return version.procedure.start_name if form is not None and form.fields else ""


def words_of_order(
    ctx: Context, version: Released, record: Mapping[str, Any], number: str, by: str, received_at: datetime
) -> dict[str, str]:
    """Give title, summary and search text of an order as its procedure words them from the start form's answers."""
    procedure = version.procedure
    said = {"number": number, "created_by": by, "received_at": received_at.isoformat()}
    said |= {key: people.name_of(ctx.connection, who) for key in version.people_keys if (who := record.get(key))}
    title = (_worded(version, procedure.order_title, record, said) or procedure.title)[:200]
    summary = _worded(version, procedure.summary, record, said)
    return {"title": title, "summary": summary, "search_text": f"{number} {title} {summary}"}


def with_what_stays(scene: Scene, task: TaskRow, form: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Give a task's answers; where a start form is filled in again, a phone or identity number left blank stays as it was.

    Such numbers are not shown again to be mended.
    """
    if not scene.released.is_start(task.element_id):
        return dict(answers)
    known = scene.row.record
    blank = [key for key in form.keys & scene.released.personal_keys if not _filled(answers.get(key))]
    return {**answers, **{key: known[key] for key in blank if known.get(key) is not None}}


def reword(scene: Scene, task: TaskRow, answers: Mapping[str, Any]) -> None:
    """Let an order be called by what its start form says now."""
    if not scene.released.is_start(task.element_id):
        return
    row = scene.row
    words = words_of_order(scene.ctx, scene.released, answers, row.number, row.created_by, row.received_at)
    scene.order.update(words)
    row.title, row.summary = words["title"], words["summary"]


def _worded(version: Released, text: str, record: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    names = {**dict.fromkeys(version.definition.declared), **record, **said}
    value = compile_parameter(text).evaluate(names) if text else ""
    return "" if value is None else str(value)


def _filled(value: Any) -> bool:
    """A browser sends a list of texts for every field."""
    return any(_filled(each) for each in value) if isinstance(value, (list, tuple)) else value not in (None, "")
