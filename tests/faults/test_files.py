"""The file itself: power fails while it is written, its disk is full, it is copied while people work."""

import os
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url

from engine import StartInstance
from engine.domain.clock import FrozenClock, SystemClock
from engine.domain.errors import Unavailable
from engine.store.database import reading, transaction
from engine.store.history import broken_at
from engine.store.tables import history, instance, work_order
from tests.faults import invariants
from tests.faults.courses import Course, LoggedPost, Progress, ReportingClock
from tests.faults.stands import scenarios
from tests.support.own_postgres import tools
from workers.rehearsal.stage import stage

NOON = datetime(2025, 9, 22, 4, tzinfo=UTC)
FRAMES = 32
"""Bytes of a WAL's own head."""


@pytest.fixture
def sqlite_only(database_kind):
    """About SQLite's file alone."""
    if database_kind != "sqlite":
        pytest.skip("about SQLite's file")


def path_of(url):
    return str(make_url(url).database)


@pytest.fixture
def recorded(ground, tmp_path, sqlite_only):
    """A played order's file and WAL as they lay on the disk, and how much history each length of the WAL had acknowledged."""
    scenario = next(s for s in scenarios() if s.path.stem == "supervised_to_the_end" or s.process != "mayor_hotline")
    acknowledged = [(0, 0)]
    with ground.copy() as url:
        progress = Progress()
        engine = ground.open(url, ReportingClock(scenario.starts_at, progress))
        event.listen(engine.database, "connect", lambda c, _: c.execute("PRAGMA wal_autocheckpoint=0"))
        wal = Path(f"{path_of(url)}-wal")

        def note(connection):
            counted = connection.execute(select(func.count()).select_from(history)).scalar_one()
            noted.append(counted)

        noted = []
        event.listen(engine.database, "commit", note)
        event.listen(
            engine.database,
            "checkin",
            lambda *_: noted and acknowledged.append((wal.stat().st_size, noted[-1])),
        )
        assert Course(engine, scenario, progress, LoggedPost(tmp_path / "sent")).play() == []
        shutil.copyfile(path_of(url), tmp_path / "image.db")
        shutil.copyfile(wal, tmp_path / "image.db-wal")
        engine.database.dispose()
    return tmp_path, acknowledged


def damaged(wal, at, how, chance):
    """Give a WAL whose end did not reach the disk: cut off, zeroes, or anything."""
    if how == "cut":
        return wal[:at]
    rest = len(wal) - at
    return wal[:at] + (bytes(rest) if how == "zero" else chance.randbytes(rest))


def judged(path):
    """Give what is wrong with a file after power came back, and how many events it holds."""
    with sqlite3.connect(path) as connection:
        whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return [] if whole == "ok" else [whole]


def test_power_that_fails_at_any_moment_loses_nothing_acknowledged(ground, recorded, size, figures):
    folder, acknowledged = recorded
    chance, wal = size.chance("power"), (folder / "image.db-wal").read_bytes()
    wrong, images = [], size(60, 3000)
    for turn in range(images):
        at, how = chance.randrange(FRAMES, len(wal)), ("cut", "zero", "garble")[turn % 3]
        after = folder / f"after{turn}.db"
        shutil.copyfile(folder / "image.db", after)
        (folder / f"after{turn}.db-wal").write_bytes(damaged(wal, at, how, chance))
        kept = max(events for length, events in acknowledged if length <= at)
        found = judged(after)
        engine = ground.open(f"sqlite:///{after}", FrozenClock(NOON))
        with reading(engine.database) as connection:
            events = connection.execute(select(func.count()).select_from(history)).scalar_one()
            broken = [broken_at(connection, i) for i in connection.execute(select(instance.c.id)).scalars().all()]
            found += [f"broken at {seq}" for seq in broken if seq] + [*invariants.orphans(connection)]
        found += [f"{events} events of {kept} that were acknowledged"] if events < kept else []
        wrong += [f"{how} at {at}: {problem}" for problem in found]
        engine.database.dispose()
        for path in folder.glob(f"after{turn}.db*"):
            path.unlink()
    figures.update(images=images, commits=len(acknowledged), violations=len(wrong))
    assert wrong == []


@pytest.fixture
def small_disk(tmp_path, sqlite_only):
    """A disk of a few megabytes."""
    if os.getuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this machine mounts no tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_so_and_leaves_no_half_order(ground, small_disk, figures):
    with ground.copy() as url:
        shutil.copyfile(path_of(url), small_disk / "office.db")
    engine = ground.open(f"sqlite:///{small_disk / 'office.db'}", SystemClock())
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(256 * 1024))
    started = []
    with pytest.raises(Unavailable, match="磁盘满了,这一步没有保存"):
        for _ in range(5000):
            started.append(engine.execute(StartInstance("letters", "agent_li", {})).number)
    assert invariants.check(engine, started=started) == []
    with reading(engine.database) as connection:
        known = connection.execute(select(func.count()).select_from(work_order)).scalar_one()
    assert known == len(started) > 0
    ballast.unlink()
    started.append(engine.execute(StartInstance("letters", "agent_li", {})).number)
    assert invariants.check(engine, started=started) == []
    with sqlite3.connect(small_disk / "office.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    engine.database.dispose()
    figures.update(orders_until_full=known)


def copied(ground, url, target):
    """Copy a database in use with its own tools; give the URL of the copy."""
    if ground.kind == "sqlite":
        with sqlite3.connect(path_of(url)) as one, sqlite3.connect(target) as other:
            one.backup(other)
        return f"sqlite:///{target}"
    where = make_url(url)
    fresh = ground.databases.empty()
    dump = [tools() / "pg_dump", "-Fc", "-f", target, "-h", where.query["host"], "-U", where.username, where.database]
    load = [
        tools() / "pg_restore",
        "-h",
        where.query["host"],
        "-U",
        where.username,
        "-d",
        make_url(fresh).database,
        target,
    ]
    for command in (dump, load):
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
    return fresh


def test_a_copy_made_while_people_work_is_whole_and_goes_on(ground, tmp_path, size, figures):
    tried = size(2, 12)
    for turn in range(tried):
        with ground.copy() as url:
            clock = FrozenClock(NOON)
            engine = ground.open(url, clock)
            played = stage(engine, clock)
            for _ in range(5 + turn):
                engine.execute(StartInstance("letters", "agent_li", {}))
                played.worker.run_jobs()
            with transaction(engine.database) as connection:
                connection.execute(text("UPDATE instance SET version = version"))
                if ground.kind != "sqlite":
                    copy = copied(ground, url, tmp_path / f"copy{turn}")
            if ground.kind == "sqlite":
                copy = copied(ground, url, tmp_path / f"copy{turn}")
            engine.database.dispose()
            restored = ground.open(copy, clock)
            again = stage(restored, clock)
            again.advance_to(NOON.replace(hour=6))
            assert invariants.check(restored) == []
            with reading(restored.database) as connection:
                ended = set(connection.execute(select(instance.c.status)).scalars())
            assert ended == {"completed"}
            restored.database.dispose()
    figures.update(copies=tried)
