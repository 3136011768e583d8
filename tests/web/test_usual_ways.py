"""通知怎么走: what the office chooses for everybody who has not chosen."""

import json

import pytest

from engine import ReadSetting
from tests.web.support_hotline import add_channels, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
OPEN = {f"{kind}-1": "usual" for kind in ("assigned", "reminder", "escalation", "result", "office")}


@pytest.fixture
def admin(hotline):
    add_channels(hotline.site.engine)
    browser = hotline.as_("admin_tang")
    browser.engine = hotline.site.engine
    browser.get("/admin/usual-ways")
    return browser


def decided(admin):
    return json.loads(admin.engine.ask(ReadSetting("notice_channels"), "admin_tang") or "{}")


def test_what_was_chosen_holds_and_what_was_left_open_stays_open(admin):
    said = {**OPEN, "escalation-1": "wecom", "escalation-2": "email", "result-1": "", "quiet": "1"}
    assert admin.post("/admin/usual-ways", said).status_code == 303
    assert decided(admin) == {"escalation": ["wecom", "email"], "result": []}
    assert admin.engine.ask(ReadSetting("notice_quiet"), "admin_tang") == "on"


def test_the_page_shows_what_holds(admin):
    admin.post("/admin/usual-ways", {**OPEN, "escalation-1": "wecom"})
    page = admin.get("/admin/usual-ways").text
    assert '<option value="wecom" selected>' in page and page.count('<option value="usual" selected>') == 4


def test_an_unknown_way_is_refused(admin):
    assert admin.post("/admin/usual-ways", {**OPEN, "result-1": "pigeon"}).status_code == 422
    assert decided(admin) == {}


def test_an_admin_keeps_somebody_s_addresses(admin):
    said = {"email": "zhou@example.cn", "phone": "138 0000 1111"}
    admin.get("/admin/person/clerk_roads_zhou")
    assert admin.post("/admin/person/clerk_roads_zhou/reach", said).status_code == 303
    page = admin.get("/admin/person/clerk_roads_zhou").text
    assert 'value="zhou@example.cn"' in page and 'value="13800001111"' in page
    refused = admin.post("/admin/person/clerk_roads_zhou/reach", {"email": "zhou", "phone": ""})
    assert (refused.status_code, 'value="zhou"' in refused.text) == (422, True)
