from datetime import timedelta

import pytest

from engine.domain.delivery import Rejected, Retry, Unknown
from tests.support.http_fakes import Said
from workers.channels.answers import LONGEST, clean


def post(net, fake):
    return net.post(f"http://hook.test:{fake.port}/x?a=1", b"{}", {"Content-Type": "application/json"})


def test_what_was_asked_arrives_as_it_was(net, fake):
    assert post(net, fake).failure is None
    [seen] = fake.seen
    assert (seen.path, seen.body, seen.headers["user-agent"]) == ("/x?a=1", b"{}", "banjie")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Said(500, b"boom"), Retry("HTTP 500", "boom")),
        (Said(502, b""), Retry("HTTP 502", "")),
        (Said(503, b"later", {"Retry-After": "120"}), Retry("HTTP 503", "later", timedelta(minutes=2))),
        (Said(429, b"slow", {"Retry-After": "7"}), Retry("HTTP 429", "slow", timedelta(seconds=7), whole_channel=True)),
        (Said(429, b"", {"Retry-After": "99999999"}), Retry("HTTP 429", "", timedelta(days=1), whole_channel=True)),
        (Said(429, b"", {"Retry-After": "soon"}), Retry("HTTP 429", "", whole_channel=True)),
        (Said(400, b"bad"), Rejected("HTTP 400", "bad")),
        (Said(404, b"gone"), Rejected("HTTP 404", "gone")),
        (Said(410, b""), Rejected("HTTP 410", "")),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Said) else "",
)
def test_a_status_says_whether_it_may_be_tried_again(net, fake, said, expected):
    fake.says(said)
    assert post(net, fake).failure == expected


@pytest.mark.parametrize(
    ("said", "code"),
    [(Said(stalls=True), "timeout"), (Said(drops=True), "dropped"), (Said(body=b"{", drips=True), "timeout")],
    ids=["stalls", "drops", "drips"],
)
def test_an_answer_that_does_not_come_is_unknown(net, fake, said, code):
    fake.says(said)
    outcome = post(net, fake)
    assert (type(outcome), outcome.code) == (Unknown, code)
    assert len(fake.seen) == 1


def test_a_port_nobody_listens_on_is_tried_again(net):
    outcome = net.post("http://hook.test:1/", b"{}", {})
    assert (type(outcome), outcome.code) == (Retry, "connect")


def test_an_answer_without_end_is_read_to_its_limit(net, fake):
    fake.says(Said(body=b"x" * 100_000))
    answer = post(net, fake)
    assert (len(answer.body), len(answer.words)) == (net.limits.size, LONGEST)


def test_words_are_one_clean_line_without_secrets():
    secret = "a/b+c=d 密"
    said = f"bad key {secret}\r\n\x00\x1b[31m a%2Fb%2Bc%3Dd%20%E5%AF%86"
    assert clean(said, [secret]) == "bad key *** [31m ***"
