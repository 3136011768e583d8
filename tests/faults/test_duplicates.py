"""Everything that has an identity arrives twice: every report, every firing, every form. It counts once."""

import pytest

from engine import (
    ClaimUserTask,
    CompleteJob,
    CompleteUserTask,
    Engine,
    FailJob,
    FinishOutbox,
    FireTimer,
    LeaseJobs,
    LeaseOutbox,
    ReleaseUserTask,
    StartInstance,
)
from engine.domain.errors import EngineError
from tests.faults import invariants
from tests.faults.courses import Course, LoggedPost, Progress, ReportingClock
from tests.faults.stands import FOLDERS, scenarios
from tests.support.races import race

ONCE = (CompleteJob, FailJob, FinishOutbox, FireTimer, CompleteUserTask, ReleaseUserTask)
HARMLESS = (ClaimUserTask,)


class TwiceEngine(Engine):
    """Gives every such command twice, the second time with the same words."""

    twice = 0
    effects: list[str] = []

    def execute(self, command):
        result = super().execute(command)
        if isinstance(command, (*ONCE, *HARMLESS)):
            type(self).twice += 1
            try:
                again = super().execute(command)
            except EngineError:
                return result
            if isinstance(command, ONCE) and again:
                self.effects.append(f"{command}")
        return result


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_report_firing_and_form_of_a_procedure_given_twice_counts_once(ground, tmp_path, size, figures, folder):
    found = scenarios(folder.name)
    chosen = size.chance(f"twice {folder.name}").sample(found, min(len(found), size(4, 1000)))
    TwiceEngine.twice, TwiceEngine.effects = 0, []
    for scenario in chosen:
        with ground.copy() as url:
            progress = Progress()
            engine = ground.open(url, ReportingClock(scenario.starts_at, progress))
            engine.__class__ = TwiceEngine
            sent = tmp_path / f"{scenario.path.stem}.sent"
            problems = Course(engine, scenario, progress, LoggedPost(sent)).play()
            keys = sent.read_text().split() if sent.exists() else []
            assert problems + invariants.check(engine, keys) == [], scenario.path.stem
            assert invariants.extra(keys) == 0
            engine.database.dispose()
    figures.update(scenarios=len(chosen), given_twice=TwiceEngine.twice, effects_of_the_second=len(TwiceEngine.effects))
    assert TwiceEngine.effects == []


def test_every_lease_asked_for_twice_in_the_same_moment_is_given_once(ground, size):
    scenario = scenarios()[0]
    for _ in range(size(5, 60)):
        with ground.copy() as url:
            progress = Progress()
            clock = ReportingClock(scenario.starts_at, progress)
            engines = [ground.open(url, clock) for _ in range(2)]
            engines[0].execute(StartInstance("letters", "agent_li", {}))
            jobs = race([lambda e=e: e.execute(LeaseJobs("w")) for e in engines])
            assert sum(len(found) for found in jobs) == 1
            [job] = [job for found in jobs for job in found]
            reports = race(
                [lambda e=e, j=job: e.execute(CompleteJob(j.id, j.fence, {"tracking": "T"})) for e in engines]
            )
            assert sum(isinstance(said, EngineError) for said in reports) == 1
            messages = race([lambda e=e: e.execute(LeaseOutbox("w")) for e in engines])
            assert sum(len(found) for found in messages) == 1
            assert invariants.check(engines[0]) == []
            for engine in engines:
                engine.database.dispose()
