"""What people do in random walks to have a step signed by more people or fewer, and to have more time for it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine import (
    AddCoSigner,
    AddSubstitute,
    AskSigners,
    ClaimUserTask,
    CompleteUserTask,
    DropCoSigner,
    DropSigner,
    ExtendUserTask,
    History,
    PreviewDropCoSigner,
    SignUserTask,
    UrgeUserTask,
)
from engine.domain.errors import Conflict
from engine.store.instances import TaskRow
from tests.support.blocks import Signers

if TYPE_CHECKING:
    from tests.support.walks import Walk

CLERKS = ("zhou", "wu", "zheng")
STAND_IN = "feng"


def hand_in(walk: "Walk", task: TaskRow, who: str, answers: Mapping[str, Any]) -> None:
    """Complete a task; whoever was asked to sign it does, before or after, or is taken off."""
    for row in _missing(walk, task):
        if row.mode == "before":
            _sign(walk, task, row.person, agree=walk.chance.random() < 0.7)
    while walk.office.engine.execute(CompleteUserTask(task.id, who, dict(answers))):
        while any(one.id == task.id and one.held for one in walk.open()):
            _sign(walk, task, _missing(walk, task)[0].person, agree=walk.chance.random() < 0.8)
        if task.id not in {one.id for one in walk.open()}:
            break


def _missing(walk: "Walk", task: TaskRow) -> list[Any]:
    return [row for row in walk.office.rows("signing") if row.user_task_id == task.id and row.state == "asked"]


def _sign(walk: "Walk", task: TaskRow, who: str, *, agree: bool) -> None:
    """Let somebody sign, or take them off."""
    if walk.chance.random() < 0.3:
        walk.office.engine.execute(DropSigner(task.id, "sun", who, "不用签了"))
    else:
        walk.office.engine.execute(SignUserTask(task.id, who, agree, "已看"))


def holder(walk: "Walk", task: TaskRow) -> str:
    """Give who acts on a task: its holder, or anybody of its candidates."""
    return task.assignee or walk.chance.choice(CLERKS)


def co_sign(walk: "Walk") -> None:
    """Let one more sign a step that several sign, or take one off: just what the preview says happens."""
    blocks = walk.story.game.signers()
    if not blocks:
        return
    block = walk.chance.choice(blocks)
    task = walk.task(walk.chance.choice(list(block.open())))
    if walk.chance.random() < 0.5 and block.droppable():
        _drop_co_signer(walk, task, block, walk.chance.choice(block.droppable()))
        return
    with suppress(Conflict):
        next_in_turn = walk.chance.random() < 0.5
        who = walk.chance.choice(["mei", "wang", "zhou", "wu", "zheng"])
        walk.office.engine.execute(AddCoSigner(task.id, "sun", who, "也要看", next_in_turn))
        added = [
            e for e in walk.office.engine.ask(History(walk.office.case().instance_id)) if e.kind == "CoSignerAdded"
        ]
        walk.story.add(block, added[-1].payload["key"], next_in_turn=next_in_turn)


def _drop_co_signer(walk: "Walk", task: TaskRow, block: Signers, key: str) -> None:
    seen = walk.office.engine.ask(PreviewDropCoSigner(task.id, key), "sun")
    before = {t.id for t in walk.open()}
    walk.office.engine.execute(DropCoSigner(task.id, "sun", key, "不用看"))
    walk.story.drop(block, key)
    after = {t.id: t for t in walk.open()}
    assert {ident for ident, _, _ in seen.closes} == before - after.keys()
    left = {t.item for t in after.values() if t.element_id == block.ident and t.id in before}
    assert seen.ends == (not left and not seen.begins)


def ask_signers(walk: "Walk") -> None:
    """Ask somebody to sign; they do when the task is handed in, whatever happens to it meanwhile."""
    task = walk.any_task()
    who = task.assignee or walk.chance.choice(CLERKS)
    if task.assignee is None:
        walk.office.engine.execute(ClaimUserTask(task.id, who))
    mode = walk.chance.choice(["before", "after", "parallel"])
    with suppress(Conflict):
        walk.office.engine.execute(AskSigners(task.id, who, [walk.chance.choice(["mei", "wang"])], mode, "请看看"))


def stand_in(walk: "Walk") -> None:
    """Somebody goes away, or comes back."""
    if walk.away is not None:
        walk.come_back()
        return
    now, who = walk.office.clock.now(), walk.chance.choice(CLERKS)
    rule = AddSubstitute(who, STAND_IN, now, now + timedelta(days=300), (), "出差", who)
    walk.away = who, walk.office.engine.execute(rule)


def urge(walk: "Walk") -> None:
    with suppress(Conflict):  # once in half an hour
        walk.office.engine.execute(UrgeUserTask(walk.any_task().id, "sun", "请尽快"))


def extend(walk: "Walk") -> None:
    """A limit whose reminder has come and is extended reminds a second time, and of two reminders open at once the game
    knows one: those are tested on their own (test_late_extensions).
    """
    watched = {row.host for row in walk.office.rows("timer")}
    limited = [task for task in walk.open() if task.due_at is not None and task.host in watched]
    if limited:
        task = walk.chance.choice(limited)
        walk.office.engine.execute(ExtendUserTask(task.id, "sun", "24小时", "情况复杂"))
        walk.story.rearm(task.element_id)


SIGNING_VERBS: tuple[Callable[["Walk"], None], ...] = (
    *(co_sign, co_sign, co_sign, ask_signers, ask_signers, stand_in, urge, extend),
)
