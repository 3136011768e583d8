"""Print orders as people read them: the path with holders and due moments, and who was told what."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime

from engine import Engine, NamesOfPeople, Notices, ShowCase, TasksOfCase
from engine.domain.clock import local
from workers.rehearsal.player import Story

STATUS = {"open": "办理中", "paused": "已暂停", "suspended": "已挂起", "closed": "已办结"}
STATUS |= {"cancelled": "已撤销", "terminated": "已终止", "void": "已作废"}
ENDS = {"open": "还开着", "cancelled": "已收回"}


def lines(engine: Engine, stories: Sequence[Story]) -> Iterator[str]:
    """Give the report of some played calls, line by line."""
    names = engine.ask(NamesOfPeople())
    for story in stories:
        yield from _order(engine, story, names)
    closed = sum(engine.ask(ShowCase(s.number)).status == "closed" for s in stories)
    yield f"共 {len(stories)} 件,办结 {closed} 件"


def _order(engine: Engine, story: Story, names: dict[str, str]) -> Iterator[str]:
    case = engine.ask(ShowCase(story.number))
    yield f"■ {case.number} {case.title} · {STATUS[case.status]}"
    yield f"  {_moment(story.call.at)} {names.get(story.call.actor, story.call.actor)}登记" + _bound(case.links)
    if story.problem:
        yield f"  !! {story.problem}"
    rows = [("步骤", "经办", "到手", "时限", "办完")]
    for task in engine.ask(TasksOfCase(case.instance_id)):
        holder = names.get(task.ended_by or task.assignee or "", "") or "、".join(task.groups)
        ended = _moment(task.ended_at) if task.state == "completed" else ENDS[task.state]
        late = (
            " 逾期"
            if task.due_at and task.ended_at and task.state == "completed" and task.ended_at > task.due_at
            else ""
        )
        rows.append((task.name, holder, _moment(task.opened_at), _moment(task.due_at), ended + late))
    yield from _columns(rows)
    told = [
        f"{n.subject}→{names.get(n.recipient, n.recipient)}({_moment(n.at)})"
        for n in engine.ask(Notices(case.instance_id))
    ]
    yield from (f"  通知 {line}" for line in told)
    yield ""


def _bound(links: Sequence[tuple[str, str]]) -> str:
    return f";绑定 {'、'.join(number for number, _ in links)}" if links else ""


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield (
            "    "
            + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _moment(at: datetime | None) -> str:
    return f"{local(at):%m-%d %H:%M}" if at else "—"
