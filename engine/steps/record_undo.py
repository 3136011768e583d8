"""Take answers back: what undone steps wrote is as it was before they wrote it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.bpmn.record import plain

_PART = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?(?:\.|$)")
_GONE = object()
"""What is there where nothing was written."""
Path = tuple[str, ...]


def take_back(
    record: dict[str, Any], writes: Iterable[tuple[int, Mapping[str, Any]]], undone: frozenset[int], before: set[int]
) -> dict[str, Any]:
    """Undo in a record what some steps wrote; `before` are steps undone earlier. Gives the changes, None for what is gone.

    `writes` are (mark, name → value) of all steps, oldest first; names are paths such as `opinion`, `sign[a].opinion`.
    """
    standing: list[tuple[Path, Any]] = []
    names: dict[Path, str] = {}
    for mark, wrote in writes:
        if mark in undone:
            names |= {path_of(name): name for name in wrote}
        elif mark not in before:
            standing += [(path_of(name), value) for name, value in wrote.items()]
    changes = {}
    for path in sorted(names, key=len):
        value, now = _folded(path, standing), _inside(record, path)
        if value != now and not {id(value), id(now)} <= {id(_GONE), id(None)}:
            _put(record, path, value)
            changes[names[path]] = None if value is _GONE else value
    return changes


def path_of(name: str) -> Path:
    """Give the parts of a name in history: `check.sign[a].opinion` is check, sign, a, opinion."""
    return tuple(part for found in _PART.finditer(name) for part in found.groups() if part is not None)


def _folded(path: Path, standing: Sequence[tuple[Path, Any]]) -> Any:
    """Give what is left at a path by all writes that stand: to it, to what it is part of, to parts of it."""
    value: Any = _GONE
    for at, wrote in standing:
        if at == path[: len(at)]:
            value = _inside(wrote, path[len(at) :])
        elif path == at[: len(path)]:
            value = dict(value) if isinstance(value, dict) else {}
            _put(value, at[len(path) :], wrote)
    return value


def _inside(value: Any, path: Path) -> Any:
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return _GONE
        value = value[part]
    return plain(value)


def _put(record: dict[str, Any], path: Path, value: Any) -> None:
    """Write a value at a path, or take it away; a row of several signers that is left empty goes with it."""
    above: list[dict[str, Any]] = [record]
    for part in path[:-1]:
        inner = above[-1].get(part)
        if not isinstance(inner, dict):
            if value is _GONE:
                return
            inner = above[-1][part] = {}
        above.append(inner)
    if value is not _GONE:
        above[-1][path[-1]] = plain(value)
        return
    above[-1].pop(path[-1], None)
    if len(above) > 2 and not above[-1]:
        above[-2].pop(path[-2], None)
