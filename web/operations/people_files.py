"""People as spreadsheet files: read CSV (UTF-8, GB18030) and Excel with their sizes checked first, write CSV that runs no formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from flask_babel import gettext as _

from engine import PersonLine
from engine.domain.errors import Invalid
from engine.domain.sheets import csv_rows, decoded, excel_rows, is_excel

MOST_CSV = 5 * 1024 * 1024
MOST_ROWS = 5000
LONGEST_CELL = 300
"""A little more than the longest mail address: what is too long is refused, not cut to something else."""
COLUMNS = {"账号": "person", "姓名": "name", "单位": "unit", "岗位": "role", "邮箱": "email", "手机号": "phone"}
REQUIRED = ("账号", "姓名")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")


def read_people(name: str, content: bytes) -> list[PersonLine]:
    """Give the lines of an uploaded file; raise Invalid with what to do about it."""
    if not content:
        raise Invalid(_("文件是空的"))
    if is_excel(content):
        return list(_lines(excel_rows(content, MOST_ROWS + 1)))
    if not name.lower().endswith((".csv", ".txt")):
        raise Invalid(_("只收 .xlsx 和 .csv 文件"))
    if len(content) > MOST_CSV:
        raise Invalid(_("CSV 文件至多 5 MB"))
    return list(_lines(csv_rows(decoded(content))))


def spreadsheet(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a CSV that Excel opens in Chinese; a cell that would run as a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    """Give a cell's text with a quote before whatever a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _lines(rows: Iterator[list[str]]) -> Iterator[PersonLine]:
    headings = [_clean(cell) for cell in next(rows, [])]
    missing = [name for name in REQUIRED if name not in headings]
    if missing:
        raise Invalid(
            _("第一行要有列名 账号、姓名,可以有 单位、岗位、邮箱、手机号;没有找到:%(names)s", names="、".join(missing))
        )
    at = {field: headings.index(name) for name, field in COLUMNS.items() if name in headings}
    for number, row in enumerate(islice(rows, MOST_ROWS + 1), start=2):
        if number > MOST_ROWS + 1:
            raise Invalid(_("一次至多导入 %(n)d 行;请分成几个文件", n=MOST_ROWS))
        said = {field: _clean(row[i]) if i < len(row) else "" for field, i in at.items()}
        if any(said.values()):
            yield PersonLine(number, **said)


def _clean(cell: str) -> str:
    """What our own export made harmless reads as it was."""
    text = cell.strip()[:LONGEST_CELL]
    return text[1:] if text[:1] == "'" and text[1:].startswith(DANGEROUS) else text
