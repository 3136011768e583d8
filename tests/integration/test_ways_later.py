"""What happens to a notice later on: unread, quiet hours, whom it is meant for by then, pauses, rates, providers' reports."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert

from engine import (
    AnythingDue,
    ChangeSetting,
    DisablePerson,
    DropMembership,
    FinishOutbox,
    LeaseOutbox,
    NextMoment,
    PutMembership,
    ReadNotifications,
    ReportDelivery,
    ResendMessage,
    Sending,
    WaitingChannels,
)
from engine.domain.delivery import Delivered, Retry
from engine.domain.errors import Invalid, NotFound, Repeated
from engine.store.database import transaction
from engine.store.tables import hook_receipt
from tests.support.offices import at
from tests.support.telling import deploy, reach, told, ways
from tests.support.ways import set_up

UNREAD = 'channels = ["wecom", "sms"]\nunread_after = "2小时(工作时间)"'


def test_what_nobody_reads_goes_by_the_next_channel_after_its_working_time(three):
    told(three, UNREAD)
    three.worker.drain()
    [_, later] = three.rows("outbox")
    assert (later.channel, later.only_unread, later.run_at) == ("sms", True, at("2025-09-22 12:00"))
    three.work_at("2025-09-22 12:00")
    assert ways(three) == [("wecom", "sent"), ("sms", "sent")]


def test_what_was_read_in_time_needs_no_other_channel(three):
    told(three, UNREAD)
    three.worker.drain()
    three.engine.execute(ReadNotifications("wang", every=True))
    three.work_at("2025-09-22 15:00")
    assert ways(three) == [("wecom", "sent"), ("sms", "unneeded")]


def test_quiet_hours_hold_what_is_not_urgent_until_work_begins(three):
    reach(three, quiet=True)
    three.move_to("2025-09-22 20:00")
    told(three)
    three.worker.drain()
    assert (three.channel.tried, three.rows("outbox")[0].run_at) == ([], at("2025-09-23 08:30"))
    three.work_at("2025-09-23 08:30")
    assert ways(three) == [("email", "sent")]


def test_urgent_notices_know_no_quiet_hours(three):
    reach(three, quiet=True)
    three.move_to("2025-09-22 20:00")
    told(three, "urgent = true")
    three.worker.drain()
    assert ways(three) == [("email", "sent")]


def test_what_could_not_be_sent_by_day_does_not_disturb_at_night(three):
    reach(three, quiet=True)
    told(three)
    three.channel.answers.append(Retry("421", "greylisted", timedelta(hours=10)))
    three.worker.drain()
    three.work_at("2025-09-22 20:00")
    assert (len(three.channel.tried), three.rows("outbox")[0].run_at) == (1, at("2025-09-23 08:30"))


def test_the_office_may_want_quiet_for_all_who_have_not_chosen(three):
    three.engine.execute(ChangeSetting("notice_quiet", "on", "root"))
    three.move_to("2025-09-22 20:00")
    told(three, to="person:zhou,person:wang")
    assert [row.run_at > three.clock.now() for row in three.rows("outbox")] == [True, False]


def test_somebody_whose_account_was_shut_is_not_told(three):
    told(three)
    three.engine.execute(DisablePerson("wang", "root"))
    three.worker.drain()
    assert (three.channel.tried, ways(three)) == ([], [("email", "unneeded")])


def test_after_a_while_it_is_asked_anew_for_whom_a_notice_is_meant(three):
    reach(three, "zhou", "zhou@example.invalid")
    reach(three, "wu", "wu@example.invalid")
    deploy(three, to="holder:rest")
    three.complete("do", "zhou", word="好")
    before = sorted(row.person for row in three.rows("notification"))
    three.claim("rest", "zhou")
    three.move_to("2025-09-22 10:06")
    three.worker.drain()
    assert len(before) > 1
    assert [message.recipient for message in three.channel.delivered] == ["zhou"]
    assert {row.error for row in three.rows("outbox") if row.state == "unneeded"} == {"已换人"}


def test_who_is_meant_by_then_and_was_not_told_is_told_once(three):
    deploy(three, to="role:leader")
    three.complete("do", "zhou", word="好")
    join = PutMembership("mei", "water", "leader", "root")
    three.engine.execute(join)
    three.engine.execute(DropMembership("wang", "desk", "leader", "root"))
    three.move_to("2025-09-22 10:06")
    three.worker.drain()
    assert [(row.person, row.meant) for row in three.rows("notification")] == [
        ("wang", "role:leader"),
        ("mei", "role:leader"),
    ]
    assert [message.recipient for message in three.channel.delivered] == ["mei"]


def test_a_provider_that_asks_for_a_pause_holds_the_whole_channel(three):
    told(three, 'channels = ["wecom"]', to="person:wang,person:zhou,person:wu")
    three.channel.answers.append(Retry("45009", "api freq out of limit", timedelta(minutes=1), whole_channel=True))
    three.worker.send_messages()
    pace = three.rows("channel_pace")[0]
    assert (pace.code, pace.held_until - three.clock.now()) == ("45009", timedelta(minutes=1))


LIMITED = Retry("45009", "api freq out of limit", timedelta(minutes=1), whole_channel=True)
URGENT = 'urgent = true\nchannels = ["wecom", "sms"]'


def test_what_is_urgent_goes_by_the_next_channel_while_its_first_is_held(three):
    told(three, URGENT)
    three.channel.answers.append(LIMITED)
    three.worker.drain()
    assert ways(three) == [("wecom", "passed_on"), ("sms", "sent")]
    assert [row.outcome for row in three.rows("delivery_attempt")] == ["retry", "delivered"]
    told(three, URGENT)
    assert [row.channel for row in three.rows("outbox")[2:]] == ["sms"]


def test_what_is_urgent_and_waits_already_is_passed_on_as_well_and_nothing_else(three):
    reach(three, "mei", phone="13900002222")
    told(three, URGENT, to="person:wang,person:mei")
    [first] = three.engine.execute(LeaseOutbox("one", limit=1))
    told(three, 'channels = ["wecom", "sms"]')
    three.engine.execute(FinishOutbox((Sending(first, LIMITED),)))
    states = {(row.channel, row.state, row.urgent) for row in three.rows("outbox")}
    assert states == {("wecom", "passed_on", True), ("sms", "ready", True), ("wecom", "ready", False)}
    assert three.incidents() == []


def test_what_is_urgent_and_has_no_other_channel_waits_for_the_one(three):
    told(three, 'urgent = true\nchannels = ["wecom"]')
    three.channel.answers.append(LIMITED)
    three.worker.drain()
    assert ways(three) == [("wecom", "ready")]
    three.work_at("2025-09-22 10:02")
    assert ways(three) == [("wecom", "sent")]


def test_a_channel_never_goes_faster_than_its_rate(office):
    set_up(office, "robot", "wecom", rate=2, rate_seconds=60)
    told(office, to="person:wang,person:zhou,person:wu,person:zheng,person:sun")
    moments = []
    for _ in range(5):
        before = len(office.channel.tried)
        office.worker.drain()
        moments.append(len(office.channel.tried) - before)
        office.move_to(office.clock.at + timedelta(seconds=30))
    assert moments == [2, 0, 2, 0, 1]


def report(office, outcome, call="c1", **said):
    row = next(r for r in office.rows("outbox") if r.channel == "sms")
    values = {"at": office.clock.now(), "code": "DELIVRD", "words": "ok", **said}
    office.engine.execute(ReportDelivery("sms", call, key=row.idempotency_key, outcome=outcome, **values))


@pytest.fixture
def queued(three):
    """A text message that the gateway has only queued."""
    told(three, 'channels = ["sms", "wecom"]')
    three.channel.answers.append(Delivered("S1", confirmed=False))
    three.worker.drain()
    return three


def test_a_report_confirms_what_was_only_queued(queued):
    report(queued, "confirmed")
    assert queued.rows("outbox")[0].confirmed_at == queued.clock.now()


def test_a_report_that_it_did_not_arrive_goes_to_the_next_channel(queued):
    report(queued, "undelivered", code="UNDELIV", words="空号")
    queued.worker.drain()
    assert ways(queued) == [("sms", "passed_on"), ("wecom", "sent")]
    assert [row.outcome for row in queued.rows("delivery_attempt")] == ["delivered", "undelivered", "delivered"]


def test_a_report_counts_once_and_only_about_what_was_sent(queued):
    report(queued, "confirmed")
    with pytest.raises(Repeated):
        report(queued, "undelivered")
    with pytest.raises(Invalid):
        report(queued, "confirmed", "c2", at=queued.clock.now() - timedelta(minutes=6))
    with pytest.raises(NotFound):
        queued.engine.execute(ReportDelivery("sms", "c3", queued.clock.now(), "nobody's", "confirmed", "", ""))


def test_numbers_of_reports_are_kept_for_a_day_and_of_other_channels_as_long_as_those_want(queued):
    sms = next(r for r in queued.rows("outbox") if r.channel == "sms")
    with transaction(queued.engine.database) as connection:
        kept = {"channel": "other", "id": "o1", "at": queued.clock.now()}
        connection.execute(insert(hook_receipt), kept)
    told_us = ("confirmed", "DELIVRD", "ok")
    for call, later in (("c1", timedelta(0)), ("c2", timedelta(hours=20)), ("c3", timedelta(hours=5))):
        queued.move_to(queued.clock.at + later)
        queued.engine.execute(ReportDelivery("sms", call, queued.clock.now(), sms.idempotency_key, *told_us))
    assert [(r.channel, r.id) for r in queued.rows("hook_receipt")] == [("other", "o1"), ("sms", "c2"), ("sms", "c3")]


def waiting(office, count, kind="wecom"):
    """Several notices wait for wang on one channel."""
    deploy(office, f'channels = ["{kind}"]')
    office.complete("do", "zhou", word="好")
    for _ in range(count - 1):
        told(office, f'channels = ["{kind}"]')


def test_many_that_wait_for_one_person_leave_as_one_and_again_as_the_same(three):
    waiting(three, 5)
    three.channel.answers.append(Retry("busy", "later"))
    three.worker.drain()
    three.move_to("2025-09-22 10:04")
    three.worker.drain()
    first, again = three.channel.tried
    assert (first.subject, first.body, first.idempotency_key) == (again.subject, again.body, again.idempotency_key)
    assert first.subject.startswith("您有 5 条通知")
    assert Counter(row.state for row in three.rows("outbox")) == {"merged": 4, "sent": 1}
    assert ways(three) == [("wecom", "sent")]


def test_four_go_one_by_one_and_so_does_everything_where_the_office_wants_it(three):
    waiting(three, 4)
    three.worker.drain()
    three.engine.execute(ChangeSetting("notice_digest", "off", "root"))
    waiting(three, 6)
    three.worker.drain()
    assert {row.state for row in three.rows("outbox")} == {"sent"}


def test_a_digest_that_is_refused_is_one_dead_letter_and_is_sent_again_whole(three):
    waiting(three, 5)
    three.channel.fail(permanent=True)
    three.worker.drain()
    [incident] = three.incidents()
    three.engine.execute(ResendMessage(incident.payload["outbox"], "root"))
    three.worker.drain()
    assert three.channel.delivered[-1].body == three.channel.tried[0].body
    assert ways(three) == [("wecom", "sent")]


def test_while_a_channel_waits_for_its_window_nothing_is_due(office):
    set_up(office, "robot", "wecom", rate=1, rate_seconds=60)
    told(office, to="person:wang,person:zhou")
    office.worker.drain()
    asked = (WaitingChannels(), AnythingDue(), NextMoment())
    assert [office.engine.ask(one) for one in asked] == [[], False, office.clock.now() + timedelta(seconds=60)]
    office.move_to(office.clock.at + timedelta(seconds=60))
    assert office.engine.ask(WaitingChannels()) == ["robot"]
