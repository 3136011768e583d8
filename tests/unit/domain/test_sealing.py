import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import Invalid
from engine.domain.sealing import opened, seal

SECRET = "an installation's own long random text"


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_what_is_sealed_opens_again(text):
    assert opened(seal(text, SECRET, "mail:password"), SECRET, "mail:password") == text


def test_it_opens_under_the_same_secret_and_at_the_same_place_only():
    sealed = seal("hunter2", SECRET, "mail:password")
    assert "hunter2" not in sealed
    assert opened(sealed, SECRET + "x", "mail:password") is None
    assert opened(sealed, SECRET, "other:password") is None
    assert opened(sealed, "", "mail:password") is None


@pytest.mark.parametrize("damaged", ["", "v1.", "v1.!!!", "v1.AAAA", "hunter2", "v2.AAAA"])
def test_what_is_damaged_does_not_open(damaged):
    assert opened(damaged, SECRET, "mail:password") is None


def test_the_same_text_is_never_sealed_alike():
    assert seal("a", SECRET, "p") != seal("a", SECRET, "p")


@pytest.mark.parametrize("secret", ["", "short"])
def test_without_a_secret_of_its_own_an_installation_keeps_none(secret):
    with pytest.raises(Invalid, match="BANJIE_SECRET"):
        seal("hunter2", secret, "mail:password")
