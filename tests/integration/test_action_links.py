"""The link of a message leads to the task or the order, for its person, once, for a week."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine import FollowLink
from engine.domain import action_links
from engine.domain.errors import Conflict, NotFound
from tests.support.races import race, refusals

SECRET = "a secret of an installation, long enough"


@pytest.fixture
def urged(leave):
    """A leave request whose holder was urged by a message with a link."""
    leave.engine.settings = replace(leave.engine.settings, secret=SECRET)
    leave.claim("approve", "wang")
    leave.urge("approve", "li")
    leave.worker.drain()
    return leave


def token(office, person="wang"):
    (row,) = (row for row in office.rows("outbox") if row.notice == "urged")
    return action_links.write(SECRET, action_links.link_from(row.id, person, office.clock.now()))


def follow(office, actor="wang", shown=None):
    return office.engine.execute(FollowLink(shown or token(office), actor))


def test_it_leads_to_the_task_at_hand(urged):
    target = follow(urged)
    assert (target.task_id, target.number) == (urged.open_task("approve").id, urged.number)


def test_it_leads_to_the_order_once_the_task_is_done(urged):
    urged.complete("approve", "wang", verdict="yes")
    assert follow(urged).task_id is None


def test_it_leads_there_once(urged):
    follow(urged)
    with pytest.raises(Conflict, match="已经用过"):
        follow(urged)


def test_of_two_who_follow_it_at_the_same_moment_one_gets_there(urged):
    shown = token(urged)
    others = urged.another_engine()
    others.settings = urged.engine.settings
    results = race([lambda e=e: e.execute(FollowLink(shown, "wang")) for e in (urged.engine, others)])
    assert [type(error) for error in refusals(results)] == [Conflict]


def test_it_leads_nowhere_after_a_week(urged):
    shown = token(urged)
    urged.move_to(urged.clock.at + timedelta(days=9))
    with pytest.raises(Conflict, match="过期"):
        follow(urged, shown=shown)


def test_somebody_else_cannot_use_it_and_does_not_use_it_up(urged):
    for actor, person in (("sun", "wang"), ("sun", "sun"), ("wang", "sun")):
        with pytest.raises(NotFound):
            follow(urged, actor, token(urged, person))
    assert follow(urged).task_id


def test_a_link_to_a_message_that_never_was_leads_nowhere(urged):
    forged = action_links.write(SECRET, action_links.link_from(10**6, "wang", urged.clock.now()))
    with pytest.raises(NotFound):
        follow(urged, shown=forged)
