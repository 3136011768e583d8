"""The web of causes of a case, read from its history: which steps came of which, which stand, which were undone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn.planting import position, waiting_at
from engine.bpmn.returning import Level, Reopening, Repeated
from engine.bpmn.signers import placed

STARTED, COMPLETED, SENT_BACK = "InstanceStarted", "UserTaskCompleted", ("UserTaskSentBack", "StepWithdrawn")
CO_SIGNER_ADDED, CO_SIGNER_DROPPED = "CoSignerAdded", "CoSignerDropped"
CO_SIGNERS = (CO_SIGNER_ADDED, CO_SIGNER_DROPPED)
Met = tuple[str, frozenset[int]]
Place = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One event that moved the case on; `mark` is its number."""

    mark: int
    kind: str
    at: datetime
    actor: str
    """Whose step it was, be it that somebody stood in."""
    by: str
    """Who took it."""
    element_id: str
    task_id: int | None
    name: str
    item: str
    after: frozenset[int]
    levels: tuple[Level, ...]

    @property
    def is_done(self) -> bool:
        """Whether people did it and may do it again: a completion, or a start with a form (which bears a name)."""
        return is_done(self.kind, self.name)

    @property
    def place(self) -> Place:
        """Where it stands in the drawing: the same place may be completed again and again."""
        return tuple((level.element, level.key) for level in self.levels)


@dataclass(frozen=True, slots=True)
class Join:
    """A join that fired in a step."""

    mark: int
    number: int
    scope: str
    join: str
    met: tuple[Met, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A position that a jump has ended."""

    mark: int
    """Of the jump."""
    scope: str
    element: str
    source: str
    after: frozenset[int]
    whole: bool
    """Whether it is an activity with an inside, or of several, which is not opened again as it was."""

    @property
    def place(self) -> dict[str, Any]:
        """How a token comes to stand there again."""
        after = sorted(self.after)
        return waiting_at(self.element, self.source, after) if self.source else position(self.element, after)


@dataclass(slots=True)
class Past:
    """What a case's history says of cause and effect."""

    steps: dict[int, Step] = field(default_factory=dict)
    writes: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    """What each event wrote into the record, oldest first."""
    undone: set[int] = field(default_factory=set)
    joins: list[Join] = field(default_factory=list)
    parted: set[tuple[int, int]] = field(default_factory=set)
    """Joins whose tokens stand apart again, as (mark, number)."""
    frozen: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    left: list[Left] = field(default_factory=list)
    again: dict[int, int] = field(default_factory=dict)
    """Steps that were done again, alone: the mark they were done under before, by the new one."""
    alone: set[int] = field(default_factory=set)
    """Steps undone alone, to be done again: they do not stand, what came of them does."""

    def descendants(self, mark: int) -> frozenset[int]:
        """Give a step's mark with those of all that came of it, undone ones left out.

        What came of it before it was done again alone is among them, and what came of a step after it that was undone alone.
        """
        found = {mark}
        while (mark := self.again.get(mark, 0)) > 0:
            found.add(mark)
        for step in sorted(self.steps):
            counts = step not in self.undone or step in self.alone
            if counts and not found.isdisjoint(self.steps[step].after):
                found.add(step)
        return frozenset(found)

    def ancestors(self, marks: Iterable[int]) -> frozenset[int]:
        """Give some marks with those of all that they came of."""
        found, left = set[int](), list(marks)
        while left:
            mark = left.pop()
            if mark not in found:
                found.add(mark)
                left += self.steps[mark].after if mark in self.steps else ()
        return frozenset(found)

    def standing(self) -> dict[Place, Step]:
        """Give the completions that stand, of each place the last; a start by a form is one."""
        return {s.place: s for m, s in sorted(self.steps.items()) if s.is_done and m not in self.undone}

    def nearest(self, marks: Iterable[int]) -> list[Step]:
        """Give the completions, or the start, directly before something that came after some marks."""
        found: dict[int, Step] = {}
        left, seen = list(marks), set[int]()
        while left:
            mark = left.pop()
            step = self.steps.get(mark)
            if step is None or mark in seen:
                continue
            seen.add(mark)
            if step.is_done:
                found[mark] = step
            else:
                left += step.after
        further = {m for mark in found for m in self.ancestors(found[mark].after)}
        return [found[mark] for mark in sorted(found.keys() - further)]

    def keep(self, mark: int, names: Iterable[str]) -> None:
        """Let some of what a step wrote stand though it is undone: what was said at the start is mended, not unsaid."""
        kept, parts = frozenset(names), list[tuple[int, Mapping[str, Any]]]()
        for m, wrote in self.writes:
            if m == mark:
                parts.append((0, {name: value for name, value in wrote.items() if name in kept}))
                wrote = {name: value for name, value in wrote.items() if name not in kept}
            parts.append((m, wrote))
        self.writes = parts

    def parting(self, undone: frozenset[int]) -> Iterator[tuple[Join, list[Met]]]:
        """Give the joins that come apart when some steps are undone, each with those who stay there and wait again.

        One comes apart too when the step that let it go on is undone, though that one never came there.
        """
        for join in self.joins:
            if (join.mark, join.number) in self.parted or join.mark in self.undone - self.alone:
                continue
            staying = [met for met in join.met if met[1].isdisjoint(undone)]
            if len(staying) < len(join.met) or join.mark in undone:
                yield join, staying

    def regained(self, undone: frozenset[int]) -> list[Left]:
        """Give the positions that jumps among some undone steps had ended, and that did not come of what is undone."""
        jumps = undone - self.undone
        return [left for left in self.left if left.mark in jumps and left.after.isdisjoint(undone)]

    def reopening(self, step: Step, undone: frozenset[int]) -> Reopening:
        """Give how a step is opened again when it is undone with all that came of it."""
        waiting: dict[str, list[dict[str, Any]]] = {}
        for join, staying in self.parting(undone):
            places = [waiting_at(join.join, source, sorted(after)) for source, after in staying]
            waiting.setdefault(join.scope, []).extend(places)
        for left in self.regained(undone):
            waiting.setdefault(left.scope, []).append(left.place)
        hosts = {level.host: self._repeated(level, undone) for level in step.levels if level.host}
        return Reopening(step.levels, hosts, waiting)

    def _repeated(self, level: Level, undone: frozenset[int]) -> Repeated:
        items = self.frozen.get(level.host, {})
        standing = [
            (m, found[0])
            for m, s in sorted(self.steps.items())
            if m not in undone | self.undone and (found := [at for at in s.levels if at.host == level.host])
        ]
        ended = [str(at.key or "") for _, at in standing if at.element == level.element]
        finished = ended if self._is_task(level) else [key for key in items if key != level.key]
        return Repeated(items, finished, [mark for mark, _ in standing])

    def _is_task(self, level: Level) -> bool:
        return any(s.levels and s.levels[-1].host == level.host for s in self.steps.values())


def is_done(kind: str, name: str) -> bool:
    """Whether an event is something people did and may do again, by its kind and the name of the step."""
    return kind == COMPLETED or (kind == STARTED and bool(name))


def read(events: Iterable[Any]) -> Past:
    """Read a case's events (seq, at, actor, kind, element_id, content), oldest first."""
    past = Past()
    for event in events:
        said = event.content or {}
        if event.kind in SENT_BACK:
            past.undone |= set(said.get("undone", ()))
            past.alone |= set(said["undone"]) if said.get("straight") else set()
            past.parted |= {(mark, number) for mark, number in said.get("parted", ())}
            if "kept" in said:
                past.keep(*said["kept"])
            continue
        if event.kind in CO_SIGNERS:
            _edit(past, event.kind, said)
        if "changes" in said:
            past.writes.append((event.seq, said["changes"]))
        if "after" in said:
            _add(past, event, said)
    return past


def _edit(past: Past, kind: str, said: Mapping[str, Any]) -> None:
    """Whoever was added to or dropped from a repeated activity stays so, whatever of its steps is undone afterwards."""
    items = past.frozen.get(said["host"])
    if items is None:
        return
    if kind == CO_SIGNER_ADDED:
        past.frozen[said["host"]] = placed(items, said["key"], said["value"], said["at"])
    else:
        past.frozen[said["host"]] = {key: value for key, value in items.items() if key != said["key"]}


def _add(past: Past, event: Any, said: Mapping[str, Any]) -> None:
    item = str(said.get("item", ""))
    levels = tuple(Level(*level) for level in said.get("levels", ())) or (
        Level(event.element_id, "", "", None, said["after"]),
    )
    after = frozenset(said["after"])
    past.steps[event.seq] = Step(
        event.seq,
        event.kind,
        event.at,
        str(said.get("on_behalf", event.actor)),
        str(event.actor),
        event.element_id,
        said.get("task"),
        str(said.get("name", "")),
        item,
        after,
        levels,
    )
    for number, (scope, join, met) in enumerate(said.get("joined", ())):
        past.joins.append(Join(event.seq, number, scope, join, tuple((s, frozenset(a)) for s, a in met)))
    past.left += [Left(event.seq, s, e, source, frozenset(a), whole) for s, e, source, a, whole in said.get("left", ())]
    if "again" in said:
        past.again[event.seq] = said["again"]
    past.frozen |= said.get("frozen", {})
    past.broken |= set(said.get("broken", ()))
