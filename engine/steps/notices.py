"""Notices: templates filled from the record, one message for each recipient."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.domain.message import OUTSIDE, Message
from engine.domain.notice_rules import NoticeRules
from engine.domain.rights import ADMIN
from engine.steps.built_in_notices import KINDS, TEMPLATES, UNADDRESSED
from engine.steps.notice_text import render
from engine.steps.performers import meanings
from engine.steps.scene import Scene
from engine.steps.substitutes import standing_in
from engine.store import notifications
from engine.store.instances import TaskRow

_LONGEST_MARK = 74


def notify(scene: Scene, notice: str, to: Iterable[str], **values: Any) -> list[str]:
    """Send a notice to everyone meant by the performer words; give the recipients.

    Where the words mean nobody the history says so, and those who look after the procedure are told, once for each case and notice.
    """
    words = [term.strip() for term in to if term.strip()]
    meant = _meant(scene, words)
    if words and not meant:
        _unaddressed(scene, notice, words)
    return _send(scene, notice, _with_stand_ins(scene, meant), values)


def tell(scene: Scene, verb: str, to: Iterable[str], **values: Any) -> list[str]:
    """Send the notice that the procedure has for a verb, else the built-in one, to everyone meant but whoever acts."""
    own = scene.released.procedure.notices.get(verb)
    template = None if own else TEMPLATES[verb]
    return _send(scene, own or verb, recipients(scene, to), {"by": scene.ctx.actor.name, **values}, template)


def recipients(scene: Scene, to: Iterable[str]) -> dict[str, str]:
    """Give whom a verb tells, each with the word that means them: everyone meant but whoever acts, and who stands in for them."""
    meant = _meant(scene, to)
    by_oneself = scene.ctx.actor.id in meant  # asked anew later, the words would mean whoever acted here as well
    others = {
        who: "" if by_oneself else word
        for who, word in meant.items()
        if who != scene.ctx.actor.id and not who.startswith(OUTSIDE)
    }
    return _with_stand_ins(scene, others)


def _meant(scene: Scene, words: Iterable[str]) -> dict[str, str]:
    """Give whom performer words mean, but for those whom the case is about (回避): they hear nothing of it."""
    found = meanings(scene.ctx, words, scene.row.instance_id, scene.row.created_by)
    return {who: word for who, word in found.items() if who not in scene.recused}


def _with_stand_ins(scene: Scene, meant: Mapping[str, str]) -> dict[str, str]:
    """Whoever stands in for somebody who is told (代理) is told as well, but for what they do themselves."""
    found = dict(meant)
    for who in standing_in(scene.ctx, meant, scene.row.process):
        if who != scene.ctx.actor.id and who not in scene.recused:
            found.setdefault(who, "")
    return found


def about(task: TaskRow) -> dict[str, Any]:
    """Give what every notice about a task may tell of it; without a limit the due moment stays empty."""
    return {"task_name": task.name, "task_due_at": task.due_at.isoformat() if task.due_at else ""}


NO_LIMIT = "没有"
"""What is said for the due moment of a task without one."""


def tell_of_task(
    scene: Scene, verb: str, name: str, due_at: datetime | None, to: Iterable[str], **values: Any
) -> list[str]:
    """Send the notice of a verb about a task; give the recipients."""
    due = due_at.isoformat() if due_at else NO_LIMIT
    return tell(scene, verb, to, task_name=name, task_due_at=due, **values)


def _send(
    scene: Scene, notice: str, meant: Mapping[str, str], values: Mapping[str, Any], template: str | None = None
) -> list[str]:
    if not meant:
        return []
    subject, body = render(scene, notice, values, template)
    row, rules = scene.row, _rules(scene, notice)
    for recipient, word in meant.items():
        mark = f"{row.instance_id}:{row.version}:{len(scene.messages)}"
        scene.messages.append(Message(mark, recipient, notice, subject, body, row.instance_id, word[:140], rules))
    scene.note("NoticePut", "", notice=notice, subject=subject, to=list(meant))
    return list(meant)


def _unaddressed(scene: Scene, notice: str, words: list[str]) -> None:
    scene.note("NoticeUnaddressed", "", notice=notice, meant=words)
    ctx, row = scene.ctx, scene.row
    mark = f"{row.instance_id}:?{notice}"[:_LONGEST_MARK]
    if any(message.mark.startswith(mark) for message in scene.messages):
        return
    if notifications.begins_with(ctx.connection, row.instance_id, mark):
        return
    roles = sorted(scene.released.procedure.supervisors)
    told = _meant(scene, roles) or meanings(ctx, [ADMIN], row.instance_id, "")
    subject, body = render(scene, UNADDRESSED, {"notice": notice, "meant": "、".join(words)}, TEMPLATES[UNADDRESSED])
    rules = NoticeRules(kind=KINDS[UNADDRESSED])
    for place, (who, word) in enumerate(told.items()):
        scene.messages.append(
            Message(f"{mark}:{place}", who, UNADDRESSED, subject, body, row.instance_id, word[:140], rules)
        )


def _rules(scene: Scene, notice: str) -> NoticeRules:
    said = scene.released.procedure.notice_rules.get(notice)
    return said or NoticeRules(kind=KINDS.get(notice, "result"))
