import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.channel_setup import ChannelSetup
from engine.domain.clock import FrozenClock
from engine.domain.delivery import Delivered, Rejected, Retry, Unknown
from tests.support.http_fakes import Said
from tests.support.outgoing import outgoing
from workers.channels.registry import open_channel

CLOCK = FrozenClock(datetime(2025, 9, 22, 2, 0, tzinfo=UTC))
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
TOKEN, SIGN = "4f0c1d2e3b4a5968", "SEC000000000000000000000"
GOOD = Said(body={"errcode": 0, "errmsg": "ok"})


def errcode(code, words="api freq out of limit"):
    return Said(body={"errcode": code, "errmsg": words})


@pytest.fixture(params=["wecom", "dingtalk"])
def kind(request):
    return request.param


@pytest.fixture
def robot(kind, net, fake):
    secrets = {"key": KEY} if kind == "wecom" else {"access_token": TOKEN, "sign_secret": SIGN}
    settings = {"endpoint": f"http://robots.test:{fake.port}/"}
    fake.says(GOOD)
    return open_channel(ChannelSetup("group", kind, "值班群", settings, secrets, allows_inside=True), CLOCK, net)


def test_a_text_with_a_link_arrives_and_the_providers_words_are_kept(robot, fake):
    outcome = robot.send(outgoing())
    assert outcome == Delivered(code="0", words="ok")
    said = fake.seen[0].json
    assert said["msgtype"] == "text"
    assert said["text"]["content"].startswith(
        "新待办:路灯不亮\n工单 RX202509220001 请处理。\n.期限 3 个工作日。\nhttps://banjie"
    )


def test_the_person_is_mentioned_by_phone_once(robot, fake, kind):
    robot.send(outgoing(body="长。" * 3000))
    mentioned = [
        seen.json["text"].get("mentioned_mobile_list") if kind == "wecom" else seen.json.get("at", {}).get("atMobiles")
        for seen in fake.seen
    ]
    assert len(mentioned) > 1
    assert mentioned == [["13800000000"]] + [None] * (len(mentioned) - 1)


def test_nobody_is_mentioned_without_a_phone(robot, fake, kind):
    robot.send(outgoing(phone=""))
    assert "13800000000" not in fake.seen[0].body.decode()


@pytest.mark.parametrize("kind", ["wecom"], indirect=True)
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (45009, Retry("45009", "", timedelta(seconds=60), whole_channel=True)),
        (45033, Retry("45033", "", timedelta(seconds=60), whole_channel=True)),
        (-1, Retry("-1", "")),
        (93000, Rejected("93000", "")),
        (40058, Rejected("40058", "")),
        (44004, Rejected("44004", "")),
        (123456, Rejected("123456", "")),
    ],
)
def test_wecom_refuses_with_http_200(robot, fake, code, expected):
    fake.says(errcode(code))
    outcome = robot.send(outgoing())
    assert type(outcome)(**{**fields(outcome), "words": ""}) == expected
    assert outcome.words == "api freq out of limit"


@pytest.mark.parametrize("kind", ["dingtalk"], indirect=True)
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (130101, Retry("130101", "", timedelta(minutes=10), whole_channel=True)),
        (410100, Retry("410100", "", timedelta(minutes=10), whole_channel=True)),
        (-1, Retry("-1", "")),
        (310000, Rejected("310000", "")),
        (300001, Rejected("300001", "")),
        (400102, Rejected("400102", "")),
        (430104, Rejected("430104", "")),
    ],
)
def test_dingtalk_refuses_with_http_200(robot, fake, code, expected):
    fake.says(errcode(code))
    outcome = robot.send(outgoing())
    assert type(outcome)(**{**fields(outcome), "words": ""}) == expected


def fields(outcome):
    return {name: getattr(outcome, name) for name in outcome.__dataclass_fields__}


@pytest.mark.parametrize(
    "body", [b"", b"<html>ok</html>", b"[]", b'{"errmsg": "ok"}', b'{"errcode": "0"}', b'{"errcode": false}']
)
def test_an_answer_without_a_code_is_no_success(robot, fake, body):
    fake.says(Said(body=body))
    assert type(robot.send(outgoing())) is Unknown


@pytest.mark.parametrize(
    ("said", "kind_of_outcome"),
    [
        (Said(500, b"oops"), Retry),
        (Said(429, b"", {"Retry-After": "5"}), Retry),
        (Said(403, b"no"), Rejected),
        (Said(301, b"", {"Location": "http://127.0.0.1/"}), Rejected),
        (Said(stalls=True), Unknown),
        (Said(drops=True), Unknown),
    ],
    ids=["500", "429", "403", "redirect", "stalls", "drops"],
)
def test_http_has_its_say_too(robot, fake, said, kind_of_outcome):
    fake.says(said)
    assert type(robot.send(outgoing())) is kind_of_outcome
    assert len(fake.seen) == 1


@pytest.mark.parametrize("trouble", [errcode(-1), Said(stalls=True), Said(500, b"")], ids=["busy", "stalls", "500"])
def test_after_a_failure_in_the_middle_the_rest_follows_and_nothing_comes_twice(robot, fake, trouble, kind):
    message = outgoing(body="第一句。" * 1500)
    fake.says(GOOD, trouble, GOOD)
    outcome = robot.send(message)
    assert outcome.parts_done == 1
    again = robot.send(outgoing(body=message.body, parts_done=1))
    assert isinstance(again, Delivered)
    parts = [seen.json["text"]["content"] for seen in fake.seen]
    assert parts[1] == parts[2]
    whole = [part.split("）")[0] for part in parts[:1] + parts[2:]]
    assert whole == [f"（{n}/{len(whole)}" for n in range(1, len(whole) + 1)]
    limit = 2048 if kind == "wecom" else 6100
    assert all(len(part.encode()) <= limit for part in parts)


def test_no_word_has_the_secret_in_it(robot, fake, kind):
    secret = KEY if kind == "wecom" else TOKEN
    fake.says(errcode(93000, f"invalid webhook url, key={secret}, {SIGN}"))
    words = robot.send(outgoing()).words
    assert secret not in words
    assert SIGN not in words or kind == "wecom"
    assert secret not in repr(robot.send(outgoing(body="x")))


@pytest.mark.parametrize("kind", ["dingtalk"], indirect=True)
def test_calls_to_dingtalk_are_signed_by_the_true_time(robot, fake):
    robot.send(outgoing())
    asked = fake.seen[0].query
    said = f"{asked['timestamp']}\n{SIGN}".encode()
    assert asked["sign"] == base64.b64encode(hmac.new(SIGN.encode(), said, hashlib.sha256).digest()).decode()
    assert (asked["access_token"], asked["timestamp"]) == (TOKEN, "1758506400000")


@pytest.mark.parametrize("kind", ["wecom"], indirect=True)
def test_the_key_of_wecom_stands_in_the_address(robot, fake):
    robot.send(outgoing())
    assert fake.seen[0].path == f"/cgi-bin/webhook/send?key={KEY}"
