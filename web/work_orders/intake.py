"""Intake: take a call down while it lasts, with what the caller reported before at hand."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    DropDraft,
    EarlierOrders,
    FormOf,
    MyStarts,
    SaveDraft,
    ShowDraft,
    ShowOrder,
    StartDrafts,
    StartForm,
    StartInstance,
)
from engine.domain.errors import InvalidForm, NotFound, StepFailed
from engine.domain.texts import savable
from web.forms import blocks, typed
from web.front import PART, current_actor, engine
from web.papers import names_of, with_uploads
from web.words import moment, now


def add_to(bp: Blueprint) -> None:
    """Put the intake into the blueprint."""
    bp.add_url_rule("/intake", view_func=intake)
    bp.add_url_rule("/intake", view_func=take_down, methods=["POST"])
    bp.add_url_rule("/intake/look", view_func=look, methods=["POST"])
    bp.add_url_rule("/intake/draft", view_func=keep, methods=["POST"])
    bp.add_url_rule("/intake/draft/drop", view_func=drop, methods=["POST"])


def intake() -> ResponseReturnValue:
    """The start form of a procedure; the telephone system opens it with ?phone=."""
    process = _process()
    form = _form(process)
    about = _about(process, request.args.get("draft", ""))
    kept = engine().ask(ShowDraft(about), current_actor())
    answers = dict(kept[0]) if kept else {}
    if form.phone_key and request.args.get("phone"):
        answers[form.phone_key] = request.args["phone"].strip()[:40]
    return _page(process, form, answers, {}, about)


def take_down() -> ResponseReturnValue:
    """Start an order, then go on with it: its first task if that is mine."""
    process = _process()
    form, about = _form(process), _about(process, request.form.get("draft", ""))
    answers, refused = with_uploads(typed(request.form, form.schema), form.schema)
    if refused:
        return _page(process, form, answers, refused, about, 422)
    try:
        started = engine().execute(StartInstance(process, current_actor(), answers, draft=about))
    except InvalidForm as wrong:
        return _page(process, form, answers, wrong.errors, about, 422)
    except StepFailed as failed:
        engine().execute(SaveDraft(current_actor(), about, answers))
        sentence = _("没有登记成,已通知管理员:%(why)s。填的内容已存下。", why=str(failed))
        return _page(process, form, answers, {"": sentence}, about, 500)
    order = engine().ask(ShowOrder(started.number), current_actor())
    if started.again and not _is_the_same(form, answers, order.record):
        return _handed_in_before(process, answers, started.number)
    flash(_("已登记,工单号 %(n)s。", n=started.number))
    mine = next((t for t in order.tasks if t.assignee == current_actor()), None)
    return redirect(url_for("tasklist.task", task_id=mine.id) if mine else url_for(".show", number=started.number), 303)


def look() -> ResponseReturnValue:
    """Look again for earlier orders and missing elements; nothing is stored but files."""
    process = _process()
    form, about = _form(process), _about(process, request.form.get("draft", ""))
    if PART in request.headers:
        return render_template(
            "work_orders/intake_aside.html", **_aside(process, form, typed(request.form, form.schema))
        )
    answers, refused = with_uploads(typed(request.form, form.schema), form.schema)
    return _page(process, form, answers, refused, about)


def keep() -> ResponseReturnValue:
    """Store a call taken down in part."""
    process = _process()
    form, about = _form(process), _about(process, request.form.get("draft", ""))
    in_passing = PART in request.headers
    answers = typed(request.form, form.schema)
    answers, refused = (answers, {}) if in_passing else with_uploads(answers, form.schema)
    engine().execute(SaveDraft(current_actor(), about, answers))
    if in_passing:
        return str(_("已自动存下 %(at)s", at=moment(now())))
    if refused:
        return _page(process, form, answers, refused, about, 422)
    flash(_("已存下,可以稍后在“存下的草稿”里接着填。"))
    return redirect(url_for(".intake", process=process, draft=about), 303)


def drop() -> ResponseReturnValue:
    """Forget a call taken down in part."""
    process = _process()
    engine().execute(DropDraft(current_actor(), _about(process, request.form.get("draft", ""))))
    flash(_("已删除存下的草稿。"))
    return redirect(url_for(".intake", process=process), 303)


def _process() -> str:
    mine = engine().ask(MyStarts(), current_actor())
    wanted = request.values.get("process", "") or (mine[0].process if mine else "")
    if wanted not in [m.process for m in mine]:
        raise NotFound(_("没有你能发起的流程"))
    return wanted


def _form(process: str) -> StartForm:
    return engine().ask(FormOf(process), current_actor())


def _about(process: str, wanted: str) -> str:
    """The name of a call's draft; handing it in twice gives one order, so every fresh form gets its own."""
    prefix = f"start:{process}:"
    return savable(wanted)[:90] if wanted.startswith(prefix) else f"{prefix}{secrets.token_hex(8)}"


def _page(
    process: str, form: StartForm, answers: Mapping[str, Any], errors: Mapping[str, str], about: str, status: int = 200
) -> ResponseReturnValue:
    drawn = render_template(
        "work_orders/intake.html",
        draft=about,
        blocks=blocks(form.schema, answers, errors, files=names_of(form.schema, answers)),
        errors=errors,
        starts=engine().ask(MyStarts(), current_actor()),
        **_aside(process, form, answers),
    )
    return drawn, status


def _aside(process: str, form: StartForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    phone, place = (_first(answers.get(k)) for k in (form.phone_key, form.place_key))
    asked = bool(phone or place)
    return {
        "form": form,
        "process": process,
        "asked": asked,
        "earlier": engine().ask(EarlierOrders(process, phone, place), current_actor()) if asked else [],
        "checklist": form.checked(answers),
        "drafts": engine().ask(StartDrafts(process), current_actor()),
    }


def _first(value: object) -> str:
    return str(value[0] if isinstance(value, list) and value else value or "").strip()


def _is_the_same(form: StartForm, answers: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a form handed in again says what the order says: then it was a double click."""
    try:
        cleaned = form.schema.clean(answers)
    except InvalidForm:
        return False
    return all(record.get(key) == value for key, value in cleaned.items())


def _handed_in_before(process: str, answers: Mapping[str, Any], number: str) -> ResponseReturnValue:
    """Somebody went back in the browser and changed a form that has become an order: what is new must not be lost."""
    about = _about(process, "")
    engine().execute(SaveDraft(current_actor(), about, answers))
    flash(_("这张登记表已经登记成工单 %(n)s。改动的内容没有写进去,另存在这里;要另立一件再点登记。", n=number))
    return redirect(url_for(".intake", process=process, draft=about), 303)
