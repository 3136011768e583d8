"""Random walks with random verbs over random sound diagrams, through the commands; a token game says what must be open."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engine import (
    ClaimUserTask,
    CommentOrder,
    DelegateUserTask,
    EndSubstitute,
    History,
    JumpInstance,
    JumpPositions,
    OpenUserTask,
    PauseCase,
    PreviewJump,
    RecallDelegation,
    ReleaseUserTask,
    ResumeCase,
    ResumeInstance,
    StartInstance,
    SuspendInstance,
    TasksOfCase,
    TransferUserTask,
)
from engine.commands.timers import FireTimer
from engine.domain.errors import Invalid
from engine.store import definitions, history
from engine.store.database import reading, transaction
from engine.store.instances import TaskRow
from tests.support.beginnings import START_FORM
from tests.support.diagrams import FIRE, Open, drawn, sound
from tests.support.offices import Office
from tests.support.procedures import form, procedure, user
from tests.support.returns import answers
from tests.support.stories import RECORD, Story
from tests.support.walk_returns import RETURNS
from tests.support.walk_verbs import CLERKS, SIGNING_VERBS, STAND_IN, hand_in, holder
from tests.support.wandering import wander

NAMES = "people number_ again said"
LEAVES = 0.015
"""How likely a turn is the last of which the token game is asked: from there on anybody jumps from anywhere."""


def deploy(office: Office, diagram: bytes) -> None:
    """Store a diagram as the next version of procedure p; its branches write the same names, which a deployment would refuse."""
    settings = procedure("p", user("any"), flows="start >> any >> end")["procedure.toml"]
    files = {
        "p.bpmn": diagram,
        "procedure.toml": settings,
        "forms/names.form": form(NAMES),
        "forms/start.form": START_FORM,
    }
    with transaction(office.engine.database) as connection:
        ident, _ = definitions.add(connection, "p", "p", "tests", str(hash(diagram)), files, "li", office.clock.now())
        definitions.release(connection, ident, "p")


class Walk:
    """One case on one diagram."""

    def __init__(self, office: Office, seed: int, depth: int = 3) -> None:
        self.office, self.chance = office, random.Random(seed)
        self.story = Story(lambda: sound(seed, depth))
        self.turns = self.verbs = 0
        self.away: tuple[str, int] | None = None
        """Whom STAND_IN stands in for, by which rule."""
        deploy(office, drawn(sound(seed, depth)))
        office.number = office.engine.execute(StartInstance("p", "li", dict(RECORD))).number

    def go(self, most: int = 25) -> None:
        """Do anything at random, then drive the case to its end; after every verb everything is as it must be."""
        while self.story.open():
            self.check()
            self.turns += 1
            if self.turns > 3 and self.chance.random() < LEAVES:
                wander(self)
                break
            if self.turns <= most and self.chance.random() < 0.5:
                self.chance.choice(VERBS)(self)
                self.verbs += 1
            else:
                self.move()
            if self.chance.random() < 0.2:
                self.office.restart()
        else:
            self.check()
        self.come_back()
        assert self.office.case().status == "closed"
        with reading(self.office.engine.database) as connection:
            assert history.broken_at(connection, self.office.case().instance_id) is None

    def move(self) -> None:
        """Complete a task, or let a timer fire."""
        at, said = self.chance.choice(self.story.next_moves()), answers(self.chance, self.turns)
        self.story.complete(at, said)
        if at[1] == FIRE:
            self.fire(at[0])
            return
        task = self.task(at)
        who = self.whose_turn(task.assignee or self.chance.choice(CLERKS))
        hand_in(self, task, who, {**said, "said": self.story.count})

    def whose_turn(self, who: str) -> str:
        """Give who acts: somebody themselves, or whoever stands in for them."""
        return STAND_IN if self.away and who == self.away[0] and self.chance.random() < 0.5 else who

    def fire(self, element: str) -> None:
        (row,) = [r for r in self.office.rows("timer") if r.element_id == element]
        self.office.clock.move_to(max(self.office.clock.now(), row.due_at))
        assert self.office.engine.execute(FireTimer(row.id))

    def come_back(self) -> None:
        """Nobody stands in for anybody any more."""
        if self.away is not None:
            self.office.engine.execute(EndSubstitute(self.away[1], self.away[0]))
            self.away = None

    def compare(self, before: set[int], closes: Sequence[Any], opens: Sequence[Any]) -> None:
        """What a preview had named is what is open, and what is not any more."""
        after = {t.id: t for t in self.open()}
        assert {closed[0] for closed in closes} == before - after.keys()
        opened = [after[ident] for ident in after.keys() - before]
        assert sorted((name, item) for name, item, *_ in opens) == sorted((t.name, t.item) for t in opened)

    def task(self, at: Open) -> TaskRow:
        (found,) = [t for t in self.open() if (t.element_id, t.item) == at]
        return found

    def any_task(self) -> TaskRow:
        return self.task(self.chance.choice(self.story.open()))

    def open(self) -> list[TaskRow]:
        return list(self.office.case().open_tasks)

    def check(self) -> None:
        """Nothing is lost, nothing is doubled, nothing of what was undone counts."""
        case = self.office.case()
        assert sorted((t.element_id, t.item) for t in case.open_tasks) == self.story.open()
        assert sorted(r.element_id for r in self.office.rows("timer")) == self.story.timers()
        self.tidy(case)
        kept = {at: number for number, at, _ in self.story.moves}
        for at, said in answered(case.record):
            assert kept.get(at, said) == said, (at, said)
            assert at in kept or not at[0].startswith("m"), at

    def tidy(self, case: Any) -> None:
        """Lists show what is open, and the history tells of every task."""
        assert {r.user_task_id for r in self.office.rows("inbox")} == {t.id for t in case.open_tasks}
        kinds = Counter(e.kind for e in self.office.engine.ask(History(case.instance_id)))
        rows = Counter(t.state for t in self.office.engine.ask(TasksOfCase(case.instance_id)))
        assert (kinds["UserTaskOpened"], kinds["UserTaskCompleted"]) == (rows.total(), rows["completed"])
        assert kinds["UserTaskCancelled"] == rows["cancelled"]


def answered(record: dict[str, Any]) -> Iterator[tuple[Open, int]]:
    """Give what stands in the rows of signers: who they are, and which move it was."""
    for name, rows in record.items():
        if isinstance(rows, dict) and name.startswith("m"):
            yield from (((name, key), row["said"]) for key, row in rows.items() if row.get("said") is not None)
        elif isinstance(rows, dict):
            yield from answered(rows)


def _claim(walk: Walk) -> None:
    task = walk.any_task()
    if task.assignee is None:
        walk.office.engine.execute(ClaimUserTask(task.id, walk.chance.choice(CLERKS)))


def _release(walk: Walk) -> None:
    task = walk.any_task()
    if task.assignee is not None:
        walk.office.engine.execute(ReleaseUserTask(task.id, task.assignee))


def _transfer(walk: Walk) -> None:
    task = walk.any_task()
    to = walk.chance.choice([who for who in CLERKS if who != task.assignee])
    walk.office.engine.execute(TransferUserTask(task.id, "sun", to, "出差"))


def _delegate(walk: Walk) -> None:
    task, who = walk.any_task(), None
    who = holder(walk, task)
    if task.assignee is None:
        walk.office.engine.execute(ClaimUserTask(task.id, who))
    other = walk.chance.choice([one for one in CLERKS if one != who])
    walk.office.engine.execute(DelegateUserTask(task.id, who, other, "请看看"))
    walk.office.engine.execute(RecallDelegation(task.id, who, "不用了"))


def _open(walk: Walk) -> None:
    task = walk.any_task()
    walk.office.engine.execute(OpenUserTask(task.id, holder(walk, task)))


def _pause(walk: Walk) -> None:
    engine, number = walk.office.engine, walk.office.number
    engine.execute(PauseCase(number, "等材料", "other", None, "sun"))
    engine.execute(ResumeCase(number, "", "sun"))


def _suspend(walk: Walk) -> None:
    engine, number = walk.office.engine, walk.office.number
    engine.execute(SuspendInstance(number, "root", "查一查"))
    engine.execute(ResumeInstance(number, "root", "查完了"))


def _comment(walk: Walk) -> None:
    walk.office.engine.execute(CommentOrder(walk.office.number, "li", "知道了"))


def _jump(walk: Walk) -> None:
    """Take a token elsewhere (跳转), or let its step begin anew: wherever one token goes through, so that the game knows.

    Into a branch of a fork, out of one and past a join: see `wander`.
    """
    ways, engine, number = walk.story.jumps(), walk.office.engine, walk.office.number
    if not ways:
        return
    at, to = walk.chance.choice(ways)
    (here,) = [p.ident for p in engine.ask(JumpPositions(number), "root") if p.element_id == at]
    before = {t.id for t in walk.open()}
    try:
        seen = engine.ask(PreviewJump(number, (here,), to), "root")
    except Invalid as refusal:
        assert "岔路太多" in str(refusal)  # a drawing too large to be judged: nothing has happened
        return
    engine.execute(JumpInstance(number, "root", (here,), to, "换一条路"))
    walk.story.jump(at, to)
    walk.compare(before, seen.closes, seen.opens)


VERBS: tuple[Callable[[Walk], None], ...] = (
    *RETURNS,
    *(_claim, _release, _transfer, _delegate, _open),
    *(_pause, _suspend, _comment, _jump, *SIGNING_VERBS),
)
