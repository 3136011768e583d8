"""A repeated task ends as its votes decide: everybody, the first, a share, weights, in turn; the outcome is in the record."""

import pytest

from engine.domain.errors import StepFailed
from tests.support.bpmn import bpmn, end, multi, properties, start, user, xor
from tests.support.driving import Run, running

PEOPLE = ["li", "wang", "zhao"]


def signing(*, sequential: bool = False, people: list[str] | None = None, **said: str) -> Run:
    """Start a case whose first step several people sign; z follows, and leads back to it while `again`."""
    rules = {"vote_field": "vote", **said}
    drawn = bpmn(
        "p",
        start("s"),
        xor("m"),
        user("a", properties(**rules), multi("people", "person", sequential=sequential)),
        xor("g", default="no"),
        user("yes"),
        user("no"),
        xor("h", default="e"),
        end("e"),
        "s m a g",
        "g yes if a_outcome == 'passed'",
        "g no",
        "yes h e",
        "no h",
        "h m if again",
    )
    return running("p", drawn, form_keys=("vote", "again"), people=PEOPLE if people is None else people, votes=None)


def votes(run: Run, *said: str) -> list[str]:
    """Vote one after another, each by key and first letter (`0a`, `1r`); give what is open then."""
    for one in said:
        run.complete("a", one[0], vote={"a": "agree", "r": "refuse"}[one[1]])
    return run.names()


@pytest.mark.parametrize(
    ("rules", "said", "then"),
    [
        ({"co_sign": "all"}, ["0a", "1a", "2a"], ["yes"]),
        ({"co_sign": "all"}, ["0a", "1r"], ["no"]),
        ({"co_sign": "all", "stop": "last"}, ["0a", "1r"], ["a"]),
        ({"co_sign": "all", "stop": "last"}, ["0a", "1r", "2a"], ["no"]),
        ({"co_sign": "any"}, ["1a"], ["yes"]),
        ({"co_sign": "any"}, ["1r"], ["no"]),
        ({"co_sign": "ratio"}, ["2a", "0a"], ["yes"]),
        ({"co_sign": "ratio"}, ["2r", "0r"], ["no"]),
        ({"co_sign": "ratio", "pass_share": "1/3"}, ["2a"], ["yes"]),
        ({"co_sign": "ratio", "pass_share": "1/3", "veto": "zhao"}, ["0a"], ["a", "a"]),
        ({"co_sign": "ratio", "pass_share": "1/3", "veto": "zhao"}, ["0a", "2r"], ["no"]),
        ({"co_sign": "ratio", "pass_share": "1/3", "veto": "zhao"}, ["0a", "2a"], ["yes"]),
        ({"co_sign": "weights", "weights": "li=3"}, ["0a"], ["yes"]),
        ({"co_sign": "weights", "weights": "li=3"}, ["0r"], ["no"]),
        ({"co_sign": "weights", "weights": "${votes or {'wang': 9}}"}, ["1a"], ["yes"]),
    ],
)
def test_votes_decide_as_the_words_say(rules, said, then):
    assert votes(signing(**rules), *said) == then


def test_in_turn_the_first_refusal_ends_it_and_the_others_are_never_asked():
    run = signing(sequential=True, co_sign="all")
    assert run.open() == [("a", "0")]
    assert votes(run, "0a") == ["a"]
    assert votes(run, "1r") == ["no"]
    assert run.data["a_tally"] == {"agreed": 1, "refused": 1, "waiting": 1, "total": 3}


def test_in_turn_everybody_agreeing_passes():
    assert votes(signing(sequential=True, co_sign="all"), "0a", "1a", "2a") == ["yes"]


def test_the_record_says_how_it_stands_and_how_it_ended():
    run = signing(co_sign="ratio")
    assert (run.data["a_outcome"], run.data["a_tally"]) == (
        None,
        {"agreed": 0, "refused": 0, "waiting": 3, "total": 3},
    )
    votes(run, "0a")
    assert run.data["a_tally"] == {"agreed": 1, "refused": 0, "waiting": 2, "total": 3}
    votes(run, "2a")
    assert (run.data["a_outcome"], run.data["a_tally"]["waiting"]) == ("passed", 1)


def test_a_second_round_counts_its_own_votes_alone():
    run = signing(co_sign="all")
    votes(run, "0r")
    run.complete("no", again=True)
    assert (run.data["a_outcome"], run.data["a_tally"]["waiting"]) == (None, 3)
    assert votes(run, "1a", "0a", "2a") == ["yes"]


def test_nobody_to_sign_passes_nothing():
    run = signing(co_sign="all", people=[])
    assert (run.names(), run.data["a_outcome"]) == (["no"], "refused")


def test_weights_that_are_no_table_are_an_incident():
    with pytest.raises(StepFailed, match="票数"):
        signing(co_sign="weights", weights="${['li']}")


def test_weights_say_what_they_came_to():
    run = signing(co_sign="weights", weights="li=1.5,wang=2")
    votes(run, "0a")
    assert run.data["a_tally"] | {"agreed_weight": 1.5, "refused_weight": 0, "total_weight": 4.5} == run.data["a_tally"]


def test_a_condition_drawn_by_hand_goes_on_working():
    marker = multi("people", "person", until="${nrOfCompletedInstances >= 2}")
    run = running("p", bpmn("p", start("s"), user("a", marker), end("e"), "s a e"), people=PEOPLE)
    run.complete("a", "2")
    run.complete("a", "0")
    assert run.completed and "a_outcome" not in run.data
