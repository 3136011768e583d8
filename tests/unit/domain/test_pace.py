from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.pace import Rate, Slot, settled

START = datetime(2025, 9, 22, 2, 0, tzinfo=UTC)
WINDOW = timedelta(seconds=60)
RATE = Rate(3, WINDOW)


def later(seconds):
    return START + timedelta(seconds=seconds)


def test_an_empty_window_has_room_for_the_whole_rate():
    assert (RATE.free([], START), RATE.free_at([], START)) == (3, START)


def test_a_slot_is_free_again_a_whole_window_after_its_outcome_was_known():
    slots = [Slot(n, START, is_out=False) for n in range(3)]
    assert RATE.free(slots, later(59.9)) == 0
    assert RATE.free(slots, later(60)) == 3
    assert RATE.free_at(slots, later(10)) == later(60)


def test_what_is_out_counts_however_long_it_takes():
    slots = [Slot(1, START, is_out=True)]
    assert RATE.free(slots, later(3600)) == 2
    assert RATE.free(settled(slots, {1}, later(3600)), later(3630)) == 2
    assert RATE.free(settled(slots, {1}, later(3600)), later(3660)) == 3


def test_outcomes_of_other_messages_settle_nothing():
    slots = [Slot(1, START, is_out=True)]
    assert settled(slots, {2}, later(5)) == slots


steps = st.lists(
    st.tuples(st.sampled_from(["take", "back"]), st.integers(0, 40), st.floats(0, 1)), min_size=1, max_size=60
)


@given(steps, st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_no_window_at_the_provider_ever_holds_more_than_the_rate(course, count):
    """A message arrives somewhere between its taking and its outcome; workers take whenever there is room."""
    rate, now, slots, out, arrivals = Rate(count, WINDOW), START, [], {}, []
    for number, (act, seconds, share) in enumerate(course):
        now += timedelta(seconds=seconds)
        if act == "take" and rate.free(slots, now):
            slots.append(Slot(number, now, is_out=True))
            out[number] = now
        elif act == "back" and out:
            message, taken = out.popitem()
            arrivals.append(taken + (now - taken) * share)
            slots = settled(slots, {message}, now)
    arrivals.sort()
    assert all(b - a >= WINDOW for a, b in zip(arrivals, arrivals[count:], strict=False))
