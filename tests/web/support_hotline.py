"""The mayor's hotline in the browser: everybody can be logged in, calls are taken and steps handed in through the pages."""

import io
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row
from werkzeug.test import TestResponse

from engine import AddChannel, AddPerson, Engine, StartInstance, SwitchChannel, open_engine
from engine.domain.actors import SYSTEM
from engine.domain.clock import FrozenClock
from engine.queries.work_order import ShowOrder
from engine.settings import Settings
from engine.sign_in import session_id
from engine.store import accounts
from engine.store.database import transaction
from tests.web.conftest import MONDAY, WITH_PASSWORD, Browser, Site
from web.app import create_app

PROCESS = "mayor_hotline"
CALL = {
    "caller_name": "王先生",
    "caller_phone": "13800005678",
    "place": "解放路12号",
    "subject": "路灯不亮",
    "content": "解放路路灯三天不亮。",
    "category": "request",
    "request_kind": "ordinary",
    "outside_matter": "none",
    "emergency": "none",
}
DISPATCHED = {"dispatch_choice": "dispatch", "unit": "city_roads", "urgency": "normal"}
HANDLED = {
    "handle_result": "finished",
    "reply": "已换灯泡。",
    "told_caller": "yes",
    "handler_name": "周海",
    "feedback_channel": "network",
}


@dataclass
class Hotline:
    """The site with the hotline released."""

    site: Site

    def as_(self, person: str) -> Browser:
        """Give a browser somebody is logged in with; no password is spent."""
        browser, token = self.site.browser(), secrets.token_urlsafe(16)
        with transaction(self.site.engine.database) as connection:
            now = self.site.clock.lease_now()
            accounts.open_session(connection, session_id(token), person, now, timedelta(hours=12))
        browser.carry(token)
        browser.get("/password")
        return browser

    def start(self, agent: str = "agent_li", **answers: Any) -> str:
        """Take a call by the command; give the order's number."""
        return self.site.engine.execute(StartInstance(PROCESS, agent, {**CALL, **answers})).number

    def task(self, number: str, element: str = "") -> Row[Any]:
        """Give the open task of an order."""
        order = next(r for r in self.site.rows("work_order") if r.number == number)
        return next(
            t
            for t in self.site.rows("user_task")
            if t.instance_id == order.instance_id and t.state == "open" and element in ("", t.element_id)
        )

    def hand_in(self, person: str, number: str, /, **answers: Any) -> TestResponse:
        """Hand in the open task of an order through its page."""
        return self.as_(person).post(f"/tasks/{self.task(number).id}/complete", answers)

    def dispatched(self, **answers: Any) -> str:
        """Give an order that the roads office has on its table."""
        number = self.start(**answers)
        self.hand_in("leader_wang", number, **DISPATCHED)
        return number

    def order(self, number: str, person: str = "admin_tang") -> Any:
        """Look at an order."""
        return self.site.engine.ask(ShowOrder(number), person)

    def drafts(self, about: str) -> list[dict[str, Any]]:
        """Give the drafts whose subject begins so."""
        return [row.answers for row in self.site.rows("draft") if row.about.startswith(about)]


def file(name: str, content: bytes) -> tuple[io.BytesIO, str]:
    """Give a file as a browser sends it."""
    return io.BytesIO(content), name


@pytest.fixture(scope="session")
def furnished_hotline(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the hotline released, an account for everybody, and a visitor who belongs nowhere near."""
    path = tmp_path_factory.mktemp("hotline") / "template.db"
    shutil.copyfile(furnished, path)
    site = site_of(path)
    site.deploy_hotline()
    site.engine.execute(AddPerson("mei", "梅路人", SYSTEM.id))
    persons = {row.id for row in site.rows("person")}
    with transaction(site.engine.database) as connection:
        for person in persons - set(WITH_PASSWORD):
            accounts.put_password(connection, person, "no-password-opens-this", False, MONDAY)
    site.engine.database.dispose()
    return path


@pytest.fixture
def hotline(furnished_hotline: Path, tmp_path: Path) -> Iterator[Hotline]:
    """The hotline on a Monday morning."""
    shutil.copyfile(furnished_hotline, tmp_path / "hotline.db")
    site = site_of(tmp_path / "hotline.db")
    yield Hotline(site)
    site.engine.database.dispose()


def site_of(path: Path) -> Site:
    """Give the site on a database."""
    clock = FrozenClock(MONDAY)
    engine = open_engine(Settings(database=f"sqlite:///{path}", secret="s" * 32, kind="test"), clock)
    return Site(create_app(engine), engine, clock)


def add_channels(engine: Engine) -> None:
    """Set up e-mail and a WeCom group and switch them on."""
    engine.settings = replace(engine.settings, secret="a secret of an installation, long enough")
    mail = {"server": "smtp.example.cn", "port": "465", "security": "tls", "sender": "notice@example.cn"}
    engine.execute(AddChannel("mail", "email", "邮件", mail, "admin_tang"))
    engine.execute(AddChannel("group", "wecom", "热线群", {"key": "693a91f6-7xxx-4bc4"}, "admin_tang"))
    for key in ("mail", "group"):
        engine.execute(SwitchChannel(key, True, "admin_tang"))
