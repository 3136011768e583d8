"""A digest that is refused while its notices have different ways left: each goes on by itself, none is lost, none comes twice."""

from collections import Counter

import pytest

from engine import ResendMessage
from tests.support.telling import told

LONG, SHORT = 'channels = ["wecom", "sms"]', 'channels = ["wecom"]'


def refused(office, *chains):
    """Put a notice for wang with each of these rules, and let the digest of them be refused by the robot."""
    for rules in chains:
        told(office, rules)
    office.channel.fail(permanent=True)
    office.worker.drain()
    assert office.channel.tried[0].subject.startswith("您有 5 条通知")


def states(office, channel):
    return [row.state for row in office.rows("outbox") if row.channel == channel]


def by_channel(office):
    """Give channel and mark of all that was delivered; one message by itself, so that each stands for one notice."""
    assert not [message for message in office.channel.delivered if message.merged]
    marks = {row.id: row.mark for row in office.rows("outbox")}
    return Counter((message.channel, marks[message.id]) for message in office.channel.delivered)


@pytest.fixture
def leader_goes_on(three):
    """The leader and three others have text messages left, the third notice has nothing."""
    refused(three, LONG, LONG, SHORT, LONG, LONG)
    return three


def test_a_notice_without_another_way_is_a_dead_letter_of_its_own(leader_goes_on):
    [letter] = [row for row in leader_goes_on.rows("outbox") if row.state == "failed"]
    [incident] = leader_goes_on.incidents()
    third = leader_goes_on.rows("notification")[2]
    assert (letter.mark, letter.channel, letter.merged_into) == (third.mark, "wecom", None)
    assert (incident.payload["outbox"], incident.instance_id) == (letter.id, third.instance_id)


def test_the_others_go_by_their_next_way_each_once(leader_goes_on):
    marks = [row.mark for row in leader_goes_on.rows("notification")]
    assert states(leader_goes_on, "wecom") == ["passed_on", "passed_on", "failed", "passed_on", "passed_on"]
    assert by_channel(leader_goes_on) == {("sms", mark): 1 for mark in marks if mark != marks[2]}


def test_the_dead_letter_sent_again_goes_alone(leader_goes_on):
    [incident] = leader_goes_on.incidents()
    leader_goes_on.engine.execute(ResendMessage(incident.payload["outbox"], "root"))
    leader_goes_on.worker.drain()
    marks = [row.mark for row in leader_goes_on.rows("notification")]
    assert by_channel(leader_goes_on) == {("wecom" if n == 2 else "sms", mark): 1 for n, mark in enumerate(marks)}
    assert leader_goes_on.incidents() == []


def test_a_leader_without_another_way_does_not_repeat_what_went_on(three):
    refused(three, SHORT, LONG, LONG, LONG, LONG)
    [incident] = three.incidents()
    marks = [row.mark for row in three.rows("notification")]
    assert by_channel(three) == {("sms", mark): 1 for mark in marks[1:]}
    three.engine.execute(ResendMessage(incident.payload["outbox"], "root"))
    three.worker.drain()
    assert by_channel(three) == {("sms" if n else "wecom", mark): 1 for n, mark in enumerate(marks)}
    assert "您有" not in three.channel.delivered[-1].subject


def test_two_without_another_way_stay_one_dead_letter_with_their_leader(three):
    refused(three, SHORT, LONG, SHORT, LONG, LONG)
    [incident] = three.incidents()
    assert states(three, "wecom") == ["failed", "passed_on", "merged", "passed_on", "passed_on"]
    three.engine.execute(ResendMessage(incident.payload["outbox"], "root"))
    three.worker.drain()
    last = three.channel.delivered[-1]
    assert (last.channel, last.merged, last.subject[:8]) == ("wecom", 1, "您有 2 条通知")
    assert [m.channel for m in three.channel.delivered] == ["sms", "sms", "sms", "wecom"]
