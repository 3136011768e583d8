"""Notices: templates filled from the record, one message for each recipient."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.domain.message import OUTSIDE, Message
from engine.domain.notice_rules import NoticeRules
from engine.steps.built_in_notices import KINDS, TEMPLATES
from engine.steps.notice_text import render
from engine.steps.performers import meanings
from engine.steps.scene import Scene


def notify(scene: Scene, notice: str, to: Iterable[str], **values: Any) -> list[str]:
    """Send a notice to everyone meant by the performer words; give the recipients."""
    return _send(scene, notice, meanings(scene.ctx, to, scene.row.instance_id, scene.row.created_by), values)


def tell(scene: Scene, verb: str, to: Iterable[str], **values: Any) -> list[str]:
    """Send the notice that the procedure has for a verb, else the built-in one, to everyone meant but whoever acts."""
    own = scene.released.procedure.notices.get(verb)
    meant = meanings(scene.ctx, to, scene.row.instance_id, scene.row.created_by)
    by_oneself = scene.ctx.actor.id in meant  # asked anew later, the words would mean whoever acted here as well
    others = {
        who: "" if by_oneself else word
        for who, word in meant.items()
        if who != scene.ctx.actor.id and not who.startswith(OUTSIDE)
    }
    template = None if own else TEMPLATES[verb]
    return _send(scene, own or verb, others, {"by": scene.ctx.actor.name, **values}, template)


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


def _rules(scene: Scene, notice: str) -> NoticeRules:
    said = scene.released.procedure.notice_rules.get(notice)
    return said or NoticeRules(kind=KINDS.get(notice, "result"))
