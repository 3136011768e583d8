"""Move an order to another step: an admin chooses from where and to where, sees what would happen, and does it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    JumpInstance,
    JumpPosition,
    JumpPositions,
    JumpPreview,
    JumpTarget,
    JumpTargets,
    PreviewJump,
    ShowOrder,
    order_acts,
)
from engine.domain.errors import Conflict, EngineError
from web.errors import REFUSED
from web.front import current_actor, current_person, engine
from web.once import once

AROUND = ("subProcess", "transaction", "callActivity")
"""Activities around steps."""


def add_to(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/orders/<number>/jump", view_func=choose_jump)
    bp.add_url_rule("/orders/<number>/jump", view_func=jump, methods=["POST"])


def choose_jump(number: str) -> ResponseReturnValue:
    """Where the order stands, where it may go, and what going there would do."""
    return _choice(number, request.args.getlist("at"), request.args.get("to", ""))


def jump(number: str) -> ResponseReturnValue:
    """Move it; what is refused comes back with what was typed."""
    chosen, to = request.form.getlist("at"), request.form.get("to", "")
    engine().ask(JumpPositions(number), current_actor())
    try:
        once(JumpInstance(number, current_actor(), tuple(chosen), to, request.form.get("reason", "")))
    except REFUSED as error:
        return _choice(number, chosen, to, error)
    flash(_("已跳转,收回待办的和接着办的人会收到通知。"))
    return redirect(url_for(".show", number=number), 303)


def _choice(number: str, chosen: list[str], to: str, refusal: EngineError | None = None) -> ResponseReturnValue:
    positions = engine().ask(JumpPositions(number), current_actor())
    order = engine().ask(ShowOrder(number), current_actor())
    if "jump" not in order_acts(order, current_person()):
        return redirect(url_for(".show", number=number), 303)
    known = tuple(each.ident for each in positions if each.ident in chosen) or _only(positions)
    targets, preview, why_not = _looked_at(number, known, to)
    shown = {"positions": positions, "chosen": known, "targets": targets, "to": to, "preview": preview}
    status = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
    refusal_words = str(refusal) if refusal is not None else ""
    return render_template(
        "work_orders/jump.html", order=order, kind=_kind, why_not=why_not, refusal=refusal_words, **shown
    ), status


def _only(positions: list[JumpPosition]) -> tuple[str, ...]:
    """Where an order stands at one step alone, that is meant until somebody says otherwise."""
    steps = [each.ident for each in positions if each.kind not in AROUND]
    return tuple(steps) if len(steps) == 1 else ()


def _looked_at(number: str, chosen: tuple[str, ...], to: str) -> tuple[list[JumpTarget], JumpPreview | None, str]:
    """Give the targets of the positions chosen, what the jump would do, or else why it cannot be."""
    targets: list[JumpTarget] = []
    if not chosen:
        return targets, None, ""
    try:
        every = engine().ask(JumpTargets(number, chosen), current_actor())
        targets = [each for each in every if each.kind != "endEvent" or each.name != each.element_id]
        return targets, engine().ask(PreviewJump(number, chosen, to), current_actor()) if to else None, ""
    except REFUSED as error:
        return targets, None, str(error)


def _kind(each: JumpPosition | JumpTarget) -> str:
    """Give in a word what kind of place it is."""
    words = {
        "userTask": _("待办"),
        "serviceTask": _("服务任务"),
        "sendTask": _("服务任务"),
        "scriptTask": _("自动计算"),
        "businessRuleTask": _("自动计算"),
        "subProcess": _("整个子流程"),
        "callActivity": _("整个被调用的流程"),
        "parallelGateway": _("在汇合处等"),
        "inclusiveGateway": _("在汇合处等"),
        "endEvent": _("结束"),
    }
    waits = each.kind.endswith(("CatchEvent", "receiveTask", "Gateway"))
    return str(words.get(each.kind, _("等待") if waits else _("自动办理")))
