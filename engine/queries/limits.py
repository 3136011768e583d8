"""Why a limit falls due when it does."""

from dataclasses import dataclass

from sqlalchemy import select

from engine.domain.clock import in_words
from engine.domain.deadline import explain, parse
from engine.domain.errors import NotFound
from engine.executor import Context
from engine.queries.cases import History
from engine.steps import limits
from engine.store.tables import user_task


@dataclass(frozen=True, slots=True)
class ExplainLimit:
    """The receipt of a user task's limit (为什么是这个时间): rule, days and hours counted, extensions since."""

    task_id: int

    def read(self, ctx: Context) -> list[str]:
        """Give the lines; a task without a limit says so. Raises NotFound."""
        row = ctx.connection.execute(select(user_task).where(user_task.c.id == self.task_id)).one_or_none()
        if row is None:
            raise NotFound("没有这件待办")
        if row.due_at is None:
            return ["这件待办没有时限"]
        lines = explain(parse(row.due_text), row.due_from, limits.calendar_at(ctx, row.calendar, row.calendar_version))
        for event in History(row.instance_id).read(ctx):
            if event.kind == "UserTaskExtended" and event.payload.get("task") == self.task_id:
                lines.append(f"{in_words(event.at)} 批准延期 {event.payload['by']},到期改为 {in_words(row.due_at)}")
        return lines
