"""Tables of working days as people send them: CSV, Excel, the JSON of holiday-cn, a notice in a text file."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from engine.domain.day_table import MOST_BYTES, MOST_ROWS, read_days
from engine.domain.errors import Invalid
from engine.domain.holiday_notice import read_notice
from engine.domain.national_days import national_days

NOTICE = (Path(__file__).parents[2] / "fixtures" / "holiday_notices" / "2025.txt").read_bytes()
NAMED = [day for day in national_days(2025) if "（" in day.source]
KNOWN = {day.date: day.open for day in national_days(2025)}
HEAD = "日期,上班/放假,说明"


def table(days=NAMED, head=HEAD, form="%Y-%m-%d"):
    lines = [f"{day.date.strftime(form)},{'上班' if day.open else '放假'},国庆节" for day in days]
    return "\n".join([head, *lines])


def holiday_cn(**changed):
    days = [{"name": "节", "date": f"{day.date:%Y-%m-%d}", "isOffDay": not day.open} for day in NAMED]
    return json.dumps({"year": 2025, "papers": [], "days": days, **changed}).encode()


def excel(rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def opened(announcement):
    return {day.date: day.open for day in announcement.days}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"])
def test_a_csv_of_the_days_that_differ_settles_its_year(encoding, form):
    read = read_days(table(form=form).encode(encoding))
    assert (read.year, read.whole) == (2025, True)
    assert opened(read) == KNOWN


def test_a_csv_of_every_day_says_the_same():
    assert opened(read_days(table(national_days(2025)).encode())) == KNOWN


def test_an_excel_sheet_with_real_dates_is_read():
    rows = [["日期", "安排"], *([day.date, "工作日" if day.open else "休息"] for day in NAMED)]
    assert opened(read_days(excel(rows))) == KNOWN


def test_holiday_cn_is_read():
    read = read_days(holiday_cn())
    assert opened(read) == KNOWN
    sources = {day.date: day.source for day in read.days}
    assert (sources[date(2025, 10, 11)], sources[date(2025, 10, 12)]) == ("节调休上班（放假安排表）", "周末")


def test_a_text_that_is_no_table_is_a_notice():
    assert read_days(NOTICE) == read_notice(NOTICE.decode())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b" " * (MOST_BYTES + 1) + b"x", "至多 2 MB"),
        (holiday_cn(days=[]), "一天也没有"),
        (HEAD.encode(), "一天也没有"),
        (holiday_cn(year=2026), "不是2026年的"),
        (holiday_cn(year="2025"), "要有 year 和 days"),
        (holiday_cn(days=[{"date": "2025-01-01"}]), "第1条"),
        (holiday_cn(days=[{"name": "", "date": "2025-01-01", "isOffDay": 1}]), "第1条"),
        (b"[1]", "要有 year 和 days"),
        (b"{", "JSON 读不出来"),
        (b"[" * 100_000, "JSON 读不出来"),
        (table(head="日期,甲").encode(), "第1行要有列名"),
        ((table() + "\n2025-13-01,放假,").encode(), f"第{len(NAMED) + 2}行:“2025-13-01”:没有这一天"),
        ((table() + "\n1月1日,放假,").encode(), f"第{len(NAMED) + 2}行:日期“1月1日”看不懂"),
        ((table() + "\n2025-06-09,也许,").encode(), "“也许”看不懂"),
        ((table() + "\n2025-06-09,,").encode(), "没有写上班还是放假"),
        ((table() + "\n2025-01-01,上班,").encode(), "2025-01-01写了两次"),
        ((table() + "\n2024-06-01,上班,").encode(), "2024-06-01不是2025年的"),
        (table(NAMED[:9]).encode(), "5月1日没有放假"),
        (table([NAMED[0]] * (MOST_ROWS + 1)).encode(), f"至多 {MOST_ROWS} 行"),
        (b"PK\x03\x04 no zip", "Excel 文件读不出来"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式"),
        (b"\x81\xff\xff", "编码认不出来"),
    ],
)
def test_a_file_that_cannot_be_a_years_table_is_refused_with_the_reason(content, said):
    with pytest.raises(Invalid, match=said.replace("(", r"\(")):
        read_days(content)


@pytest.mark.parametrize("content", [holiday_cn(), table().encode(), NOTICE])
def test_a_file_of_another_year_is_refused(content):
    with pytest.raises(Invalid, match="不是2026年的"):
        read_days(content, 2026)
