import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import Invalid
from engine.domain.signatures import ID, SIGNATURE, TIMESTAMP, TOLERANCE, Signed, key_of, sign, verify
from tests.support.source import ROOT

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "another secret, long enough to be one"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
GOOD = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY)


def test_the_published_example_comes_out():
    assert GOOD[SIGNATURE] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(
    st.text(min_size=24),
    st.text(st.characters(codec="ascii", exclude_characters=" "), min_size=1, max_size=64),
    st.binary(),
)
def test_what_is_signed_verifies(secret, ident, body):
    assert verify([secret], sign(secret, ident, AT, body), body, AT) == Signed(ident, 1614265330)


@given(st.binary())
def test_another_body_is_forged(body):
    assert (verify([SECRET], GOOD, body, AT) is None) == (body != BODY)


@pytest.mark.parametrize(
    "changed",
    [
        {ID: "msg_other"},
        {ID: ""},
        {TIMESTAMP: "1614265331"},
        {TIMESTAMP: "0x60"},
        {TIMESTAMP: ""},
        {TIMESTAMP: "１６１４２６５３３０"},
        {SIGNATURE: ""},
        {SIGNATURE: "v1,"},
        {SIGNATURE: GOOD[SIGNATURE].removeprefix("v1,")},
        {SIGNATURE: GOOD[SIGNATURE].replace("v1,", "v2,")},
        {SIGNATURE: "v1,签名"},
        {SIGNATURE: sign(OTHER, GOOD[ID], AT, BODY)[SIGNATURE]},
    ],
    ids=str,
)
def test_forged_calls_are_refused(changed):
    assert verify([SECRET], {**GOOD, **changed}, BODY, AT) is None


@pytest.mark.parametrize("name", [ID, TIMESTAMP, SIGNATURE])
def test_a_call_without_one_of_its_headers_is_refused(name):
    assert verify([SECRET], {k: v for k, v in GOOD.items() if k != name}, BODY, AT) is None


@pytest.mark.parametrize(
    ("later", "holds"),
    [
        (TOLERANCE, True),
        (TOLERANCE + timedelta(seconds=1), False),
        (-TOLERANCE, True),
        (-TOLERANCE - timedelta(seconds=1), False),
    ],
)
def test_an_expired_call_is_refused_and_so_is_one_from_the_future(later, holds):
    assert (verify([SECRET], GOOD, BODY, AT + later) is not None) == holds


def test_a_call_sent_again_keeps_its_number_by_which_it_is_known():
    again = sign(SECRET, GOOD[ID], AT + timedelta(minutes=1), BODY)
    assert verify([SECRET], again, BODY, AT).id == verify([SECRET], GOOD, BODY, AT).id


def test_while_keys_are_changed_the_old_and_the_new_one_hold():
    assert verify([OTHER, SECRET], GOOD, BODY, AT)
    both = {**GOOD, SIGNATURE: f"{sign(OTHER, GOOD[ID], AT, BODY)[SIGNATURE]} {GOOD[SIGNATURE]}"}
    assert verify([SECRET], both, BODY, AT)
    assert verify([OTHER], GOOD, BODY, AT) is None
    assert verify([], GOOD, BODY, AT) is None


def test_the_example_for_receivers_tells_ours_from_forged_and_old():
    page = (ROOT / "docs" / "reference" / "channels.md").read_text("utf-8")
    known = {}
    exec(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], known)
    is_ours, then = known["is_ours"], AT.timestamp()
    assert is_ours(SECRET, GOOD, BODY, then)
    assert is_ours(OTHER, sign(OTHER, "1", AT, BODY), BODY, then)
    assert not is_ours(SECRET, GOOD, BODY + b" ", then)
    assert not is_ours(OTHER, GOOD, BODY, then)
    assert not is_ours(SECRET, GOOD, BODY, then + 301)


@pytest.mark.parametrize("secret", ["", "short", "whsec_not base64!", "whsec_" + base64.b64encode(b"short").decode()])
def test_a_key_that_can_be_guessed_is_none(secret):
    with pytest.raises(Invalid):
        key_of(secret)
