"""A procedure's folder on disk as a bundle of files, with the shared processes and tables it calls."""

import importlib.util
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.domain.errors import Invalid, NotFound

MAX_FILES = 50
MAX_BYTES = 20 * 1024 * 1024
_PARTS = ("procedure.toml", "*.bpmn", "*.dmn", "forms/*.form", "notices/*.txt", "clauses.csv")
_CALLED = re.compile(rb'calledElement="([^"]+)"')
_DECIDED = re.compile(rb'decisionRef="([^"]+)"')


def read_bundle(folder: Path) -> dict[str, bytes]:
    """Read everything that is deployed from a procedure's folder; raise Invalid when it is no such folder or too large."""
    if not (folder / "procedure.toml").is_file():
        raise Invalid(f"{folder} 不是流程文件夹:缺少 procedure.toml")
    paths = [p for pattern in _PARTS for p in sorted(folder.glob(pattern)) if p.is_file() and not p.is_symlink()]
    if len(paths) > MAX_FILES or sum(p.stat().st_size for p in paths) > MAX_BYTES:
        raise Invalid(f"{folder} 的文件太多或太大(至多 {MAX_FILES} 个、20 MB)")
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}
    _add_shared(files, folder.parent.parent / "shared")
    return files


def _add_shared(files: dict[str, bytes], shared: Path) -> None:
    """Called processes and tables may themselves call others: look until nothing new is named."""
    wanted = _named(files.values())
    while wanted:
        name = wanted.pop()
        for path in (shared / f"{name}.bpmn", shared / f"{name}.dmn"):
            if path.is_file() and path.name not in files:
                files[path.name] = path.read_bytes()
                wanted |= _named([files[path.name]])


def _named(contents: Iterable[bytes]) -> set[str]:
    found: set[str] = set()
    for content in contents:
        for pattern in (_CALLED, _DECIDED):
            found |= {m.decode() for m in pattern.findall(content)}
    return found


def procedures_root() -> Path:
    """Give the folder of the installed procedures."""
    found = importlib.util.find_spec("processes")
    if found is None or not found.submodule_search_locations:
        raise NotFound("没有安装 processes 文件夹")
    return Path(found.submodule_search_locations[0])


def procedure_folders(path: Path) -> Iterator[Path]:
    """Give the procedure folders at or below a path, in order."""
    for found in sorted(path.rglob("procedure.toml")):
        yield found.parent


def locate(path: str) -> Path:
    """Give a path as it stands, else among the installed procedures; raise NotFound."""
    if Path(path).exists():
        return Path(path)
    for root in (procedures_root(), procedures_root().parent):
        if (root / path).exists():
            return root / path
    raise NotFound(f"没有 {path}")
