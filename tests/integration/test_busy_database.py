"""A SQLite file that another process keeps locked: tried once more, then refused with a sentence; never an incident."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from engine import ShowCase
from engine.domain.errors import Busy, Conflict
from engine.store.database import transaction
from tests.support.offices import Office, furnish
from tests.support.procedures import folder


@pytest.fixture
def office(tmp_path):
    """An office on a SQLite file that does not wait long for a lock, with an open leave request."""
    url = f"sqlite:///{tmp_path / 'banjie.db'}"
    furnish(url)
    opened = Office.open(url)
    event.listen(opened.engine.database, "connect", lambda c, _: c.execute("PRAGMA busy_timeout=20"))
    opened.deploy(folder("leave_request"))
    opened.start("leave_request", reason="探亲", days=2)
    yield opened
    opened.close()


@contextmanager
def tries(engine):
    """Count how often a write transaction is begun."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if statement == "BEGIN IMMEDIATE":
            seen.append(statement)

    event.listen(engine.database, "before_cursor_execute", note)
    yield seen
    event.remove(engine.database, "before_cursor_execute", note)


def test_a_locked_database_is_tried_once_more_and_then_refused_with_a_sentence(office):
    other = office.another_engine()
    with transaction(other.database), tries(office.engine) as seen, pytest.raises(Busy, match="数据库正忙") as refused:
        office.complete("approve", "wang", verdict="no")
    assert len(seen) == 2
    assert refused.value.is_a(Conflict.__name__)
    assert (office.open_tasks(), office.incidents()) == (["approve"], [])


def test_whoever_comes_again_succeeds(office):
    other = office.another_engine()
    with transaction(other.database), pytest.raises(Busy):
        office.complete("approve", "wang", verdict="no")
    office.complete("approve", "wang", verdict="no")
    assert (office.case().status, office.incidents()) == ("closed", [])


def test_a_database_that_is_free_again_at_the_second_try_is_nobodys_business(office):
    holder = office.another_engine().database.connect()
    holder.begin()
    left = [2]

    def let_go(_connection, _cursor, statement, *_):
        if statement == "BEGIN IMMEDIATE":
            left[0] -= 1
            if not left[0]:
                holder.close()

    event.listen(office.engine.database, "before_cursor_execute", let_go)
    office.complete("approve", "wang", verdict="no")
    assert (office.case().status, office.incidents()) == ("closed", [])


def test_a_worker_that_meets_a_locked_database_loses_nothing(office):
    office.move_to("2025-09-23 18:00")
    with transaction(office.another_engine().database):
        office.worker.fire_timers()
    assert ([row.state for row in office.rows("timer")], office.incidents()) == (["waiting", "waiting"], [])
    office.worker.drain()
    assert office.channel.notices() == [("wang", "warning"), ("sun", "overdue")]


def test_questions_are_answered_while_the_database_is_locked(office):
    with transaction(office.another_engine().database):
        assert office.engine.ask(ShowCase(office.number)).status == "open"
