"""One order: its page, sheets, attachments, links and messages; and the search for orders."""

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    LinkOrders,
    PaperContent,
    ProcedureTitles,
    RevealPersonal,
    Search,
    SendMessage,
    ShowOrder,
)
from engine.domain.errors import EngineError, Invalid, NotFound
from engine.domain.texts import savable
from web.front import current_actor, engine
from web.once import OURS, once
from web.work_orders import board, endings, intake, jumps, pauses, remarks, slips, withdrawal
from web.work_orders.page import page

bp = Blueprint("work_orders", __name__)
for part in (intake, board, pauses, remarks, slips, endings, jumps, withdrawal):
    part.add_to(bp)
SHEETS = ("dispatch", "feedback")


@bp.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    """One order with everything around it."""
    return page(number)


@bp.get("/orders/<number>/sheet/<kind>")
def sheet(number: str, kind: str) -> ResponseReturnValue:
    """The paper form an order replaces: 交办单 (dispatch) or 承办反馈单 (feedback), for A4."""
    if kind not in SHEETS:
        raise NotFound(_("没有这种单子"))
    order = engine().ask(ShowOrder(number), current_actor())
    return render_template("work_orders/sheet.html", order=order, kind=kind)


@bp.post("/orders/<number>/message/<name>")
def message(number: str, name: str) -> ResponseReturnValue:
    """Send a message that the case waits for (an extension is asked for, the caller phoned again)."""
    data = {key: value.strip() for key, value in request.form.items() if key not in OURS}
    once(SendMessage(name, number, current_actor(), data))
    flash(_("已记到工单 %(n)s,并告知经办人。", n=number))
    return redirect(_home(number), 303)


@bp.post("/orders/<number>/reveal")
def reveal(number: str) -> ResponseReturnValue:
    """Show one masked value in full; the reason is kept."""
    key = request.form.get("reveal", "")
    try:
        value = engine().execute(RevealPersonal(current_actor(), number, key, request.form.get(f"why-{key}", "")))
    except Invalid as error:
        return page(number, refused={"reveal": str(error)}), 422
    return page(number, revealed={key: value})


@bp.post("/orders/<number>/link")
def link(number: str) -> ResponseReturnValue:
    """Bind the order to another about the same matter."""
    engine().ask(ShowOrder(number), current_actor())
    other = savable(request.form.get("other", "")).strip().upper()[:40]
    try:
        engine().execute(LinkOrders(number, current_actor(), [other]))
    except (Invalid, NotFound) as error:
        return page(number, refused={"link": str(error)}), 422
    flash(_("已与 %(n)s 绑定。", n=other))
    return redirect(url_for(".show", number=number), 303)


@bp.get("/papers/<ident>")
def paper(ident: str) -> ResponseReturnValue:
    """Download an attachment: always as a file, never shown inside our pages."""
    found = engine().ask(PaperContent(ident), current_actor())
    response = send_file(
        io.BytesIO(found.content), found.mime, as_attachment=True, download_name=found.name, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.get("/search")
def search() -> ResponseReturnValue:
    """Orders that match."""
    q = request.args.get("q", "")[:100]
    rows = engine().ask(Search(q), current_actor())
    return render_template("work_orders/search.html", rows=rows, q=q, titles=engine().ask(ProcedureTitles()))


def _home(number: str) -> str:
    """The order for those who may see it; a call-taker who told another's case something goes back to the intake."""
    try:
        engine().ask(ShowOrder(number), current_actor())
    except EngineError:
        return url_for(".intake")
    return url_for(".show", number=number)
