"""What a notice says: its template filled from the record, the order and what is said with it; numbers of people masked."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.domain import notice_template
from engine.domain.clock import in_words
from engine.steps import provisional
from engine.steps.scene import Scene
from engine.store import people

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")


def render(scene: Scene, notice: str, values: Mapping[str, Any], template: str | None = None) -> tuple[str, str]:
    """Fill the procedure's template of a notice, or the one given: the first line is the subject, the rest the body.

    A subject is never empty: where all it asks for is empty, the order's title stands there.
    """
    template = template or scene.released.notices.get(notice, "${title}")
    said = {**scene.row.record, **scene.columns(), **values}
    asked = notice_template.names_in(template)
    words = {name: _words(said.get(name)) for name in asked}
    for name in provisional.DUE_NAMES & asked:
        moment = {**scene.columns(), **values}.get(name)
        if isinstance(moment, str) and _MOMENT.fullmatch(moment):
            words[name] = provisional.due_words(scene, datetime.fromisoformat(moment))
    for name in scene.released.people_keys & asked:
        words[name] = people.name_of(scene.ctx.connection, words[name]) if words[name] else ""
    plain = {"number", *(name for name in asked if _is_no_text(said.get(name)))}
    return fill(template, words, scene.released.personal_keys, plain, scene.row.title)


def fill(
    template: str, words: Mapping[str, str], secret: frozenset[str], plain: set[str], title: str
) -> tuple[str, str]:
    """Give subject and body of a template filled with words; `secret` and `plain` as in `notice_template.filled`."""
    first, _, rest = template.partition("\n")
    flat = {name: notice_template.one_line(said) for name, said in words.items()}
    subject = notice_template.filled(first, flat, secret, plain).strip() or _instead(title)
    lines = {name: notice_template.cleaned(said) for name, said in words.items()}
    return subject[: notice_template.KEPT_SUBJECT], notice_template.filled(rest, lines, secret, plain).strip()


def _instead(title: str) -> str:
    return notice_template.filled("${title}", {"title": notice_template.one_line(title)})


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return in_words(datetime.fromisoformat(value))
    if isinstance(value, list):
        return "、".join(filter(None, map(_words, value)))
    return str(value)


def _is_no_text(value: Any) -> bool:
    """Whether a value is an amount, a count, a switch or a moment: nothing that could hide a person's number."""
    return isinstance(value, bool | int | float) or (isinstance(value, str) and bool(_MOMENT.fullmatch(value)))
