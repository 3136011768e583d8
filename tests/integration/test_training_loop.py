"""Day after day of training: state and record stay as small, and a step sends as many statements, on day 135 as in the first week."""

import pytest

from engine import CompleteUserTask
from engine.domain.clock import FrozenClock
from tests.benchmarks.databases import case_size
from tests.support.offices import statements
from workers.rehearsal import bench_training as training
from workers.rehearsal.bench_courses import office as demo_office
from workers.rehearsal.bench_courses import open_task

WEEK = 5


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Bytes of the case and statements of a signature, day by day."""
    clock = FrozenClock(training.BEGIN)
    url = f"sqlite:///{tmp_path_factory.mktemp('training')}/days.db"
    engine = demo_office(url, training.FOLDER, clock=clock)
    number, sizes, sent = training.started(engine), [], []
    for day in range(training.DAYS):
        if day in (WEEK, training.DAYS - 1):
            training.next_day(engine, clock)
            engine.execute(CompleteUserTask(open_task(engine, number), training.TRAINER, training.SHEET))
            with statements(engine) as seen:
                engine.execute(CompleteUserTask(open_task(engine, number), training.TRAINEE, {"sign_result": "signed"}))
            sent.append(len(seen))
        else:
            training.train(engine, clock, number)
        sizes.append(case_size(engine.database))
    yield sizes, sent
    engine.database.dispose()


def test_the_case_does_not_grow_with_the_days(lived):
    sizes, _ = lived
    assert max(sizes[WEEK:]) <= 1.05 * min(sizes[:WEEK])


def test_a_signature_sends_as_many_statements_on_day_135_as_in_the_first_week(lived):
    _, (first, last) = lived
    assert first == last
    assert last <= 25
