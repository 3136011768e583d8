"""Copies and comments on the pages: by name, told in the timeline, what was refused comes back as typed."""

import pytest

from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


@pytest.fixture
def number(hotline):
    return hotline.dispatched()


def post(hotline, person, number, act, **said):
    return hotline.as_(person).post(f"/orders/{number}/{act}", said, follow_redirects=True)


def test_a_copy_opens_the_order_stands_in_the_list_and_is_marked_as_read(hotline, number):
    page = post(hotline, "agent_li", number, "copy", to="梅路人", note="请知悉").text
    assert "已抄送 1 人" in page
    mei = hotline.as_("mei")
    listed = mei.get("/copies").text
    assert (number in listed, "请知悉" in listed, "未阅" in listed) == (True, True, True)
    assert "条未阅" in listed
    assert "抄送给你" in mei.get(f"/orders/{number}").text
    assert "梅路人已阅" in post(hotline, "mei", number, "read_copy").text
    assert "条未阅" not in mei.get("/copies").text
    assert number not in mei.get("/copies?unread=1").text


def test_a_name_nobody_has_comes_back_as_typed(hotline, number):
    answer = post(hotline, "agent_li", number, "copy", to="梅路人、某某", note="请知悉")
    assert answer.status_code == 422
    assert (
        "没有叫“某某”的人" in answer.text,
        'value="梅路人、某某"' in answer.text,
        'value="请知悉"' in answer.text,
    ) == (
        True,
        True,
        True,
    )
    assert hotline.site.rows("copied") == []


def test_a_second_copy_is_refused_beside_its_field(hotline, number):
    post(hotline, "agent_li", number, "copy", to="mei")
    again = post(hotline, "agent_li", number, "copy", to="梅路人")
    assert (again.status_code, "已经抄送过梅路人" in again.text) == (422, True)


def test_who_only_looks_finds_no_button_for_copying(hotline, number):
    post(hotline, "agent_li", number, "copy", to="mei")
    assert "抄送给别人看" in hotline.as_("agent_li").get(f"/orders/{number}").text
    assert "抄送给别人看" not in hotline.as_("mei").get(f"/orders/{number}").text


def test_a_comment_stands_in_the_timeline_as_plain_text(hotline, number):
    page = post(hotline, "agent_li", number, "comment", text="<b>来电人</b>很急").text
    assert "&lt;b&gt;来电人&lt;/b&gt;很急" in page
    assert "李敏评论" in page or "评论</li>" in page or "评论<br>" in page


def test_a_comment_without_words_is_refused_beside_its_field(hotline, number):
    answer = post(hotline, "agent_li", number, "comment", text=" ")
    assert (answer.status_code, "请写评论的内容" in answer.text) == (422, True)
