"""The application factory: one engine, blueprints by subject, headers, errors, languages."""

import secrets
from datetime import timedelta

from flask import Flask, Response, g, request
from flask_wtf import CSRFProtect

from engine import Engine
from web import answered, co_signing, errors, hooks, kept_words, language, once, receipts, timeline, words
from web.auth import pages as auth
from web.auth.guard import guard
from web.modeler import pages as modeler
from web.operations import calendars, channels, people, usual_ways
from web.operations import pages as operations
from web.tasklist import pages as tasklist
from web.work_orders import pages as work_orders

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAX_UPLOAD = 64 * 1024 * 1024
"""Of one request. A single file may have 20 MB: it is refused by itself, so that the rest of its form is not lost."""


def create_app(engine: Engine) -> Flask:
    """Give the application over an engine; cookies are Secure wherever the installation is a production one."""
    app = Flask(__name__)
    production = engine.settings.kind == "production"
    app.config.update(
        SECRET_KEY=engine.settings.secret or secrets.token_hex(32),
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        SESSION_COOKIE_NAME="banjie_form",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
    )
    app.extensions["banjie"] = engine
    CSRFProtect(app).exempt(hooks.bp)
    language.register(app)
    words.register(app)
    co_signing.register(app)
    receipts.register(app)
    timeline.register(app)
    answered.register(app)
    errors.register(app)
    once.register(app)
    kept_words.register(app)
    app.before_request(guard)
    app.after_request(_headers)
    for pages in (auth, tasklist, work_orders, modeler, operations, people, calendars, channels, usual_ways, hooks):
        app.register_blueprint(pages.bp)
    return app


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", g.get("csp", CSP))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
