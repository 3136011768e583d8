"""Which files people may attach: told by their first bytes, never by their name alone."""

import io
import zipfile

from engine.domain.errors import Invalid

MAX_BYTES = 20 * 1024 * 1024
_MAGIC: tuple[tuple[str, bytes, int, str], ...] = (
    ("jpg", b"\xff\xd8\xff", 0, "image/jpeg"),
    ("jpeg", b"\xff\xd8\xff", 0, "image/jpeg"),
    ("png", b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    ("gif", b"GIF8", 0, "image/gif"),
    ("webp", b"WEBP", 8, "image/webp"),
    ("pdf", b"%PDF-", 0, "application/pdf"),
    ("docx", b"PK\x03\x04", 0, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", b"PK\x03\x04", 0, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("zip", b"PK\x03\x04", 0, "application/zip"),
    ("mp3", b"ID3", 0, "audio/mpeg"),
    ("mp3", b"\xff\xfb", 0, "audio/mpeg"),
    ("mp3", b"\xff\xf3", 0, "audio/mpeg"),
    ("m4a", b"ftyp", 4, "audio/mp4"),
    ("amr", b"#!AMR", 0, "audio/amr"),
    ("wav", b"WAVE", 8, "audio/wav"),
    ("mp4", b"ftyp", 4, "video/mp4"),
)
_OFFICE = {"docx": "word/", "xlsx": "xl/"}
_TEXT = {"txt": "text/plain", "csv": "text/csv"}
ENDINGS = tuple(sorted({ending for ending, *_ in _MAGIC} | set(_TEXT)))


def recognise(name: str, content: bytes) -> str:
    """Give the media type of a file; raise Invalid where it is too large, of a kind we refuse, or not what it is named."""
    if not content:
        raise Invalid(f"“{name}”是空文件")
    if len(content) > MAX_BYTES:
        raise Invalid(f"“{name}”超过 20 MB")
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in ENDINGS:
        raise Invalid(f"“{name}”这种文件不能上传,可以传 {'、'.join(ENDINGS)}")
    if ending in _TEXT:
        return _text(name, content, ending)
    for each, magic, at, mime in _MAGIC:
        if each == ending and content[at : at + len(magic)] == magic and _is_office(ending, content):
            return mime
    raise Invalid(f"“{name}”的内容不是 {ending} 文件")


def _is_office(ending: str, content: bytes) -> bool:
    """Office files are zips of known make; one that carries macros is none. Only the list of parts is read, nothing unpacked."""
    if ending not in _OFFICE:
        return True
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    macros = any(part.lower().endswith("vbaproject.bin") for part in parts)
    return "[Content_Types].xml" in parts and any(p.startswith(_OFFICE[ending]) for p in parts) and not macros


def _text(name: str, content: bytes, ending: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return _TEXT[ending]
    raise Invalid(f"“{name}”的内容不是文字")


def plain_name(name: str) -> str:
    """Give a file's own name without folders and control characters, at most 120 characters."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*').strip(". ")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else kept[:120] or "附件"
