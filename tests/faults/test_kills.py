"""A process dies, or loses its connection, at any boundary of any statement of any procedure: what was begun is finished as drawn."""

import os
import time
from datetime import UTC, datetime

import pytest

from engine.domain.errors import EngineError
from tests.faults import invariants
from tests.faults.courses import (
    Course,
    FailPoint,
    LoggedPost,
    Progress,
    ReportingClock,
    drop_connection,
    kill_ourselves,
)
from tests.faults.stands import FOLDERS, scenarios

WHOLE = "supervised_to_the_end"
"""The scenario of one order from the call to its end whose boundaries are tried one after another."""

DONE = 4
"""What a child's end says that was not struck."""


def one(name):
    """Give a scenario of the house by the name of its file."""
    return next(s for s in scenarios() if s.path.stem == name)


class Trial:
    """One try: a copy of the database, a course on it, and what is wrong in the end."""

    def __init__(self, ground, url, scenario, folder):
        self.ground, self.url, self.scenario = ground, url, scenario
        self.sent = folder / f"{time.monotonic_ns()}.sent"
        self.sent.touch()
        self.progress = Progress()
        self.progress.began = self.progress.clock = scenario.starts_at.timestamp()
        self.progress.save()

    def course(self, at):
        clock = ReportingClock(at, self.progress)
        return Course(self.ground.open(self.url, clock), self.scenario, self.progress, LoggedPost(self.sent))

    def until_the_end(self):
        """Play without a fault; give the number of boundaries."""
        course = self.course(self.scenario.starts_at)
        point = FailPoint(0, drop_connection)
        point.watch(course.engine)
        problems, boundaries = course.play(), point.hits
        assert (problems, self.check(course)) == ([], [])
        return boundaries

    def killed(self, at):
        """Play in a child that dies at a boundary, then go on; give what is wrong, and the seconds it took to go on.

        No seconds when it reached the end alive: the first connection of a process asks a little more than a later one.
        """
        child = os.fork()
        if child == 0:
            self._die(at)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == DONE:
            return [], None
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == 9, status
        self.progress.read()
        began = time.monotonic()
        course = self.course(datetime.fromtimestamp(self.progress.clock, UTC))
        problems = course.resume()
        took = time.monotonic() - began
        return problems + self.check(course), took

    def dropped(self, at):
        """Play and lose the connection at a boundary; go on in the same process."""
        course = self.course(self.scenario.starts_at)
        point = FailPoint(at, drop_connection)
        point.watch(course.engine)
        try:
            problems = course.play()
        except EngineError:
            problems = course.resume()
        point.at = 0  # a run with warm caches has fewer boundaries than the first one had
        return problems + self.check(course)

    def keys(self):
        """Give the keys of everything that was sent."""
        return self.sent.read_text("utf-8").split()

    def check(self, course):
        """Give the violations, seen through fresh connections, and close them."""
        course.engine.database.dispose()
        numbers = [self.progress.number] if self.progress.number else []
        found = invariants.check(course.engine, self.keys(), numbers)
        course.engine.database.dispose()
        return found

    def _die(self, at):
        try:
            course = self.course(self.scenario.starts_at)
            FailPoint(at, kill_ourselves).watch(course.engine)
            if course.play() == []:
                os._exit(DONE)
        finally:
            os._exit(3)


@pytest.fixture
def trial(ground, tmp_path):
    """Gives one try after another, each on a copy of its own."""

    def tried(scenario, act):
        with ground.copy() as url:
            made = Trial(ground, url, scenario, tmp_path)
            return made, act(made)

    return tried


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
