"""怎么通知我: my addresses, whether I am left in peace after hours, and by which ways I hear of which kind of notice."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import ChangeReach, ChangeWishes, ShowReach
from engine.domain.errors import Invalid
from web.deliveries import USUAL, channel_name, kind_names, ways_said
from web.front import current_actor, engine


def add_to(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    bp.add_url_rule("/notices/wishes", view_func=wishes)
    bp.add_url_rule("/notices/wishes", view_func=put_wishes, methods=["POST"])


def wishes() -> ResponseReturnValue:
    """Show what holds now."""
    return _page()


def put_wishes() -> ResponseReturnValue:
    """Write everything the page holds; what is refused is refused before anything else is written."""
    said, me = request.form, current_actor()
    try:
        engine().execute(ChangeReach(me, said.get("email", ""), said.get("phone", ""), "quiet" in said, me))
    except Invalid as error:
        return _page(error), 422
    for kind in kind_names():
        if f"{kind}-1" in said:
            engine().execute(ChangeWishes(kind, ways_said(said, kind), me))
    flash(_("已保存,从下一条通知起这样发"))
    return redirect(url_for(".wishes"), 303)


def _page(error: Invalid | None = None) -> str:
    reach = engine().ask(ShowReach(current_actor()), current_actor())
    names = {kind: channel_name(kind, kind) for kind in reach.offered}
    return render_template(
        "tasklist/wishes.html",
        reach=reach,
        names=names,
        kinds=kind_names(),
        usual=USUAL,
        error=error,
        said=request.form,
    )
