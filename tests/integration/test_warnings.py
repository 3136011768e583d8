"""Warnings: a share of the limit, the lower bound of a range, cycles in Chinese words; the row and its timer agree."""

import pytest

from engine import ExplainLimit
from tests.support.offices import at
from tests.support.procedures import end, procedure, tell, timer, user


def warned(due, warn="", fields=""):
    """A task with a limit whose warning tells the leader, and whose expiry the supervisor."""
    texts = {"due": due, **({"warn": warn} if warn else {})}
    return procedure(
        "warned",
        user("do", **texts),
        timer("late", "到期", on="do"),
        tell("tell_late", "late", "supervisor"),
        end("told"),
        timer("soon", "预警", on="do"),
        tell("tell_soon", "soon", "leader"),
        end("warned_end"),
        flows="start >> do >> end; late >> tell_late >> told; soon >> tell_soon >> warned_end",
        notices={"late": "逾期", "soon": "快到了"},
        fields=fields,
    )


def moments(office):
    [task] = office.rows("user_task")
    return (task.warn_at, task.due_at), {row.role: row.due_at for row in office.rows("timer")}


@pytest.mark.parametrize(
    ("due", "warn", "expected"),
    [
        ("3-5个工作日", "", ("2025-09-25 18:00", "2025-09-28 18:00")),
        ("3-5个工作日", "1个工作日", ("2025-09-23 18:00", "2025-09-28 18:00")),
        ("4小时(工作时间)", "75%", ("2025-09-22 15:00", "2025-09-22 16:00")),
        ("24小时", "时限的50%", ("2025-09-22 22:00", "2025-09-23 10:00")),
    ],
)
def test_a_warning_comes_with_the_lower_bound_or_its_share(office, due, warn, expected):
    office.deploy(warned(due, warn))
    office.start("warned")
    warn_at, due_at = map(at, expected)
    assert moments(office) == ((warn_at, due_at), {"warn": warn_at, "due": due_at})
    office.work_at(warn_at)
    assert len(office.channel.notices()) == 1


def test_a_range_may_come_from_an_answer_and_one_amount_from_it_warns_nobody(office):
    office.deploy(warned("${limit}", fields="limit"))
    office.start("warned", limit="3-5个工作日")
    assert set(moments(office)[1]) == {"warn", "due"}
    office.start("warned", limit="3个工作日")
    assert sorted(row.role for row in office.rows("timer")) == ["due", "due", "warn"]
    assert sorted(row.warn_at is None for row in office.rows("user_task")) == [False, True]


def test_a_share_of_a_limit_that_turns_out_to_be_none_warns_nobody(office):
    office.deploy(warned("${limit}", "75%", fields="limit"))
    office.start("warned", limit="")
    assert moments(office) == ((None, None), {})


def test_the_receipt_of_a_range_tells_both_bounds(office):
    office.deploy(warned("3-5个工作日"))
    office.start("warned")
    [task] = office.rows("user_task")
    lines = office.engine.ask(ExplainLimit(task.id), "li").lines
    assert [line.split("：")[0] for line in lines[-3:]] == ["预警（范围的下限）", "到期", "依据"]


def test_a_cycle_in_chinese_words_keeps_to_working_time(office):
    office.deploy(
        procedure(
            "nudge",
            user("do"),
            timer("tick", "每2小时(工作时间),共2次", on="do", kind="Cycle"),
            tell("nudge_him", "nudge", "leader"),
            end("nudged"),
            flows="start >> do >> end; tick >> nudge_him >> nudged",
            notices={"nudge": "催一下"},
        )
    )
    office.move_to("2025-09-22 17:00")
    office.start("nudge")
    turns = []
    while waiting := office.rows("timer"):
        turns.append(waiting[0].due_at)
        office.work_at(turns[-1])
    assert turns == [at("2025-09-23 09:30"), at("2025-09-23 11:30")]
