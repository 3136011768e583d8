"""Channels, for admins: the list, one channel with its form, trying it out. Secrets go in and never come out."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    AddChannel,
    ChangeChannel,
    Channels,
    DropChannel,
    ShowChannel,
    ShowChannelTest,
    SwitchChannel,
    TestChannel,
    Units,
)
from engine.domain.channel_setup import KINDS
from engine.domain.errors import Conflict, EngineError, Invalid
from engine.domain.rights import ADMIN
from web.front import current_actor, current_person, engine
from web.once import once
from web.operations import channel_words as words
from web.operations import dead_letters
from web.operations.masking import masked

bp = Blueprint("channels", __name__, url_prefix="/admin/channels")
bp.register_blueprint(dead_letters.bp)


@bp.before_request
def admins_only() -> None:
    """Others learn nothing, not even that these pages exist."""
    if ADMIN not in current_person().roles:
        abort(404)


@bp.get("")
def every() -> ResponseReturnValue:
    """All channels and how they fare; with `kind`, the form for one more."""
    kind = request.args.get("kind", "")
    return _new(kind) if kind in KINDS else _list()


@bp.post("")
def add() -> ResponseReturnValue:
    """Set a channel up; it is off until somebody switches it on."""
    said, kind = request.form, request.form.get("kind", "")
    try:
        rate = _rate()
        key = engine().execute(
            AddChannel(
                said.get("code", ""),
                kind,
                said.get("name", ""),
                said.to_dict(),
                current_actor(),
                said.get("unit", ""),
                said.get("allows_inside") == "on",
                *rate,
            )
        )
    except (Invalid, Conflict) as error:
        return (_new(kind, error) if kind in KINDS else _list(error)), 422
    flash(_("通道已存下,还没有启用。先发一条测试消息,收到了再启用。"))
    return redirect(url_for(".show", channel=key), 303)


@bp.get("/<channel>")
def show(channel: str) -> ResponseReturnValue:
    """One channel."""
    return _page(channel)


@bp.post("/<channel>")
def change(channel: str) -> ResponseReturnValue:
    """Change it; secrets left empty stay as they are."""
    said = request.form
    try:
        rate = _rate()
        engine().execute(
            ChangeChannel(
                channel,
                said.get("version", 0, type=int),
                said.get("name", ""),
                said.to_dict(),
                current_actor(),
                said.get("unit", ""),
                said.get("allows_inside") == "on",
                *rate,
            )
        )
    except (Invalid, Conflict) as error:
        return _page(channel, error), 422
    flash(_("已存下"))
    return redirect(url_for(".show", channel=channel), 303)


@bp.post("/<channel>/switch")
def switch(channel: str) -> ResponseReturnValue:
    """Let it send, or stop it."""
    is_on = request.form.get("value") == "on"
    try:
        engine().execute(SwitchChannel(channel, is_on, current_actor()))
    except Invalid as error:
        return _page(channel, error), 422
    flash(_("通道已启用") if is_on else _("通道已停用"))
    return redirect(url_for(".show", channel=channel), 303)


@bp.post("/<channel>/drop")
def drop(channel: str) -> ResponseReturnValue:
    """Remove it while nothing waits there."""
    try:
        engine().execute(DropChannel(channel, current_actor()))
    except Conflict as error:
        return _page(channel, error), 409
    flash(_("通道已删除"))
    return redirect(url_for(".every"), 303)


@bp.post("/<channel>/test")
def test(channel: str) -> ResponseReturnValue:
    """Send a message for trying it out; the next page shows what the provider says."""
    try:
        ident = once(TestChannel(channel, request.form.get("to", ""), current_actor()))
    except Invalid as error:
        return _page(channel, error), 422
    if ident is None:
        return redirect(url_for(".show", channel=channel), 303)
    return redirect(url_for(".tested", channel=channel, test=ident), 303)


@bp.get("/<channel>/tests/<int:test>")
def tested(channel: str, test: int) -> ResponseReturnValue:
    """How trying it out went."""
    view = engine().ask(ShowChannelTest(channel, test), current_actor())
    return render_template("channels/test.html", view=view, outcomes=words.outcomes(), masked=masked)


def _rate() -> tuple[int | None, int | None]:
    """Give what was typed as a limit: messages and seconds; nothing in both: no limit. Raises Invalid."""
    count, seconds = (request.form.get(name, "").strip() for name in ("rate", "rate_seconds"))
    if not count and not seconds:
        return None, None
    if not (count.isascii() and count.isdigit() and seconds.isascii() and seconds.isdigit()):
        raise Invalid(_("限速要写多少秒内至多多少条,如 60 秒 20 条;不限就都空着"))
    return int(count), int(seconds)


def _list(error: EngineError | None = None) -> str:
    return render_template(
        "channels/list.html",
        channels=engine().ask(Channels(), current_actor()),
        kinds=words.kinds(),
        purposes=words.purposes(),
        outcomes=words.outcomes(),
        error=error,
        masked=masked,
    )


def _new(kind: str, error: EngineError | None = None) -> str:
    said = request.form if request.method == "POST" else {f.name: f.default for f in KINDS[kind].fields}
    return render_template("channels/new.html", error=error, **_form(kind, said))


def _page(channel: str, error: EngineError | None = None) -> str:
    view = engine().ask(ShowChannel(channel), current_actor())
    typed = error is not None and "version" in request.form
    said = request.form if typed else {**view.settings, "name": view.line.name, "unit": view.unit}
    return render_template(
        "channels/show.html",
        view=view,
        typed=typed,
        error=error,
        outcomes=words.outcomes(),
        masked=masked,
        **_form(view.line.kind, said),
    )


def _form(kind: str, said: object) -> dict[str, object]:
    return {
        "kind": kind,
        "setup": KINDS[kind],
        "said": said,
        "kinds": words.kinds(),
        "purposes": words.purposes(),
        "labels": words.fields(),
        "helps": words.helps(),
        "options": words.options(),
        "units": engine().ask(Units(), current_actor()),
    }
