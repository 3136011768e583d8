"""Sending tasks back in an office under test: previewed, done, and compared with the preview."""

from engine import PreviewSendBack, ReturnPreview, ReturnTargets, SendBack, ShowCase
from engine.store.instances import TaskRow
from tests.support.offices import Office


def targets(office: Office, element_id: str, item: str | None = None, actor: str = "root") -> list[tuple[str, str]]:
    """Give where the one open task of an element may be sent back to, the latest first."""
    task = office.open_task(element_id, item)
    return [(t.element_id, t.item) for t in office.engine.ask(ReturnTargets(task.id), actor)]


def send_back(
    office: Office,
    element_id: str,
    actor: str,
    to: str,
    item: str | None = None,
    to_item: str | None = None,
    *,
    straight: bool = False,
) -> ReturnPreview:
    """Send a task back; what happens is just what was previewed."""
    task = office.open_task(element_id, item)
    found = office.engine.ask(ReturnTargets(task.id), actor)
    target = next(t for t in found if t.element_id == to and to_item in (None, t.item))
    seen = office.engine.ask(PreviewSendBack(task.id, target.task_id, straight), actor)
    before = {t.id: t for t in _open(office)}
    office.engine.execute(SendBack(task.id, actor, target.task_id, "材料不全", straight))
    after = {t.id: t for t in _open(office)}
    assert sorted(ident for ident, _, _ in seen.closes) == sorted(before.keys() - after.keys())
    opened = [after[ident] for ident in after.keys() - before.keys()]
    assert sorted((t.name, t.item) for t in opened) == sorted((name, item) for name, item, _ in seen.opens)
    return seen


def _open(office: Office) -> list[TaskRow]:
    return office.engine.ask(ShowCase(office.number)).open_tasks
