"""A site with the procedures' and admins' pages alone: people are named by a header, no log-in in between; and a small procedure."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, abort, g, request
from flask.testing import FlaskClient
from sqlalchemy import Row
from werkzeug.test import TestResponse

from engine import CompleteUserTask, Deploy, Engine, ImportPeople, StartInstance, install, open_engine
from engine.domain.actors import SYSTEM
from engine.domain.clock import SHANGHAI, FrozenClock
from engine.service_tasks import Register, ServiceTask
from engine.settings import Settings
from engine.store import people, tables
from engine.store.database import reading
from web import errors, front, language, once, words
from web.app import CSP
from web.modeler import pages as modeler
from web.operations import pages as operations
from workers.runner import Worker

HERE = Path(__file__).parent
MONDAY = datetime(2025, 9, 22, 10, 0, tzinfo=SHANGHAI)
PEOPLE = (
    ("root", "管理员", "admin"),
    ("owner", "白流程", "process_owner"),
    ("second", "黑流程", "process_owner"),
    ("clerk", "周经办", "clerk"),
    ("mei", "梅路人", "visitor"),
)
UNITS = [{"id": "town", "name": "某市", "kind": "town"}]
TOKEN = "collector-token"

TOML = (HERE / "letter.toml").read_text("utf-8")
FORM = """{"type": "default", "components": [{"type": "textfield", "key": "subject", "label": "事由"},
 {"type": "textfield", "key": "phone", "label": "电话"}, {"type": "number", "key": "amount", "label": "数"}]}"""
BPMN = (HERE / "letter.bpmn").read_text("utf-8")


def folder(**changed: str) -> dict[str, bytes]:
    """Give the files of the small procedure; `bpmn` or `toml` may be other texts."""
    note = '{"type": "default", "components": [{"type": "textfield", "key": "note", "label": "备注"}]}'
    texts_of = {"start": FORM, "fill": note, "file": note}
    forms = {f"forms/{name}.form": text.encode() for name, text in texts_of.items()}
    texts = {"letter.bpmn": changed.get("bpmn", BPMN), "procedure.toml": changed.get("toml", TOML)}
    return {**{name: text.encode() for name, text in texts.items()}, **forms}


def zipped(files: dict[str, bytes], top: str = "letter/") -> bytes:
    """Give files as a zip of a folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(f"{top}{name}", content)
    return packed.getvalue()


@dataclass(frozen=True)
class Letter:
    """What the worker function takes."""

    to: str | None = None


@dataclass(frozen=True)
class Posted:
    """What it gives back."""

    tracking: str


@dataclass
class Post:
    """A post office that is closed until it is opened."""

    is_open: bool = False
    sent: list[str] = field(default_factory=list)

    def send(self, letter: Letter) -> Posted:
        """Send a letter, or fail."""
        if not self.is_open:
            raise OSError(f"邮路不通 {letter.to}")
        self.sent.append(str(letter.to))
        return Posted(f"T{len(self.sent)}")


@dataclass
class Desk:
    """The site, its engine and clock, and short words for what people do."""

    app: Flask
    engine: Engine
    clock: FrozenClock
    post: Post
    worker: Worker

    def browser(self, person: str) -> FlaskClient:
        """Give a browser that says who it is."""
        client = self.app.test_client()
        client.environ_base["HTTP_X_PERSON"] = person
        return client

    def get(self, person: str, path: str) -> TestResponse:
        """Open a page as somebody."""
        return self.browser(person).get(path)

    def send(self, person: str, path: str, **said: Any) -> TestResponse:
        """Send a form as somebody; files as (name, content) pairs."""
        data = {k: (io.BytesIO(v[1]), v[0]) if isinstance(v, tuple) else v for k, v in said.items()}
        return self.browser(person).post(path, data=data, content_type="multipart/form-data")

    def upload(self, person: str, name: str, content: bytes, key: str = "letter") -> TestResponse:
        """Upload a diagram or folder."""
        return self.send(person, f"/procedures/{key}/upload" if key else "/procedures/upload", file=(name, content))

    def rows(self, table: str) -> list[Row[Any]]:
        """Give a table's rows by key."""
        found = tables.metadata.tables[table]
        with reading(self.engine.database) as connection:
            return list(connection.execute(found.select().order_by(*found.primary_key)))

    def start(self, **answers: Any) -> str:
        """Start a case; give its number."""
        return self.engine.execute(StartInstance("letter", "clerk", {"subject": "信", **answers})).number

    def write(self) -> None:
        """Complete the letter: the job is queued."""
        task = next(t for t in self.rows("user_task") if t.element_id == "fill" and t.state == "open")
        self.engine.execute(CompleteUserTask(task.id, "clerk"))

    def give_up(self) -> None:
        """Let every attempt of the queued jobs fail."""
        for _ in range(6):
            self.worker.drain()
            self.clock.move_to(self.clock.at + timedelta(hours=2))

    def history(self) -> list[str]:
        """Give the kinds of what happened, in order."""
        return [row.kind for row in self.rows("history")]


@pytest.fixture(scope="session")
def furnished_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people and the small procedure released."""
    path = tmp_path_factory.mktemp("desk") / "template.db"
    engine = open_engine(Settings(database=f"sqlite:///{path}", kind="test"), FrozenClock(MONDAY), _register(Post()))
    install(engine)
    persons = [{"id": i, "name": n, "memberships": [{"unit": "town", "role": r}]} for i, n, r in PEOPLE]
    engine.execute(ImportPeople(SYSTEM.id, UNITS, persons))
    engine.execute(Deploy(folder(), SYSTEM.id))
    engine.database.dispose()
    return path


@pytest.fixture
def desk(furnished_desk: Path, tmp_path: Path) -> Iterator[Desk]:
    """The site on a Monday morning."""
    shutil.copyfile(furnished_desk, tmp_path / "desk.db")
    clock, post = FrozenClock(MONDAY), Post()
    settings = Settings(database=f"sqlite:///{tmp_path / 'desk.db'}", secret="s" * 32, kind="test", metrics_token=TOKEN)
    engine = open_engine(settings, clock, _register(post))
    yield Desk(_app(engine), engine, clock, post, Worker(engine))
    engine.database.dispose()


def _register(post: Post) -> Register:
    register = Register()
    register.add(ServiceTask("send_letter", True, post.send, Letter, wants_facts=False, attempts=3))
    return register


def _app(engine: Engine) -> Flask:
    app = Flask("web", root_path=str(Path(modeler.__file__).parent.parent))
    app.config.update(SECRET_KEY="s" * 32, BABEL_DEFAULT_LOCALE="zh")
    app.extensions["banjie"] = engine
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    language.register(app)
    words.register(app)
    once.register(app)
    errors.register(app)
    app.before_request(_whoever_says)
    app.after_request(lambda r: (r.headers.setdefault("Content-Security-Policy", CSP), r)[1])
    for blueprint in (*_elsewhere(), modeler.bp, operations.bp):
        app.register_blueprint(blueprint)
    return app


def _whoever_says() -> None:
    with reading(front.engine().database) as connection:
        known = people.actor(connection, request.headers.get("X-Person", "nobody"))
        g.person = known.actor if known else None
    g.nav = _Nav()


class _Nav:
    entries: tuple[Any, ...] = ()
    can_start = False


def _elsewhere() -> list[Blueprint]:
    """Pages of other rooms that ours link to."""
    found = []
    known = {
        "tasklist": ("todo", "receipt", "notices", "copies", "substitutes"),
        "work_orders": ("search", "intake", "show", "waits"),
        "auth": ("log_out", "change_password"),
        "channels": ("every", "show"),
    }
    for room, names in known.items():
        blueprint = Blueprint(room, __name__)
        for name in names:
            blueprint.add_url_rule(f"/{room}/{name}", name, lambda **_: abort(404))
        found.append(blueprint)
    return found
