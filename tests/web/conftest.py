"""A small site under test: the demo organisation on SQLite, a clock that stands still, browsers that keep cookies and send CSRF tokens."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Row, event, select
from werkzeug.test import TestResponse

from engine import Deploy, Engine, StartInstance, demo_organisation, install, open_engine, set_password
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from engine.domain.clock import SHANGHAI, FrozenClock
from engine.settings import Settings
from engine.store import tables
from engine.store.database import reading
from web.app import create_app

MONDAY = datetime(2025, 9, 22, 10, 0, tzinfo=SHANGHAI)
PASSWORD = "correct horse 42"
WITH_PASSWORD = ("admin_tang", "agent_li", "leader_wang")
ENQUIRY = {
    "caller_name": "王先生",
    "caller_phone": "13800005678",
    "subject": "供暖何时开始",
    "content": "询问今年供暖开始日期。",
    "category": "enquiry",
    "enquiry_kind": "simple",
}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """Somebody's browser: cookies, and the CSRF token of the page seen last."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(path, **options))

    def post(self, path: str, /, said: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form as the page seen last would."""
        return self._seen(self.client.post(path, data={"csrf_token": self.token, **(said or {})}, **options))

    def log_in(self, account: str, password: str = PASSWORD, goes_to: str = "") -> TestResponse:
        """Log in through the page; the token of the next page is ready."""
        self.get("/login")
        response = self.post("/login", {"account": account, "password": password, "next": goes_to})
        if response.status_code == 303:
            self.get(response.headers["Location"])
        return response

    def cookie(self) -> str:
        """Give the session's token."""
        found = self.client.get_cookie("banjie_session")
        return found.value if found else ""

    def carry(self, token: str) -> None:
        """Put a session's token into the browser."""
        self.client.set_cookie("banjie_session", token)

    def _seen(self, response: TestResponse) -> TestResponse:
        found = _TOKEN.search(response.get_data(as_text=True)) if response.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return response


@dataclass
class Site:
    """The application with its engine and clock."""

    app: Flask
    engine: Engine
    clock: FrozenClock
    orders: list[str] = field(default_factory=list)

    def browser(self) -> Browser:
        """Give a browser nobody is logged in with."""
        return Browser(self.app.test_client())

    def logged_in(self, account: str) -> Browser:
        """Give a browser somebody is logged in with."""
        browser = self.browser()
        browser.log_in(account)
        return browser

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.clock.move_to(self.clock.at + timedelta(**span))

    def rows(self, table: str) -> list[Row[Any]]:
        """Give the rows of a table, in order of their key."""
        found = tables.metadata.tables[table]
        with reading(self.engine.database) as connection:
            return list(connection.execute(select(found).order_by(*found.primary_key)))

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the SQL statements sent meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        event.listen(self.engine.database, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.engine.database, "before_cursor_execute", note)

    def deploy_hotline(self) -> None:
        """Release the mayor's hotline."""
        self.engine.execute(Deploy(read_bundle(procedures_root() / "hotline" / "mayor_hotline"), SYSTEM.id))

    def call(self, agent: str, **answers: Any) -> None:
        """Take a call."""
        said = {**ENQUIRY, **answers}
        self.orders.append(self.engine.execute(StartInstance("mayor_hotline", agent, said)).number)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo organisation, some of whom have a password."""
    path = tmp_path_factory.mktemp("site") / "template.db"
    engine = open_engine(Settings(database=f"sqlite:///{path}", kind="test"), FrozenClock(MONDAY))
    install(engine)
    engine.execute(demo_organisation(SYSTEM.id))
    for person in WITH_PASSWORD:
        set_password(engine, person, PASSWORD, SYSTEM.id, must_change=False)
    engine.database.dispose()
    return path


@pytest.fixture
def site(furnished: Path, tmp_path: Path) -> Iterator[Site]:
    """The site on a Monday morning."""
    shutil.copyfile(furnished, tmp_path / "site.db")
    clock = FrozenClock(MONDAY)
    engine = open_engine(Settings(database=f"sqlite:///{tmp_path / 'site.db'}", secret="s" * 32, kind="test"), clock)
    yield Site(create_app(engine), engine, clock)
    engine.database.dispose()
