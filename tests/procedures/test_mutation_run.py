"""Scenarios against mutants: what notices, what does not, and which excuses are accepted."""

import argparse
from pathlib import Path

import pytest

from engine.domain.errors import Invalid
from tests.support.procedures import gateway, procedure, tell, timer, user
from workers.rehearsal.mutation.cli import mutate
from workers.rehearsal.mutation.run import Choice, run

START = """title = "付款"
starts_at = 2025-10-13T09:00:00

[[step]]
start = { actor = "agent_li", form = { amount = 5 } }
"""
CAREFUL = """[step.expect]
open = ["pay"]
due = { pay = 2025-10-13T10:00:00 }

[[step]]
advance = "PT1H"
[step.expect]
open = ["pay"]
notified = [{ to = "office_chen", notice = "late" }]
"""
LIMIT = "limit:pay:dueDate"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A procedure whose one scenario only starts a case."""
    files = procedure(
        "payment",
        gateway("gw", default="end"),
        user("pay", "clerk", due="1小时"),
        timer("pay_due", "到期", "pay"),
        tell("hurry", "late", "hotline_office"),
        flows="start >> gw >> end; gw [amount > 3] >> pay >> end; pay_due >> hurry >> end",
        fields="amount:number",
        notices={"late": "晚了"},
    )
    here = tmp_path / "tests" / "payment"
    for name, content in files.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(content.replace(b'starters = ["agent"]', b"starters = []"))
    (here / "scenarios").mkdir()
    (here / "scenarios" / "plain.toml").write_text(START, "utf-8")
    return here


def expecting(folder: Path) -> Path:
    (folder / "scenarios" / "plain.toml").write_text(START + CAREFUL, "utf-8")
    return folder


def excused(folder: Path, mutant: str, reason: str = "没有人看得出") -> Path:
    text = f'[[equivalent]]\nmutant = "{mutant}"\nreason = "{reason}"\n'
    (folder / "mutants.toml").write_text(text, "utf-8")
    return folder


def test_scenarios_that_expect_nothing_notice_nothing(folder):
    [result] = run([folder], Choice())
    assert (result.killed, result.percent) == (0, 0.0)
    assert result.valid == len(result.survivors) > 3


def test_scenarios_that_expect_something_notice(folder):
    [result] = run([expecting(folder)], Choice())
    assert [v.mutant for v in result.survivors] == ["number:gw__pay:1"]
    assert result.killed == result.valid - 1 > 3


def test_what_the_check_refuses_does_not_count(folder):
    [result] = run([expecting(folder)], Choice(only="drop-event:pay_due"))
    assert (result.made, result.invalid, result.valid) == (1, 1, 0)


def test_several_processes_come_to_the_same(folder):
    assert run([expecting(folder)], Choice(jobs=2))[0].plain() == run([folder], Choice())[0].plain()


def test_a_sample_is_the_same_for_the_same_seed(folder):
    expecting(folder)
    first, again = (run([folder], Choice(sample=4, seed=7))[0].plain() for _ in range(2))
    assert first == again
    assert first["made"] == 4


def test_an_excused_survivor_does_not_count(folder):
    [result] = run([excused(folder, LIMIT)], Choice(only=LIMIT))
    assert (result.made, result.equivalent, result.valid, result.complaints) == (1, 1, 0, [])


def test_an_excuse_for_what_is_noticed_is_a_complaint(folder):
    [result] = run([excused(expecting(folder), LIMIT)], Choice(only=LIMIT))
    assert result.killed == 1
    assert "被发现了" in result.complaints[0]


def test_an_excuse_for_what_is_refused_is_a_complaint(folder):
    [result] = run([excused(folder, "drop-event:pay_due")], Choice(only="drop-event:*"))
    assert "检查就不让部署" in result.complaints[0]


def test_an_excuse_for_no_mutant_is_a_complaint(folder):
    [result] = run([excused(folder, "limit:nobody:dueDate")], Choice(only=LIMIT))
    assert "不存在" in result.complaints[0]


def test_an_excuse_says_why(folder):
    with pytest.raises(Invalid, match="reason"):
        run([excused(folder, LIMIT, "")], Choice())


def test_a_scenario_must_pass_on_the_procedure_as_it_is(folder):
    wrong = START + '[step.expect]\nopen = ["nothing"]\n'
    (folder / "scenarios" / "plain.toml").write_text(wrong, "utf-8")
    with pytest.raises(Invalid, match="没有改动"):
        run([folder], Choice())


def test_a_survivor_is_printed_with_what_was_changed_and_who_came_by(folder, capsys):
    assert said([str(folder), "--only", LIMIT]) == 1
    printed = capsys.readouterr().out
    assert f"SURVIVED {LIMIT}" in printed
    assert "1小时 改成 2小时" in printed
    assert "plain.toml" in printed
    assert "发现率 0.0%" in printed


def test_less_may_be_asked_for(folder):
    assert said([str(folder), "--only", LIMIT, "--least", "0", "--json"]) == 0


def said(words: list[str]) -> int:
    """Run the command with some words."""
    parser = argparse.ArgumentParser()
    mutate.configure(parser)
    return mutate.run(parser.parse_args(words))
