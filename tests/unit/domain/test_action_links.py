"""Links in messages: what is signed comes back, and nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.action_links import SPAN, link_from, read, write

NOW = datetime(2025, 9, 22, 2, 0, tzinfo=UTC)
SECRET = "a secret of an installation, long enough"


@given(st.integers(1, 10**12), st.text(min_size=1, max_size=40))
def test_what_was_written_is_read(message, person):
    link = link_from(message, person, NOW)
    assert read(SECRET, write(SECRET, link)) == link


def test_a_link_lasts_seven_days_and_to_the_end_of_the_last():
    assert link_from(1, "wang", NOW).expires_at - NOW >= SPAN
    assert link_from(1, "wang", NOW) == link_from(1, "wang", NOW + timedelta(hours=10))


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_link_with_a_letter_changed_is_no_link(at):
    token = write(SECRET, link_from(7, "wang", NOW))
    at %= len(token)
    forged = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
    assert read(SECRET, forged) is None


def test_a_link_of_another_installation_is_no_link():
    assert read(SECRET, write("another secret", link_from(7, "wang", NOW))) is None


@pytest.mark.parametrize("token", ["", ".", "x", "x.y", "W10.AAAA", "\x00", "..." * 100])
def test_anything_else_is_no_link(token):
    assert read(SECRET, token) is None


def test_an_installation_without_a_secret_signs_for_nobody():
    assert read("", write("", link_from(7, "wang", NOW))) is None
