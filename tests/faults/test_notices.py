"""A thousand notices, workers killed at any moment, providers that fail three times of ten: everything arrives or is a dead letter."""

import os
import signal
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from engine import Engine
from engine.domain.clock import SystemClock
from engine.domain.errors import Busy
from engine.domain.message import Message
from engine.domain.notice_rules import NoticeRules
from engine.executor import Context
from engine.steps.posting import post
from engine.store import settings
from engine.store.database import reading, transaction
from engine.store.tables import channel, incident, outbox, person
from tests.faults.fleet import SPAN, forked
from tests.faults.providers import Provider, arrivals
from workers import scheduler
from workers.crew import Crew
from workers.runner import Worker

PEOPLE = 10
KINDS = ("wecom", "email", "dingtalk")
RATED, RATE, WINDOW = "wecom", 20, 1.0
SOON = 0.2
"""Seconds to which the pauses after a failure are shortened: the test is about what happens, not about waiting."""


def prepare(engine: Engine, count: int, *, digest: bool) -> None:
    """Set channels up, and put that many notices for a handful of people on their way."""
    at = datetime(2025, 1, 1, tzinfo=UTC)
    rules = [NoticeRules(channels=(*KINDS[n:], *KINDS[:n]), mandatory=True) for n in range(len(KINDS))]
    with transaction(engine.database) as connection:
        for kind in KINDS:
            rate = {"rate": RATE, "rate_seconds": int(WINDOW)} if kind == RATED else {}
            values = {"key": kind, "kind": kind, "name": kind, "settings": {}, "secrets": {}, "allows_inside": False}
            connection.execute(
                insert(channel),
                {**values, "is_on": True, "version": 1, "changed_at": at, "changed_by": "system", **rate},
            )
        settings.put(connection, "notice_digest", "on" if digest else "off")
        people = list(connection.execute(select(person.c.id).order_by(person.c.id).limit(PEOPLE)).scalars())
        ctx: Context = engine._context(connection, "system")
        told = [
            Message(f"n:{n}", people[n % PEOPLE], "news", f"通知 {n}", "正文", rules=rules[n % len(KINDS)])
            for n in range(count)
        ]
        post(ctx, told)


def work(open_engine, folder) -> None:
    """Be a worker whose channels lead to the providers."""
    engine = open_engine()
    channels = {key: Provider(key, folder) for key in KINDS}
    worker = Worker(engine, owner=f"notices {os.getpid()}", channels=channels, span=SPAN)
    scheduler.start(Crew(worker), watch_seconds=0.5)
    threading.Event().wait()


def hurry(engine: Engine) -> int:
    """Let what waits for another try be tried soon; give how many messages are not settled."""
    now = engine.now()
    with transaction(engine.database) as connection:
        late = (outbox.c.state == "ready", outbox.c.run_at > now + timedelta(seconds=SOON))
        connection.execute(update(outbox).where(*late).values(run_at=now + timedelta(seconds=SOON)))
        open_ones = select(outbox.c.id).where(outbox.c.state.in_(("ready", "leased")))
        return len(connection.execute(open_ones).all())


def unsettled(engine: Engine) -> bool:
    """Whether something still waits; while workers keep the database, it does."""
    try:
        return bool(hurry(engine))
    except Busy:
        return True


@pytest.mark.parametrize("digest", [False, True], ids=["one by one", "digest"])
def test_every_notice_arrives_or_is_a_dead_letter(ground, tmp_path, size, figures, digest):
    chance, count, seconds = size.chance("notices"), size(150, 1000), size(60, 600)
    with ground.copy() as url:
        engine = ground.open(url, SystemClock())
        prepare(engine, count, digest=digest)
        engine.database.dispose()

        def opened() -> Engine:
            return ground.open(url, SystemClock())

        workers = [forked(lambda: work(opened, tmp_path)) for _ in range(2 if ground.kind == "sqlite" else 3)]
        kills, until = 0, time.monotonic() + seconds
        try:
            while unsettled(engine) and time.monotonic() < until:
                time.sleep(chance.uniform(0.2, 0.6))
                if chance.random() < 0.5 and kills < size(6, 60):
                    place = chance.randrange(len(workers))
                    os.kill(workers[place], signal.SIGKILL)
                    os.waitpid(workers[place], 0)
                    engine.database.dispose()
                    workers[place] = forked(lambda: work(opened, tmp_path))
                    kills += 1
        finally:
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        judge(engine, tmp_path, count, figures, kills, digest=digest)
        engine.database.dispose()


def judge(engine, folder, count, figures, kills, *, digest):
    """Nothing is lost, nothing comes twice without reason, nothing comes too fast."""
    with reading(engine.database) as connection:
        rows = {row.id: row for row in connection.execute(select(outbox))}
        dead = connection.execute(select(incident.c.payload)).scalars().all()
    states = Counter(row.state for row in rows.values())
    assert set(states) <= {"sent", "passed_on", "failed", "merged"}, states
    ends = [_end(rows, row) for row in rows.values() if row.idempotency_key.count(":") == 1]
    seen = {key: arrivals(folder, key) for key in KINDS}
    keys = Counter(one["key"] for found in seen.values() for one in found)
    twice = {key: n for key, n in keys.items() if n > 1}
    unknowns = {row.idempotency_key: row.unknowns for row in rows.values()}
    moments = sorted(one["at"] for one in seen[RATED])
    figures.update(notices=count, kills=kills, sent=states["sent"], dead=states["failed"], merged=states["merged"])
    figures.update(duplicates=sum(twice.values()) - len(twice), unknowns=sum(unknowns.values()))
    assert (states["merged"] > 0) == digest
    assert len(ends) == count
    assert set(ends) <= {"sent", "failed"}
    assert {row.idempotency_key for row in rows.values() if row.state == "sent"} <= keys.keys()
    assert len(dead) == states["failed"]
    assert {key: n for key, n in twice.items() if n - 1 > unknowns[key]} == {}
    assert all(b - a >= WINDOW for a, b in zip(moments, moments[RATE:], strict=False))


def _end(rows, row):
    """Give what became of a notice: follow it over digests and channels."""
    while True:
        if row.state == "merged":
            row = rows[row.merged_into]
        elif row.state == "passed_on":
            row = next(r for r in rows.values() if r.idempotency_key == f"{row.mark}:{row.chain[0]}")
        else:
            return row.state
