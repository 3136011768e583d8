"""What process owners upload: one changed diagram, or a procedure's folder as a zip. Judged before a byte of it is unpacked."""

import io
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from flask_babel import gettext as _

from engine.domain.errors import Invalid

MAX_FILES = 50
MAX_ENTRIES = 1000
MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 200
TOP = (".bpmn", ".dmn")
FOLDERS = {"forms": ".form", "notices": ".txt"}
_SYMLINK = stat.S_IFLNK


def read_upload(name: str, content: bytes, newest: Mapping[str, bytes], key: str) -> dict[str, bytes]:
    """Give a procedure's files out of an upload; a single diagram takes its place among the newest version's files.

    Raises Invalid with a sentence for anything else than a .bpmn or a decent zip.
    """
    if not content:
        raise Invalid(_("请选择一个文件"))
    if zipfile.is_zipfile(io.BytesIO(content)):
        return unpack(content)
    if not name.lower().endswith(".bpmn"):
        raise Invalid(_("只收 .bpmn 流程图,或整个流程文件夹的 .zip"))
    if not newest:
        raise Invalid(_("新流程要上传整个文件夹的 zip:只有图还缺表单和 procedure.toml"))
    place = name if name in newest else f"{key}.bpmn"
    return {**newest, place: content}


def unpack(content: bytes) -> dict[str, bytes]:
    """Give what is deployed from a zip of a procedure's folder; raise Invalid for a zip that is not just that."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = [e for e in packed.infolist() if not e.is_dir()]
            _judge(entries)
            chosen = dict(_parts(entries))
            if len(chosen) > MAX_FILES:
                raise Invalid(_("流程文件太多:至多 %(n)d 个", n=MAX_FILES))
            return {name: packed.read(entry) for name, entry in chosen.items()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise Invalid(_("这个 zip 打不开:%(why)s", why=str(error))) from error


def _judge(entries: list[zipfile.ZipInfo]) -> None:
    """Sizes and names are judged from the directory alone."""
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_BYTES:
        raise Invalid(_("zip 里的文件太多或太大:展开后至多 20 MB"))
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
            raise Invalid(_("zip 里有不许可的路径:%(name)s", name=entry.filename))
        if stat.S_IFMT(entry.external_attr >> 16) == _SYMLINK:
            raise Invalid(_("zip 里有符号链接:%(name)s", name=entry.filename))
        if entry.flag_bits & 0x1:
            raise Invalid(_("zip 不能加密码"))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid(_("zip 要用普通压缩方式"))


def _parts(entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Give name and entry of what belongs to a procedure; scenarios, examples and the like stay out."""
    roots = sorted(
        (PurePosixPath(e.filename).parent for e in entries if PurePosixPath(e.filename).name == "procedure.toml"),
        key=lambda p: len(p.parts),
    )
    if not roots:
        raise Invalid(_("zip 里没有 procedure.toml:请压缩整个流程文件夹"))
    seen: set[str] = set()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if roots[0] not in path.parents or not _belongs(path.relative_to(roots[0])):
            continue
        name = path.relative_to(roots[0]).as_posix()
        if name in seen or len(name) > MAX_NAME:
            raise Invalid(_("zip 里的文件名重复或太长:%(name)s", name=name[:MAX_NAME]))
        seen.add(name)
        yield name, entry


def _belongs(path: PurePosixPath) -> bool:
    if len(path.parts) == 1:
        return path.name in ("procedure.toml", "clauses.csv") or path.suffix in TOP
    return len(path.parts) == 2 and FOLDERS.get(path.parts[0]) == path.suffix
