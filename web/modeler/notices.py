"""The notices of a procedure: how each goes, its template, and how it reads for a real order."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import PreviewNotices
from engine.domain.errors import NotFound
from engine.domain.notice_rules import CHANNEL_KINDS
from web.deliveries import channel_name, kind_names
from web.front import current_actor, engine


def add_to(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/procedures/<key>/<int:version>/notices", view_func=procedure_notices)


def procedure_notices(key: str, version: int) -> ResponseReturnValue:
    """List the notices of a version, filled from the order asked for, else from the newest one in sight."""
    number, status = request.args.get("number", "")[:40].strip(), 200
    refused = ""
    try:
        shown = engine().ask(PreviewNotices(key, version, number), current_actor())
    except NotFound as missing:
        shown = engine().ask(PreviewNotices(key, version), current_actor())
        refused, status = str(missing), 404
    words = {
        "kinds": kind_names(),
        "verbs": verbs(),
        "ways": {kind: channel_name(kind, kind) for kind in CHANNEL_KINDS},
    }
    page = "modeler/notices.html"
    return render_template(page, shown=shown, key=key, number=number, refused=refused, **words), status


def verbs() -> dict[str, str]:
    """Give what people call the acts that put a notice, by their keys in `[notices]`."""
    return {
        "urge": _("催办"),
        "supervise": _("督办"),
        "slip_answered": _("单子有了答复"),
        "slip_unanswered": _("单子到期没有答复"),
        "slip_done": _("督办的一步办完"),
        "escalate": _("升级"),
        "taken_over": _("升级接手"),
        "extend": _("延期已批准"),
        "extension_asked": _("申请延期"),
        "extension_refused": _("延期未批准"),
        "pause": _("暂停"),
        "resume": _("恢复"),
        "pause_review": _("该复核暂停"),
        "transferred": _("转办"),
        "delegated": _("委派到手"),
        "delegation_answered": _("委派的意见回来了"),
        "delegation_recalled": _("委派收回"),
        "signing_asked": _("请你签署"),
        "signed": _("加签有了意见"),
        "signed_back": _("加签不同意,退给提交人"),
        "signer_taken_off": _("减签"),
        "co_signer_added": _("请你会签"),
        "co_signer_dropped": _("不用会签了"),
        "opened": _("新待办"),
        "copied": _("抄送"),
        "commented": _("评论"),
    }
