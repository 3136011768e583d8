"""Dates of a year whose holidays are not announced yet say 暂定 in notices."""

import pytest

from tests.support.procedures import procedure, tell, timer, user


def letter(due):
    return procedure(
        "letter",
        user("handle", due=due, warn="1个工作日"),
        timer("soon", "预警", on="handle"),
        timer("late", "到期", on="handle"),
        tell("warn", "soon", "holder:handle"),
        tell("urge", "late", "leader"),
        flows="start >> handle >> end; soon >> warn >> end; late >> urge >> end",
        notices={"soon": "请在${due_at}前办结", "late": "到期"},
        deadline=["handle"],
    )


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("13个工作日", "请在2027年1月15日 18:00（暂定）前办结"),
        ("3个工作日", "请在2026年12月31日 18:00前办结"),
        ("240小时", "请在2027年1月7日 10:00前办结"),
        ("5个自然日", "（暂定）"),
    ],
)
def test_a_notice_says_when_a_due_moment_may_still_move(office, due, said):
    office.move_to("2026-12-28 10:00")
    office.deploy(letter(due))
    office.start("letter")
    office.work_at("2026-12-29 18:00")
    assert said in office.channel.delivered[0].subject
