"""How many SQL statements a command takes: the same whether five cases are open or two hundred."""

import pytest

from engine import ClaimUserTask, CompleteUserTask, DueTimers, ExtendUserTask, FireTimer, StartInstance
from tests.support.offices import at, statements

VERBS = {
    "start": lambda task, timer: StartInstance("leave_request", "li", {"reason": "x", "days": 1}),
    "claim": lambda task, timer: ClaimUserTask(task, "wang"),
    "complete": lambda task, timer: CompleteUserTask(task, "wang", {"verdict": "yes"}),
    "extend": lambda task, timer: ExtendUserTask(task, "sun", "1个工作日", "x"),
    "timer": lambda task, timer: FireTimer(timer),
}


def count(office, verb):
    """Count what one more command of a kind takes, after one has warmed the caches."""
    counts = []
    for _ in range(2):
        office.move_to("2025-09-22 10:00")
        office.start("leave_request", reason="x", days=1)
        task = office.open_task("approve").id
        timer = max(row.id for row in office.rows("timer"))
        office.move_to("2025-09-30 10:00")
        with statements(office.engine) as seen:
            office.engine.execute(VERBS[verb](task, timer))
        counts.append(len(seen))
    return counts[-1]


def open_cases(office, number):
    for _ in range(number):
        office.engine.execute(StartInstance("leave_request", "li", {"reason": "x", "days": 1}))


@pytest.fixture
def crowded(leave):
    """Counts at five open cases and at two hundred."""
    open_cases(leave, 4)
    few = {verb: count(leave, verb) for verb in VERBS}
    leave.move_to("2025-09-22 10:00")
    open_cases(leave, 200)
    return few, {verb: count(leave, verb) for verb in VERBS}


def test_no_command_takes_more_statements_the_more_cases_are_open(crowded):
    few, many = crowded
    assert few == many


def test_commands_take_few_statements(crowded):
    few, _ = crowded
    assert {verb: n for verb, n in few.items() if n > 20} == {}


def test_looking_for_due_timers_is_one_statement(leave):
    leave.move_to(at("2025-09-30 10:00"))
    with statements(leave.engine) as seen:
        leave.engine.ask(DueTimers())
    assert len([s for s in seen if "timer" in s]) == 1
