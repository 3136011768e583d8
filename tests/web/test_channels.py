"""The admins' pages of channels: forms, secrets that never come back, trying out, what a provider said."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import insert

from engine import ChannelSetups
from engine.domain.channel_setup import KINDS
from engine.store.database import transaction
from engine.store.tables import delivery_attempt, outbox
from web.operations import channel_words

PASSWORD = "geheim & <b>sehr</b>"
MAIL = {"kind": "email", "code": "office_mail", "name": "机构邮箱", "server": "smtp.example.cn", "port": "465"}
MAIL |= {"security": "tls", "sender": "notice@example.cn", "user": "notice", "password": PASSWORD}


@pytest.fixture
def admin(site):
    site.engine.settings = replace(site.engine.settings, secret="the site's own long random text, kept apart")
    return site.logged_in("admin_tang")


@pytest.fixture
def mail(admin):
    assert admin.post("/admin/channels", MAIL).location == "/admin/channels/office_mail"
    return admin


def text(response):
    return response.get_data(as_text=True)


def test_every_kind_has_a_form_with_its_fields(admin):
    for kind, setup in KINDS.items():
        page = text(admin.get(f"/admin/channels?kind={kind}"))
        form = page.partition('<form class="card"')[2].partition("</form>")[0]
        names = re.findall(r' name="(\w+)"', form)
        assert {f.name for f in setup.fields} <= set(names)
        assert len(names) == len(set(names))


def test_fields_and_kinds_are_called_alike_in_sentences_and_on_pages(site):
    with site.app.test_request_context():
        labels, kinds = channel_words.fields(), channel_words.kinds()
        assert {k: v.name for k, v in KINDS.items()} == kinds
        said = {(k, f.name): labels.get(f"{k}.{f.name}") or labels[f.name] for k, v in KINDS.items() for f in v.fields}
        assert said == {(k, f.name): f.label for k, v in KINDS.items() for f in v.fields}
        assert {o for v in KINDS.values() for f in v.fields for o in f.options} == set(channel_words.options())


def test_a_secret_never_comes_back(mail):
    shown = (
        text(mail.get("/admin/channels/office_mail"))
        + text(mail.get("/admin/channels"))
        + text(mail.get("/admin/acts"))
    )
    refused = text(mail.post("/admin/channels/office_mail", {**MAIL, "version": 1, "port": "x"}))
    taken = text(mail.post("/admin/channels", {**MAIL, "port": "x"}))
    assert "geheim" not in shown + refused + taken
    assert "已经存了一份" in shown


def test_the_channels_code_is_not_taken_for_the_robots_key(admin, site):
    said = {"kind": "wecom", "code": "night_group", "name": "群", "key": "the-robots-key"}
    assert admin.post("/admin/channels", said).location == "/admin/channels/night_group"
    [setup] = site.engine.ask(ChannelSetups())
    assert (setup.key, dict(setup.secrets)) == ("night_group", {"key": "the-robots-key"})


def test_what_was_typed_stays_when_it_is_refused(admin):
    answer = admin.post("/admin/channels", {**MAIL, "port": "many", "name": "我的邮箱"})
    assert (answer.status_code, "端口是 1 到 65535" in text(answer)) == (422, True)
    assert 'value="我的邮箱"' in text(answer)
    assert admin.post("/admin/channels", {**MAIL, "rate": "5"}).status_code == 422
    assert admin.post("/admin/channels", {**MAIL, "kind": "pigeon"}).status_code == 422


def test_settings_are_changed_and_a_stale_page_is_refused(mail):
    said = {**MAIL, "version": 1, "password": "", "sender_name": "热线", "rate": "30", "rate_seconds": "60"}
    assert mail.post("/admin/channels/office_mail", said).status_code == 303
    assert 'value="热线"' in text(mail.get("/admin/channels/office_mail"))
    assert "60 秒内至多 30 条" in text(mail.get("/admin/channels/office_mail"))
    stale = mail.post("/admin/channels/office_mail", {**said, "sender_name": "旧"})
    assert (stale.status_code, "别人改过" in text(stale)) == (422, True)


def test_switching_on_and_off_and_dropping(mail):
    mail.post("/admin/channels/office_mail/switch", {"value": "on"})
    assert "停用这个通道" in text(mail.get("/admin/channels/office_mail"))
    mail.post("/admin/channels/office_mail/switch", {"value": "off"})
    assert "启用这个通道" in text(mail.get("/admin/channels/office_mail"))
    assert mail.post("/admin/channels/office_mail/drop").location == "/admin/channels"
    assert mail.get("/admin/channels/office_mail").status_code == 404


def test_trying_out_shows_the_providers_own_code_and_words(mail, site):
    answer = mail.post("/admin/channels/office_mail/test", {"to": "tang@example.cn"})
    page = mail.get(answer.location)
    assert "正在发送" in text(page)
    assert "data-again" in text(page)
    with transaction(site.engine.database) as connection:
        connection.execute(outbox.update().values(state="failed"))
        told = {"outbox_id": 1, "number": 1, "channel": "office_mail", "at": site.engine.now(), "outcome": "rejected"}
        connection.execute(
            insert(delivery_attempt), {**told, "code": "550", "words": "5.1.1 <User> 13800001111 unknown"}
        )
    page = text(mail.get(answer.location))
    assert "<code>550</code> 5.1.1 &lt;User&gt; 138****1111 unknown" in page
    assert "data-again" not in page
    assert "<code>550</code>" in text(mail.get("/admin/channels"))
    assert "<code>550</code>" in text(mail.get("/admin/channels/office_mail"))


def test_trying_out_without_a_fitting_address_says_so(mail):
    answer = mail.post("/admin/channels/office_mail/test", {"to": "tang"})
    assert (answer.status_code, "请填一个邮箱地址" in text(answer)) == (422, True)


def test_a_channel_with_messages_waiting_stays(mail):
    mail.post("/admin/channels/office_mail/test", {"to": "tang@example.cn"})
    assert mail.post("/admin/channels/office_mail/drop").status_code == 409


def test_an_unreadable_secret_is_told_on_the_pages(mail, site):
    site.engine.settings = replace(site.engine.settings, secret="quite another long random text, after a move")
    assert "另一个 BANJIE_SECRET" in text(mail.get("/admin/channels"))
    assert "另一个 BANJIE_SECRET" in text(mail.get("/admin/channels/office_mail"))
    assert mail.post("/admin/channels/office_mail/switch", {"value": "on"}).status_code == 422


def test_nothing_of_channels_is_there_for_others(mail, site):
    li = site.logged_in("agent_li")
    assert li.get("/admin/channels").status_code == 404
    assert li.post("/admin/channels/office_mail/test", {"to": "x@y.cn"}).status_code == 404
