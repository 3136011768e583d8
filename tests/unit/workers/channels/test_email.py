from datetime import UTC, datetime

import pytest

from engine.domain.channel_setup import ChannelSetup
from engine.domain.clock import FrozenClock
from engine.domain.delivery import Delivered, Rejected, Retry, Unknown
from tests.support.outgoing import outgoing
from tests.support.smtp_servers import mail_server
from workers.channels.registry import open_channel

CLOCK = FrozenClock(datetime(2025, 9, 22, 2, 0, tzinfo=UTC))


def channel(box, net, security="none", ca="", password="", server="mail.test"):
    settings = {"server": server, "port": str(box.port), "security": security, "sender": "notice@banjie.test"}
    settings |= {"sender_name": "办结", "user": "banjie" if password else "", "ca": ca}
    secrets = {"password": password} if password else {}
    return open_channel(ChannelSetup("mail", "email", "邮件", settings, secrets, allows_inside=True), CLOCK, net)


def text_of(letter):
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


@pytest.fixture
def box():
    with mail_server() as running:
        yield running


@pytest.fixture
def context(authority, tmp_path):
    return authority.server_context(tmp_path, "mail.test")


def test_a_letter_has_text_html_link_and_says_that_nobody_wrote_it(box, net):
    outcome = channel(box, net).send(outgoing())
    [letter] = box.letters
    assert outcome == Delivered(letter["Message-ID"], "250", "2.0.0 Ok: queued as 4F1B2")
    assert (letter["Subject"], letter["To"], letter["From"]) == (
        "新待办:路灯不亮",
        "李受理 <li@example.cn>",
        "办结 <notice@banjie.test>",
    )
    assert (letter["Auto-Submitted"], letter["Date"]) == ("auto-generated", "Mon, 22 Sep 2025 02:00:00 +0000")
    assert text_of(letter) == "工单 RX202509220001 请处理。\n.期限 3 个工作日。\n\nhttps://banjie.example.cn/go/abc\n"
    assert '<a href="https://banjie.example.cn/go/abc">' in letter.get_body(("html",)).get_content()


def test_html_shows_what_was_typed_and_runs_nothing(box, net):
    channel(box, net).send(outgoing(body="<script>x</script>", link="javascript:alert(1)"))
    page = box.letters[0].get_body(("html",)).get_content()
    assert "<script>" not in page
    assert "javascript:" not in page


def test_a_subject_cannot_bring_headers_of_its_own(box, net):
    channel(box, net).send(outgoing(subject="甲\r\nBcc: all@example.cn", name="乙\nCc: x@example.cn"))
    [letter] = box.letters
    assert letter["Subject"] == "甲 Bcc: all@example.cn"
    assert (letter["Bcc"], letter["Cc"]) == (None, None)


def test_the_message_id_stays_over_attempts_and_is_another_for_another_message(box, net):
    mail = channel(box, net)
    for key in ("7:3:1", "7:3:1", "7:3:2"):
        mail.send(outgoing(idempotency_key=key))
    first, again, other = (letter["Message-ID"] for letter in box.letters)
    assert first == again != other


@pytest.mark.parametrize("starttls", [False, True], ids=["tls", "starttls"])
def test_tls_is_verified_by_the_servers_name_and_login_follows(context, authority, net, starttls):
    with mail_server(context, starttls=starttls, asks_login=True) as box:
        kind = "starttls" if starttls else "tls"
        outcome = channel(box, net, kind, authority.pem, "right-password").send(outgoing())
        assert isinstance(outcome, Delivered)
        assert (box.logins, box.encrypted) == ([("banjie", "right-password")], [True])


@pytest.mark.parametrize("starttls", [False, True], ids=["tls", "starttls"])
@pytest.mark.parametrize(("server", "trusted"), [("other.test", True), ("mail.test", False)], ids=["name", "issuer"])
def test_a_certificate_that_does_not_fit_gets_no_password(context, authority, net, starttls, server, trusted):
    with mail_server(context, starttls=starttls, asks_login=True) as box:
        kind, ca = "starttls" if starttls else "tls", authority.pem if trusted else ""
        outcome = channel(box, net, kind, ca, "right-password", server).send(outgoing())
        assert isinstance(outcome, Retry)
        assert "certificate verify failed" in outcome.words
        assert box.logins == []


def test_a_server_without_starttls_gets_neither_password_nor_letter(box, net, authority):
    outcome = channel(box, net, "starttls", authority.pem, "right-password").send(outgoing())
    assert isinstance(outcome, Rejected)
    assert (box.logins, box.letters) == ([], [])


def test_a_refused_login_is_refused_for_good_and_the_password_is_in_no_word(context, authority, net):
    with mail_server(context, starttls=True, asks_login=True) as box:
        outcome = channel(box, net, "starttls", authority.pem, "wrong-password").send(outgoing())
        assert outcome.code == "535"
        assert isinstance(outcome, Rejected)
        assert "wrong-password" not in outcome.words


@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        ("mail", "451 4.7.1 Greylisted, try again in 300 s", Retry("451", "4.7.1 Greylisted, try again in 300 s")),
        ("rcpt", "450 4.2.0 Greylisted", Retry("450", "4.2.0 Greylisted")),
        ("rcpt", "550 5.1.1 User unknown", Rejected("550", "5.1.1 User unknown")),
        ("rcpt", "452 4.2.2 Mailbox full", Retry("452", "4.2.2 Mailbox full")),
        ("data", "451 4.3.0 Try later", Retry("451", "4.3.0 Try later")),
        ("data", "554 5.7.1 Spam", Rejected("554", "5.7.1 Spam")),
    ],
)
def test_refusals_keep_the_servers_own_code_and_words(box, net, step, answer, expected):
    setattr(box, step, answer)
    assert channel(box, net).send(outgoing()) == expected


@pytest.mark.parametrize(
    ("step", "answer", "kind", "code"),
    [
        ("mail", "drop", Retry, "connect"),
        ("rcpt", "stall", Retry, "timeout"),
        ("data", "drop", Unknown, "dropped"),
        ("data", "stall", Unknown, "timeout"),
    ],
)
def test_only_what_is_lost_after_the_final_dot_is_unknown(box, net, step, answer, kind, code):
    setattr(box, step, answer)
    outcome = channel(box, net).send(outgoing())
    assert (type(outcome), outcome.code) == (kind, code)
    box.mail = box.rcpt = box.data = "250 OK"
    again = channel(box, net).send(outgoing())
    assert again.receipt == box.letters[-1]["Message-ID"] == box.letters[0]["Message-ID"]


def test_lines_that_begin_with_a_dot_arrive_as_they_are(box, net):
    channel(box, net).send(outgoing(body=".\n..\n.x"))
    assert text_of(box.letters[0]).startswith(".\n..\n.x\n")


def test_a_server_that_is_away_or_unknown_is_tried_again(box, net):
    gone = channel(box, net, server="mail.test")
    object.__setattr__(gone, "port", 1)
    assert gone.send(outgoing()).code == "connect"


@pytest.mark.parametrize("address", ["", "li", "li@", "a@b@c", "li@example.cn\r\nRCPT TO:<x@y.cn>", "a b@example.cn"])
def test_what_is_no_address_never_reaches_the_server(box, net, address):
    assert channel(box, net).send(outgoing(address=address)) == Rejected("address", "没有可用的邮箱地址")
    assert box.encrypted == []
