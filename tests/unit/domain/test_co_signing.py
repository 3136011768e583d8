"""Votes are counted right, and decide exactly when no further vote can change the outcome."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.co_signing import (
    ALL,
    ANY,
    EVERYBODY,
    PASSED,
    RATIO,
    REFUSED,
    WEIGHTS,
    CoSigning,
    Share,
    Tally,
    agrees,
    parse_share,
    parse_weights,
    rules_of,
    wrong_words,
)
from engine.domain.errors import Invalid

PEOPLE = ("li", "wang", "zhao", "qian", "sun")
SHARES = [Share(), Share(Fraction(2, 3), more=False), Share(Fraction(1), more=False), Share(more=False, count=2)]


@st.composite
def tallies(draw, kinds=(ALL, RATIO, WEIGHTS)):
    who = PEOPLE[: draw(st.integers(1, 5))]
    said = {one: draw(st.sampled_from("ar-")) for one in who}
    kind = draw(st.sampled_from(kinds))
    share = draw(st.sampled_from(SHARES[:3] if kind == WEIGHTS else SHARES))
    weights = {one: Fraction(draw(st.integers(0, 3))) for one in who} if kind == WEIGHTS else {}
    veto = draw(st.sets(st.sampled_from([*who, EVERYBODY]), max_size=2))
    rules = CoSigning(kind, share, weights, frozenset(veto), stops_early=draw(st.booleans()))
    return Tally(rules, *(tuple(one for one in who if said[one] == side) for side in "ar-"))


def ends(tally):
    """Give every outcome that is still possible."""
    for votes in product("ar", repeat=len(tally.waiting)):
        more = {side: tuple(w for w, v in zip(tally.waiting, votes, strict=True) if v == side) for side in "ar"}
        yield Tally(tally.rules, tally.agreed + more["a"], tally.refused + more["r"], ()).outcome


@given(tallies())
def test_it_is_settled_exactly_when_no_vote_can_change_the_outcome(tally):
    possible = set(ends(tally))
    assert tally.settled == (len(possible) == 1)
    if tally.settled:
        assert {tally.outcome} == possible


@given(tallies(), st.randoms())
def test_the_order_of_votes_does_not_matter(tally, chance):
    sides = [list(side) for side in (tally.agreed, tally.refused, tally.waiting)]
    for side in sides:
        chance.shuffle(side)
    again = Tally(tally.rules, *map(tuple, sides))
    assert (again.outcome, again.over, again.counted()) == (tally.outcome, tally.over, tally.counted())


@given(tallies(kinds=(ALL, ANY, RATIO, WEIGHTS)))
def test_nothing_passes_where_nobody_has_agreed_and_a_vote_counts_once(tally):
    assert tally.agreed or not tally.passed
    counted = tally.counted()
    assert counted["agreed"] + counted["refused"] + counted["waiting"] == counted["total"]


@given(tallies())
def test_who_waits_for_the_last_is_over_only_when_all_have_signed(tally):
    assert tally.over == (not tally.waiting if not tally.rules.stops_early else tally.settled)


@pytest.mark.parametrize(
    ("rules", "agreed", "refused", "waiting", "outcome"),
    [
        (CoSigning(ALL), 2, 0, 1, None),
        (CoSigning(ALL), 3, 0, 0, PASSED),
        (CoSigning(ALL), 1, 1, 1, REFUSED),
        (CoSigning(ANY), 1, 0, 2, PASSED),
        (CoSigning(ANY), 0, 1, 2, REFUSED),
        (CoSigning(RATIO), 2, 0, 2, None),
        (CoSigning(RATIO), 3, 0, 1, PASSED),
        (CoSigning(RATIO), 1, 2, 1, REFUSED),
        (CoSigning(RATIO, SHARES[1]), 2, 0, 1, PASSED),
        (CoSigning(RATIO, SHARES[3]), 2, 1, 2, PASSED),
        (CoSigning(RATIO, SHARES[3]), 0, 4, 1, REFUSED),
        (CoSigning(RATIO, veto=frozenset({"sun"})), 3, 0, 2, None),
        (CoSigning(RATIO, veto=frozenset({"li"})), 3, 0, 2, PASSED),
        (CoSigning(RATIO, veto=frozenset({"qian"})), 3, 1, 1, REFUSED),
        (CoSigning(WEIGHTS, weights={"li": Fraction(5)}), 1, 0, 4, PASSED),
        (CoSigning(WEIGHTS, weights={"li": Fraction(4)}), 1, 0, 4, None),
    ],
)
def test_when_votes_decide(rules, agreed, refused, waiting, outcome):
    ends_at = agreed + refused
    tally = Tally(rules, PEOPLE[:agreed], PEOPLE[agreed:ends_at], PEOPLE[ends_at : ends_at + waiting])
    assert (tally.outcome if tally.settled else None) == outcome


def test_an_empty_list_passes_nothing():
    assert Tally(CoSigning(ALL), (), (), ()).outcome == REFUSED


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("过半", Share(Fraction(1, 2), more=True)),
        ("半数", Share(Fraction(1, 2), more=False)),
        ("三分之二", Share(Fraction(2, 3), more=False)),
        ("2/3", Share(Fraction(2, 3), more=False)),
        ("66.7％", Share(Fraction("0.667"), more=False)),
        ("100%", Share(Fraction(1), more=False)),
        ("3人", Share(more=False, count=3)),
    ],
)
def test_how_much_is_enough_is_read_as_people_write_it(text, share):
    assert parse_share(text) == share


@pytest.mark.parametrize("text", ["0%", "101%", "3/2", "1/0", "0人", "0.5", "多数", "60", "-1/2"])
def test_what_is_out_of_range_or_not_understood_is_refused(text):
    with pytest.raises(Invalid, match="pass_share"):
        parse_share(text)


def test_weights_are_read_by_name():
    assert parse_weights("li=2, wang=0.5,zhao = 1") == {
        "li": Fraction(2),
        "wang": Fraction(1, 2),
        "zhao": Fraction(1),
    }


@pytest.mark.parametrize("text", ["li", "li=", "li=2,li=3", "li=-1", "li=2 wang=3", "=2"])
def test_weights_that_are_none_are_refused(text):
    with pytest.raises(Invalid, match="weights"):
        parse_weights(text)


@pytest.mark.parametrize(
    "said",
    [
        {"co_sign": "most"},
        {"co_sign": "all", "stop": "soon"},
        {"co_sign": "any", "veto": "any"},
        {"co_sign": "any", "stop": "last"},
        {"co_sign": "all", "pass_share": "过半"},
        {"co_sign": "ratio", "pass_share": "150%"},
        {"co_sign": "ratio", "weights": "li=2"},
        {"co_sign": "weights"},
        {"co_sign": "weights", "weights": "li:2"},
        {"co_sign": "weights", "weights": "li=2", "pass_share": "2人"},
    ],
)
def test_words_that_nobody_understands_are_told(said):
    assert list(wrong_words(said))


@pytest.mark.parametrize(
    "said",
    [
        {"co_sign": "all", "stop": "last"},
        {"co_sign": "any"},
        {"co_sign": "ratio"},
        {"co_sign": "ratio", "pass_share": "3人", "veto": "legal,finance"},
        {"co_sign": "weights", "weights": "${votes}", "pass_share": "2/3", "veto": "any"},
    ],
)
def test_words_that_go_together_are_read(said):
    assert list(wrong_words(said)) == []
    assert rules_of(said, {}).kind == said["co_sign"]


@pytest.mark.parametrize(
    ("value", "wanted", "yes"),
    [("agree", "agree", True), ("object", "agree", False), (None, "None", False), (True, "true", True), (3, "3", True)],
)
def test_a_vote_agrees_by_its_value(value, wanted, yes):
    assert agrees(value, wanted) is yes
