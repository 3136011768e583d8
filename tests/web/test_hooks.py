"""What providers report later: signed, recent and once, or it changes nothing."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import AddChannel
from engine.domain import signatures
from engine.store.database import transaction
from engine.store.tables import outbox
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
KEY = "whsec_" + "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="
SMS = {"access_key_id": "LTAI5t", "access_key_secret": "s" * 30, "sign_name": "热线", "template": "SMS_1"}


@pytest.fixture
def reported(hotline):
    """A notice that the gateway has taken and not delivered yet."""
    site = hotline.site
    site.engine.settings = replace(site.engine.settings, secret="a secret of an installation, long enough")
    hotline.dispatched()
    site.engine.execute(AddChannel("sms", "sms", "短信", {**SMS, "hook_secret": KEY}, "admin_tang"))
    with transaction(site.engine.database) as connection:
        one = outbox.c.recipient == "clerk_roads_zhou"
        taken = (
            update(outbox).where(one).values(channel="sms", state="sent", sent_at=site.engine.now(), confirmed_at=None)
        )
        connection.execute(taken)
    return hotline


def message(hotline):
    (row,) = (row for row in hotline.site.rows("outbox") if row.recipient == "clerk_roads_zhou")
    return row


def call(hotline, ident="call-1", secret=KEY, at=None, body=None, **said):
    told = {
        "key": message(hotline).idempotency_key,
        "outcome": "confirmed",
        "code": "DELIVERED",
        "words": "用户接收成功",
    }
    body = json.dumps({**told, **said}).encode() if body is None else body
    headers = signatures.sign(secret, ident, at or hotline.site.clock.lease_now(), body)
    return hotline.site.app.test_client().post("/hooks/sms", data=body, headers=headers)


def test_a_signed_report_says_that_it_arrived(reported):
    assert call(reported).status_code == 204
    assert message(reported).confirmed_at == reported.site.engine.now()
    assert [row.outcome for row in reported.site.rows("delivery_attempt")] == ["confirmed"]


def test_the_same_call_twice_counts_once(reported):
    assert [call(reported).status_code, call(reported).status_code] == [204, 204]
    assert len(reported.site.rows("delivery_attempt")) == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "whsec_" + "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg="},
        {"at": timedelta(minutes=-6)},
        {"at": timedelta(minutes=6)},
    ],
)
def test_a_forged_or_old_call_is_refused(reported, forged):
    if "at" in forged:
        forged = {"at": reported.site.clock.lease_now() + forged["at"]}
    assert call(reported, **forged).status_code == 401
    assert (message(reported).confirmed_at, reported.site.rows("delivery_attempt")) == (None, [])


def test_a_call_whose_body_was_changed_on_the_way_is_refused(reported):
    body = b'{"key": "x"}'
    headers = signatures.sign(KEY, "call-1", reported.site.clock.lease_now(), body)
    client = reported.site.app.test_client()
    assert client.post("/hooks/sms", data=body + b" ", headers=headers).status_code == 401
    assert client.post("/hooks/sms", data=body).status_code == 401
    assert client.post("/hooks/nowhere", data=body, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("said", "status"),
    [({"key": "nobody's"}, 404), ({"outcome": "perhaps"}, 422), ({"body": b"[1]"}, 400), ({"body": b"{"}, 400)],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(reported, said, status):
    assert call(reported, **said).status_code == status
    assert message(reported).confirmed_at is None


def test_too_much_is_not_read(reported):
    assert call(reported, body=b" " * 100_000).status_code == 413


def test_what_did_not_arrive_is_a_dead_letter(reported):
    assert call(reported, outcome="undelivered", code="MK:0012", words="关机").status_code == 204
    assert message(reported).state == "failed"
    assert "MK:0012" in message(reported).error
