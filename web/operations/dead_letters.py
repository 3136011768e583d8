"""What a channel has given up, for admins: read why, send it again, one by one or all at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engine import MOST_RESENT, DeadLetters, ResendDeadLetters, ResendMessage
from engine.domain.errors import Conflict, EngineError, Invalid
from web.errors import status_of
from web.front import current_actor, engine
from web.once import once
from web.operations import channel_words as words
from web.operations.masking import masked

bp = Blueprint("dead_letters", __name__)


@bp.get("/<channel>/dead-letters")
def every(channel: str) -> ResponseReturnValue:
    """The dead letters of one channel, oldest first."""
    return _page(channel)


@bp.post("/<channel>/dead-letters")
def resend_all(channel: str) -> ResponseReturnValue:
    """Send all of a channel again."""
    count = once(ResendDeadLetters(channel, current_actor()))
    if count is None:
        flash(_("这一次已经重发过了"))
    elif count == MOST_RESENT:
        flash(_("已重发最早的 %(n)d 条;还有的话再点一次。", n=count))
    elif count:
        flash(ngettext("已重发 %(num)d 条", "已重发 %(num)d 条", count))
    else:
        flash(_("没有死信了"))
    return redirect(url_for(".every", channel=channel), 303)


@bp.post("/<channel>/dead-letters/<int:letter>")
def resend(channel: str, letter: int) -> ResponseReturnValue:
    """Send one again, perhaps to another person or address."""
    to = request.form.get("recipient", "")
    try:
        once(ResendMessage(letter, current_actor(), to))
    except (Invalid, Conflict) as error:
        return _page(channel, error, letter), status_of(error)
    flash(_("已重发,发给 %(to)s", to=masked(to.strip())) if to.strip() else _("已重发"))
    return redirect(url_for(".every", channel=channel), 303)


def _page(channel: str, error: EngineError | None = None, letter: int = 0) -> str:
    after = request.args.get("after", 0, type=int)
    return render_template(
        "channels/dead_letters.html",
        page=engine().ask(DeadLetters(channel, after), current_actor()),
        error=error,
        letter=letter,
        kinds=words.kinds(),
        outcomes=words.outcomes(),
        masked=masked,
    )
