"""People from a file, for admins: upload, look at what would happen, then say yes."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from engine import ImportLines, PersonLine, PreviewPeople
from engine.domain.errors import EngineError, Invalid
from web.front import current_actor, engine
from web.operations.people_files import read_people, spreadsheet

bp = Blueprint("people_import", __name__)
GOOD_FOR = 3600
"""Seconds a preview may be looked at before the file must be chosen again."""
SHOWN = 200
HEADINGS = ("账号", "姓名", "单位", "岗位", "邮箱", "手机号")
TEMPLATE = [
    ("zhang_wei", "张伟", "话务大厅", "话务员", "zhang_wei@example.cn", "13800000001"),
    ("li_na", "李娜", "", "", "", ""),
]


@bp.get("/people/import")
def choose() -> ResponseReturnValue:
    """Ask for the file."""
    return render_template("people/import.html")


@bp.get("/people/template.csv")
def template() -> ResponseReturnValue:
    """Give an empty file with two lines to go by."""
    said = {"Content-Disposition": "attachment; filename=people-template.csv"}
    return (
        spreadsheet(HEADINGS, TEMPLATE),
        200,
        {"Content-Type": "text/csv; charset=utf-8", **said},
    )


@bp.post("/people/import")
def preview() -> ResponseReturnValue:
    """Show what the file would do; nothing is written."""
    sent = request.files.get("file")
    try:
        lines = read_people(sent.filename or "", sent.stream.read()) if sent and sent.filename else []
        judged = engine().ask(PreviewPeople(lines), current_actor())
    except Invalid as error:
        return _refused(error)
    wrong = sum(bool(one.errors) for one in judged)
    told = sorted(judged, key=lambda one: (not one.errors, not one.notes, one.line.row))
    return render_template(
        "people/preview.html",
        shown=told[:SHOWN],
        total=len(judged),
        wrong=wrong,
        changes=sum(bool(one.does) for one in judged),
        sealed="" if wrong else _sealer().dumps([_plain(line) for line in lines]),
    )


@bp.post("/people/import/confirm")
def confirm() -> ResponseReturnValue:
    """Write what was previewed."""
    try:
        said = _sealer().loads(request.form.get("sealed", ""), max_age=GOOD_FOR)
        done = engine().execute(ImportLines([PersonLine(*line) for line in said], current_actor()))
    except BadData:
        return _refused(Invalid(_("预览已过期,请重新选择文件")))
    except Invalid as error:
        return _refused(error)
    told = _("已导入:新增或改名 %(p)d 人,新增岗位 %(m)d 个", p=done.people, m=done.memberships)
    flash(told + (_(",写下 %(a)d 人的邮箱或手机号", a=done.addresses) if done.addresses else ""))
    return redirect(url_for("people.every", state="no_password"), 303)


def _refused(error: EngineError) -> ResponseReturnValue:
    return render_template("people/import.html", error=error), 422


def _plain(line: PersonLine) -> list[object]:
    return [line.row, line.person, line.name, line.unit, line.role, line.email, line.phone]


def _sealer() -> URLSafeTimedSerializer:
    """The preview travels through the page, signed: what was looked at is what is written, by the one who looked."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"people-import:{current_actor()}")
