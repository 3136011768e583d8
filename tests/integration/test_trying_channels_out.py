"""Trying a channel out, from the administrator's button through the worker to a provider on loopback and back."""

from dataclasses import replace

import pytest

from engine import AddChannel, Channels, ShowChannelTest, TestChannel
from tests.support.http_fakes import Said, provider
from tests.support.smtp_servers import mail_server


@pytest.fixture
def desk(office):
    office.engine.settings = replace(office.engine.settings, secret="the small office's own long random text")
    return office


def tried(desk, to=""):
    ident = desk.engine.execute(TestChannel("one", to, "root"))
    desk.worker.drain()
    view = desk.engine.ask(ShowChannelTest("one", ident), "root")
    return view.state, [(a.outcome, a.code, a.words) for a in view.attempts]


def test_a_robot_that_is_off_answers_in_its_own_words(desk):
    with provider() as robot:
        robot.says(
            Said(body={"errcode": 93000, "errmsg": "invalid webhook url"}), Said(body={"errcode": 0, "errmsg": "ok"})
        )
        said = {"key": "k-1234", "endpoint": f"http://127.0.0.1:{robot.port}"}
        desk.engine.execute(AddChannel("one", "wecom", "群", said, "root", allows_inside=True))
        assert tried(desk) == ("failed", [("rejected", "93000", "invalid webhook url")])
        assert tried(desk) == ("sent", [("delivered", "0", "ok")])
        assert "通道测试:群" in robot.seen[1].json["text"]["content"]
    [line] = desk.engine.ask(Channels(), "root")
    assert (line.last_failure.code, line.used, line.failed) == ("93000", 2, 1)


def test_a_letter_goes_to_the_address_that_was_typed(desk):
    with mail_server() as box:
        said = {"server": "127.0.0.1", "port": str(box.port), "security": "none", "sender": "notice@banjie.test"}
        desk.engine.execute(AddChannel("one", "email", "邮箱", said, "root", allows_inside=True))
        assert tried(desk, "tang@example.cn")[0] == "sent"
        assert box.letters[0]["To"] == "tang@example.cn"


def test_a_server_inside_the_house_is_not_connected_to_without_leave(desk):
    with provider() as inside:
        said = {"url": f"https://localhost:{inside.port}/", "secret": "k" * 24}
        desk.engine.execute(AddChannel("one", "webhook", "对接", said, "root"))
        state, [(outcome, code, words)] = tried(desk)
        assert (state, outcome, code) == ("failed", "rejected", "address")
        assert "内网" in words
        assert inside.seen == []


def test_what_is_sealed_under_another_secret_does_not_stop_the_worker(desk):
    desk.engine.execute(AddChannel("one", "wecom", "群", {"key": "k-1234"}, "root"))
    desk.engine.settings = replace(desk.engine.settings, secret="after a move: another long random text")
    state, [(outcome, code, words)] = tried(desk)
    assert (state, outcome, code) == ("ready", "retry", "setup")
    assert "BANJIE_SECRET" in words
