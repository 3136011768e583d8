"""Put an Engine together from settings."""

import tomllib
from collections.abc import Iterable
from typing import Any

from engine.bundles import procedures_root
from engine.commands.calendars import SeedCalendars
from engine.commands.demo import MARK
from engine.commands.people import ImportPeople
from engine.commands.rosters import AddDutyTurn, PutRoster
from engine.domain.actors import SYSTEM
from engine.domain.clock import Clock, SystemClock
from engine.domain.duty_roster import parse_hours, parse_weekdays
from engine.domain.errors import Invalid
from engine.executor import Engine
from engine.queries.settings import ReadSetting
from engine.service_tasks import Register, load_workers
from engine.settings import Settings, from_environment
from engine.store import schema
from engine.store.database import copy_database, exists, open_database


def open_engine(
    settings: Settings | None = None, clock: Clock | None = None, register: Register | None = None
) -> Engine:
    """Open the database named by the settings and give the engine; workers are loaded unless a register is given."""
    chosen = settings or from_environment()
    return Engine(
        database=open_database(chosen.database),
        clock=clock or SystemClock(),
        register=register if register is not None else load_workers(),
        settings=chosen,
    )


def open_existing() -> Engine | None:
    """Open the database of the settings; None where there is none yet. Raises Invalid when its schema is an old one."""
    settings = from_environment()
    if not exists(settings.database):
        return None
    engine = open_engine(settings, register=Register())
    if not schema.is_current(engine.database):
        raise Invalid("数据库还没有升级到这个版本,请先运行 banjie init")
    return engine


def install(engine: Engine) -> int:
    """Bring the database to the present schema and fill its calendars; give the number of days written."""
    schema.upgrade(engine.database)
    return engine.execute(SeedCalendars())


def copy_engine(source: Engine, clock: Clock, over: Engine | None = None) -> Engine:
    """Give a fresh engine in memory whose database is a copy of a SQLite one, sharing its caches of immutable things.

    `over` is an earlier copy that nobody needs any more: its database is written over, so that statements stay compiled.
    """
    database = over.database if over is not None else open_database("sqlite://")
    copy_database(source.database, database)
    return Engine(database, clock, source.register, source.settings, source.caches)


MIN_SECRET = 32


def refuse_unsafe(engine: Engine) -> None:
    """Raise Invalid where a production installation would run with a weak secret, demo accounts or an old schema."""
    if not schema.is_current(engine.database):
        raise Invalid("数据库还没有升级到这个版本,请先运行 banjie init")
    if engine.settings.kind != "production":
        return
    if len(engine.settings.secret) < MIN_SECRET:
        raise Invalid(f"正式环境要设 BANJIE_SECRET(至少 {MIN_SECRET} 个字符的随机文字)")
    if engine.ask(ReadSetting(MARK)):
        raise Invalid("这个库里装过演示机构和公开的演示口令,不能用作正式环境。请用一个新库")


def demo_organisation(actor: str) -> ImportPeople:
    """Give the command that brings in the invented town of processes/demo.toml."""
    said = _demo()
    return ImportPeople(actor, said["unit"], said["person"], said.get("role", ()))


def demo_rosters(known: Iterable[str]) -> list[PutRoster | AddDutyTurn]:
    """Give the commands that draw up the demo's duty rosters, without those there already."""
    found: list[PutRoster | AddDutyTurn] = []
    for roster in _demo().get("roster", ()):
        if roster["key"] in known:
            continue
        found.append(PutRoster(roster["key"], roster["name"], SYSTEM.id, roster["calendar"]))
        for turn in roster["turns"]:
            hours, days = parse_hours(turn["hours"]), parse_weekdays(turn["weekdays"])
            found.append(AddDutyTurn(roster["key"], turn["person"], days, *hours, turn["first"], SYSTEM.id))
    return found


def demo_accounts() -> dict[str, list[tuple[str, str, str]]]:
    """Give one demo account for each role, as (id, name, role in words), by the name of the organisation they work for."""
    said = _demo()
    words = {role["id"]: role["name"] for role in said.get("role", ())}
    units = {unit["id"]: unit for unit in said["unit"]}
    found: dict[str, list[tuple[str, str, str]]] = {}
    seen: set[str] = set()
    for person in said["person"]:
        for membership in person.get("memberships", ()):
            role = membership["role"]
            if role not in seen:
                seen.add(role)
                account = person["id"], person["name"], words.get(role, role)
                found.setdefault(_organisation(units, membership["unit"]), []).append(account)
    return found


def _organisation(units: dict[str, Any], unit: str) -> str:
    """The name of the unit just below the town that a unit is part of."""
    while (parent := units[unit].get("parent")) and units[parent].get("parent"):
        unit = parent
    return str(units[unit]["name"])


def _demo() -> dict[str, Any]:
    return tomllib.loads((procedures_root() / "demo.toml").read_text("utf-8"))
