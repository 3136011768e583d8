"""What leaves the house as a notice: filled from the record in one pass, with nobody's number in it, on one subject line."""

import json

import pytest

from tests.support.procedures import procedure, script, tell, user

FORM = {
    "type": "default",
    "components": [
        {"type": "textfield", "key": "phone", "id": "f1", "label": "电话", "validate": {"validationType": "phone"}},
        {"type": "textarea", "key": "content", "id": "f2", "label": "内容"},
        {"type": "number", "key": "amount", "id": "f3", "label": "金额"},
    ],
}


@pytest.fixture
def told(office):
    """Give subject and body of the one notice that comes of a template and of what was typed."""

    def tell_it(template, **answers):
        files = procedure(
            "told",
            user("do"),
            tell("say", "said", "role:supervisor"),
            flows="start >> say >> do >> end",
            notices={"said": template},
        )
        office.deploy({**files, "forms/start.form": json.dumps(FORM).encode()})
        office.start("told", **answers)
        (row,) = office.rows("outbox")
        return row.subject, row.body

    return tell_it


def test_names_in_braces_are_filled_and_a_dollar_alone_stays(told):
    assert told("${number} 来了\n${amount} 元", amount=5) == ("TOLD20250001 来了", "5 元")


def test_what_somebody_typed_is_never_taken_for_a_template(told):
    assert told("题\n${content}", content="${phone} ${number}", phone="13812345678")[1] == "${phone} ${number}"


def test_numbers_of_people_are_hidden_in_fields_and_in_what_was_told(told):
    body = told("题\n${phone}：${content}", phone="0571-87654321", content="请打 138 1234 5678")[1]
    assert "8765" not in body and "1234" not in body


def test_line_breaks_typed_by_somebody_make_no_second_subject(told):
    subject, body = told("新单：${content}\n正文", content="一\r\nBcc: 二\u2028三")
    assert (subject, body) == ("新单：一 Bcc: 二 三", "正文")


def test_a_subject_of_which_nothing_is_filled_is_the_title_of_the_order(told):
    assert told("${content}\n正文")[0] == "told"


def test_of_a_list_only_what_was_said_is_told(office):
    files = procedure(
        "told",
        script("gather", 'objections = [None, "首检不归我们", "", "夹具也要查"]'),
        tell("say", "said", "role:supervisor"),
        flows="start >> gather >> say >> end",
        notices={"said": "题\n异议：${objections}"},
    )
    office.deploy(files)
    office.start("told")
    (row,) = office.rows("outbox")
    assert row.body == "异议：首检不归我们、夹具也要查"
