"""Back-off: longer each time, spread by the key, and the same key always waits as long."""

from datetime import timedelta

from engine.domain.back_off import PAUSES, pause

KEYS = [f"{n}:token" for n in range(500)]


def test_every_pause_lies_within_a_fifth_of_what_is_planned():
    for attempts, planned in enumerate(PAUSES, 1):
        found = [pause(attempts, key) / planned for key in KEYS]
        assert 0.8 <= min(found) < 0.82
        assert 1.18 < max(found) <= 1.2


def test_what_failed_together_comes_back_spread_evenly():
    found = sorted(pause(1, key) / timedelta(minutes=1) for key in KEYS)
    assert 0.98 < sum(found) / len(found) < 1.02
    assert max(later - sooner for sooner, later in zip(found, found[1:], strict=False)) < 0.01


def test_the_same_key_waits_as_long_each_time_it_is_asked():
    assert {pause(2, "7:t1") for _ in range(10)} == {pause(2, "7:t1")}
    assert pause(2, "7:t1") / PAUSES[1] != pause(1, "7:t1") / PAUSES[0]


def test_the_last_pause_repeats():
    assert 0.8 <= pause(40, "x") / PAUSES[-1] <= 1.2
