"""Errors of the engine as pages: status, sentence, and a way on. Nobody below web knows HTTP."""

import logging

from flask import Flask, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.domain.errors import Conflict, EngineError, Invalid, NotAllowed, NotFound, StepFailed, Unavailable
from web.kept_words import written

log = logging.getLogger("banjie.web")
REFUSED = (Invalid, Conflict, StepFailed)
"""What somebody who wanted to do something is told on the page they did it from, what they typed kept: the case has not moved."""
STATUS: dict[type[EngineError], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422, Unavailable: 503}


def register(app: Flask) -> None:
    """Tie errors to pages."""
    app.register_error_handler(EngineError, _engine_error)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.before_request(_readable_address)


def _readable_address() -> None:
    """No name, number or filter has a control character in it, and PostgreSQL would choke on one."""
    if any("\x00" in part for part in (request.path, *request.args, *request.args.values())):
        abort(404)


def status_of(error: EngineError) -> int:
    """Give the HTTP status of an error: that of its nearest ancestor in the table, else 500."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def page(status: int, title: str, sentence: str) -> ResponseReturnValue:
    """Give an error page."""
    return render_template("error.html", title=title, sentence=sentence, code=status, words=written()), status


def _engine_error(error: EngineError) -> ResponseReturnValue:
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.path, error)
    titles = {
        404: _("找不到"),
        403: _("不能这样做"),
        409: _("别人先了一步"),
        422: _("有地方要改"),
        503: _("数据库连不上"),
    }
    return page(status, titles.get(status, _("没有办成")), str(error))


def _csrf(error: CSRFError) -> ResponseReturnValue:
    return page(400, _("页面已过期"), _("请返回上一页,刷新后再提交一次。你填的内容还在浏览器里。"))


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    said = {
        404: (_("找不到"), _("没有这个页面,或者你不能看它。")),
        401: (_("请先登录"), _("登录之后再打开这一页。")),
        413: (
            _("文件太大"),
            _("一次至多上传 64 MB,每个附件至多 20 MB。请返回上一页,少选几个文件再提交;你填的内容还在浏览器里。"),
        ),
        429: (_("太频繁了"), _("请稍等一会儿再试。")),
    }
    title, sentence = said.get(code, (_("没有办成"), error.description or ""))
    return page(code, title, sentence)
