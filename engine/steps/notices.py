"""Notices: templates filled from the record, one message for each recipient."""

import re
import string
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.domain.clock import in_words
from engine.domain.message import OUTSIDE, Message
from engine.domain.notice_rules import NoticeRules
from engine.steps import provisional
from engine.steps.built_in_notices import KINDS, TEMPLATES
from engine.steps.performers import meanings
from engine.steps.scene import Scene
from engine.store import people

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")


class _Gentle(dict[str, str]):
    """Names a template asks for and nobody filled are left empty."""

    def __missing__(self, key: str) -> str:
        return ""


def notify(scene: Scene, notice: str, to: Iterable[str], **values: Any) -> list[str]:
    """Send a notice to everyone meant by the performer words; give the recipients."""
    return _send(scene, notice, meanings(scene.ctx, to, scene.row.instance_id, scene.row.created_by), values)


def tell(scene: Scene, verb: str, to: Iterable[str], **values: Any) -> list[str]:
    """Send the notice that the procedure has for a verb, else the built-in one, to everyone meant but whoever acts."""
    own = scene.released.procedure.notices.get(verb)
    meant = meanings(scene.ctx, to, scene.row.instance_id, scene.row.created_by)
    others = {who: word for who, word in meant.items() if who != scene.ctx.actor.id and not who.startswith(OUTSIDE)}
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


def render(scene: Scene, notice: str, values: Mapping[str, Any], template: str | None = None) -> tuple[str, str]:
    """Fill the procedure's template of a notice, or the one given: the first line is the subject, the rest the body."""
    template = template or scene.released.notices.get(notice, f"{scene.row.title}\n\n{notice}")
    filled = string.Template(template)
    names = _Gentle({k: _words(v) for k, v in {**scene.row.record, **scene.columns(), **values}.items()})
    said = {**scene.columns(), **values}
    for key in provisional.DUE_NAMES.intersection(filled.get_identifiers()):
        if isinstance(said.get(key), str) and _MOMENT.fullmatch(said[key]):
            names[key] = provisional.due_words(scene, datetime.fromisoformat(said[key]))
    for key in scene.released.people_keys.intersection(filled.get_identifiers()):
        names[key] = people.name_of(scene.ctx.connection, names[key]) if names[key] else ""
    subject, _, body = filled.safe_substitute(names).partition("\n")
    return subject.strip()[:200], body.strip()


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return in_words(datetime.fromisoformat(value))
    if isinstance(value, list):
        return "、".join(_words(v) for v in value)
    return str(value)
