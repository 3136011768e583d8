"""Templates of notices: `${name}` is filled once and nothing else is read; faults are told with what to write instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.notice_template import cleaned, faults_of, filled, one_line

KNOWN = {"number", "subject", "content", "caller_phone"}


def rules(template, known=KNOWN):
    return [rule for rule, _ in faults_of(template, known)]


@pytest.mark.parametrize(
    "text",
    [
        "$subject",
        "$$",
        "$${",
        "${subject!r}",
        "${subject:>9}",
        "${subject.title}",
        "${subject[0]}",
        "{subject}",
        "%s",
        "$",
    ],
)
def test_only_a_name_in_braces_is_filled(text):
    assert filled(text, {"subject": "路灯不亮"}) == text


def test_a_filled_value_is_never_read_again():
    assert filled("${content}", {"content": "${caller_phone}", "caller_phone": "13812345678"}) == "${caller_phone}"


def test_what_nobody_filled_is_left_empty():
    assert filled("工单 ${number}（${subject}）", {"number": "RX1"}) == "工单 RX1（）"


def test_a_field_for_a_personal_number_is_hidden_whatever_it_holds():
    assert filled("${caller_phone}", {"caller_phone": "8765432"}, {"caller_phone"}) == "******2"


def test_a_number_that_two_values_make_together_is_hidden():
    assert filled("${area}-${line}", {"area": "0571", "line": "87654321"}) == "****-*****321"


def test_the_number_an_owner_writes_into_the_template_stays_and_that_of_a_caller_does_not():
    text = filled("请致电 0571-87654321：${content}", {"content": "我的电话 13812345678"})
    assert text == "请致电 0571-87654321：我的电话 138****5678"


def test_what_stands_under_a_plain_name_stays():
    assert filled("${amount}", {"amount": "13812345678"}, (), {"amount"}) == "13812345678"


@given(st.text())
def test_no_value_can_make_a_second_line_of_a_subject(value):
    assert len(one_line(value).splitlines()) <= 1


@given(st.text())
def test_no_control_character_comes_into_a_body(value):
    assert not set(cleaned(value)) & {chr(n) for n in (*range(9), *range(11, 32), *range(127, 160))}


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("${nobody} 您好\n正文", "notice-name"),
        ("\n正文", "notice-subject"),
        ("", "notice-subject"),
        ("长" * 61, "notice-length"),
        ("题\n" + "长" * 1001, "notice-length"),
        ("$subject", "notice-dollar"),
        ("题 $$5", "notice-dollar"),
        ("题 ${subject!r}", "notice-dollar"),
        ("题 ${ subject }", "notice-dollar"),
    ],
)
def test_each_fault_has_its_rule(template, rule):
    assert rules(template) == [rule]


@pytest.mark.parametrize("template", ["${number} " + "长" * 60, "题\n${content}" + "长" * 1000, "${subject}"])
def test_filled_names_do_not_count_for_the_length(template):
    assert rules(template) == []


def test_a_slip_of_the_pen_is_told_with_what_was_meant():
    assert faults_of("题 ${subjct}", KNOWN) == [("notice-name", "没有谁会填 ${subjct}，您是不是想写 ${subject}")]
