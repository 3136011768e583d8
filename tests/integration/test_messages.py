"""Messages: who hears them, by which key, how often, and what they may write."""

import pytest

from engine.domain.errors import NotFound
from tests.support.procedures import end, message, procedure, tell, user


@pytest.fixture
def complaint(office):
    """An order that waits to be told that `phone` has called again, and may be called off."""
    office.deploy(
        procedure(
            "complaint",
            user("handle"),
            message("again", "called_again", on="handle", correlation="${phone}", fills="word"),
            message("over", "called_off", on="handle", ends=True),
            tell("tell", "again", "leader"),
            end("told"),
            end("off"),
            flows="start >> handle >> end; again >> tell >> told; over >> off",
            fields="phone! word",
            notices={"again": "又来电：${word}"},
        )
    )
    office.start("complaint", phone="139")
    return office


def test_a_message_finds_its_order_by_the_correlation_key(complaint):
    complaint.start("complaint", phone="138")
    assert complaint.send("called_again", key="139", word="急") == 1
    complaint.worker.drain()
    assert [m.subject for m in complaint.channel.delivered] == ["又来电：急"]
    assert complaint.record()["word"] is None


def test_a_message_reaches_every_order_that_waits_for_its_key(complaint):
    complaint.start("complaint", phone="139")
    assert complaint.send("called_again", key="139") == 2


def test_a_message_that_does_not_interrupt_is_heard_any_number_of_times(complaint):
    heard = [complaint.send("called_again", key="139", word=str(n)) for n in range(5)]
    assert heard == [1] * 5
    assert complaint.open_tasks() == ["handle"]
    assert complaint.record()["word"] == "4"


def test_without_a_correlation_the_order_number_is_the_key(complaint):
    complaint.send("called_off")
    assert (complaint.case().status, complaint.reached()[-1]) == ("closed", "off")


def test_an_interrupting_message_is_heard_once(complaint):
    complaint.send("called_off")
    with pytest.raises(NotFound):
        complaint.send("called_off")


@pytest.mark.parametrize(("name", "key"), [("called_again", "110"), ("no_such", "139")])
def test_a_message_that_nobody_waits_for_is_refused(complaint, name, key):
    with pytest.raises(NotFound, match=key):
        complaint.send(name, key=key)


def test_a_completed_order_hears_nothing_any_more(complaint):
    complaint.complete("handle", "zhou")
    with pytest.raises(NotFound):
        complaint.send("called_again", key="139")


def test_a_message_writes_declared_names_only(complaint):
    complaint.send("called_again", key="139", word="急", is_admin=True)
    assert complaint.record() == {"phone": "139", "word": "急"}


def test_the_starter_and_candidates_send_and_strangers_do_not(complaint):
    for actor in ("li", "zhou", "sun"):
        complaint.send("called_again", actor, key="139")
    with pytest.raises(NotFound):
        complaint.send("called_again", "mei", key="139")


def test_an_order_waiting_on_its_own_goes_on_with_the_message(office):
    office.deploy(
        procedure("wait", message("answer", "answered"), user("read"), flows="start >> answer >> read >> end")
    )
    office.start("wait")
    assert office.open_tasks() == []
    office.send("answered")
    assert office.open_tasks() == ["read"]


def test_a_message_that_ends_one_of_its_two_waits_serves_the_other_only(office):
    files = procedure(
        "two_ears",
        user("do"),
        message("over", "called", on="do", ends=True),
        message("also", "called", on="do"),
        end("off"),
        end("heard"),
        flows="start >> do >> end; over >> off; also >> heard",
    )
    office.deploy(files)
    office.start("two_ears")
    assert office.send("called") in (1, 2)
    assert office.case().status == "closed"
