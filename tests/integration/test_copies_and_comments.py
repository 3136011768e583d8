"""Copies and comments: who may, who is told, never twice; a case may have ended long ago."""

import pytest

from engine import (
    CancelOrder,
    CommentOrder,
    Copies,
    CopyOrder,
    History,
    InboxCounts,
    LinkOrders,
    PeopleCalled,
    ReadCopy,
    ShowOrder,
    order_acts,
)
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store import people
from engine.store.database import reading
from tests.support.procedures import procedure, service, user
from tests.support.races import race, refusals

TIMES = 10


@pytest.fixture
def order(office):
    office.deploy(procedure("errand", user("do", groups="clerk@roads"), flows="start >> do >> end"))
    office.start("errand")
    return office


def copy(office, to, actor="li", note=""):
    return office.engine.execute(CopyOrder(office.number, actor, to, note))


def comment(office, text, actor="li"):
    office.engine.execute(CommentOrder(office.number, actor, text))


def events(office, kind):
    return [e for e in office.engine.ask(History(office.case().instance_id)) if e.kind == kind]


def told(office, notice):
    return sorted(row.recipient for row in office.rows("outbox") if row.notice == notice)


def shown(office, who):
    return [row.order.number for row in office.engine.ask(Copies(), who).rows]


def test_whoever_gets_a_copy_sees_the_order_and_finds_it_in_a_list(order):
    with pytest.raises(NotFound):
        order.engine.ask(ShowOrder(order.number), "mei")
    assert copy(order, ["mei"], note="请知悉") == ["mei"]
    assert order.engine.ask(ShowOrder(order.number), "mei").number == order.number
    assert (shown(order, "mei"), shown(order, "zheng")) == ([order.number], [])
    assert told(order, "copied") == ["mei"]


def test_nobody_gets_a_second_copy(order):
    copy(order, ["mei"])
    assert copy(order, ["mei", "zheng"], actor="sun") == ["zheng"]
    with pytest.raises(Conflict, match="已经抄送过梅路人、郑经办"):
        copy(order, ["mei", "zheng"])
    assert told(order, "copied") == ["mei", "zheng"]
    assert [e.payload["to"] for e in events(order, "OrderCopied")] == [["mei"], ["zheng"]]


def test_a_copy_does_not_open_the_task(order):
    copy(order, ["mei"])
    with pytest.raises(NotAllowed):
        order.claim("do", "mei")


def test_a_copy_stays_unread_until_its_reader_says_so_and_counts_once(order):
    copy(order, ["mei"])
    assert order.engine.ask(InboxCounts(), "mei")[3] == 1
    for _ in range(2):
        order.engine.execute(ReadCopy(order.number, "mei"))
    assert order.engine.ask(InboxCounts(), "mei")[3] == 0
    assert len(events(order, "CopyRead")) == 1
    assert order.engine.ask(Copies(unread_only=True), "mei").rows == []


def test_who_got_no_copy_cannot_have_read_it(order):
    with pytest.raises(NotAllowed, match="没有抄送给你"):
        order.engine.execute(ReadCopy(order.number, "sun"))


@pytest.mark.parametrize(("to", "error"), [([], Invalid), (["li"], Invalid), (["nobody"], Invalid)])
def test_a_copy_needs_somebody_else_who_exists(order, to, error):
    with pytest.raises(error):
        copy(order, to)


@pytest.mark.parametrize("state", ["open", "cancelled"])
@pytest.mark.parametrize("who", ["li", "wang", "sun", "zhou", "zheng", "feng", "mei"])
def test_copying_is_offered_to_whom_the_command_obeys(order, who, state):
    copy(order, ["mei", "feng"])
    if state == "cancelled":
        order.engine.execute(CancelOrder(order.number, "li", "不办了"))
    with reading(order.engine.database) as connection:
        actor = people.actor(connection, who).actor
    try:
        offered = "copy" in order_acts(order.engine.ask(ShowOrder(order.number), who), actor)
    except NotFound:
        offered = False
    try:
        copy(order, ["root"], actor=who)
        done = True
    except (NotAllowed, NotFound):
        done = False
    assert offered == done == (who in {"li", "wang", "sun"} or (who == "zhou" and state == "open"))


def test_a_service_task_copies_to_whoever_its_words_mean_and_not_twice(office):
    sheet = service("show", "copy", to="leader,person:mei", note="请知悉")
    flows = "start >> show >> do >> again >> end"
    files = procedure("shown", sheet, service("again", "copy", to="leader"), user("do"), flows=flows)
    office.deploy(files)
    office.start("shown")
    office.complete("do", "zhou")
    assert told(office, "copied") == ["mei", "wang"]
    assert [(row.person, row.by) for row in office.rows("copied")] == [("wang", "system"), ("mei", "system")]


def test_words_that_mean_nobody_are_noted(office):
    office.deploy(
        procedure("lost", service("show", "copy", to="unit:nowhere"), user("do"), flows="start >> show >> do >> end")
    )
    office.start("lost")
    assert [e.payload["meant"] for e in events(office, "NoticeUnaddressed")] == [["unit:nowhere"]]


def test_of_two_who_copy_to_the_same_person_one_is_told_that_it_was_done(order):
    first, second = order.another_engine(), order.another_engine()
    for who in ("mei", "zheng", "feng"):
        results = race(
            [
                lambda w=who: first.execute(CopyOrder(order.number, "li", [w])),
                lambda w=who: second.execute(CopyOrder(order.number, "sun", [w])),
            ]
        )
        [refused] = refusals(results)
        assert isinstance(refused, Conflict)
    assert told(order, "copied") == ["feng", "mei", "zheng"]


def test_a_comment_reaches_the_starter_and_who_holds_a_step(order):
    order.claim("do", "zhou")
    comment(order, " 请注意安全\n", actor="sun")
    [said] = events(order, "OrderCommented")
    assert (said.actor, said.payload["text"]) == ("sun", "请注意安全")
    assert told(order, "commented") == ["li", "zhou"]


def test_two_comments_of_the_same_words_both_count(order):
    comment(order, "收到", actor="sun")
    comment(order, "收到", actor="sun")
    assert (len(events(order, "OrderCommented")), told(order, "commented")) == (2, ["li", "li"])


@pytest.mark.parametrize("text", ["", " \n", "长" * 2001])
def test_a_comment_needs_words_and_has_an_end(order, text):
    with pytest.raises(Invalid):
        comment(order, text)


def test_a_stranger_comments_on_nothing(order):
    with pytest.raises(NotFound):
        comment(order, "路过", actor="mei")


def test_an_ended_order_is_copied_commented_and_linked_without_ending_again(order):
    order.complete("do", "zhou")
    ended = order.rows("instance")[0].ended_at
    order.move_to("2025-09-23 10:00")
    copy(order, ["mei"])
    comment(order, "办得好", actor="sun")
    first = order.number
    order.start("errand")
    order.engine.execute(LinkOrders(first, "li", [order.number]))
    row = order.rows("instance")[0]
    assert (row.status, row.ended_at) == ("completed", ended)
    assert told(order, "commented") == ["li"]


@pytest.mark.parametrize(
    ("text", "found"),
    [("梅路人", ["mei"]), ("郑经办、mei,郑经办", ["zheng", "mei"]), ("  ", [])],
)
def test_people_are_meant_by_name_or_account(office, text, found):
    assert office.engine.ask(PeopleCalled(text)) == found


def test_a_name_that_nobody_has_is_named(office):
    with pytest.raises(Invalid, match="没有叫“梅花”的人"):
        office.engine.ask(PeopleCalled("梅路人、梅花"))
