"""A process dies, or loses its connection, at any boundary of any statement of any procedure: what was begun is finished as drawn."""

import pytest

from tests.faults import invariants
from tests.faults.stands import FOLDERS, scenarios
from tests.faults.trials import Trial, one

WHOLE = "supervised_to_the_end"
"""The scenario of one order from the call to its end whose boundaries are tried one after another."""


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda s: f"{s.process}-{s.path.stem}")
def test_every_scenario_holds_on_a_real_database_too(trial, scenario, size):
    if not size.long and scenario.path.stem != WHOLE:
        pytest.skip("in make faults")
    trial(scenario, Trial.until_the_end)


def test_a_connection_lost_at_any_boundary_of_a_whole_order_changes_nothing(trial, size, figures):
    scenario = one(WHOLE)
    _, boundaries = trial(scenario, Trial.until_the_end)
    tried = list(range(1, boundaries + 1))
    if not size.long:
        tried = sorted(size.chance("drops").sample(tried, min(40, boundaries)))
    wrong = {at: found for at in tried if (found := trial(scenario, lambda t, at=at: t.dropped(at))[1])}
    figures.update(boundaries=boundaries, drops=len(tried), violations=len(wrong))
    assert wrong == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_process_killed_at_any_boundary_leaves_an_order_that_goes_on_as_drawn(trial, size, figures, folder):
    chance, found = size.chance(f"kills {folder.name}"), scenarios(folder.name)
    chosen = chance.sample(found, min(len(found), size(3, 20)))
    kills = max(1, size(36, 560) // len(FOLDERS) // len(chosen))
    wrong, times, extra = {}, [], 0
    for scenario in chosen:
        _, boundaries = trial(scenario, Trial.until_the_end)
        for at in sorted(chance.sample(range(1, boundaries + 1), min(kills, boundaries))):
            made, (problems, took) = trial(scenario, lambda t, at=at: t.killed(at))
            if problems:
                wrong[scenario.path.stem, at] = problems
            if took is not None:
                times.append(took)
                extra += invariants.extra(made.keys())
    times.sort()
    figures.update(kills=len(times), violations=len(wrong), extra_sends_with_known_key=extra)
    figures.update(recovery_p50=f"{times[len(times) // 2]:.2f} s", recovery_max=f"{times[-1]:.2f} s")
    assert wrong == {}
