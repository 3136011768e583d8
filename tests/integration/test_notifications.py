"""Everybody told has the notice in their inbox, in the transaction that put it; nobody reads for somebody else."""

from datetime import timedelta

import pytest

from engine import InboxCounts, Notifications, ReadNotifications
from tests.support.offices import statements
from tests.support.procedures import procedure, tell, user


@pytest.fixture
def urged(leave):
    """A leave request whose three possible holders have been urged."""
    leave.urge("approve", "li")
    return leave


def inbox(office, person, **said):
    return office.engine.ask(Notifications(**said), person)


def unread(office, person):
    return office.engine.ask(InboxCounts(), person)[2]


def test_everybody_told_has_the_notice_in_their_inbox_at_once(urged):
    [told] = inbox(urged, "wang")
    assert (told.notice, told.kind, told.number, told.read_at) == ("urged", "result", urged.number, None)
    assert unread(urged, "wang") == 1
    assert inbox(urged, "zheng") == []


def test_the_inbox_and_the_outbox_know_each_other_by_the_mark(urged):
    marks = [row.mark for row in urged.rows("notification")]
    assert marks == [row.mark for row in urged.rows("outbox")] == [row.idempotency_key for row in urged.rows("outbox")]
    assert {row.meant for row in urged.rows("notification")} == {"holder:approve"}


def test_what_has_been_read_is_not_counted_and_stays(urged):
    [told] = inbox(urged, "wang")
    assert urged.engine.execute(ReadNotifications("wang", (told.id,))) == 1
    assert urged.engine.execute(ReadNotifications("wang", (told.id,))) == 0
    assert (unread(urged, "wang"), inbox(urged, "wang", unread_only=True)) == (0, [])
    assert inbox(urged, "wang")[0].read_at == urged.clock.now()


def test_nobody_reads_for_somebody_else(urged):
    [told] = inbox(urged, "wang")
    assert urged.engine.execute(ReadNotifications("zheng", (told.id,))) == 0
    assert unread(urged, "wang") == 1


def test_all_are_read_at_once_and_pages_follow_each_other(urged):
    for _ in range(4):
        urged.move_to(urged.clock.at + timedelta(days=1))
        urged.urge("approve", "li")
    first = inbox(urged, "wang", limit=3)
    rest = inbox(urged, "wang", limit=3, before=first[-1].id)
    ids = [told.id for told in first + rest]
    assert (len(ids), ids) == (5, sorted(ids, reverse=True))
    assert urged.engine.execute(ReadNotifications("wang", every=True)) == 5
    assert unread(urged, "wang") == 0


def test_however_many_are_told_the_statements_are_the_same(office):
    counts = []
    for people in (["li"], ["li", "wang", "sun", "zhou", "wu", "zheng"]):
        name = f"told_{len(people)}"
        told = tell("tell", "told", ",".join(f"person:{who}" for who in people))
        files = procedure(
            name,
            user("do"),
            told,
            flows="start >> do >> tell >> end",
            forms={"do": "word"},
            notices={"told": "已告知"},
        )
        office.deploy(files)
        office.start(name)
        with statements(office.engine) as seen:
            office.complete("do", "zhou", word="好")
        counts.append([s.split()[2] for s in seen if s.startswith("INSERT")])
    assert counts[0] == counts[1]
    assert counts[0].count("notification") == counts[0].count("outbox") == 1
