"""The receipt of a deadline: rule, start, every stretch counted and every day skipped with its reason, due moment, calendar."""

from datetime import datetime

from engine.domain import receipt
from engine.domain.deadline_meaning import Deadline, Unit
from engine.domain.work_calendar import WorkCalendar


def explain(deadline: Deadline, start: datetime, calendar: WorkCalendar) -> list[str]:
    """Give the receipt, line by line in Chinese: rule, start, what was counted and what not, due moment, calendar.

    Raises what `Deadline.due` raises.
    """
    due = deadline.due(start, calendar)
    lines = [f"规则：{deadline.words()}", f"起算：{receipt.moment_words(start, begins=True)}"]
    lines += _counted(deadline, start, due.at, calendar)
    if due.amber:
        lines.append(f"预警（范围的下限）：{receipt.moment_words(due.amber)}")
    lines.append(f"到期：{receipt.moment_words(due.at)}")
    if due.provisional:
        lines.append("暂定：涉及的放假安排尚未公布，公布后到期时间可能变动")
    lines.append(f"依据：工作日历“{calendar.name}”第{due.calendar_version}版{'（暂定）' if due.provisional else ''}")
    return lines


def _counted(deadline: Deadline, start: datetime, due: datetime, calendar: WorkCalendar) -> list[str]:
    rules = (deadline.start_rule, deadline.end_rule)
    match deadline.unit:
        case Unit.WORKING_DAYS:
            return receipt.working_days(calendar, start, deadline.amount.days, *rules)
        case Unit.NATURAL_DAYS:
            return receipt.natural_days(calendar, start, deadline.amount.days, *rules)
        case Unit.SAME_DAY:
            return receipt.same_day(calendar, start)
        case Unit.MOMENT:
            return []
    begin = deadline.begins(start, calendar)
    lines = [] if begin == start else [f"按规则从 {receipt.moment_words(begin, begins=True)} 起算"]
    opened = begin
    if deadline.unit is Unit.AFTER_OPENING:
        opened = calendar.next_opening(begin)
        lines.append(f"下一次上班：{receipt.moment_words(opened, begins=True)}")
    if deadline.unit in (Unit.WORKING_TIME, Unit.AFTER_OPENING):
        used = calendar.add(opened, deadline.amount)
        lines += receipt.working_time(calendar, start, opened, used)
    if deadline.end_rule == "close_of_day":
        lines.append(f"到那个工作日下班为止：{receipt.moment_words(due)}")
    return lines
