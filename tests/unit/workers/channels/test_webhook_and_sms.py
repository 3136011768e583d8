import base64
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.channel_setup import ChannelSetup
from engine.domain.clock import FrozenClock
from engine.domain.delivery import Delivered, Rejected, Retry, Unknown
from engine.domain.signatures import verify
from tests.support.http_fakes import Said
from tests.support.outgoing import KEY, outgoing
from workers.channels.registry import open_channel
from workers.channels.shut import Shut
from workers.channels.sms import signature

NOW = datetime(2025, 9, 22, 2, 0, tzinfo=UTC)
CLOCK = FrozenClock(NOW)
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
SMS = {
    "gateway": "aliyun",
    "access_key_id": "LTAI-id",
    "sign_name": "办结",
    "template": "SMS_1",
    "title_variable": "title",
}


@pytest.fixture
def hook(net, secure, authority):
    settings = {"url": f"https://hook.test:{secure.port}/in?from=banjie", "ca": authority.pem}
    setup = ChannelSetup("hook", "webhook", "对接", settings, {"secret": SECRET}, allows_inside=True)
    return open_channel(setup, CLOCK, net)


def test_a_call_is_signed_so_that_its_receiver_can_verify_it(hook, secure):
    secure.says(Said(202, b"queued"))
    assert hook.send(outgoing()) == Delivered(code="HTTP 202", words="queued")
    [seen] = secure.seen
    assert verify([SECRET], seen.headers, seen.body, NOW).id == KEY == seen.headers["webhook-id"]
    assert (seen.path, seen.json["data"]["subject"]) == ("/in?from=banjie", "新待办:路灯不亮")


def test_the_number_of_a_call_is_the_same_when_it_is_sent_again(hook, secure):
    secure.says(Said(drops=True), Said(200))
    assert type(hook.send(outgoing())) is Unknown
    assert type(hook.send(outgoing(attempts=2, fence=2))) is Delivered
    assert [seen.headers["webhook-id"] for seen in secure.seen] == [KEY, KEY]


@pytest.mark.parametrize(
    ("status", "kind"), [(500, Retry), (429, Retry), (401, Rejected), (410, Rejected), (307, Rejected)]
)
def test_what_the_receiver_answers_counts(hook, secure, status, kind):
    secure.says(Said(status, SECRET.encode()))
    outcome = hook.send(outgoing())
    assert (type(outcome), outcome.code) == (kind, f"HTTP {status}")
    assert SECRET not in outcome.words


@pytest.fixture
def sms(net, fake):
    settings = {**SMS, "endpoint": f"http://sms.test:{fake.port}", "link_variable": ""}
    setup = ChannelSetup("sms", "sms", "短信", settings, {"access_key_secret": "testSecret"}, allows_inside=True)
    return open_channel(setup, CLOCK, net)


def test_a_text_message_is_queued_and_its_arrival_is_reported_later(sms, fake):
    fake.says(Said(body={"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": "R"}))
    outcome = sms.send(outgoing(address="13800000000", subject="很长的标题" * 10))
    assert outcome == Delivered("900619746936498440^0", "OK", "OK", confirmed=False)
    asked = fake.seen[0].form
    assert (asked["PhoneNumbers"], asked["OutId"], asked["TemplateCode"]) == ("13800000000", KEY, "SMS_1")
    assert asked["TemplateParam"] == '{"title":"' + "很长的标题" * 6 + '很长的标…"}'
    assert asked["Timestamp"] == "2025-09-22T02:00:00Z"
    given = asked.pop("Signature")
    assert given == signature(asked, "testSecret")


def test_a_signature_is_the_one_of_the_documented_example():
    asked = {
        "AccessKeyId": "testId",
        "Action": "SendSms",
        "Format": "XML",
        "OutId": "123",
        "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou",
        "SignName": "阿里云短信测试专用",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007",
        "TemplateParam": '{"customer":"test"}',
        "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }
    assert signature(asked, "testSecret", "GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (200, "isv.BUSINESS_LIMIT_CONTROL", Retry("isv.BUSINESS_LIMIT_CONTROL", "说明", timedelta(hours=1))),
        (200, "isv.MOBILE_NUMBER_ILLEGAL", Rejected("isv.MOBILE_NUMBER_ILLEGAL", "说明")),
        (200, "isv.AMOUNT_NOT_ENOUGH", Rejected("isv.AMOUNT_NOT_ENOUGH", "说明")),
        (200, "isp.SYSTEM_ERROR", Retry("isp.SYSTEM_ERROR", "说明")),
        (200, "isv.SOMETHING_NEW", Rejected("isv.SOMETHING_NEW", "说明")),
        (400, "SignatureDoesNotMatch", Rejected("SignatureDoesNotMatch", "说明")),
        (400, "Throttling.User", Retry("Throttling.User", "说明", timedelta(seconds=60), whole_channel=True)),
        (500, "InternalError", Retry("InternalError", "说明")),
        (500, "OK", Retry("OK", "说明")),
    ],
)
def test_the_gateways_codes_say_what_happened(sms, fake, status, code, expected):
    fake.says(Said(status, {"Code": code, "Message": "说明"}))
    assert sms.send(outgoing(address="13800000000")) == expected


@pytest.mark.parametrize(
    ("said", "kind"), [(Said(200, b"<xml>"), Unknown), (Said(502, b"bad"), Retry), (Said(stalls=True), Unknown)]
)
def test_an_answer_that_cannot_be_read_is_no_success(sms, fake, said, kind):
    fake.says(said)
    assert type(sms.send(outgoing(address="13800000000"))) is kind


def test_nobody_without_a_phone_is_sent_a_text(sms, fake):
    assert sms.send(outgoing(address="")) == Rejected("address", "没有手机号")
    assert fake.seen == []


def apprise(url, inside=True):
    return open_channel(ChannelSetup("rest", "apprise", "其他", {}, {"url": url}, allows_inside=inside), CLOCK)


def test_apprise_says_only_that_it_saw_no_error(fake):
    outcome = apprise(f"json://127.0.0.1:{fake.port}/x").send(outgoing())
    assert (type(outcome), "不得而知" in outcome.words) == (Delivered, True)
    fake.says(Said(500))
    assert apprise(f"json://127.0.0.1:{fake.port}/x").send(outgoing()).code == "apprise"


def test_apprise_is_never_used_for_robots_nor_without_leave():
    assert apprise("wecombot://x").send(outgoing()).code == "url"
    assert apprise("dingtalk://x").send(outgoing()).code == "url"
    assert apprise("nonsense").send(outgoing()).code == "url"
    assert apprise("json://127.0.0.1/", inside=False).send(outgoing()).code == "address"


def test_a_channel_in_trouble_holds_everything_back_and_says_why():
    setup = ChannelSetup("mail", "email", "邮件", {}, {}, trouble="密钥打不开")
    assert open_channel(setup).send(outgoing()) == Retry(
        "setup", "密钥打不开", timedelta(minutes=5), whole_channel=True
    )
    assert type(open_channel(ChannelSetup("x", "pigeon", "鸽子", {}))) is Shut


def test_a_set_up_does_not_tell_its_secrets():
    setup = ChannelSetup("mail", "email", "邮件", {}, {"password": "topsecret"})
    assert "topsecret" not in repr(setup)
