"""The language of the pages: Chinese, or another for whoever asks for it; a cookie remembers."""

from datetime import timedelta

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain

from web.auth import cookies
from web.translations.catalogue import DOMAIN, LANGUAGES, SOURCE, translations

bp = Blueprint("language", __name__)
NAME = "banjie_language"
KEPT = timedelta(days=365)
NAMES = {"zh": "中文", "en": "English"}
"""Languages as those call them who read them."""


def register(app: Flask) -> None:
    """Let pages speak the language asked for; Flask-Babel is handed what it would look for in compiled files."""
    domain = Domain(domain=DOMAIN)
    domain.cache.update({(language, DOMAIN): translations(language) for language in LANGUAGES})
    Babel(app, locale_selector=current).domain_instance = domain
    app.jinja_env.globals.update(other_languages=others, here=cookies.here)
    app.register_blueprint(bp)


def current() -> str:
    """Give the language of this request."""
    asked = request.cookies.get(NAME, SOURCE)
    return asked if asked in LANGUAGES else SOURCE


def others() -> dict[str, str]:
    """Give the languages one may switch to, by code."""
    return {code: name for code, name in NAMES.items() if code != current()}


@bp.post("/language")
def switch() -> ResponseReturnValue:
    """Remember the language and go back to the page the form stood on."""
    response = redirect(cookies.own_path(request.form.get("next")) or url_for("tasklist.todo"), 303)
    asked = request.form.get("language", "")
    if asked in LANGUAGES:
        production = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(NAME, asked, KEPT, secure=production, httponly=True, samesite="Lax")
    return response
