"""The course of a notice in words: what each provider answered, in its own code and words, one way after the other."""

from dataclasses import replace
from datetime import datetime

import pytest

from engine import AttemptView, DeliveryView, WayView
from engine.domain.clock import SHANGHAI
from tests.web.conftest import MONDAY
from web.deliveries import Course, courses, together, told

NOON = MONDAY.replace(hour=10, minute=42)


def attempt(outcome, code="", words="", at=NOON):
    return AttemptView(at, outcome, code, words)


def way(kind, *attempts, state="sent", **said):
    plain = WayView(1, kind, kind, kind, "zhou", state, False, NOON, None, None, None, None, 0, attempts)
    return replace(plain, **said)


def delivery(*ways, **said):
    return replace(
        DeliveryView(1, NOON, "order_dispatched", "assigned", "交办单", False, "zhou", "周海", None, ways), **said
    )


@pytest.fixture
def words(site):
    """Give the words of a delivery, as a page says them."""

    def say(*ways, **said):
        with site.app.test_request_context():
            return told(delivery(*ways, **said))

    return say


REFUSED = attempt("rejected", "45009", "api freq out of limit")


def test_a_refusal_and_what_came_instead(words):
    found = words(way("wecom", REFUSED, state="passed_on"), way("sms", attempt("delivered"), confirmed_at=NOON))
    assert found == "企业微信拒收:45009 api freq out of limit → 短信已送达 10:42"


def test_a_gateway_that_took_a_message_has_not_delivered_it(words):
    assert words(way("sms", attempt("delivered"))) == "短信已交给网关 10:42"
    assert words(way("sms", attempt("delivered"), attempt("confirmed"), confirmed_at=NOON)).endswith(
        "对方确认收到 10:42"
    )
    lost = attempt("undelivered", "MK:0012", "关机")
    assert "短信没有送到:MK:0012 关机" in words(way("sms", attempt("delivered"), lost, state="failed"))


def test_a_lost_answer_is_said_to_have_perhaps_come_twice(words):
    found = words(way("email", attempt("unknown", "", "DATA 之后断开"), attempt("delivered"), unknowns=1))
    assert found == "邮件已送达 10:42,有 1 次没有回音,可能收到不止一次"


def test_what_is_tried_again_says_when(words):
    later = datetime(2025, 9, 22, 10, 47, tzinfo=SHANGHAI)
    found = words(way("email", attempt("retry", "451", "greylisted"), state="ready", run_at=later))
    assert found == "邮件没有送出:451 greylisted,10:47 再试"


def test_what_is_held_until_the_morning_says_so(words):
    morning = datetime(2025, 9, 23, 8, 30, tzinfo=SHANGHAI)
    assert words(way("sms", state="ready", run_at=morning)) == "短信 9月23日 08:30 再发"


def test_what_goes_only_while_nobody_reads_it_says_until_when(words):
    noon = datetime(2025, 9, 22, 12, 0, tzinfo=SHANGHAI)
    follow_up = way("sms", state="ready", run_at=noon, is_follow_up=True)
    assert words(way("wecom", attempt("delivered")), follow_up) == "企业微信已送达 10:42 → 到 12:00 没看再走短信"


def test_a_dead_letter_waits_for_an_admin(words):
    assert words(way("wecom", REFUSED, state="failed")).endswith("没有送达,等管理员处理")


def test_what_needed_no_sending_says_why(words):
    assert words(way("sms", state="unneeded", error="已读")) == "短信不用再发:已读"


def test_a_digest_is_named(words):
    assert words(way("email", attempt("delivered"), is_merged=True)) == "邮件已送达 10:42(并入汇总)"


def test_a_notice_in_the_inbox_alone_is_there_or_read(words):
    assert words() == "站内"
    assert words(way("console", attempt("delivered"))) == "站内"
    assert words(read_at=NOON) == "已读 10:42"


def test_long_words_of_a_provider_are_cut_and_stay_on_one_line(words):
    found = words(way("webhook", attempt("rejected", "500", "<html>\n" + "x" * 500), state="failed"))
    assert "\n" not in found and len(found) < 130


def test_a_channel_is_called_as_it_was_set_up(words):
    assert words(way("wecom", attempt("delivered"), channel_name="道路处群")) == "道路处群已送达 10:42"


def test_people_reached_in_the_same_way_share_a_line():
    told = [Course("周海", "站内", False), Course("马强", "站内", False)]
    assert together(told) == ("站内",)
    assert together([*told, Course("王芳", "已读 10:42", False)]) == ("周海、马强:站内", "王芳:已读 10:42")


def test_somebody_outside_is_told_of_by_a_masked_number(site):
    sms = way("sms", attempt("delivered"), recipient="13800005678")
    outside = delivery(sms, notification_id=None, person="", name="")
    with site.app.test_request_context():
        ((course,),) = courses([outside]).values()
    assert (course.name, course.is_outside) == ("诉求人 138****5678", True)
