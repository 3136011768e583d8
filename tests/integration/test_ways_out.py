"""By which channels a notice goes: what procedure, person and office say, addresses, units, quiet hours, fallback."""

from datetime import timedelta

import pytest

from engine import (
    ChangeReach,
    ChangeSetting,
    ChangeWishes,
    DeliveriesOf,
    DisablePerson,
    DropMembership,
    PutMembership,
    ReadNotifications,
    ReportDelivery,
    ResendDeadLetters,
    ResendMessage,
    RetryIncident,
    ShowReach,
)
from engine.domain.delivery import Delivered, Rejected, Retry
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Repeated
from tests.support.offices import at, statements
from tests.support.procedures import procedure, tell, user
from tests.support.ways import set_up, switch


def deploy(office, rules="", to="person:wang"):
    files = procedure(
        "told",
        user("do"),
        tell("tell", "news", to),
        user("rest"),
        flows="start >> do >> tell >> rest >> end",
        forms={"do": "word", "rest": "word"},
        notices={"news": "有新消息\n请看"},
    )
    if rules:
        files["procedure.toml"] += f"\n[notice.news]\n{rules}\n".encode()
    office.deploy(files)
    office.start("told")


def told(office, rules="", to="person:wang"):
    """Tell somebody; nothing has left the house yet."""
    deploy(office, rules, to)
    office.complete("do", "zhou", word="好")


def ways(office):
    """Give (channel, state) of every way of the case's notices."""
    found = office.engine.ask(DeliveriesOf(office.case().instance_id))
    return [(way.channel, way.state) for one in found for way in one.ways]


def reach(office, person="wang", email="wang@example.invalid", phone="13900001111", quiet=False):
    office.engine.execute(ChangeReach(person, email, phone, quiet, person))


@pytest.fixture
def three(office):
    """A robot, mail and text messages; wang has told his addresses."""
    for kind in ("wecom", "email", "sms"):
        set_up(office, kind, kind)
    reach(office)
    return office


def test_where_nobody_has_said_anything_it_goes_by_what_is_set_up_but_never_by_what_costs_money(three):
    told(three)
    [row] = three.rows("outbox")
    assert (row.channel, row.chain) == ("email", ["wecom"])


def test_the_office_chooses_by_kind_of_notice(three):
    three.engine.execute(ChangeSetting("notice_channels", '{"result": ["wecom", "sms"]}', "root"))
    told(three)
    [row] = three.rows("outbox")
    assert (row.channel, row.chain) == ("wecom", ["sms"])


def test_what_a_person_wishes_comes_before_the_office(three):
    three.engine.execute(ChangeSetting("notice_channels", '{"result": ["wecom"]}', "root"))
    three.engine.execute(ChangeWishes("result", ("sms",), "wang"))
    told(three)
    assert ways(three) == [("sms", "ready")]


def test_a_wish_taken_back_lets_the_office_choose_again(three):
    three.engine.execute(ChangeWishes("result", (), "wang"))
    three.engine.execute(ChangeWishes("result", None, "wang"))
    told(three)
    assert ways(three) == [("email", "ready")]


def test_who_wishes_nothing_has_it_in_the_inbox_alone(three):
    three.engine.execute(ChangeWishes("result", (), "wang"))
    told(three)
    [one] = three.engine.ask(DeliveriesOf(three.case().instance_id))
    assert (one.person, one.ways, three.rows("outbox")) == ("wang", (), [])


@pytest.mark.parametrize("wished", [(), ("email",)])
def test_what_a_procedure_makes_mandatory_nobody_switches_off(three, wished):
    three.engine.execute(ChangeWishes("result", wished, "wang"))
    told(three, 'mandatory = true\nchannels = ["sms", "wecom"]')
    [row] = three.rows("outbox")
    assert (row.channel, row.chain) == ("sms", ["wecom"])


def test_what_is_mandatory_without_channels_goes_by_something_in_any_case(three):
    three.engine.execute(ChangeWishes("result", (), "wang"))
    told(three, "mandatory = true")
    assert ways(three) == [("email", "ready")]


def test_a_kind_for_which_somebody_has_no_address_is_passed_over(three):
    reach(three, email="", phone="")
    told(three, 'channels = ["email", "sms", "wecom"]')
    assert ways(three) == [("wecom", "ready")]


def test_the_channel_nearest_to_a_persons_unit_serves_them(office):
    set_up(office, "all", "wecom")
    set_up(office, "of_town", "wecom", unit="town")
    set_up(office, "of_roads", "wecom", unit="roads")
    told(office, to="person:zhou,person:zheng")
    assert ways(office) == [("of_roads", "ready"), ("of_town", "ready")]


def test_a_channel_that_is_off_gets_nothing(three):
    switch(three, "email", is_on=False)
    told(three)
    assert ways(three) == [("wecom", "ready")]


def test_a_channel_switched_off_meanwhile_hands_over_to_the_next(three):
    told(three)
    switch(three, "email", is_on=False)
    three.worker.drain()
    assert ways(three) == [("email", "passed_on"), ("wecom", "sent")]
    [first, _] = three.rows("delivery_attempt")
    assert (first.outcome, first.code) == ("rejected", "channel_off")


def test_a_refusal_goes_to_the_next_channel_at_once_under_a_key_of_its_own(three):
    told(three)
    three.channel.answers += [Rejected("550", "no such user"), Delivered()]
    three.worker.drain()
    assert ways(three) == [("email", "passed_on"), ("wecom", "sent")]
    mark = three.rows("notification")[0].mark
    assert [m.idempotency_key for m in three.channel.tried] == [mark, f"{mark}:wecom"]
    assert three.incidents() == []


def test_a_chain_that_is_used_up_is_a_dead_letter(three):
    told(three)
    three.channel.fail(2, permanent=True)
    three.worker.drain()
    assert ways(three) == [("email", "passed_on"), ("wecom", "failed")]
    [incident] = three.incidents()
    assert incident.payload["channel"] == "wecom"


def dead(office):
    told(office)
    office.channel.fail(2, permanent=True)
    office.worker.drain()
    return office.rows("outbox")[-1]


def test_a_dead_letter_is_sent_again_under_its_own_key_and_its_incident_is_closed(three):
    letter = dead(three)
    three.engine.execute(ResendMessage(letter.id, "root"))
    three.worker.drain()
    assert (three.channel.delivered[-1].idempotency_key, three.incidents()) == (letter.idempotency_key, [])
    assert three.history()[-1] == "IncidentRetried"
    with pytest.raises(Conflict):
        three.engine.execute(ResendMessage(letter.id, "root"))


def test_a_dead_letter_may_go_to_another_address(three):
    three.engine.execute(ResendMessage(dead(three).id, "root", "15800002222"))
    three.worker.drain()
    sent = three.channel.delivered[-1]
    assert (sent.recipient, sent.address, sent.link) == ("15800002222", "15800002222", "")


def test_all_dead_letters_of_a_channel_are_sent_again_at_once(three):
    dead(three)
    assert three.engine.execute(ResendDeadLetters("email", "root")) == 0
    assert three.engine.execute(ResendDeadLetters("wecom", "root")) == 1
    three.worker.drain()
    assert (ways(three)[-1], three.incidents()) == (("wecom", "sent"), [])


def test_a_dead_letter_is_also_sent_again_from_its_incident(three):
    dead(three)
    three.engine.execute(RetryIncident(three.incidents()[0].id, "root"))
    three.worker.drain()
    assert ways(three)[-1] == ("wecom", "sent")


def test_only_admins_send_again(three):
    with pytest.raises(NotAllowed):
        three.engine.execute(ResendMessage(dead(three).id, "wang"))


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


def test_only_oneself_or_an_admin_writes_addresses_and_only_such_as_can_be_used(office):
    with pytest.raises(NotAllowed):
        office.engine.execute(ChangeReach("wang", "x@example.invalid", "", False, "li"))
    with pytest.raises(Invalid):
        reach(office, email="nobody")
    with pytest.raises(Invalid):
        reach(office, phone="12ab")
    office.engine.execute(ChangeReach("wang", "x@example.invalid", "139 0000-1111", True, "root"))
    view = office.engine.ask(ShowReach("wang"), "wang")
    assert (view.email, view.phone, view.quiet) == ("x@example.invalid", "13900001111", True)
    with pytest.raises(NotFound):
        office.engine.ask(ShowReach("wang"), "li")


@pytest.mark.parametrize("value", ["x", "[]", '{"assigned": "wecom"}', '{"nothing": []}', '{"assigned": ["fax"]}'])
def test_a_choice_of_channels_that_means_nothing_is_refused(office, value):
    with pytest.raises(Invalid):
        office.engine.execute(ChangeSetting("notice_channels", value, "root"))


def test_however_many_are_told_by_channels_the_statements_are_the_same(three):
    counts = []
    for to in ("person:wang", "person:wang,person:zhou,person:wu,person:sun,person:feng"):
        deploy(three, 'channels = ["wecom"]', to)
        with statements(three.engine) as seen:
            three.complete("do", "zhou", word="好")
        counts.append(len([s for s in seen if "membership" in s or "channel" in s or "reach" in s or "outbox" in s]))
    assert counts[0] == counts[1]
