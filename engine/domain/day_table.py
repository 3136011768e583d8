"""Tables of working days as files: CSV and Excel with 日期, 上班/放假, 说明, the JSON of holiday-cn, or a notice as text."""

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from engine.domain.announcement import Announcement, announced
from engine.domain.errors import Invalid, InvalidLines
from engine.domain.holiday_notice import read_notice
from engine.domain.sheets import csv_rows, decoded, excel_rows, is_excel
from engine.domain.work_calendar import Day

SOURCE = "放假安排表"
"""Ends the source of a day that an imported table settled."""
MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 800
MOST_TOLD = 10

_DATE = ("日期",)
_STATE = ("上班/放假", "上班或放假", "上班放假", "安排", "类型", "状态", "是否上班")
_REASON = ("说明", "备注", "名称", "节日", "原因")
_OPEN = {"上班", "工作", "工作日", "班", "补班", "调休上班", "补班日", "是"}
_OFF = {
    "放假",
    "休息",
    "休",
    "公休",
    "公休日",
    "休息日",
    "节假日",
    "法定节假日",
    "假",
    "假日",
    "周末",
    "补休",
    "调休",
    "停工",
    "否",
}
_DAY = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:[ T]00:00(?::00)?)?|(\d{4})(\d{2})(\d{2})")
_STATUTORY = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


def read_days(content: bytes, year: int | None = None) -> Announcement:
    """Give the days that a file announces, for `year` where that is known; the kind of file is seen from its content.

    A table settles its whole year. Raises InvalidLines with the lines that are wrong, Invalid for a file without days, for one
    of another year and for one that lacks the statutory days off (it would be half a year's table).
    """
    if not content.strip():
        raise Invalid("文件是空的")
    if len(content) > MOST_BYTES:
        raise Invalid("文件至多 2 MB")
    if is_excel(content):
        return _settled(_rows(excel_rows(content, MOST_ROWS + 2)), year)
    text = decoded(content)
    if text.lstrip()[:1] in "{[":
        return _settled(*_holiday_cn(text, year))
    if _is_table(text):
        return _settled(_rows(_csv(text)), year)
    return read_notice(text, year)


def _is_table(text: str) -> bool:
    """Say whether the first line that is not empty names the columns of a table."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(cell.strip().strip('"') in _DATE for cell in re.split(r"[,\t;]", first))


def _csv(text: str) -> Iterator[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = "," if "," in first else "\t" if "\t" in first else ";"
    return csv_rows(text, delimiter)


def _rows(rows: Iterator[list[str]]) -> list[tuple[int, Day]]:
    """Give the day of every line with the line's number."""
    headings = [cell.strip() for cell in next(rows, [])]
    places = [
        next((headings.index(name) for name in names if name in headings), -1) for names in (_DATE, _STATE, _REASON)
    ]
    if places[0] < 0 or places[1] < 0:
        raise Invalid("第1行要有列名:日期、上班/放假、说明(可以没有)")
    days: list[tuple[int, Day]] = []
    wrong: list[str] = []
    for number, row in enumerate(islice(rows, MOST_ROWS + 1), 2):
        if number > MOST_ROWS + 1:
            raise Invalid(f"一张表至多 {MOST_ROWS} 行")
        cells = [row[place].strip() if 0 <= place < len(row) else "" for place in places]
        if not any(cells):
            continue
        try:
            days.append((number, _day(*cells)))
        except Invalid as error:
            wrong.append(f"第{number}行:{error}")
    if wrong:
        raise InvalidLines(_told(wrong))
    return days


def _day(said: str, state: str, reason: str) -> Day:
    day = _date(said)
    if state not in _OPEN | _OFF:
        raise Invalid(f"“{state}”看不懂,请写上班或放假" if state else "没有写上班还是放假")
    worked = state in _OPEN
    plain = "工作日" if worked else "周末"
    if worked == (day.weekday() < 5) and reason in ("", plain):
        return Day(day, worked, plain)
    return Day(day, worked, f"{reason[:80] or ('调休上班' if worked else '放假')}（{SOURCE}）")


def _date(said: str) -> date:
    found = _DAY.fullmatch(said)
    if not found:
        raise Invalid(f"日期“{said[:20]}”看不懂,请写成 2027-01-01")
    year, month, number = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Invalid(f"“{said}”:没有这一天") from error


def _holiday_cn(text: str, year: int | None) -> tuple[list[tuple[int, Day]], int]:
    """Read {"year": …, "days": [{"name", "date", "isOffDay"}]}; numbers count the entries from 1."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("JSON 读不出来;请用 holiday-cn 格式的文件") from error
    days = said.get("days") if isinstance(said, dict) else None
    if not isinstance(said, dict) or type(said.get("year")) is not int or not isinstance(days, list):
        raise Invalid("JSON 里要有 year 和 days(holiday-cn 格式)")
    if len(days) > MOST_ROWS:
        raise Invalid(f"一张表至多 {MOST_ROWS} 行")
    if year is not None and said["year"] != year:
        raise Invalid(f"这是{said['year']}年的放假安排,不是{year}年的")
    read, wrong = [], []
    for number, entry in enumerate(days, 1):
        try:
            read.append((number, _entry(entry)))
        except Invalid as error:
            wrong.append(f"第{number}条:{error}")
    if wrong:
        raise InvalidLines(_told(wrong))
    return read, said["year"]


def _entry(entry: Any) -> Day:
    fine = isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("name", "date"))
    if not fine or not isinstance(entry.get("isOffDay"), bool):
        raise Invalid("每条要有 name、date 和 isOffDay")
    off = entry["isOffDay"]
    return Day(_date(entry["date"]), not off, f"{entry['name'][:60]}{'放假' if off else '调休上班'}（{SOURCE}）")


def _settled(days: list[tuple[int, Day]], year: int | None) -> Announcement:
    """Give the whole year that the lines settle; raise Invalid where they cannot be a year's table."""
    if not days:
        raise Invalid("文件里一天也没有:这一年的放假安排多半还没有公布,不能算确认")
    years = [day.date.year for _, day in days]
    of = max(set(years), key=years.count) if year is None else year
    named: dict[date, Day] = {}
    wrong: list[str] = []
    for number, day in days:
        if day.date in named:
            wrong.append(f"第{number}行:{day.date:%Y-%m-%d}写了两次")
        elif not date(of - 1, 12, 1) <= day.date <= date(of + 1, 1, 31):
            wrong.append(f"第{number}行:{day.date:%Y-%m-%d}不是{of}年的")
        named[day.date] = day
    if wrong:
        raise InvalidLines(_told(wrong))
    gone = [d for month, n in _STATUTORY if (d := date(of, month, n)) not in named or named[d].open]
    if gone:
        raise Invalid(f"表里{gone[0].month}月{gone[0].day}日没有放假,不像{of}年完整的放假安排;只改几天请在日历里直接改")
    return announced(of, named, whole=True)


def _told(wrong: list[str]) -> list[str]:
    more = [f"还有 {len(wrong) - MOST_TOLD} 处"] if len(wrong) > MOST_TOLD else []
    return [*wrong[:MOST_TOLD], *more]
