"""Let one more sign a step that several sign (会签、依次), or take one off (加签、减签), while the others go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn import signers
from engine.bpmn.runtime import Case
from engine.bpmn.signers import CoSigners
from engine.commands.pauses import reason_of
from engine.commands.user_tasks import open_task, require_awake
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.executor import Context
from engine.steps import saving
from engine.steps.co_signing import PERSON, adders, adds, drops, latest, named_by, names_of
from engine.steps.notices import tell_of_task
from engine.steps.past import CO_SIGNER_ADDED, CO_SIGNER_DROPPED
from engine.steps.performers import hands, in_name_of, people_behind
from engine.steps.recusing import require_impartial
from engine.steps.scene import Scene, load, of_task
from engine.steps.services import StepServices
from engine.store import history, people, user_tasks
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class AddCoSigner:
    """Let one more sign a step that is signed by a list of people or units: by whoever signs it too, or a supervisor."""

    task_id: int
    """An open task of the step, anybody's."""
    actor: str
    who: str
    """A person or a unit, as the list of the step names."""
    reason: str
    next_in_turn: bool = False
    """Where they sign in turn: directly after whose turn it is, instead of last."""

    def run(self, ctx: Context) -> None:
        """In parallel they have a task at once, with the limit of the others. Raises NotAllowed, Invalid, Conflict, StepFailed."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        whose = adds(scene.released.procedure, task, ctx.actor)
        if whose is None:
            raise NotAllowed("只有手上有这一步待办的人和督办岗位可以加会签的人")
        require_awake(scene)
        reason = reason_of("加签的事由", self.reason)
        case, found = _loaded(scene, task)
        kind = named_by(found.element)
        to = self._performers(scene, case, task, kind, found)
        ctx.acting = True
        key = signers.add(case, task.token_id, self.who, next_in_turn=self.next_in_turn)
        after = signers.co_signers(case, task.token_id)
        assert after is not None
        if key in after.open:
            scene.beside[after.open[key]] = latest(_tasks(scene, list(found.open.values())))
        said = {"key": key, "value": self.who, "at": list(after.items).index(key), "host": after.host, "named_by": kind}
        said |= {"who": names_of(ctx, kind, [self.who])[self.who]}
        said |= {"task": task.id, "name": task.name, "reason": reason, **in_name_of(ctx.actor, whose)}
        saving.stepped(scene, case, CO_SIGNER_ADDED, task.element_id, **said)
        turn = "现在就可以签" if key in after.open else "轮到时会有待办"
        tell_of_task(scene, "co_signer_added", task.name, task.due_at, to, reason=reason, turn=turn)
        saving.save(scene, case)

    def _performers(self, scene: Scene, case: Case, task: TaskRow, kind: str, found: CoSigners) -> list[str]:
        """Give by which performer words whoever is added is meant. Raises Invalid, Conflict."""
        connection = scene.ctx.connection
        if not kind:
            raise Conflict("这一步的会签名单不是按人员也不是按单位列的,不能加人")
        if self.who in found.items.values():
            raise Conflict(f"{names_of(scene.ctx, kind, [self.who])[self.who]}已经在会签的人里")
        if kind == PERSON:
            if not people.active(connection, [self.who]):
                raise Invalid("请写一位在册的人,账号没有停用")
            require_impartial(scene, self.who)
            return [f"person:{self.who}"]
        groups = signers.performers(case, task.token_id, self.who)[1]
        could = people_behind(scene.ctx, groups, scene.row.instance_id, scene.row.created_by)
        if people.unit_name(connection, self.who) is None or not set(could) - scene.recused:
            raise Invalid("请选一个单位,要有人能办这一步")
        return groups


@dataclass(frozen=True, slots=True)
class DropCoSigner:
    """Take one off a step that several sign, before they have signed: by whoever added them, or a supervisor."""

    task_id: int
    """An open task of the step, anybody's."""
    actor: str
    key: str
    """Which of those who sign: as the page lists them."""
    reason: str

    def run(self, ctx: Context) -> None:
        """Whether those left are enough is asked anew; with the last one off the case goes on.

        Raises NotAllowed, Conflict (who has signed stays, and the only one), Invalid, StepFailed.
        """
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        events = history.events_of(ctx.connection, scene.row.instance_id)
        added = adders(events)
        whose = drops(scene.released.procedure, added.get(self.key), ctx.actor)
        if whose is None:
            raise NotAllowed("只有加签的人和督办岗位可以减签")
        require_awake(scene)
        reason = reason_of("减签的原因", self.reason)
        case, found = _loaded(scene, task)
        done = signers.drop(case, task.token_id, self.key)
        ctx.acting = True
        gone = _tasks(scene, [found.open[key] for key in done.cancelled])
        case.advance()
        said = {"reason": reason, "ends": done.ends, **in_name_of(ctx.actor, whose)}
        self._save(scene, case, task, gone, found, self.key in added, **said)

    def _save(
        self,
        scene: Scene,
        case: Case,
        task: TaskRow,
        gone: Sequence[TaskRow],
        found: CoSigners,
        was_asked: bool,
        **said: Any,
    ) -> None:
        """Whose turn had not come was told of it only if somebody had added them (`was_asked`)."""
        kind, value = named_by(found.element), found.items[self.key]
        mine = [each for each in gone if each.item == self.key]
        said |= {
            "key": self.key,
            "value": value,
            "host": found.host,
            "named_by": kind,
        }
        said |= {"task": task.id, "name": task.name, "dropped": mine[0].id if mine else None}
        said |= {"who": names_of(scene.ctx, kind, [value])[str(value)]}
        saving.stepped(scene, case, CO_SIGNER_DROPPED, task.element_id, **said)
        to = hands(mine[0]) if mine else [f"{kind}:{value}"] if kind and was_asked else []
        tell_of_task(scene, "co_signer_dropped", task.name, task.due_at, to, reason=said["reason"])
        _follow_the_due(scene, gone)
        saving.save(scene, case)


def _follow_the_due(scene: Scene, gone: Sequence[TaskRow]) -> None:
    """Where the order was due with a task that is taken away, it is due with another of the same step, if one is left."""
    if scene.row.due_task not in [each.id for each in gone]:
        return
    left = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id, gone[0].element_id)
    others = [each for each in left if each.id not in [one.id for one in gone]]
    if others:
        latest_left = latest(others)
        scene.order.update(due_at=latest_left.due_at, due_task=latest_left.id)


def _loaded(scene: Scene, task: TaskRow) -> tuple[Case, CoSigners]:
    """Give the running case with who signs; nothing has happened yet: what is refused now is nobody's failure."""
    case = load(scene, StepServices(scene))
    scene.ctx.acting = False
    found = signers.co_signers(case, task.token_id)
    if found is None:
        raise Conflict("这一步不是按名单会签的,不能加减会签的人")
    return case, found


def _tasks(scene: Scene, tokens: Sequence[str]) -> list[TaskRow]:
    every = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)
    return [each for each in every if each.token_id in tokens]
