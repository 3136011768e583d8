"""Procedures for those who start, supervise or own them: gallery, one procedure, upload, release, roll back, download."""

import io
import zipfile
from collections.abc import Mapping
from typing import cast

from flask import Blueprint, Flask, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    AdminEvents,
    Deploy,
    ElementTemplates,
    Gallery,
    ProcedureFiles,
    ReleaseDefinition,
    RollBack,
    ShowProcedure,
    check_procedure,
    drawing_of,
    may_upload,
)
from engine.domain.errors import EngineError, Invalid, InvalidDiagram, NotFound
from engine.domain.findings import Finding
from engine.domain.procedure import parse_procedure
from web import assets
from web.errors import status_of
from web.front import current_actor, current_person, engine
from web.modeler import diagrams, limits, notices, words
from web.modeler.uploads import read_upload

bp = Blueprint("modeler", __name__)
bp.add_url_rule("/procedures/<key>/<int:version>/picture.svg", "picture", diagrams.picture)
bp.add_url_rule("/procedures/<key>/<int:version>/diagram.bpmn", "diagram", diagrams.diagram)
limits.add_to(bp)
notices.add_to(bp)
bp.add_url_rule("/orders/<number>/picture.svg", "case_picture", diagrams.case_picture)
bp.add_url_rule("/orders/<number>/diagram.bpmn", "case_xml", diagrams.case_xml)


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    """Give templates what the diagram section needs on any page."""
    app = cast(Flask, state.app)
    assets.register(app)
    app.jinja_env.filters["named"] = _named
    app.jinja_env.globals.update(case_diagram=diagrams.case_diagram, mark_words=words.marks)


def _named(code: str, names: Mapping[str, str]) -> str:
    """Give what a code is called, else the code."""
    return names.get(code, code)


@bp.get("/procedures")
def gallery() -> ResponseReturnValue:
    """Every procedure the person may start, supervise or look after, by family."""
    cards = engine().ask(Gallery(), current_actor())
    return render_template(
        "modeler/gallery.html",
        cards=cards,
        families=words.families(),
        states=words.states(),
        may_upload=may_upload(current_person()),
    )


@bp.get("/procedures/<key>")
def procedure(key: str) -> ResponseReturnValue:
    """One procedure at its active version, or at the one asked for."""
    return _page(key, request.args.get("version", type=int))


@bp.post("/procedures/upload")
@bp.post("/procedures/<key>/upload")
def upload(key: str = "") -> ResponseReturnValue:
    """Check what was uploaded; show what is wrong with it, or keep it as a draft."""
    if not may_upload(current_person()):
        raise NotFound(_("没有这个页面"))
    given = request.files.get("file")
    name, content = (given.filename or "", given.read()) if given else ("", b"")
    files: dict[str, bytes] = {}
    try:
        newest = engine().ask(ProcedureFiles(key), current_actor()) if key else {}
        files = read_upload(name, content, newest, key)
        _require_same(files, key)
        done = engine().execute(Deploy(files, current_actor(), draft=True))
    except InvalidDiagram as refused:
        return _refused(key, files, refused.findings, str(refused)), 422
    except Invalid as refused:
        return _refused(key, files, [], str(refused)), 422
    if done.unchanged:
        flash(_("内容与第 %(n)d 版相同,没有新增版本。", n=done.version))
    else:
        flash(_("已存为草稿:第 %(n)d 版。发布之后新工单才用它。", n=done.version))
    return redirect(url_for(".procedure", key=done.key, version=done.version), 303)


@bp.post("/procedures/<key>/<int:version>/release")
def release(key: str, version: int) -> ResponseReturnValue:
    """Release a draft, or roll back to a version released before."""
    shown = engine().ask(ShowProcedure(key, version), current_actor()).shown
    try:
        if shown.state == "retired":
            engine().execute(RollBack(shown.id, current_actor(), request.form.get("reason", "")))
            flash(_("已回退到第 %(n)d 版:新工单从现在起用它。", n=version))
        else:
            engine().execute(ReleaseDefinition(shown.id, current_actor()))
            flash(_("第 %(n)d 版已发布:新工单从现在起用它,正在办的留在原来的版本。", n=version))
    except EngineError as refused:
        return _page(key, version, str(refused)), status_of(refused)
    return redirect(url_for(".procedure", key=key), 303)


@bp.get("/procedures/<key>/<int:version>/download")
def download(key: str, version: int) -> ResponseReturnValue:
    """A version's files as a zip, ready to be changed and uploaded again; for those who look after procedures."""
    if not may_upload(current_person()):
        raise NotFound(_("没有这个页面"))
    files = engine().ask(ProcedureFiles(key, version), current_actor())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(files):
            target.writestr(zipfile.ZipInfo(f"{key}/{name}"), files[name])
    response = Response(packed.getvalue(), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{version}.zip"'
    return response


@bp.get("/procedures/element-templates.json")
def templates() -> ResponseReturnValue:
    """The desktop modeller's element templates with this office's calendars by name; for those who look after procedures."""
    if not may_upload(current_person()):
        raise NotFound(_("没有这个页面"))
    response = jsonify(engine().ask(ElementTemplates(), current_actor()))
    response.headers["Content-Disposition"] = 'attachment; filename="banjie.json"'
    return response


def _page(key: str, version: int | None, error: str = "") -> str:
    view = engine().ask(ShowProcedure(key, version), current_actor())
    findings: list[Finding] = []
    if view.may_manage and view.shown.state == "draft":
        files = engine().ask(ProcedureFiles(key, view.shown.version), current_actor())
        findings = check_procedure(files, engine().register)
    return render_template(
        "modeler/procedure.html",
        view=view,
        error=error,
        findings=findings,
        events=engine().ask(AdminEvents(subject=key), current_actor()).rows if view.may_manage else [],
        families=words.families(),
        states=words.states(),
        kinds=words.kinds(),
        levels=words.levels(),
        acts=words.acts(),
    )


def _require_same(files: dict[str, bytes], key: str) -> None:
    """A folder uploaded on a procedure's page must be that procedure."""
    if not key or "procedure.toml" not in files:
        return
    try:
        found = parse_procedure(files["procedure.toml"].decode("utf-8")).id
    except UnicodeDecodeError as error:
        raise Invalid(_("procedure.toml 不是 UTF-8 编码")) from error
    if found != key:
        raise Invalid(_("这个 zip 是流程 %(found)s 的,不是 %(key)s 的", found=found, key=key))


def _refused(key: str, files: dict[str, bytes], findings: list[Finding], sentence: str) -> str:
    """Show what is wrong, in words and on the drawing; nothing was kept."""
    wrong = {f.element: "overdue" for f in findings if f.level == "error" and f.element}
    order = {"error": 0, "warning": 1, "hint": 2}
    return render_template(
        "modeler/findings.html",
        key=key,
        sentence=sentence,
        findings=sorted(findings, key=lambda f: order[f.level]),
        levels=words.levels(),
        drawing=drawing_of(files, key, wrong) if key and files else "",
    )
