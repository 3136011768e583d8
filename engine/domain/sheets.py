"""Uploaded spreadsheets as rows of text: CSV in UTF-8 or GB18030, and Excel whose size is known before it is unpacked.

The only importer of openpyxl for reading. Every refusal says what to do about it.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator

from engine.domain.errors import Invalid

MOST_UNZIPPED = 20 * 1024 * 1024
MOST_ENTRIES = 500
MOST_COLUMNS = 30
_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
    IndexError,
)
"""All that openpyxl raises on a file that is not what it says it is."""


def is_excel(content: bytes) -> bool:
    """Say whether a file is an .xlsx by its content; raise Invalid for the old .xls and for one with a password."""
    if content[:8] == _OLD:
        raise Invalid("这是旧格式的 .xls 或加了密码的文件;请用 Excel 另存为没有密码的 .xlsx 或 CSV")
    return content[:4] == _ZIP


def excel_rows(content: bytes, most_rows: int) -> Iterator[list[str]]:
    """Give the rows of the first sheet, headings and at most `most_rows` more; whole numbers without a point. Raises Invalid."""
    from openpyxl import load_workbook  # heavy, and only wanted here

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNZIPPED:
            raise Invalid("文件展开后超过 20 MB;请只留要传的那一张表,另存后再传")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for row in book.worksheets[0].iter_rows(max_row=most_rows + 1, max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in row]
    except _BROKEN as error:
        raise Invalid("Excel 文件读不出来;请另存为 .xlsx 或 CSV 再传") from error


def decoded(content: bytes) -> str:
    """Give the text of a file; raise Invalid for an encoding that is neither UTF-8 (with or without BOM) nor GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("文件的编码认不出来;请存成 UTF-8 或 GB18030(Excel 的“CSV”)")


def csv_rows(text: str, delimiter: str = ",") -> Iterator[list[str]]:
    """Give the rows of a CSV; raise Invalid where it cannot be read."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Invalid(f"CSV 读不出来:{error}") from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
