"""The notices of a procedure's version, each filled from a case that whoever looks may see."""

from dataclasses import dataclass

from sqlalchemy import select

from engine.domain.errors import NotFound
from engine.domain.notice_rules import PLAIN, NoticeRules
from engine.domain.notice_template import names_in
from engine.domain.procedure import Procedure
from engine.executor import Context
from engine.queries.procedures import chosen_version
from engine.steps.notice_text import render
from engine.steps.released import Released, released
from engine.steps.scene import Scene
from engine.steps.scope import scope
from engine.store import instances
from engine.store.tables import work_order

UNSAID = "……"
"""What stands for a name that only a step or a verb will fill."""


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """One notice: how it goes, who puts it, its template, and the text filled from a case."""

    name: str
    rules: NoticeRules
    steps: list[str]
    """Names of the steps that put it."""
    verbs: list[str]
    """What people or the engine do that puts it, as `[notices]` names it."""
    template: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class NoticePreviews:
    """All notices of a version, and the order they are filled from (empty where nobody has started one yet)."""

    procedure: Procedure
    version: int
    number: str
    notices: list[NoticePreview]


@dataclass(frozen=True, slots=True)
class PreviewNotices:
    """Look at the notices of a version, filled from an order by number, else from the newest one in sight."""

    key: str
    version: int
    number: str = ""

    def read(self, ctx: Context) -> NoticePreviews:
        """Give them by name, personal numbers masked; raise NotFound for a version or an order out of sight."""
        shown, _ = chosen_version(ctx, self.key, self.version)
        version = released(ctx, shown.id)
        found = self._order(ctx)
        scene = Scene(ctx, instances.seen(ctx.connection, found[1]), version) if found else None
        notices = [_preview(scene, version, name) for name in sorted(version.notices)]
        return NoticePreviews(version.procedure, shown.version, found[0] if found else "", notices)

    def _order(self, ctx: Context) -> tuple[str, int] | None:
        ours = work_order.c.process == self.key, scope(ctx)
        query = select(work_order.c.number, work_order.c.instance_id).where(*ours).order_by(work_order.c.id.desc())
        if self.number:
            query = query.where(work_order.c.number == self.number)
        row = ctx.connection.execute(query.limit(1)).one_or_none()
        if row is None and self.number:
            raise NotFound(f"没有这个流程的工单 {self.number},或者你不能看它")
        return (row.number, row.instance_id) if row else None


def _preview(scene: Scene | None, version: Released, name: str) -> NoticePreview:
    template = version.notices[name]
    subject = body = ""
    if scene is not None:
        known = scene.row.record.keys() | scene.columns().keys() | version.definition.declared
        subject, body = render(scene, name, dict.fromkeys(names_in(template) - known, UNSAID))
    steps = [e.name for e in version.definition.elements.values() if dict(e.inputs).get("notice") == name]
    verbs = [verb for verb, notice in version.procedure.notices.items() if notice == name]
    rules = version.procedure.notice_rules.get(name, PLAIN)
    return NoticePreview(name, rules, list(dict.fromkeys(steps)), verbs, template, subject, body)
