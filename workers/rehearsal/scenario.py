"""Play one scenario file through the real commands and compare what is with what is expected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine import (
    AnswerSlip,
    ClaimUserTask,
    Command,
    CompleteUserTask,
    DecideExtension,
    ExtendUserTask,
    ExtensionsOf,
    LinkOrders,
    ReleaseUserTask,
    RequestExtension,
    SendMessage,
    ShowCase,
    SlipsOf,
    StartByMessage,
    Started,
    StartInstance,
    SuperviseOrder,
    UrgeUserTask,
    WithdrawExtension,
)
from engine.domain.errors import EngineError, Invalid, Unavailable
from workers.rehearsal import expectations
from workers.rehearsal.co_signer_verbs import added_key, co_signer_verbs
from workers.rehearsal.order_verbs import ORDER_VERBS, at, jump
from workers.rehearsal.people_verbs import hand_over, people_verbs, stand_in
from workers.rehearsal.return_verbs import last_done, send_back, withdraw
from workers.rehearsal.scenario_file import Scenario
from workers.rehearsal.stage import Stage, Theatre


@dataclass(slots=True)
class Played:
    """What became of a scenario: no failures means it passed."""

    scenario: Scenario
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures


def play(theatre: Theatre, scenario: Scenario) -> Played:
    """Play a scenario on a fresh stage; stops at the first step that goes wrong."""
    run = Run(theatre.stage(scenario.starts_at), scenario)
    played = Played(scenario)
    for number, step in enumerate(scenario.steps, 1):
        played.failures = [f"第 {number} 步({_name(step)}):{problem}" for problem in run.step(step)]
        if played.failures:
            return played
    played.failures = [f"结尾:{problem}" for problem in run.ending(scenario.expect)]
    return played


def _name(step: Mapping[str, Any]) -> str:
    return next(
        (f"{k} {v}" if isinstance(v, str) else k for k, v in step.items() if k not in ("expect", "form", "actor")), ""
    )


class Run:
    """One scenario while it is played on a stage; `number` is the order it is about, `seen` the messages compared already."""

    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        self.stage, self.scenario = stage, scenario
        self.number = ""
        """The scenario's own order."""
        self.at = ""
        """The order that the step at hand is about: its own, or one linked to it."""
        self.seen = 0

    def step(self, step: Mapping[str, Any]) -> list[str]:
        """Do one step, let the worker settle, and give the expectations that were not met."""
        refused = ""
        expected = step.get("expect", {})
        lines = self._lines(step) if "history" in expected else {}
        if "fail" in step:
            self.stage.post.to_fail[step["fail"].get("channel", "console")] = int(step["fail"].get("times", 1))
        try:
            self.act(step)
        except Unavailable:
            raise  # nobody refused: the database is away
        except EngineError as error:
            if not error.is_a(expected.get("refused", "")):
                return [f"被拒绝:{error.code} {error}"]
            refused = error.code
        if "refused" in expected and not refused:
            return [f"应当被拒绝({expected['refused']}),却办成了"]
        self.stage.settle()
        since, self.seen = self.seen, len(self.stage.post.delivered)
        delivered = self.stage.post.delivered[since:]
        return expectations.compare(self.stage, self.at, expected, delivered, lines.get(self.at, 0))

    def ending(self, expected: Mapping[str, Any]) -> list[str]:
        """Give the final expectations that were not met."""
        return expectations.compare_ending(self.stage, self.number, expected)

    def _lines(self, step: Mapping[str, Any]) -> dict[str, int]:
        """Give how long the history of the order that a step is about is before it."""
        number = self._order(step.get("on", ""))
        return {number: len(expectations.told(self.stage, number))} if number else {}

    def act(self, step: Mapping[str, Any]) -> None:
        """Do what a step says, without looking at what comes of it. Raises what the commands raise."""
        self.at = self._order(step.get("on", ""))
        engine = self.stage.engine
        if "start" in step:
            started = engine.execute(self._start(step["start"]))
            self.number = self.at = started.number
        elif "task" in step:
            self._task(step)
        elif "message" in step:
            key = step.get("key", self.at)
            engine.execute(SendMessage(step["message"], key, step.get("actor", "system"), step.get("data", {})))
        elif verb := next((key for key in ORDER_VERBS if key in step), ""):
            engine.execute(ORDER_VERBS[verb](self.at, step[verb]))
        elif "jump" in step:
            engine.execute(jump(engine, self.at, step["jump"]))
        elif "link" in step:
            engine.execute(LinkOrders(self.at, step["actor"], step["link"]))
        elif "substitute" in step:
            engine.execute(stand_in(step["substitute"], engine.now(), at(step["substitute"]["until"])))
        elif "hand_over" in step:
            engine.execute(hand_over(step["hand_over"]))
        elif "advance" in step:
            self.stage.advance_to(self.stage.later(step["advance"]))
        elif "until" in step:
            self.stage.advance_to(at(step["until"]))
        elif "fail" not in step:
            raise Invalid("这一步什么也没做")

    def _start(self, said: Mapping[str, Any]) -> Command[Started]:
        """A person starts it; or a message from outside, `start = { message, form }`."""
        if "message" in said:
            return StartByMessage(said["message"], said.get("actor", "system"), said.get("form", {}))
        return StartInstance(said.get("process", self.scenario.process), said["actor"], said.get("form", {}))

    def _order(self, process: str) -> str:
        """Give the newest order of a procedure that is linked to the scenario's own; without `process`, its own."""
        if not process or not self.number:
            return self.number
        linked = self.stage.engine.ask(ShowCase(self.number)).links
        numbers = sorted(number for number, _ in linked)
        cases = [self.stage.engine.ask(ShowCase(number)) for number in numbers]
        found = [case for case in cases if case.process == process]
        if not found:
            raise Invalid(f"没有绑定着的 {process} 工单")
        return max(found, key=lambda case: case.order_id).number

    def _task(self, step: Mapping[str, Any]) -> None:
        ident, actor = self.task_of(step), step["actor"]
        said = step.get("with", {})
        commands: dict[str, Callable[[], Command[Any]]] = {
            "complete": lambda: CompleteUserTask(ident, actor, step.get("form", {})),
            "claim": lambda: ClaimUserTask(ident, actor),
            "release": lambda: ReleaseUserTask(ident, actor),
            "urge": lambda: UrgeUserTask(ident, actor, said.get("text", "")),
            "supervise": lambda: SuperviseOrder(ident, actor, said["text"], said.get("within", "")),
            "answer_slip": lambda: AnswerSlip(self._slip(ident, said.get("number", "")), actor, said["text"]),
            "extend": lambda: ExtendUserTask(ident, actor, said["by"], said.get("reason", "")),
            "ask_extension": lambda: RequestExtension(ident, actor, said["by"], said.get("reason", "")),
            "grant_extension": lambda: DecideExtension(self._asked(ident), actor, True, said.get("by", "")),
            "refuse_extension": lambda: DecideExtension(self._asked(ident), actor, False, "", said["reason"]),
            "withdraw_extension": lambda: WithdrawExtension(self._asked(ident), actor),
            "send_back": lambda: send_back(self.stage.engine, ident, actor, said),
            "withdraw": lambda: withdraw(self.at, ident, actor, said),
            **people_verbs(ident, actor, said),
            **co_signer_verbs(self.stage.engine, ident, actor, said),
        }
        action = step.get("action", "complete")
        if action not in commands:
            raise Invalid(f"不认识的动作 {action}")
        self.stage.engine.execute(commands[action]())

    def task_of(self, step: Mapping[str, Any]) -> int:
        """Give the task that a step is about: the one open task, or the one completed last where it is withdrawn."""
        if step.get("action") == "withdraw":
            engine = self.stage.engine
            return last_done(engine, engine.ask(ShowCase(self.at)), step["task"])
        return self._open(step["task"], step.get("where", {}))

    def _slip(self, task_id: int, number: str) -> int:
        """Give the slip of a task: by the end of its number (`催1`), else the last one."""
        found = self.stage.engine.ask(SlipsOf(self.stage.engine.ask(ShowCase(self.at)).instance_id))
        ours = [slip for slip in found if slip.task_id == task_id and slip.number.endswith(number)]
        if not ours:
            raise Invalid("这件待办没有这样的催办单或督办单")
        return ours[-1].id

    def _asked(self, task_id: int) -> int:
        """Give the extension of a task that was asked for last, decided or not."""
        found = self.stage.engine.ask(ExtensionsOf(task_id))
        if not found:
            raise Invalid("这件待办没有人申请过延期")
        return found[-1].id

    def _open(self, element_id: str, where: Mapping[str, Any]) -> int:
        case = self.stage.engine.ask(ShowCase(self.at))
        item = added_key(self.stage.engine, case, where["added"]) if "added" in where else where.get("item")
        found = [t for t in case.open_tasks if t.element_id == element_id and item in (None, t.item)]
        if len(found) != 1:
            raise Invalid(f"打开着的 {element_id} 有 {len(found)} 件,应当正好一件")
        return found[0].id
