"""怎么通知我: addresses and ways are kept, refused with what was typed, and shown as they hold."""

import re

import pytest

from engine import ChangeSetting
from tests.web.support_hotline import add_channels, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
ME = {"email": "zhou@example.cn", "phone": "13800001111", "quiet": "1"}
KINDS = ("assigned", "reminder", "escalation", "result", "office")
AS_THE_OFFICE = {f"{kind}-1": "usual" for kind in KINDS}


@pytest.fixture
def clerk(hotline):
    """A clerk before the page, of an office that has set up e-mail and a WeCom group."""
    add_channels(hotline.site.engine)
    browser = hotline.as_("clerk_roads_zhou")
    browser.site = hotline.site
    browser.get("/notices/wishes")
    return browser


def chosen(page, name):
    options = re.search(rf'<select name="{name}">(.*?)</select>', page, re.S)[1]
    return re.search(r'<option value="([^"]*)" selected', options)[1]


def test_what_was_chosen_is_kept_and_shown(clerk):
    said = {**ME, **AS_THE_OFFICE, "escalation-1": "wecom", "escalation-2": "email", "result-1": ""}
    assert clerk.post("/notices/wishes", said).status_code == 303
    page = clerk.get("/notices/wishes").text
    assert 'value="zhou@example.cn"' in page and 'value="13800001111"' in page
    assert [chosen(page, f"escalation-{n}") for n in (1, 2)] == ["wecom", "email"]
    assert (chosen(page, "result-1"), chosen(page, "assigned-1")) == ("", "usual")


def test_going_back_to_the_office_s_choice_forgets_the_wish(clerk):
    clerk.post("/notices/wishes", {**ME, **AS_THE_OFFICE, "result-1": "email"})
    clerk.get("/notices/wishes")
    clerk.post("/notices/wishes", {**ME, **AS_THE_OFFICE})
    assert clerk.site.rows("reach_wish") == []


def test_a_wrong_address_is_refused_and_what_was_typed_stays(clerk):
    refused = clerk.post("/notices/wishes", {**ME, **AS_THE_OFFICE, "email": "zhou at example", "result-1": "email"})
    assert (refused.status_code, 'value="zhou at example"' in refused.text) == (422, True)
    assert clerk.site.rows("reach_wish") == []


def test_the_office_s_choice_is_named(clerk):
    clerk.site.engine.execute(ChangeSetting("notice_channels", '{"result": ["email"]}', "admin_tang"))
    assert "按单位的安排(邮件)" in clerk.get("/notices/wishes").text


def test_what_is_mandatory_says_so(clerk):
    assert "不管这里怎么选都按流程规定送" in clerk.get("/notices/wishes").text


def test_without_channels_there_is_nothing_to_choose(hotline):
    page = hotline.as_("clerk_roads_zhou").get("/notices/wishes").text
    assert "现在只在站内通知" in page and "<select" not in page


def test_an_unknown_way_is_refused(clerk):
    assert clerk.post("/notices/wishes", {**ME, "result-1": "pigeon"}).status_code == 422
