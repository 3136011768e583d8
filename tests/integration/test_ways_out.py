"""By which channels a notice goes: what procedure, person and office say, addresses, units, quiet hours, fallback."""

import pytest

from engine import (
    ChangeReach,
    ChangeSetting,
    ChangeWishes,
    DeadLetters,
    DeliveriesOf,
    ResendDeadLetters,
    ResendMessage,
    RetryIncident,
    ShowReach,
)
from engine.domain.delivery import Delivered, Rejected
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.offices import statements
from tests.support.telling import deploy, reach, told, ways
from tests.support.ways import set_up, switch


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


@pytest.fixture
def by_text(three):
    """A text message that was given up."""
    told(three, 'channels = ["sms"]')
    three.channel.fail(permanent=True)
    three.worker.drain()
    return three


def test_a_dead_letter_tells_order_person_and_the_last_answer(by_text):
    page = by_text.engine.ask(DeadLetters("sms"), "root")
    [letter] = page.rows
    assert (page.kind, page.total, page.next) == ("sms", 1, None)
    assert (letter.number, letter.name, letter.last.outcome, letter.error) == (by_text.number, "王班长", "rejected", "")
    assert by_text.engine.ask(DeadLetters("sms", letter.id), "root").rows == ()
    with pytest.raises(NotFound):
        by_text.engine.ask(DeadLetters("sms"), "wang")


@pytest.mark.parametrize("to", ["zhou", "15800002222"])
def test_a_dead_letter_on_a_channel_that_needs_an_address_goes_to_where_somebody_is_reached(by_text, to):
    reach(by_text, "zhou", phone="15800002222")
    by_text.engine.execute(ResendMessage(by_text.rows("outbox")[0].id, "root", to))
    by_text.worker.drain()
    assert by_text.channel.delivered[-1].address == "15800002222"


@pytest.mark.parametrize("to", ["zhou", "wang@example.cn", "1" * 141])
def test_a_dead_letter_is_not_sent_again_to_where_its_channel_cannot_go(by_text, to):
    with pytest.raises(Invalid):
        by_text.engine.execute(ResendMessage(by_text.rows("outbox")[0].id, "root", to))
    assert (ways(by_text), len(by_text.incidents())) == ([("sms", "failed")], 1)


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
