"""Each verb by two people in the same second: one wins, the other is told, and nothing happens by halves."""

import pytest

from engine import History
from engine.domain.errors import Conflict, NotAllowed
from tests.support.races import race, refusals
from tests.support.verbs import CAST, VERBS

EACH_COUNTS = frozenset({"urge", "supervise", "read_copy", "comment", "link"})
"""Verbs that two people may well say at once: words of both are kept, or saying it again changes nothing."""


@pytest.mark.parametrize("name", VERBS)
def test_of_two_in_the_same_second_one_wins_and_the_other_is_told(office, name):
    verb = VERBS[name]
    verb.scene(office)
    roles = [role for role in CAST if role in verb.may]
    engines = {role: office.another_engine() for role in ("first", "second")}
    commands = [verb.given_by(CAST[role], office) for role in (roles * 2)[:2]]
    before = len(office.engine.ask(History(office.case().instance_id)))
    found = race([lambda e=e, c=c: e.execute(c) for e, c in zip(engines.values(), commands, strict=True)])
    refused = refusals(found)
    assert len(refused) == (0 if name in EACH_COUNTS else 1), found
    for error in refused:
        assert isinstance(error, Conflict | NotAllowed) and len(str(error)) > 5
    events = office.engine.ask(History(office.case().instance_id))[before:]
    if refused:
        assert len({event.actor for event in events} - {"system"}) <= 1  # of the loser nothing is left
    assert office.incidents() == []


def test_who_gives_a_task_on_that_has_changed_hands_meanwhile_is_told_whose_it_is(office):
    verb = VERBS["transfer"]
    verb.scene(office)
    late = verb.given_by("wang", office)
    office.engine.execute(verb.given_by("sun", office))
    with pytest.raises(Conflict, match="吴经办"):
        office.engine.execute(late)
    assert office.open_task("do").assignee == "wu"


def test_who_extends_a_limit_that_has_moved_meanwhile_is_told_where_it_is(office):
    verb = VERBS["extend"]
    verb.scene(office)
    late = verb.given_by("sun", office)
    was = office.open_task("do").due_at
    office.engine.execute(verb.given_by("sun", office))
    moved = office.open_task("do").due_at
    with pytest.raises(Conflict, match="改到"):
        office.engine.execute(late)
    assert office.open_task("do").due_at == moved > was


def test_who_submits_a_task_that_was_sent_back_meanwhile_is_told_by_whom(office):
    verb = VERBS["send_back"]
    verb.scene(office)
    late = VERBS["complete"].given_by("mei", office)
    office.engine.execute(verb.given_by("zhou", office))
    with pytest.raises(Conflict, match="周经办于.*退回了前面的步骤"):
        office.engine.execute(late)
