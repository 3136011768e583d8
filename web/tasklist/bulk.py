"""Several tasks of a list at once: chosen with ticks, asked once, each done by a command of its own with its own result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    MOST_CHOSEN,
    ChosenTask,
    ChosenTasks,
    ClaimUserTask,
    Command,
    CompleteUserTask,
    NamesOfPeople,
    Receivers,
    Staffed,
    TransferUserTask,
    UrgeUserTask,
)
from engine.domain.errors import EngineError, Invalid, InvalidForm, NotFound
from engine.forms import FormSchema
from web.forms import blocks, typed
from web.front import current_actor, engine
from web.once import once

ASKING = ("transfer", "urge", "complete")
"""Acts with a form of their own."""
ACTS = ("claim", *ASKING)
TASK, ORDER, LIST, PROCESS = "chosen.task", "chosen.order", "chosen.list", "chosen.process"
"""Our fields; the dot keeps them apart from the keys of any form."""
LISTS = {"todo": "tasklist.todo", "pool": "tasklist.pool", "started": "tasklist.started", "board": "work_orders.board"}
"""Where ticks are, by the name a form tells."""


def add_to(bp: Blueprint) -> None:
    """Put the acts about several tasks into the blueprint."""
    bp.add_url_rule("/bulk", view_func=choose, methods=["POST"])
    bp.add_url_rule("/bulk/<act>", view_func=ask)
    bp.add_url_rule("/bulk/<act>", view_func=carry_out, methods=["POST"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task."""

    task: ChosenTask
    sentence: str
    error: EngineError | None = None


def choose() -> ResponseReturnValue:
    """Take the ticks of a list to the page that asks what is still needed."""
    act = request.form.get("act", "")
    said: dict[str, Any] = {name: request.form.getlist(name)[:MOST_CHOSEN] for name in (TASK, ORDER)}
    if act not in ASKING or not any(said.values()):
        return _nothing()
    return redirect(url_for(".ask", **said, **_came_from(), act=act), 303)


def ask(act: str) -> ResponseReturnValue:
    """Show what was chosen, with what may be done to each, and ask what all of them share."""
    if act not in ASKING:
        raise NotFound(_("没有这个页面,或者你不能看它。"))
    tasks = _chosen(request.args)
    return _page(act, tasks) if tasks else _nothing()


def carry_out(act: str) -> ResponseReturnValue:
    """Do it task by task, each in a transaction of its own, and say what became of each.

    What is refused for every one of them by the same sentence is asked again, as typed.
    """
    if act not in ACTS:
        raise NotFound(_("没有这个页面,或者你不能看它。"))
    tasks = _chosen(request.form)
    if not tasks:
        return _nothing()
    make = _command(act, tasks)
    outcomes = [_tried(act, task, make(task.task_id)) for task in tasks]
    errors = [outcome.error for outcome in outcomes]
    if act in ASKING and all(isinstance(e, Invalid) for e in errors) and len({str(e) for e in errors}) == 1:
        return _page(act, tasks, errors[0]), 422
    return render_template("tasklist/bulk_done.html", act=act, outcomes=outcomes, home=_home())


def _page(act: str, tasks: Sequence[ChosenTask], error: EngineError | None = None) -> str:
    groups = _groups(tasks) if act == "complete" else []
    can = [task for task in tasks if act in task.acts and not (act == "complete" and task.alone)]
    form = _asked(can[0]) if act == "complete" and can and len(groups) == 1 else None
    errors = error.errors if isinstance(error, InvalidForm) else {}
    return render_template(
        "tasklist/bulk.html",
        act=act,
        tasks=tasks,
        able={task.task_id for task in can},
        groups=groups,
        blocks=blocks(form, typed(request.form, form), errors) if form else [],
        errors=errors,
        refused="" if error is None or errors else str(error),
        receivers=_receivers(can) if act == "transfer" else [],
        names=engine().ask(NamesOfPeople()),
        home=_home(),
        came_from=_came_from(),
    )


def _command(act: str, tasks: Sequence[ChosenTask]) -> Callable[[int], Command[Any]]:
    me, said = current_actor(), request.form
    if act == "transfer":
        to, reason = said.get("to", ""), said.get("reason", "").strip()
        return lambda task: TransferUserTask(task, me, to, reason)
    if act == "urge":
        return lambda task: UrgeUserTask(task, me, said.get("text", ""))
    if act == "complete":
        answers = typed(said, tasks[0].form)
        return lambda task: CompleteUserTask(task, me, answers)
    return lambda task: ClaimUserTask(task, me)


def _tried(act: str, task: ChosenTask, command: Command[Any]) -> Outcome:
    if act == "complete" and task.alone:
        return Outcome(task, _("“%(field)s”要一件一件填", field=task.alone), Invalid(task.alone))
    try:
        result = once(command, str(task.task_id))
    except EngineError as error:
        return Outcome(task, str(error), error)
    if act == "urge" and result is not None:
        return Outcome(task, _("已催办 %(n)s 人。", n=len(result)))
    words = {
        "claim": _("已签收"),
        "transfer": _("已转办"),
        "complete": _("已提交"),
        "urge": _("刚才已经催办过了,没有重复催。"),
    }
    return Outcome(task, words[act])


def _groups(tasks: Sequence[ChosenTask]) -> list[list[ChosenTask]]:
    """Tasks of one step that ask the same: only these can be handed in together."""
    found: dict[Any, list[ChosenTask]] = {}
    for task in tasks:
        found.setdefault((task.process, task.element_id, task.form.fields), []).append(task)
    return list(found.values())


def _asked(task: ChosenTask) -> FormSchema:
    return engine().ask(Staffed(task.form, {}), current_actor()) if task.form.roles else task.form


def _receivers(tasks: Sequence[ChosenTask]) -> list[tuple[str, int]]:
    """Who may be given any of them, with how many of them; who may be given most comes first."""
    able = engine().ask(Receivers(tuple(task.task_id for task in tasks)), current_actor())
    counted: dict[str, int] = {}
    for task in tasks:
        for who in able.get(task.task_id, ()):
            counted[who] = counted.get(who, 0) + (who != task.assignee)
    return sorted(((who, n) for who, n in counted.items() if n), key=lambda each: (-each[1], each[0]))


def _chosen(said: Any) -> list[ChosenTask]:
    ids = tuple(int(text) for text in said.getlist(TASK)[:MOST_CHOSEN] if text.isdecimal() and len(text) < 16)
    numbers = tuple(text[:64] for text in said.getlist(ORDER)[:MOST_CHOSEN])
    return engine().ask(ChosenTasks(ids, numbers), current_actor()) if ids or numbers else []


def _came_from() -> Mapping[str, Any]:
    said = request.values
    return {name: said.get(name, "")[:64] for name in (LIST, PROCESS) if said.get(name)}


def _home() -> str:
    """The list the ticks were in."""
    came = _came_from()
    endpoint = LISTS.get(came.get(LIST, ""), "tasklist.todo")
    return url_for(endpoint, process=came.get(PROCESS) if endpoint.endswith("board") else None)


def _nothing() -> ResponseReturnValue:
    flash(_("没有选中任何一件:先在每行前面勾选。"))
    return redirect(_home(), 303)
