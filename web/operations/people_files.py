"""People as spreadsheet files: read CSV (UTF-8, GB18030) and Excel with their sizes checked first, write CSV that runs no formula."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from flask_babel import gettext as _
from openpyxl import load_workbook

from engine import PersonLine
from engine.domain.errors import Invalid

MOST_UNZIPPED = 20 * 1024 * 1024
MOST_ENTRIES = 500
MOST_CSV = 5 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 30
COLUMNS = {"账号": "person", "姓名": "name", "单位": "unit", "岗位": "role"}
REQUIRED = ("账号", "姓名")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")
_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    OSError,
    zlib.error,
)
"""All that openpyxl raises on a file that is not what it says it is."""


def read_people(name: str, content: bytes) -> list[PersonLine]:
    """Give the lines of an uploaded file; raise Invalid with what to do about it."""
    if not content:
        raise Invalid(_("文件是空的"))
    is_excel = content[:4] == b"PK\x03\x04"
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Invalid(_("这是旧格式的 .xls 或加了密码的文件;请用 Excel 另存为没有密码的 .xlsx 或 CSV"))
    if not is_excel and not name.lower().endswith((".csv", ".txt")):
        raise Invalid(_("只收 .xlsx 和 .csv 文件"))
    return list(_lines(_excel(content) if is_excel else _csv(content)))


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


def _csv(content: bytes) -> Iterator[list[str]]:
    if len(content) > MOST_CSV:
        raise Invalid(_("CSV 文件至多 5 MB"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Invalid(_("文件的编码认不出来;请存成 UTF-8 或 GB18030(Excel 的“CSV”)")) from error
    try:
        yield from csv.reader(io.StringIO(text, newline=""))
    except csv.Error as error:
        raise Invalid(_("CSV 读不出来:%(why)s", why=str(error))) from error


def _excel(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNZIPPED:
            raise Invalid(_("文件展开后超过 20 MB;请只留人员那一张表,另存后再传"))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in row]
    except (*_BROKEN, IndexError) as error:
        raise Invalid(_("Excel 文件读不出来;请另存为 .xlsx 或 CSV 再传")) from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _lines(rows: Iterator[list[str]]) -> Iterator[PersonLine]:
    headings = [_clean(cell) for cell in next(rows, [])]
    missing = [name for name in REQUIRED if name not in headings]
    if missing:
        raise Invalid(_("第一行要有列名 账号、姓名、单位、岗位;没有找到:%(names)s", names="、".join(missing)))
    at = {field: headings.index(name) for name, field in COLUMNS.items() if name in headings}
    for number, row in enumerate(islice(rows, MOST_ROWS + 1), start=2):
        if number > MOST_ROWS + 1:
            raise Invalid(_("一次至多导入 %(n)d 行;请分成几个文件", n=MOST_ROWS))
        said = {field: _clean(row[i]) if i < len(row) else "" for field, i in at.items()}
        if any(said.values()):
            yield PersonLine(number, **said)


def _clean(cell: str) -> str:
    """What our own export made harmless reads as it was."""
    text = cell.strip()[:200]
    return text[1:] if text[:1] == "'" and text[1:].startswith(DANGEROUS) else text
