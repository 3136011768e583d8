"""`banjie calendar import`: read the holidays of a year from a notice or a table, show what changes, write it unless asked not to."""

import argparse
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from engine.commands.calendar_change import ChangeCalendar
from engine.domain.actors import SYSTEM
from engine.domain.announcement import Announcement
from engine.domain.calendar_change import Change, DayChange, differing
from engine.domain.day_table import MOST_BYTES, read_days
from engine.domain.errors import Invalid, NotFound
from engine.domain.national_days import national_days
from engine.domain.receipt import day_words
from engine.domain.work_calendar import Day
from engine.executor import Engine
from engine.front import open_existing
from engine.queries.calendars import NationalDays, PreviewChange


def add_import(verbs: Any) -> None:
    """Add the verb to `banjie calendar`."""
    found = verbs.add_parser("import", help="导入一年的放假安排:通知文本、CSV、Excel 或 holiday-cn 的 JSON")
    found.add_argument("file", metavar="文件", type=Path)
    found.add_argument("--year", type=int, metavar="年份", help="文件里没写年份时要写;写了就核对")
    found.add_argument("--dry-run", action="store_true", help="只看会怎样,什么也不写;不需要数据库")
    found.add_argument("--reason", default="命令行导入", metavar="理由", help="记入日历版本和工单历史的理由")
    found.add_argument("--json", action="store_true", help="输出 JSON")
    found.set_defaults(do=_import)


def _import(args: argparse.Namespace) -> None:
    content = _content(args.file)
    announced = read_days(content, args.year)
    engine = _existing(args.dry_run)
    known = engine.ask(NationalDays()) if engine else _packaged(announced)
    changes = differing(known, announced.days)
    done = ""
    if not args.dry_run and changes and engine:
        done = _write(engine, announced, args.reason)
    if args.json:
        print(orjson.dumps(_told(announced, known, changes), option=orjson.OPT_INDENT_2).decode())
        return
    turned = [c for c in changes if c.was is None or c.was.open != c.now.open]
    print(
        f"{announced.year}年:{len(turned)} 天的上班安排与现在的日历不同,{len(changes) - len(turned)} 天由暂定变为确认。"
    )
    for change in turned:
        print(f"  {day_words(change.now.date)}{'上班' if change.now.open else '放假'}:{change.now.source}")
    print(done or ("没有差别,不用改。" if not changes else "只是看看,什么也没有写。"))


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(f"没有文件 {path}")
    if path.stat().st_size > MOST_BYTES:
        raise Invalid("文件至多 2 MB")
    return path.read_bytes()


def _existing(dry_run: bool) -> Engine | None:
    """Give the installation's database; without one only a look is possible."""
    try:
        found = open_existing()
    except Invalid:
        if dry_run:
            return None
        raise
    if found is None and not dry_run:
        raise NotFound("没有数据库,请先运行 banjie init;只想看看请加 --dry-run")
    return found


def _packaged(announced: Announcement) -> dict[date, Day]:
    """Give the days that come with the package, for the year and those of its neighbours that are named."""
    years = sorted({day.date.year for day in announced.days} | {announced.year})
    return {day.date: day for year in years for day in national_days(year)}


def _write(engine: Engine, announced: Announcement, reason: str) -> str:
    change = Change("days", f"{announced.year}年放假安排", days=announced.days)
    seen = engine.ask(PreviewChange(change))
    done = engine.execute(ChangeCalendar(change, seen.expects, reason, SYSTEM.id))
    return f"已写入,工作日历现在是第 {done.version} 版;移动了 {done.moved} 个时限。"


def _told(announced: Announcement, known: dict[date, Day], changes: list[DayChange]) -> dict[str, Any]:
    days = {**known, **{day.date: day for day in announced.days}}
    first = date(announced.year, 1, 1)
    of_year = [first + timedelta(days=n) for n in range((date(announced.year + 1, 1, 1) - first).days)]
    return {
        "year": announced.year,
        "days": [_plain(days[day]) for day in of_year if day in days],
        "changes": [{**_plain(change.now), "was": change.was and _plain(change.was)} for change in changes],
    }


def _plain(day: Day) -> dict[str, Any]:
    return {"date": day.date.isoformat(), "open": day.open, "source": day.source, "provisional": day.provisional}
