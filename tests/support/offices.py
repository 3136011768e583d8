"""A small office under test: an engine on a given database, a clock that stands still, a worker, and short words for commands."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, event, select

from engine import (
    ClaimUserTask,
    CompleteUserTask,
    Deploy,
    Deployed,
    Engine,
    ExtendUserTask,
    History,
    ImportPeople,
    OpenIncidents,
    ReleaseUserTask,
    SendMessage,
    ShowCase,
    Started,
    StartInstance,
    TasksOfCase,
    UrgeUserTask,
    install,
    open_engine,
)
from engine.domain.actors import SYSTEM
from engine.domain.clock import SHANGHAI, FrozenClock
from engine.settings import Settings
from engine.store import tables
from engine.store.database import reading
from engine.store.instances import TaskRow
from tests.support.channels import Recorder
from tests.support.service_tasks import LetterBox, register_with
from workers.runner import Worker

MONDAY = datetime(2025, 9, 22, 10, 0, tzinfo=SHANGHAI)
"""When every office opens: a Monday morning, a week before the National Day holidays."""

UNITS = [
    {"id": "town", "name": "某市", "kind": "town"},
    {"id": "desk", "name": "服务台", "parent": "town"},
    {"id": "roads", "name": "道路处", "parent": "town"},
    {"id": "water", "name": "水务处", "parent": "town"},
]
PEOPLE = [
    ("li", "李受理", "desk", "agent"),
    ("wang", "王班长", "desk", "leader"),
    ("sun", "孙督办", "town", "supervisor"),
    ("zhou", "周经办", "roads", "clerk"),
    ("wu", "吴经办", "roads", "clerk"),
    ("zheng", "郑经办", "water", "clerk"),
    ("feng", "冯处长", "roads", "unit_leader"),
    ("root", "管理员", "town", "admin"),
    ("mei", "梅路人", "water", "visitor"),
]


def at(text: str) -> datetime:
    """Read a moment as people write it: `2025-09-22 10:00`, Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def furnish(url: str) -> None:
    """Bring a database to the present schema, with calendars and the small organisation, and close it."""
    engine = open_engine(Settings(database=url, kind="test"), FrozenClock(datetime(2024, 1, 1, tzinfo=UTC)))
    install(engine)
    persons = [{"id": i, "name": n, "memberships": [{"unit": u, "role": r}]} for i, n, u, r in PEOPLE]
    engine.execute(ImportPeople(SYSTEM.id, UNITS, persons))
    engine.database.dispose()


@dataclass
class Office:
    """Everything a test of the engine's behaviour needs; the order started last is the one that words are about."""

    url: str
    engine: Engine
    clock: FrozenClock
    channel: Recorder
    letters: LetterBox
    worker: Worker
    number: str = ""
    others: list[Engine] = field(default_factory=list)

    @classmethod
    def open(cls, url: str, now: datetime = MONDAY) -> "Office":
        """Open an office on a furnished database."""
        clock, letters, channel = FrozenClock(now), LetterBox(), Recorder()
        engine = open_engine(Settings(database=url, kind="test"), clock, register_with(letters))
        return cls(url, engine, clock, channel, letters, Worker(engine, owner="worker", fallback=channel))

    def close(self) -> None:
        """Close every connection."""
        for engine in (self.engine, *self.others):
            engine.database.dispose()

    def another_engine(self) -> Engine:
        """Give an engine as another process has it: its own connections, empty caches, the same database and clock."""
        engine = open_engine(Settings(database=self.url, kind="test"), self.clock, self.engine.register)
        self.others.append(engine)
        return engine

    def restart(self) -> None:
        """Go on in a new process: nothing survives but the database.

        Compiled statements do, and the days of a calendar's version: they say nothing of any case and cannot change, and to
        make them anew was half of a long walk.
        """
        was = self.engine
        was.database.dispose()
        calendars = was.caches.get("calendar", {})
        self.engine = Engine(was.database, self.clock, was.register, was.settings, {"calendar": calendars})
        self.worker = Worker(self.engine, owner="worker", fallback=self.channel)

    def deploy(self, files: Mapping[str, bytes], *, draft: bool = False) -> Deployed:
        """Deploy a procedure."""
        return self.engine.execute(Deploy(files, SYSTEM.id, draft=draft))

    def start(self, process: str, actor: str = "li", /, **answers: Any) -> Started:
        """Start a case; later words are about it."""
        started = self.engine.execute(StartInstance(process, actor, answers))
        self.number = started.number
        return started

    def open_tasks(self) -> list[str]:
        """Give the element ids of the open tasks, sorted."""
        return sorted(task.element_id for task in self.case().open_tasks)

    def open_task(self, element_id: str, item: str | None = None) -> TaskRow:
        """Give the one open task of an element (and multi-instance item)."""
        found = [t for t in self.case().open_tasks if t.element_id == element_id and item in (None, t.item)]
        assert len(found) == 1, f"{element_id}: {len(found)} open"
        return found[0]

    def complete(self, element_id: str, actor: str, /, item: str | None = None, **answers: Any) -> None:
        """Complete the one open task of an element."""
        self.engine.execute(CompleteUserTask(self.open_task(element_id, item).id, actor, answers))

    def claim(self, element_id: str, actor: str) -> None:
        """Claim the one open task of an element."""
        self.engine.execute(ClaimUserTask(self.open_task(element_id).id, actor))

    def release(self, element_id: str, actor: str) -> None:
        """Release the one open task of an element."""
        self.engine.execute(ReleaseUserTask(self.open_task(element_id).id, actor))

    def urge(self, element_id: str, actor: str, text: str = "请尽快") -> list[str]:
        """Urge the holders of an element's task."""
        return self.engine.execute(UrgeUserTask(self.open_task(element_id).id, actor, text))

    def extend(self, element_id: str, actor: str, by: str) -> datetime:
        """Extend the one open task of an element."""
        return self.engine.execute(ExtendUserTask(self.open_task(element_id).id, actor, by, "情况复杂"))

    def send(self, name: str, actor: str = "li", key: str = "", **data: Any) -> int:
        """Send a message, to this order unless a key is given."""
        return self.engine.execute(SendMessage(name, key or self.number, actor, data))

    def case(self) -> Any:
        """Look at the order."""
        return self.engine.ask(ShowCase(self.number))

    def record(self) -> dict[str, Any]:
        """Give the order's data."""
        found: dict[str, Any] = self.case().record
        return found

    def history(self) -> list[str]:
        """Give the kinds of the events so far."""
        return [e.kind for e in self.engine.ask(History(self.case().instance_id))]

    def reached(self) -> list[str]:
        """Give the elements reached so far, in order."""
        return [
            e for past in self.engine.ask(History(self.case().instance_id)) for e in past.payload.get("reached", ())
        ]

    def past_tasks(self) -> list[TaskRow]:
        """Give every task of the order, open or ended."""
        return self.engine.ask(TasksOfCase(self.case().instance_id))

    def incidents(self) -> list[Any]:
        """Give the open incidents."""
        return self.engine.ask(OpenIncidents())

    def move_to(self, moment: str | datetime) -> None:
        """Move the clock; nobody works meanwhile."""
        self.clock.move_to(at(moment) if isinstance(moment, str) else moment)

    def work_at(self, moment: str | datetime) -> int:
        """Move the clock, then let the worker do what is due."""
        self.move_to(moment)
        return self.worker.drain()

    def rows(self, table: str) -> list[Row[Any]]:
        """Give the rows of a table, in order of their key."""
        found = tables.metadata.tables[table]
        with reading(self.engine.database) as connection:
            return list(connection.execute(select(found).order_by(*found.primary_key)))

    def state(self) -> bytes:
        """Give the stored state of the order's instance."""
        instance_id = self.case().instance_id
        return next(bytes(row.state) for row in self.rows("instance") if row.id == instance_id)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Collect the SQL statements an engine sends."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine.database, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine.database, "before_cursor_execute", note)


@contextmanager
def before(engine: Engine, beginning: str, act: Callable[[Any], None], *, times: int = 1) -> Iterator[None]:
    """Do something right before the next statements that begin so, on their own connection."""
    left = times

    def intrude(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal left
        if left and statement.startswith(beginning):
            left -= 1
            act(connection)

    event.listen(engine.database, "before_cursor_execute", intrude)
    try:
        yield
    finally:
        event.remove(engine.database, "before_cursor_execute", intrude)
