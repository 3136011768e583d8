"""Who signs a step that several sign, as people see it, and what taking one of them off would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn import signers
from engine.bpmn.signers import CoSigners
from engine.domain.errors import Conflict, NotFound
from engine.executor import Context
from engine.queries.at_hand import task_at_hand
from engine.queries.trial import at_rest
from engine.steps.co_signing import UNIT, adders, drops, latest, named_by, names_of, role_in_units
from engine.steps.scene import Scene
from engine.store import history, people, user_tasks
from engine.store.instances import TaskRow

SIGNED, OPEN, TO_COME = "signed", "open", "to_come"


@dataclass(frozen=True, slots=True)
class CoSigner:
    """One of those who sign a step."""

    key: str
    value: str
    """The person or the unit."""
    name: str
    """Of the person or the unit."""
    state: str
    """signed, open or to_come."""
    added_by: str | None
    """Who let them sign too; None where the case itself names them."""
    may_go: bool
    """Whether the one who asks may take them off."""


@dataclass(frozen=True, slots=True)
class CoSigning:
    """Everybody who signs a step, in their order, and who may be added."""

    named_by: str
    """person, unit, or empty where nobody can be added."""
    in_turn: bool
    lines: list[CoSigner]
    units: list[tuple[str, str]]
    """Units that may be added (id, name), where units sign."""
    due_at: datetime | None
    """Until when whoever is added would have to sign; None without a limit, and in turn, where theirs begins with their turn."""


@dataclass(frozen=True, slots=True)
class CoSignersOf:
    """Who signs together with an open task."""

    task_id: int

    def read(self, ctx: Context) -> CoSigning | None:
        """Give them; None for a task that one alone does, or that is over. Raises NotFound for strangers."""
        scene, task = task_at_hand(ctx, self.task_id)
        if task.state != "open" or not task.item:
            return None
        case = at_rest(scene)
        found = signers.co_signers(case, task.token_id)
        if found is None:
            return None
        kind = named_by(found.element)
        units = _units(scene, found) if kind == UNIT else []
        in_turn = found.element.in_turn
        due_at = None if in_turn else latest(_open(scene, found)).due_at
        return CoSigning(kind, in_turn, _lines(scene, found, kind), units, due_at)


@dataclass(frozen=True, slots=True)
class DropPreview:
    """What taking a co-signer off would do."""

    name: str
    """Who is taken off."""
    closes: list[tuple[int, str, str]]
    """Open tasks that will be taken away: id, who signs there, holder's id (empty: nobody has claimed it)."""
    begins: str
    """Who follows at once, in turn; else empty."""
    ends: bool
    """Whether the step is over with it, and the case goes on."""
    signed: list[str]
    """Who has signed already: that stays."""


@dataclass(frozen=True, slots=True)
class PreviewDropCoSigner:
    """What taking one of those who sign with an open task off would do: tried out on a copy, by the very code that does it."""

    task_id: int
    key: str

    def read(self, ctx: Context) -> DropPreview:
        """Give it. Raises NotFound for strangers; Conflict where that one cannot be taken off (any more)."""
        scene, task = task_at_hand(ctx, self.task_id)
        if task.state != "open":
            raise Conflict("这件待办已经不需要办了")
        case = at_rest(scene)
        found = signers.co_signers(case, task.token_id)
        if found is None:
            raise NotFound("这一步不是按名单会签的")
        done = signers.drop(case, task.token_id, self.key)
        names = _names(scene, found, named_by(found.element))
        rows = {row.item: row for row in _open(scene, found)}
        closes = [(rows[key].id, names[key], rows[key].assignee or "") for key in done.cancelled]
        signed = [names[key] for key in found.signed]
        return DropPreview(names[self.key], closes, names.get(done.begins, ""), done.ends, signed)


def _open(scene: Scene, found: CoSigners) -> list[TaskRow]:
    every = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)
    return [row for row in every if row.token_id in found.open.values()]


def _lines(scene: Scene, found: CoSigners, kind: str) -> list[CoSigner]:
    names = _names(scene, found, kind)
    added = adders(history.events_of(scene.ctx.connection, scene.row.instance_id))
    lonely = len(found.items) == 1 and not found.signed

    def line(key: str) -> CoSigner:
        state = OPEN if key in found.open else SIGNED if key in found.signed else TO_COME
        adder = added.get(key)
        may = state != SIGNED and not lonely and drops(scene.released.procedure, adder, scene.ctx.actor) is not None
        return CoSigner(key, str(found.items[key]), names[key], state, adder, may)

    return [line(key) for key in found.items]


def _names(scene: Scene, found: CoSigners, kind: str) -> Mapping[str, str]:
    known = names_of(scene.ctx, kind, found.items.values())
    return {key: known[str(value)] for key, value in found.items.items()}


def _units(scene: Scene, found: CoSigners) -> list[tuple[str, str]]:
    """Give the units that do not sign yet and have somebody who could."""
    connection, taken = scene.ctx.connection, {str(value) for value in found.items.values()}
    staffed = people.by_unit(connection, role_in_units(found.element))
    names = people.unit_names(connection)
    fitting = [(unit, names[unit]) for unit, staff in staffed.items() if unit not in taken and staff - scene.recused]
    return sorted(fitting, key=lambda pair: pair[1])
