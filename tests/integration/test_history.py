"""The history: complete, in order, chained; every tampering is found where it happened, every erasure is allowed."""

import pytest
from sqlalchemy import text

from engine.store.database import reading, transaction
from engine.store.history import broken_at
from tests.support.procedures import procedure, script, user


@pytest.fixture
def lived(leave):
    """A leave request with a dozen events behind it."""
    leave.claim("approve", "wang")
    leave.urge("approve", "li")
    leave.extend("approve", "sun", "1个工作日")
    leave.send("question_asked", question_text="何时批？")
    leave.work_at("2025-09-24 18:00")
    leave.complete("approve", "wang", verdict="yes", opinion="同意，“尽快”\n回来")
    leave.worker.drain()
    return leave


def broken(office):
    with reading(office.engine.database) as connection:
        return broken_at(connection, office.case().instance_id)


def tamper(office, statement):
    with transaction(office.engine.database) as connection:
        connection.execute(text(statement))


def test_a_history_tells_who_did_what_in_order(lived):
    kinds = lived.history()
    first = ["InstanceStarted", "UserTaskOpened", "UserTaskClaimed", "UserTaskUrged"]
    assert [k for k in kinds if k in first] == first
    assert [row.seq for row in lived.rows("history")] == list(range(1, len(kinds) + 1))
    assert kinds[-1] == "InstanceCompleted"


def test_an_untouched_history_holds(lived):
    assert broken(lived) is None


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'sun'",
        "kind = 'UserTaskOpened'",
        "element_id = 'x'",
        "digest = hash",
        "hash = digest",
        "at = '2020-01-01 00:00:00.000000'",
    ],
)
def test_a_changed_row_is_found_at_its_place(lived, change):
    if lived.url.startswith("postgresql"):
        change = change.replace(".000000'", "+00'")
    tamper(lived, f"UPDATE history SET {change} WHERE seq = 3")
    assert broken(lived) == 3


def test_a_changed_payload_is_found_at_its_place(lived):
    tamper(lived, """UPDATE history_payload SET payload = '{"task": 99}' WHERE seq = 3""")
    assert broken(lived) == 3


@pytest.mark.parametrize("seq", [1, 4])
def test_a_missing_row_is_found_where_the_next_one_stands(lived, seq):
    tamper(lived, f"DELETE FROM history WHERE seq = {seq}")
    assert broken(lived) == seq + 1


def test_a_history_whose_end_is_cut_off_is_found_at_the_first_missing_event(lived):
    last = len(lived.history())
    tamper(lived, f"DELETE FROM history WHERE seq >= {last - 1}")
    assert broken(lived) == last - 1


def test_an_emptied_history_is_found(lived):
    tamper(lived, "DELETE FROM history")
    assert broken(lived) == 1


def test_a_forged_event_at_the_end_is_found(lived):
    last = len(lived.history())
    columns = "at, actor, kind, element_id, digest, hash"
    tamper(
        lived,
        f"INSERT INTO history (instance_id, seq, {columns}) SELECT instance_id, seq + 1, {columns} FROM history WHERE seq = {last}",
    )
    assert broken(lived) == last + 1


def test_erasing_payloads_breaks_nothing(lived):
    tamper(lived, "DELETE FROM history_payload WHERE seq IN (1, 3, 5)")
    assert broken(lived) is None
    assert len(lived.history()) == len(lived.rows("history"))


def test_histories_of_two_cases_do_not_touch_each_other(lived):
    first = lived.number
    lived.start("leave_request", reason="二", days=1)
    tamper(lived, f"UPDATE history SET actor = 'x' WHERE instance_id = {lived.case().instance_id} AND seq = 1")
    assert broken(lived) == 1
    lived.number = first
    assert broken(lived) is None


@pytest.mark.parametrize(
    "value",
    [
        "1e16",
        "1e300",
        "-0.0",
        "0.1 + 0.2",
        "1000000 * 1000000 * 1000",
        "1 / 3",
        "'\\u2028 😀 \\\\ \"'",
        "{'b': 1, 'a': [None, True]}",
        "float('1e22')",
    ],
)
def test_whatever_a_script_computes_comes_back_as_it_was_chained(office, value):
    office.deploy(
        procedure(
            "odd",
            user("do"),
            script("compute", f"x = {value}"),
            user("then"),
            flows="start >> do >> compute >> then >> end",
        )
    )
    office.start("odd")
    office.complete("do", "zhou")
    assert broken(office) is None


def test_a_history_says_what_changed_and_not_the_whole_record(leave):
    leave.complete("approve", "wang", verdict="yes", opinion="好")
    payload = next(row.payload for row in reversed(leave.rows("history_payload")) if "changes" in row.payload)
    assert payload["changes"] == {"verdict": "yes", "opinion": "好"}
