"""What became of a notice can be read at its case: every attempt as the provider answered it, in few statements."""

from datetime import timedelta

import pytest

from engine import DeliveriesOf, LeaseOutbox, ReadNotifications
from engine.domain.delivery import Delivered, Rejected, Retry, Unknown
from tests.support.offices import statements
from tests.support.procedures import procedure, tell


@pytest.fixture
def urged(leave):
    """A leave request whose holder has been urged; nothing has been sent yet."""
    leave.claim("approve", "wang")
    leave.urge("approve", "li")
    return leave


def deliveries(office):
    return office.engine.ask(DeliveriesOf(office.case().instance_id))


def later(office, **span):
    office.move_to(office.clock.at + timedelta(**span))


def answers(office):
    [told] = deliveries(office)
    [way] = told.ways
    return [(one.outcome, one.code, one.words) for one in way.attempts]


def test_a_notice_that_waits_says_so(urged):
    [told] = deliveries(urged)
    [way] = told.ways
    assert (told.person, told.name, told.read_at) == ("wang", "王班长", None)
    assert (way.channel, way.state, way.run_at, way.attempts) == ("console", "ready", urged.clock.now(), ())


def test_every_attempt_is_kept_with_the_providers_code_and_words(urged):
    urged.channel.answers += [Retry("45009", "api freq out of limit"), Unknown("", "超时"), Delivered("R1", "0", "ok")]
    for _ in range(3):
        urged.worker.drain()
        later(urged, minutes=7)
    assert answers(urged) == [
        ("retry", "45009", "api freq out of limit"),
        ("unknown", "", "超时"),
        ("delivered", "0", "ok"),
    ]
    [way] = deliveries(urged)[0].ways
    assert (way.state, way.receipt, way.unknowns) == ("sent", "R1", 1)
    assert way.sent_at == way.confirmed_at == way.attempts[-1].at


def test_a_provider_that_asks_for_a_pause_gets_it(urged):
    urged.channel.answers.append(Retry("429", "slow down", timedelta(minutes=9)))
    urged.worker.drain()
    [way] = deliveries(urged)[0].ways
    assert (way.state, way.run_at - urged.clock.now()) == ("ready", timedelta(minutes=9))


def test_what_only_waits_for_the_providers_report_is_not_confirmed(urged):
    urged.channel.answers.append(Delivered("R1", confirmed=False))
    urged.worker.drain()
    [way] = deliveries(urged)[0].ways
    assert (way.state, way.confirmed_at) == ("sent", None)


def test_a_refusal_is_final(urged):
    urged.channel.answers.append(Rejected("93000", "invalid webhook url"))
    urged.worker.drain()
    assert answers(urged) == [("rejected", "93000", "invalid webhook url")]
    assert (deliveries(urged)[0].ways[0].state, urged.incidents()[0].reason) == (
        "failed",
        "93000 invalid webhook url",
    )


def test_an_attempt_whose_sender_vanished_may_have_arrived_and_is_counted(urged):
    urged.engine.execute(LeaseOutbox("vanished"))
    later(urged, minutes=2)
    urged.worker.drain()
    assert [outcome for outcome, _, _ in answers(urged)] == ["unknown", "delivered"]
    [way] = deliveries(urged)[0].ways
    assert (way.state, way.unknowns, way.attempts[0].words) == ("sent", 1, "发送的进程中断")


def test_a_message_to_somebody_outside_has_a_way_and_no_inbox(office):
    files = procedure(
        "told", tell("tell", "sent", "phone:13900001111"), flows="start >> tell >> end", notices={"sent": "已寄"}
    )
    office.deploy(files)
    office.start("told")
    [told] = deliveries(office)
    assert (told.notification_id, told.person, told.ways[0].channel, told.ways[0].recipient) == (
        None,
        "",
        "sms",
        "13900001111",
    )


def test_reading_is_told(urged):
    [told] = deliveries(urged)
    urged.engine.execute(ReadNotifications("wang", (told.notification_id,)))
    assert deliveries(urged)[0].read_at == urged.clock.now()


def test_the_deliveries_of_a_case_take_three_statements_however_many_they_are(leave):
    for _ in range(6):
        leave.urge("approve", "li")
        later(leave, days=1)
    leave.worker.drain()
    case = leave.case().instance_id
    with statements(leave.engine) as seen:
        found = leave.engine.ask(DeliveriesOf(case))
    assert len(found) == len(leave.rows("notification")) > 18
    assert len([s for s in seen if s.startswith("SELECT") and ("outbox" in s or "notification" in s)]) == 3
