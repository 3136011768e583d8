"""What a worker does for the calendars: years ahead are filled in time, and admins hear that a notice is still missing."""

from dataclasses import dataclass

from engine.commands.calendars import AHEAD, SeedCalendars
from engine.domain.actors import SYSTEM
from engine.domain.clock import local
from engine.domain.rights import ADMIN
from engine.executor import OFFSET, Context
from engine.steps import office_notices
from engine.steps.calendar_change import missing_year
from engine.store import calendars, duties, people, settings

DUTY = "calendar_reminder"


@dataclass(frozen=True, slots=True)
class KeepCalendars:
    """Know at least three years ahead; from 1 November on remind admins once a week while next year is provisional.

    Under a shifted clock (a demo living in another week) nothing is done.
    """

    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> int:
        """Give the number of admins reminded."""
        if float(settings.get(ctx.connection, OFFSET) or 0):
            return 0
        today = local(ctx.now).date()
        years = tuple(range(today.year, today.year + AHEAD + 1))
        last = calendars.last_day(ctx.connection)
        if last is None or last.year < years[-1]:
            SeedCalendars(years).run(ctx)
        missing = missing_year(ctx)
        if missing is None:
            return 0
        year, week, _ = today.isocalendar()
        slot = f"{year}-W{week:02}"
        if not duties.first_in(ctx.connection, DUTY, slot, ctx.now):
            return 0
        admins = people.with_role(ctx.connection, ADMIN)
        office_notices.put(ctx, DUTY, dict.fromkeys(admins, _reminder(missing)), slot)
        return len(admins)


def _reminder(missing: int) -> tuple[str, str]:
    body = (
        f"{missing}年的放假安排还没有确认,跨到{missing}年的时限都是暂定的。国务院办公厅的通知公布后,"
        "请在“管理 · 工作日历 · 导入放假安排”里粘贴通知全文。"
    )
    return f"请录入{missing}年的放假安排", body
