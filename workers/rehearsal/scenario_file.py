"""A scenario file: what it may say, read and judged."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.domain.errors import Invalid
from workers.rehearsal import expectations
from workers.rehearsal.order_verbs import ORDER_VERBS, at

KEYS = frozenset(
    {
        "start",
        "task",
        "actor",
        "action",
        "form",
        "with",
        "where",
        "advance",
        "until",
        "message",
        "data",
        "key",
        *ORDER_VERBS,
        "jump",
        "link",
        "substitute",
        "hand_over",
        "on",
        "fail",
        "expect",
    }
)
MOST_TIMES = 400
"""How often a scenario may repeat a group of steps: more than the longest stage of any procedure."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One acceptance test of a procedure."""

    path: Path
    title: str
    process: str
    clauses: tuple[str, ...]
    differs: str
    starts_at: datetime
    steps: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]


def read_scenario(path: Path, seen: frozenset[Path] = frozenset()) -> Scenario:
    """Read a scenario; raise Invalid when it does not say what it must, or says what nobody understands.

    With `after` it goes on where another file's steps end; `seen` are the files that go on from this one.
    """
    said = tomllib.loads(path.read_text("utf-8"))
    before = _before(path, said, seen)
    for name in ("title", "step") if before else ("title", "starts_at", "step"):
        if name not in said:
            raise Invalid(f"{path}:场景缺少 {name}")
    steps = tuple(_unfolded(path, said["step"]))
    for number, step in enumerate(steps, 1):
        for name in step.keys() - KEYS:
            raise Invalid(f"{path}:第 {number} 步有不认识的 {name}")
        expectations.check_names(f"{path}:第 {number} 步", step.get("expect", {}), final=False)
    expectations.check_names(f"{path}:结尾", said.get("expect", {}), final=True)
    return Scenario(
        path,
        said["title"],
        said.get("process", before.process if before else path.parent.parent.name),
        tuple(said.get("clauses", ())),
        said.get("differs", ""),
        before.starts_at if before else at(said["starts_at"]),
        (*before.steps, *steps) if before else steps,
        said.get("expect", {}),
    )


def _before(path: Path, said: Mapping[str, Any], seen: frozenset[Path]) -> Scenario | None:
    """Read the file that a scenario goes on from, if it names one."""
    if "after" not in said:
        return None
    if "starts_at" in said:
        raise Invalid(f"{path}:写了 after,就从那个文件的时刻开始,不再写 starts_at")
    begun, chain = (path.parent / said["after"]).resolve(), seen | {path.resolve()}
    if begun in chain or not begun.is_file():
        raise Invalid(f"{path}:after 写的 {said['after']} {'绕回了自己' if begun in chain else '不存在'}")
    return read_scenario(begun, chain)


def _unfolded(path: Path, steps: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give every step in turn; a group with `repeat` is so many times its `each` steps."""
    for step in steps:
        if "repeat" not in step:
            yield step
            continue
        if step.keys() != {"repeat", "each"} or step["repeat"] not in range(1, MOST_TIMES + 1):
            raise Invalid(f"{path}:repeat 写 1 到 {MOST_TIMES} 的次数,另只写 each")
        for _ in range(step["repeat"]):
            yield from step["each"]
