"""`banjie calendar`: when is something due, how much working time lies between, is it open now; works without a database.

Each verb is a function that adds its parser to the subcommand and sets what `do`es it: VERBS lists them.
"""

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from engine.cli_calendar_import import add_import
from engine.command_line import CliCommand
from engine.domain import duration
from engine.domain.clock import SHANGHAI, local
from engine.domain.deadline import explain, parse
from engine.domain.errors import Invalid, NotFound
from engine.domain.national_days import announced_years, national_days
from engine.domain.receipt import amount_words, moment_words
from engine.domain.work_calendar import ShiftPattern, WorkCalendar
from engine.front import open_existing
from engine.queries.working_time import CalendarCalled, DefaultCalendar

Verbs = Any
"""What `ArgumentParser.add_subparsers` gives; argparse has no public name for it."""

OFFICE_HOURS = "08:30-12:00,14:00-18:00"
PRESUMED_YEARS = 3
_START_WORDS = {"now": "立即起算", "next_day": "次日起算", "next_working_day": "休息日顺延起算"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def calendar_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which calendar counts, and `--json`."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--calendar", metavar="日历", help="数据库里的工作日历,写代码或名称")
    which.add_argument(
        "--hours", metavar="时段", help="不用数据库,按这些时段,如 08:30-12:00,14:00-18:00、22:00-06:00 或 24h"
    )
    parser.add_argument("--days", choices=("national", "every"), help="national 按国家放假安排,every 天天上班")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def chosen_calendar(args: argparse.Namespace) -> WorkCalendar:
    """Give the calendar that the arguments name; raises NotFound, Invalid."""
    if args.calendar:
        if args.days:
            raise Invalid("--days 只能与 --hours 一起用;数据库里的工作日历有自己的安排")
        engine = open_existing()
        if engine is None:
            raise NotFound(f"没有数据库,找不到工作日历“{args.calendar}”;请先运行 banjie init,或改用 --hours 写明时段")
        return engine.ask(CalendarCalled(args.calendar))
    if args.hours or args.days:
        return _by_hours(args.hours or OFFICE_HOURS, args.days)
    engine = open_existing()
    found = engine.ask(DefaultCalendar()) if engine else None
    return found or _by_hours(OFFICE_HOURS, None)


def moment_said(text: str) -> datetime:
    """Read 2025-10-10 17:50, 2025-10-10T17:50 or 2025-10-10 (its 00:00), Beijing time; raises Invalid."""
    words = text.strip()
    if not _DATE.fullmatch(words):
        return duration.moment(words)
    try:
        return datetime.fromisoformat(words).replace(tzinfo=SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"“{text}”不是日历上有的日子") from None


def print_json(value: object) -> None:
    """Print a value as JSON for other programs."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _by_hours(hours: str, days: str | None) -> WorkCalendar:
    around = hours.strip().lower() == "24h"
    every_day = days == "every" or (around and days is None)
    pattern = ShiftPattern.parse(hours, "00:00-24:00" if around else hours, every_day=every_day)
    known = announced_years()
    years = range(known[0], known[-1] + PRESUMED_YEARS + 1)
    return WorkCalendar("hours", 1, [day for year in years for day in national_days(year)], pattern)


def _add_due(verbs: Verbs) -> None:
    due = verbs.add_parser("due", help="从某时起按一条规则,什么时候到期")
    due.add_argument("start", metavar="起点", help="2025-10-10T17:50 或 2025-10-10(零点),北京时间")
    due.add_argument("rule", metavar="规则", help="时限的写法,如 3个工作日、30分钟(工作时间)、3-5个工作日、P3D")
    due.add_argument("--start-rule", choices=tuple(_START_WORDS), help="从何时起算;不写按规则自己的")
    due.add_argument("--explain", action="store_true", help="逐行说明哪些天和时段计入、哪些不计")
    calendar_arguments(due)
    due.set_defaults(do=_due)


def _due(args: argparse.Namespace) -> None:
    start, calendar = moment_said(args.start), chosen_calendar(args)
    deadline = parse(_with_start_rule(args.rule, args.start_rule))
    due = deadline.due(start, calendar)
    steps = explain(deadline, start, calendar)
    if args.json:
        amber = due.amber and local(due.amber)
        print_json({"due": local(due.at), "provisional": due.provisional, "amber": amber, "steps": steps})
        return
    if args.explain:
        print("\n".join(steps))
        return
    print(f"{moment_words(start, begins=True)}起，{deadline.words()}：{moment_words(due.at)}到期。")
    if due.amber:
        print(f"{moment_words(due.amber)}预警。")
    if due.provisional:
        print("暂定：涉及的放假安排尚未公布，公布后到期时间可能变动。")


def _with_start_rule(rule: str, start_rule: str | None) -> str:
    """Write a start rule into a rule's text, in the grammar's own words."""
    if not start_rule:
        return rule
    body, anchored, anchor = rule.partition("从")
    return f"{body.strip()},{_START_WORDS[start_rule]}{f' 从{anchor}' if anchored else ''}"


def _add_between(verbs: Verbs) -> None:
    between = verbs.add_parser("between", help="两个时刻之间有多少工作时间")
    between.add_argument("start", metavar="起点")
    between.add_argument("end", metavar="终点")
    calendar_arguments(between)
    between.set_defaults(do=_between)


def _between(args: argparse.Namespace) -> None:
    start, end, calendar = moment_said(args.start), moment_said(args.end), chosen_calendar(args)
    worked = calendar.between(start, end)
    minutes = int(worked / timedelta(minutes=1))
    if args.json:
        print_json({"minutes": minutes})
        return
    sign = "倒过来" if worked < timedelta() else ""
    print(
        f"从 {moment_words(start, begins=True)} 到 {moment_words(end)}，{sign}工作时间{amount_words(abs(worked))}（{abs(minutes)}分钟）。"
    )


def _add_open(verbs: Verbs) -> None:
    opened = verbs.add_parser("open", help="某个时刻是不是上班时间")
    opened.add_argument("moment", metavar="时刻")
    calendar_arguments(opened)
    opened.set_defaults(do=_open)


def _open(args: argparse.Namespace) -> None:
    at, calendar = moment_said(args.moment), chosen_calendar(args)
    is_open = calendar.is_open(at)
    if args.json:
        print_json({"open": is_open})
        return
    if is_open:
        print(f"{moment_words(at, begins=True)}是上班时间。")
        return
    day = calendar.day_of(at)
    [known] = calendar.facts(day, day)
    why = "不在上班时段" if known.open else known.source
    print(
        f"{moment_words(at, begins=True)}不是上班时间（{why}），下一次上班是{moment_words(calendar.next_opening(at), begins=True)}。"
    )


VERBS: tuple[Callable[[Verbs], None], ...] = (_add_due, _add_between, _add_open, add_import)


def _configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="动作")
    for add in VERBS:
        add(verbs)


def _run(args: argparse.Namespace) -> int:
    args.do(args)
    return 0


calendar = CliCommand("calendar", "算工作时间:何时到期、隔了多久、是否上班", _configure, _run)
