"""The task page: its form, drafts, handing in, and what happens when somebody else was first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    CompleteUserTask,
    CoSignersOf,
    DropDraft,
    ExplainLimit,
    FindTask,
    OpenUserTask,
    OrderView,
    RevealPersonal,
    SaveDraft,
    ShowDraft,
    ShowOrder,
    Staffed,
    TaskRow,
    UrgeAgain,
    WhoMay,
    droppable,
    facts_of,
    is_personal,
    onward,
    stood_in_for,
    task_acts,
    withdrawable,
)
from engine.domain.errors import Conflict, Invalid, InvalidForm, NotFound, StepFailed
from engine.forms import FormSchema
from engine.forms.answers import same_words
from web.answered import said_before
from web.forms import Block, blocks, said, typed
from web.front import PART, current_actor, engine
from web.once import OURS
from web.papers import names_of, with_uploads
from web.words import moment, now


def add_to(bp: Blueprint) -> None:
    """Put the task page into the blueprint."""
    bp.add_url_rule("/tasks/<int:task_id>", view_func=task)
    for action in (complete, draft, reveal):
        bp.add_url_rule(f"/tasks/<int:task_id>/{action.__name__}", view_func=action, methods=["POST"])
    bp.add_url_rule("/tasks/<int:task_id>/draft/drop", view_func=drop_draft, methods=["POST"])


@dataclass(frozen=True, slots=True)
class Shown:
    """What a task page shows besides the task: answers as typed, errors, what was revealed, which act was refused."""

    answers: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None
    revealed: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    """Act → sentence."""


def task(task_id: int) -> ResponseReturnValue:
    """One task with its form, as left in the draft; what is over says who ended it and keeps the draft."""
    order, row = find(task_id)
    if row.state == "open" and row.seen_at is None:
        engine().execute(OpenUserTask(task_id, current_actor()))
    return page(order, row, drafted(order, row))


def complete(task_id: int) -> ResponseReturnValue:
    """Hand in the form; what is refused comes back as typed, with reasons."""
    try:
        order, row = find(task_id)
    except NotFound as gone:
        return _out_of_sight(gone)
    answers, refused = with_uploads(typed(request.form, _form(order, row)), _form(order, row))
    if refused and row.state == "open":
        return page(order, row, Shown(answers, refused), 422)
    try:
        waits = engine().execute(CompleteUserTask(task_id, current_actor(), answers, f"task:{task_id}"))
    except InvalidForm as wrong:
        return page(order, row, Shown(answers, wrong.errors), 422)
    except Conflict as late:
        return _too_late(order, task_id, answers, str(late))
    except StepFailed as failed:
        _keep(task_id, answers)
        sentence = _("没有办成,已通知管理员:%(why)s。你填的内容已保存为草稿。", why=str(failed))
        return page(order, row, Shown(answers, {"": sentence}), 500)
    sentence = _("“%(name)s”已提交,加签的人签完以后流程继续。") if waits else _("“%(name)s”已提交。")
    flash(sentence % {"name": row.name})
    return redirect(_onward(order.number), 303)


def draft(task_id: int) -> ResponseReturnValue:
    """Keep what was typed so far: by the button, or in passing by our script."""
    order, row = find(task_id)
    in_passing = PART in request.headers
    form = _form(order, row)
    answers, refused = (typed(request.form, form), {}) if in_passing else with_uploads(typed(request.form, form), form)
    if row.ended_by == current_actor():
        return ("", 204) if in_passing else redirect(_onward(order.number), 303)
    _keep(task_id, answers)
    if in_passing:
        return str(_("草稿已自动保存 %(at)s", at=moment(now())))
    if refused:
        return page(order, row, Shown(answers, refused), 422)
    flash(_("草稿已保存。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def drop_draft(task_id: int) -> ResponseReturnValue:
    """Forget the draft."""
    engine().ask(FindTask(task_id), current_actor())
    engine().execute(DropDraft(current_actor(), f"task:{task_id}"))
    flash(_("草稿已删除。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def reveal(task_id: int) -> ResponseReturnValue:
    """Show one masked value in full beside the form as typed; the reason is kept."""
    order, row = find(task_id)
    answers, refused = with_uploads(typed(request.form, _form(order, row)), _form(order, row))
    key = request.form.get("reveal", "")
    try:
        value = engine().execute(RevealPersonal(current_actor(), order.number, key, request.form.get(f"why-{key}", "")))
    except Invalid as error:
        return page(order, row, Shown(answers, refused, refused={"reveal": str(error)}), 422)
    return page(order, row, Shown(answers, refused, revealed={key: value}))


def find(task_id: int) -> tuple[OrderView, TaskRow]:
    """Give a task, open or over, with its order; raise NotFound for strangers."""
    number, row = engine().ask(FindTask(task_id), current_actor())
    return engine().ask(ShowOrder(number), current_actor()), row


def drafted(order: OrderView, row: TaskRow) -> Shown:
    """Give the form as left in the draft, else as the case's data fills it."""
    kept = engine().ask(ShowDraft(f"task:{row.id}"), current_actor())
    return Shown(kept[0], saved_at=kept[1]) if kept else Shown(_begun(order, row))


def page(order: OrderView, row: TaskRow, shown: Shown, status: int = 200) -> ResponseReturnValue:
    """Draw the task page; 410 for a task that is over."""
    if row.state != "open":
        return render_template(
            "tasklist/over.html",
            order=order,
            task=row,
            shown=shown,
            typed=_said(order, row, shown),
            withdrawable=dict(withdrawable(order, current_actor())),
        ), 410
    form, acts = _form(order, row), task_acts(order, row, order.viewer)
    drawn = render_template(
        "tasklist/task.html",
        order=order,
        task=row,
        element=order.released.definition.elements[row.element_id],
        blocks=_blocks(order, form, shown),
        shown=shown,
        typed=[] if "complete" in acts or not shown.saved_at else _said(order, row, shown),
        receipt=engine().ask(ExplainLimit(row.id), current_actor()) if row.due_at else None,
        acts=acts,
        away=stood_in_for(order, row, order.viewer),
        onward=onward(order.released, row.element_id),
        submitted=facts_of(order.released, row.element_id, row.held["cleaned"], order.names) if row.held else [],
        held_at=datetime.fromisoformat(row.held["at"]) if row.held else None,
        droppable={each.id for each in droppable(order, row, order.viewer)} if "drop_signer" in acts else set(),
        several=engine().ask(CoSignersOf(row.id), current_actor()) if row.item else None,
        left_blank=_left_blank(order, row),
        others=_others(row) if "transfer" in acts else [],
        urge_again=_urge_again(order, row) if "urge" in acts else None,
        revealed=shown.revealed,
    )
    return drawn, status


def _blocks(order: OrderView, form: FormSchema, shown: Shown) -> list[Block]:
    secret = frozenset(spec.key for spec in form.fields if is_personal(order.released, spec))
    return blocks(form, shown.answers, shown.errors, order.record, names_of(form, shown.answers), secret)


def _said(order: OrderView, row: TaskRow, shown: Shown) -> list[tuple[str, str]]:
    return said(_blocks(order, _form(order, row), shown)) if shown.saved_at else []


def _urge_again(order: OrderView, row: TaskRow) -> datetime | None:
    """From when whoever has urged the task may urge it again; asked only where they have."""
    mine = any(s.kind == "urge" and s.task_id == row.id and s.issued_by == current_actor() for s in order.slips)
    return engine().ask(UrgeAgain(row.id), current_actor()) if mine else None


def _form(order: OrderView, row: TaskRow) -> FormSchema:
    form = order.released.form_of(row.element_id) or FormSchema(())
    return engine().ask(Staffed(form, order.record), current_actor()) if form.roles else form


def _begun(order: OrderView, row: TaskRow) -> dict[str, Any]:
    """What other steps have found out is offered; what this step itself answered before must be answered anew."""
    form, begins = _form(order, row), order.released.is_start(row.element_id)
    closed = {s.key for s in form.fields if (s.type == "filepicker" and not begins) or is_personal(order.released, s)}
    if row.returned or begins:  # what was said before is offered again, to be mended
        return {k: v for k, v in said_before(order, row).items() if k in form.keys - closed and v is not None}
    mine = {k for e in order.events if e.element_id == row.element_id for k in e.payload.get("changes", {})}
    return {key: order.record[key] for key in form.keys - mine - closed if order.record.get(key) is not None}


def _left_blank(order: OrderView, row: TaskRow) -> list[str]:
    """Give the labels of what a start form does not show again and keeps as it is where nothing new is typed."""
    if not order.released.is_start(row.element_id):
        return []
    fields = _form(order, row).fields
    return [s.label for s in fields if is_personal(order.released, s) and order.record.get(s.key) is not None]


def _others(row: TaskRow) -> list[str]:
    return [who for who in engine().ask(WhoMay(row.id)) if who != row.assignee and not who.startswith("phone:")]


def _keep(task_id: int, answers: Mapping[str, Any]) -> None:
    engine().execute(SaveDraft(current_actor(), f"task:{task_id}", answers))


def _out_of_sight(gone: NotFound) -> ResponseReturnValue:
    """Show their own words to who could do the task while writing, and sees it no more: it was taken back meanwhile."""
    written = [text for key, texts in request.form.lists() if key not in OURS for text in texts if text.strip()]
    if not written:
        raise gone
    return render_template("tasklist/unsent.html", sentence=str(gone), text="\n".join(written)), 404


def _too_late(order: OrderView, task_id: int, answers: Mapping[str, Any], why: str) -> ResponseReturnValue:
    """A second click of one's own is no news; what somebody typed while another was quicker is kept."""
    number, row = engine().ask(FindTask(task_id), current_actor())
    if (
        row.held
        and row.held["by"] == current_actor()
        and row.held["words"] == same_words(answers, _form(order, row).files)
    ):
        flash(_("这件待办你已经提交过了。"))
        return redirect(url_for(".task", task_id=task_id), 303)
    if row.ended_by == current_actor():
        if _was_said(engine().ask(ShowOrder(number), current_actor()), row, answers):
            flash(_("这件待办你已经提交过了。"))
            return redirect(_onward(order.number), 303)
        why = _("这件待办你已经提交过了,改动的内容没有写进去")
    _keep(task_id, answers)
    flash(_("%(why)s。你的意见已保存为草稿。", why=why))
    return redirect(url_for(".task", task_id=task_id), 303)


def _was_said(order: OrderView, row: TaskRow, answers: Mapping[str, Any]) -> bool:
    """Whether a form sent again says what was handed in: else its sender went back in the browser and changed it."""
    ended = next((e.payload for e in order.events if e.payload.get("task") == row.id and "words" in e.payload), {})
    return ended.get("words") == same_words(answers, _form(order, row).files)


def _onward(number: str) -> str:
    """The next task of the same case if it is mine, else the order, else my list."""
    try:
        order = engine().ask(ShowOrder(number), current_actor())
    except NotFound:
        return url_for(".todo")
    mine = next((t for t in order.tasks if t.assignee == current_actor() and not t.owner), None)
    return url_for(".task", task_id=mine.id) if mine else url_for("work_orders.show", number=number)
