"""Whom the words of a notice mean when it is sent: the same agent, leaders, the level below; and nobody at all."""

import pytest

from engine import DropMembership, History, PutMembership
from tests.support.procedures import procedure, tell, user


def told(office, to):
    """Give who is told, after zhou has done the step before."""
    files = procedure(
        "told",
        user("do"),
        tell("tell", "news", to),
        user("rest"),
        flows="start >> do >> tell >> rest >> end",
        forms={"do": "word", "rest": "word"},
        notices={"news": "有新消息\n请看"},
    )
    office.deploy(files)
    office.start("told")
    office.complete("do", "zhou", word="好")
    return [row.person for row in office.rows("notification") if row.notice == "news"]


@pytest.mark.parametrize(
    ("to", "people"),
    [
        ("done:do", ["zhou"]),
        ("leader_of:done:do", ["feng"]),
        ("leader_of:unit:roads", ["feng"]),
        ("leader_of:person:wu", ["feng"]),
        ("leader_of:person:zheng", []),
        ("below:unit:town", ["feng", "li", "mei", "wang", "zheng"]),
        ("below:person:zhou", []),
        ("starter,done:do", ["li", "zhou"]),
    ],
)
def test_posts_are_found_when_the_notice_is_sent(office, to, people):
    assert told(office, to) == people


def test_who_leads_a_unit_has_the_next_one_above_as_leader(office):
    office.engine.execute(PutMembership("sun", "town", "unit_leader", "root"))
    assert told(office, "leader_of:person:feng,leader_of:person:zheng") == ["sun"]


def unaddressed(office):
    return [row for row in office.rows("notification") if row.notice == "unaddressed"]


def test_a_notice_that_means_nobody_says_so_and_those_who_look_after_it_are_told(office):
    office.engine.execute(DropMembership("feng", "roads", "unit_leader", "root"))
    assert told(office, "unit_leader") == []
    [event] = [e for e in office.engine.ask(History(office.case().instance_id)) if e.kind == "NoticeUnaddressed"]
    assert event.payload == {"notice": "news", "meant": ["unit_leader"]}
    [row] = unaddressed(office)
    assert "news" in row.body
    assert office.number in row.body


def test_of_one_case_and_notice_they_are_told_once(office):
    files = procedure(
        "told",
        user("do"),
        tell("tell", "news", "unit_leader@desk"),
        user("again"),
        tell("more", "news", "unit_leader@desk"),
        user("rest"),
        flows="start >> do >> tell >> again >> more >> rest >> end",
        forms={"do": "word", "again": "word", "rest": "word"},
        notices={"news": "有新消息"},
    )
    office.deploy(files)
    office.start("told")
    office.complete("do", "zhou", word="好")
    first = len(unaddressed(office))
    office.complete("again", "zhou", word="好")
    assert first == len(unaddressed(office)) == 1
    assert office.history().count("NoticeUnaddressed") == 2


def test_a_case_goes_on_although_nobody_was_told(office):
    told(office, "unit_leader@desk")
    assert office.open_tasks() == ["rest"]
