"""Channels: set up, changed, switched, dropped and tried out; what workers open and what administrators see."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from engine import (
    AddChannel,
    AdminEvents,
    ChangeChannel,
    Channels,
    ChannelSetups,
    DropChannel,
    ShowChannel,
    ShowChannelTest,
    SwitchChannel,
    TestChannel,
)
from engine.domain.channel_setup import KINDS
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.store.channels import UNREADABLE
from engine.store.database import reading, transaction
from engine.store.tables import channel, channel_pace, delivery_attempt
from tests.support.offices import statements
from workers.channels.registry import open_channel
from workers.channels.shut import Shut

SECRET = "the small office's own long random text"
MAIL = {"server": "smtp.example.cn", "port": "465", "security": "tls", "sender": "notice@example.cn"}
MAIL |= {"user": "notice@example.cn", "password": "correct horse battery"}
GROUP = {"key": "693a91f6-7xxx-4bc4"}


@pytest.fixture
def desk(office):
    office.engine.settings = replace(office.engine.settings, secret=SECRET)
    return office


def add(office, key="mail", kind="email", said=MAIL, **more):
    return office.engine.execute(AddChannel(key, kind, "通道", said, "root", **more))


def change(office, said, key="mail", **more):
    view = office.engine.ask(ShowChannel(key), "root")
    office.engine.execute(ChangeChannel(key, more.pop("version", view.version), "通道", said, "root", **more))


def setups(office):
    return {one.key: one for one in office.engine.ask(ChannelSetups())}


def rows(office, table):
    with reading(office.engine.database) as connection:
        return list(connection.execute(table.select()))


def test_workers_get_what_was_typed_and_a_new_channel_is_off(desk):
    assert add(desk, unit="roads") == "mail"
    setup = setups(desk)["mail"]
    assert (setup.secrets, setup.settings["server"]) == ({"password": MAIL["password"]}, "smtp.example.cn")
    assert (setup.is_on, setup.unit, setup.rate) == (False, "roads", None)


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_robots_begin_with_the_rate_their_provider_allows(desk, kind):
    said = {"key": "k", "access_token": "t", "sign_secret": "s"}
    add(desk, "group", kind, said)
    assert (setups(desk)["group"].rate, setups(desk)["group"].rate_seconds) == (20, 60)


def test_a_secret_is_nowhere_in_clear(desk):
    add(desk)
    change(desk, {**MAIL, "password": "another password"})
    desk.engine.execute(SwitchChannel("mail", True, "root"))
    seen = repr(rows(desk, channel)) + repr(desk.engine.ask(AdminEvents())) + repr(setups(desk))
    seen += repr(desk.engine.ask(ShowChannel("mail"), "root")) + repr(AddChannel("a", "email", "b", MAIL, "root"))
    assert MAIL["password"] not in seen
    assert "another password" not in seen
    kinds = [event.kind for event in desk.engine.ask(AdminEvents()).rows]
    assert kinds == ["ChannelSwitchedOn", "ChannelChanged", "ChannelAdded"]


def test_a_secret_left_empty_stays_and_one_typed_replaces_it(desk):
    add(desk)
    change(desk, {**MAIL, "password": "", "sender_name": "市政热线"})
    assert setups(desk)["mail"].secrets == {"password": MAIL["password"]}
    change(desk, {**MAIL, "password": "new"})
    assert setups(desk)["mail"].secrets == {"password": "new"}
    assert setups(desk)["mail"].version == 3


@pytest.mark.parametrize("moved", [{"server": "evil.example.net"}, {"port": "2525"}, {"security": "starttls"}])
def test_a_secret_does_not_follow_to_another_server(desk, moved):
    add(desk)
    with pytest.raises(Invalid, match="密码重新填一遍"):
        change(desk, {**MAIL, "password": "", **moved})
    change(desk, {**MAIL, **moved})


def test_a_secret_sealed_elsewhere_is_trouble_and_no_crash(desk):
    add(desk, "group", "wecom", GROUP)
    desk.engine.settings = replace(desk.engine.settings, secret=SECRET + "!")
    setup = setups(desk)["group"]
    assert (setup.trouble, setup.secrets) == (UNREADABLE, {})
    assert isinstance(open_channel(setup), Shut)
    assert desk.engine.ask(Channels(), "root")[0].trouble == UNREADABLE
    with pytest.raises(Invalid, match="打不开"):
        desk.engine.execute(SwitchChannel("group", True, "root"))
    change(desk, GROUP, "group")
    assert setups(desk)["group"].trouble == ""


def test_without_a_secret_of_the_installation_none_is_kept(office):
    with pytest.raises(Invalid, match="BANJIE_SECRET"):
        add(office)
    add(office, "mail", said={**MAIL, "password": "", "user": ""})
    assert setups(office)["mail"].trouble == ""


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("email", {"server": "https://x"}, "主机名"),
        ("email", {"server": "a b"}, "主机名"),
        ("email", {"port": "0"}, "端口"),
        ("email", {"port": "６５"}, "端口"),
        ("email", {"sender": "notice"}, "发件地址"),
        ("email", {"sender": "a@b.cn\nBcc: c@d.cn"}, "一行"),
        ("email", {"security": "none"}, "内网"),
        ("email", {"security": "perhaps"}, "只能是"),
        ("email", {"user": ""}, "登录名"),
        ("email", {"server": ""}, "请填邮件服务器"),
        ("wecom", {}, "请填机器人的 key"),
        ("wecom", {"key": "k", "endpoint": "http://qyapi.weixin.qq.com"}, "https"),
        ("webhook", {"url": "https://x/y", "secret": "short"}, "太短"),
        ("webhook", {"url": "https://me:pw@x/y", "secret": "k" * 24}, "账号密码"),
        ("webhook", {"url": "https:///y", "secret": "k" * 24}, "看不懂"),
        ("webhook", {"url": "https://x:99999/y", "secret": "k" * 24}, "看不懂"),
        ("apprise", {"url": "wecombot://x"}, "不能经 Apprise"),
        ("apprise", {"url": "ntfys://x/y"}, "允许内网地址"),
        ("pigeon", {}, "没有这种通道"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(desk, kind, said, sentence):
    given = {**MAIL, **said} if kind == "email" else said
    with pytest.raises(Invalid, match=sentence):
        add(desk, "one", kind, given)
    assert rows(desk, channel) == []


def test_the_address_of_a_robot_may_be_pasted_whole(desk):
    add(desk, "group", "wecom", {"key": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc-123"})
    pasted = {"access_token": "https://oapi.dingtalk.com/robot/send?access_token=tok", "sign_secret": "SEC1"}
    add(desk, "ding", "dingtalk", pasted)
    assert setups(desk)["group"].secrets == {"key": "abc-123"}
    assert setups(desk)["ding"].secrets["access_token"] == "tok"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"key": "1x"}, Invalid),
        ({"key": "a" * 33}, Invalid),
        ({"key": "console"}, Invalid),
        ({"unit": "nowhere"}, Invalid),
        ({"rate": 5}, Invalid),
        ({"rate": 5, "rate_seconds": 0}, Invalid),
        ({"key": "mail"}, Conflict),
    ],
)
def test_codes_units_and_rates_have_to_make_sense(desk, more, error):
    add(desk)
    with pytest.raises(error):
        add(desk, **{"key": "other", **more})


def test_of_two_who_change_it_at_once_the_second_looks_again(desk):
    add(desk)
    change(desk, MAIL)
    with pytest.raises(Conflict, match="别人改过"):
        change(desk, MAIL, version=1)


@pytest.mark.parametrize("actor", ["li", "wang", "mei"])
def test_only_administrators_touch_and_see_channels(desk, actor):
    add(desk)
    for command in (
        AddChannel("x", "console", "x", {}, actor),
        ChangeChannel("mail", 1, "x", MAIL, actor),
        SwitchChannel("mail", True, actor),
        DropChannel("mail", actor),
        TestChannel("mail", "a@b.cn", actor),
    ):
        with pytest.raises(NotAllowed):
            desk.engine.execute(command)
    for query in (Channels(), ShowChannel("mail"), ShowChannelTest("mail", 1), ChannelSetups()):
        with pytest.raises(NotFound):
            desk.engine.ask(query, actor)


def test_not_even_an_administrator_gets_the_secrets_back(desk):
    add(desk)
    with pytest.raises(NotFound):
        desk.engine.ask(ChannelSetups(), "root")


def test_trying_out_puts_a_message_whose_attempts_are_shown(desk):
    add(desk)
    ident = desk.engine.execute(TestChannel("mail", " li@example.cn ", "root"))
    view = desk.engine.ask(ShowChannelTest("mail", ident), "root")
    assert (view.recipient, view.state, view.is_over, view.attempts) == ("li@example.cn", "ready", False, ())
    attempt(desk, ident, 1, "rejected", "550", "User unknown")
    view = desk.engine.ask(ShowChannelTest("mail", ident), "root")
    assert [(a.outcome, a.code, a.words) for a in view.attempts] == [("rejected", "550", "User unknown")]
    with pytest.raises(NotFound):
        desk.engine.ask(ShowChannelTest("other", ident), "root")


@pytest.mark.parametrize(
    ("kind", "to"), [("email", ""), ("email", "li"), ("email", "a@b\nx@c"), ("sms", "abc"), ("sms", "")]
)
def test_trying_out_needs_an_address_of_its_kind(desk, kind, to):
    sms = {"access_key_id": "i", "access_key_secret": "s", "sign_name": "办结", "template": "SMS_1"}
    add(desk, "one", kind, MAIL if kind == "email" else sms)
    with pytest.raises(Invalid):
        desk.engine.execute(TestChannel("one", to, "root"))


def attempt(office, outbox_id, number, outcome, code, words):
    values = {"outbox_id": outbox_id, "number": number, "channel": "mail", "at": office.engine.now()}
    with transaction(office.engine.database) as connection:
        connection.execute(insert(delivery_attempt), {**values, "outcome": outcome, "code": code, "words": words})


def test_the_list_says_how_each_channel_fares(desk):
    add(desk, rate=20, rate_seconds=60)
    ident = desk.engine.execute(TestChannel("mail", "li@example.cn", "root"))
    attempt(desk, ident, 1, "retry", "451", "Greylisted")
    attempt(desk, ident, 2, "delivered", "250", "Ok")
    attempt(desk, ident, 3, "retry", "452", "Full")
    now = desk.engine.now()
    moments = [[1, (now - timedelta(seconds=s)).isoformat(), False] for s in (5, 59, 61)]
    with transaction(desk.engine.database) as connection:
        held = {"held_until": now + timedelta(seconds=30), "code": "45009", "words": "freq"}
        connection.execute(insert(channel_pace), {"channel": "mail", "moments": moments, **held})
    desk.clock.move_to(desk.clock.at + timedelta(seconds=10))
    [line] = desk.engine.ask(Channels(), "root")
    assert (line.waiting, line.oldest, line.last_delivered) == (1, now, now)
    assert (line.last_failure.code, line.used, line.held_words) == ("452", 1, "45009 freq")
    desk.clock.move_to(desk.clock.at + timedelta(minutes=1))
    [line] = desk.engine.ask(Channels(), "root")
    assert (line.used, line.held_until) == (0, None)


def test_the_list_costs_the_same_with_many_channels(desk):
    add(desk)
    with statements(desk.engine) as few:
        desk.engine.ask(Channels(), "root")
    for n in range(20):
        add(desk, f"more{n}", "console", {})
    with statements(desk.engine) as many:
        assert len(desk.engine.ask(Channels(), "root")) == 21
    assert len(many) == len(few)


def test_a_channel_on_which_something_waits_is_not_dropped(desk):
    add(desk)
    desk.engine.execute(TestChannel("mail", "li@example.cn", "root"))
    with pytest.raises(Conflict, match="1 条通知"):
        desk.engine.execute(DropChannel("mail", "root"))
    add(desk, "spare", "console", {})
    desk.engine.execute(DropChannel("spare", "root"))
    assert list(setups(desk)) == ["mail"]


def test_every_kind_can_be_set_up_and_opened(desk):
    said = {f.name: f.default or "x" * 24 for kind in KINDS.values() for f in kind.fields} | MAIL
    said |= {"url": "https://hook.example.cn/in", "ca": ""}
    for kind in KINDS:
        add(desk, f"a_{kind}", kind, said, allows_inside=True)
    assert {type(open_channel(setup)).__name__ for setup in setups(desk).values()} == {
        *("Email", "WeCom", "DingTalk", "Webhook", "Sms", "AppriseChannel", "Console")
    }
