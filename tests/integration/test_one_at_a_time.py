"""Jobs of one case run one after another, on however many machines; other cases' jobs never wait for them."""

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from engine import CompleteJob, FailJob, GiveBackJob, LeaseJobs
from engine.domain.errors import Conflict
from engine.store.database import reading, transaction
from engine.store.tables import instance, job
from tests.support.offices import statements
from tests.support.procedures import gateway, procedure, service
from tests.support.races import race

BRANCHES = [f"mail_{n}" for n in range(6)]
MANY = 20_000


@pytest.fixture
def letters(office):
    """Two procedures: one with six letters side by side, one with a single letter."""
    nodes = [service(name, "send_letter", text="信") for name in BRANCHES]
    flows = "; ".join(f"split >> {name} >> join" for name in BRANCHES)
    fork, join = gateway("split", "parallel"), gateway("join", "parallel")
    office.deploy(procedure("many", fork, join, *nodes, flows=f"start >> split; {flows}; join >> end"))
    office.deploy(procedure("one", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    return office


def cases(office, jobs):
    """Give the cases of leased jobs."""
    by_id = {row.id: row.instance_id for row in office.rows("job")}
    return [by_id[taken.id] for taken in jobs]


def test_of_one_case_one_job_is_taken_at_a_time(letters):
    letters.start("many")
    for left in range(len(BRANCHES), 0, -1):
        assert sum(row.state == "ready" for row in letters.rows("job")) == left
        [taken] = letters.engine.execute(LeaseJobs("worker"))
        assert letters.engine.execute(LeaseJobs("other")) == []
        letters.engine.execute(CompleteJob(taken.id, taken.fence, {}))
    assert letters.case().status == "closed"


def test_the_waiting_jobs_of_one_case_keep_no_other_case_waiting(letters):
    letters.start("many")
    letters.engine.execute(LeaseJobs("worker"))
    for _ in range(3):
        letters.start("one")
    assert len(letters.engine.execute(LeaseJobs("other", limit=3))) == 3


def test_workers_that_take_jobs_in_the_same_moment_never_hold_two_of_one_case(letters):
    engines = [letters.another_engine() for _ in range(3)]
    for _ in range(8):
        letters.start("many")
    for _ in range(40):
        taken = race([lambda e=e: e.execute(LeaseJobs("w", limit=5)) for e in engines])
        held = cases(letters, [one for jobs in taken for one in jobs])
        assert len(held) == len(set(held))
        if not held:
            break
        acts = [
            lambda e=e, jobs=jobs: [e.execute(CompleteJob(j.id, j.fence, {})) for j in jobs]
            for e, jobs in zip(engines, taken, strict=True)
        ]
        race(acts)
    assert {row.state for row in letters.rows("job")} == {"done"}
    assert {row.status for row in letters.rows("work_order")} == {"closed"}


def test_the_schema_itself_refuses_two_leases_of_one_case(letters):
    letters.start("many")
    letters.engine.execute(LeaseJobs("worker"))
    with pytest.raises(IntegrityError), transaction(letters.engine.database) as connection:
        connection.execute(text("UPDATE job SET state = 'leased' WHERE state = 'ready'"))


def test_a_failing_job_lets_the_next_one_of_its_case_go_first(letters):
    letters.start("many")
    [first] = letters.engine.execute(LeaseJobs("worker"))
    letters.engine.execute(FailJob(first.id, first.fence, "邮路不通"))
    [second] = letters.engine.execute(LeaseJobs("worker"))
    assert second.id != first.id


def test_a_job_given_back_is_free_at_once_and_its_attempt_does_not_count(letters):
    letters.start("one")
    [taken] = letters.engine.execute(LeaseJobs("worker"))
    assert letters.engine.execute(GiveBackJob(taken.id, taken.fence))
    [again] = letters.engine.execute(LeaseJobs("other"))
    assert (again.id, again.attempts, again.fence) == (taken.id, 1, 2)
    assert not letters.engine.execute(GiveBackJob(taken.id, taken.fence))
    with pytest.raises(Conflict):
        letters.engine.execute(CompleteJob(taken.id, taken.fence, {}))


def backlog(office, cases_of):
    """Put 20,000 ready jobs beside the one of a real case; `cases_of` gives each one's case."""
    office.start("one")
    with transaction(office.engine.database) as connection:
        [real] = connection.execute(instance.select()).mappings().all()
        row = {name: value for name, value in real.items() if name != "id"}
        connection.execute(insert(instance), [row] * 999)
        [one] = connection.execute(job.select()).mappings().all()
        like = {name: value for name, value in one.items() if name != "id"}
        connection.execute(
            insert(job),
            [{**like, "instance_id": cases_of(n), "idempotency_key": f"{n}", "token_id": f"{n}"} for n in range(MANY)],
        )
        connection.exec_driver_sql("ANALYZE")


def plan(office, seen):
    """Explain the statement that picked jobs."""
    picking = next(s for s in seen if "JOIN instance" in s and "SELECT job.id" in s)
    kind = "EXPLAIN QUERY PLAN " if office.engine.database.dialect.name == "sqlite" else "EXPLAIN "
    said = {"run_at_1": office.clock.now(), "status_1": "suspended", "param_1": 4}
    values = (str(office.clock.now())[:19], "suspended", 4, 0) if "?" in picking else said
    with reading(office.engine.database) as connection:
        return "\n".join(str(tuple(line)) for line in connection.exec_driver_sql(kind + picking, values))


@pytest.mark.parametrize("crowded", [False, True], ids=["a thousand cases", "most of one case"])
def test_jobs_are_taken_by_index_out_of_twenty_thousand(letters, crowded):
    backlog(letters, lambda n: 1 if crowded and n < MANY - 999 else n % 1000 + 1)
    letters.engine.execute(LeaseJobs("first", limit=1))
    with statements(letters.engine) as seen:
        taken = letters.engine.execute(LeaseJobs("worker", limit=4))
    assert len({*cases(letters, taken)}) == len(taken) == 4
    shown = plan(letters, seen)
    assert "ix_job_ready" in shown
    assert "uq_job_leased" in shown
    assert [slow for slow in ("Sort", "Seq Scan on job", "USE TEMP B-TREE") if slow in shown] == []
