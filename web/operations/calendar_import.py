"""Holidays of a year from outside, for admins: paste the notice, upload a table, or take what came with the package."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import NationalDays
from engine.domain.announcement import Announcement
from engine.domain.calendar_change import Change
from engine.domain.day_table import read_days
from engine.domain.errors import EngineError, Invalid, InvalidLines
from engine.domain.holiday_notice import read_notice
from engine.domain.national_days import announced_years, national_days
from web.front import current_actor, engine
from web.operations.calendar_changes import Draft, preview

bp = Blueprint("calendar_import", __name__)
MOST_BYTES = 2 * 1024 * 1024


@bp.get("/import")
def choose() -> ResponseReturnValue:
    """Ask for the notice or the table."""
    return _page()


@bp.post("/import")
def look() -> ResponseReturnValue:
    """Read what was given and show what it would change; nothing is written."""
    text = request.form.get("text", "")
    try:
        found = _announced(text)
        change = Change("days", _("%(y)d年放假安排", y=found.year), days=found.days)
        return preview(Draft(change, _("国务院办公厅已公布%(y)d年放假安排", y=found.year), text))
    except Invalid as error:
        return _page(error, text), 422


def _announced(text: str) -> Announcement:
    year = request.form.get("year", type=int)
    packaged = request.form.get("packaged", type=int)
    sent = request.files.get("file")
    if packaged in announced_years():
        return Announcement(int(packaged or 0), True, tuple(national_days(int(packaged or 0))))
    if text.strip():
        return read_notice(text, year)
    if sent and sent.filename:
        return read_days(sent.stream.read(MOST_BYTES + 1), year)
    raise Invalid(_("请粘贴通知全文,或选一个文件"))


def _page(error: EngineError | None = None, text: str = "") -> str:
    known = engine().ask(NationalDays(), current_actor())
    unsure = sorted({day.year for day, facts in known.items() if facts.provisional})
    packaged = [year for year in unsure if year in announced_years()]
    year = request.form.get("year", "")
    wrong = error.lines if isinstance(error, InvalidLines) else [str(error)] if error else []
    return render_template("calendars/import.html", wrong=wrong, text=text, unsure=unsure, packaged=packaged, year=year)
