"""A reminder that repeats in working time is silent at night, at weekends and while the order is paused."""

import pytest

from tests.support.procedures import end, procedure, tell, timer, user
from workers.rehearsal.scenario import play
from workers.rehearsal.scenario_file import read_scenario
from workers.rehearsal.stage import Theatre

SCENARIO = """
title = "每两小时提醒一次，只在上班时间"
process = "reminded"
starts_at = 2025-10-10T15:00:00

[[step]]
start = { actor = "agent_li" }

[[step]]
until = 2025-10-10T17:00:00
[step.expect]
notified = [{ to = "office_chen", notice = "reminder" }]

[[step]]
until = 2025-10-11T09:29:00
[step.expect]
notified = []

[[step]]
until = 2025-10-11T09:30:00
[step.expect]
notified = [{ to = "office_chen", notice = "reminder" }]

[[step]]
until = 2025-10-11T10:30:00

[[step]]
pause = { actor = "office_chen", reason = "等来电人回话", kind = "caller" }

[[step]]
until = 2025-10-13T08:30:00

[[step]]
resume = { actor = "office_chen" }

[[step]]
until = 2025-10-13T09:29:00
[step.expect]
notified = []

[[step]]
until = 2025-10-13T09:30:00
[step.expect]
notified = [{ to = "office_chen", notice = "reminder" }]

[expect]
status = "open"
notified_total = { reminder = 3 }
"""


@pytest.fixture
def folder(tmp_path):
    """A procedure of one step with a reminder every two hours of work, played by the people of the demo."""
    files = procedure(
        "reminded",
        user("do", groups="hotline_office"),
        timer("remind", "R/2小时(工作时间)", on="do", kind="Cycle"),
        tell("tell_again", "reminder", "hotline_office"),
        end("told"),
        flows="start >> do >> end; remind >> tell_again >> told",
        notices={"reminder": "还没办"},
    )
    settings = (
        files["procedure.toml"].replace(b'"agent"', b'"hotline_agent"').replace(b'"supervisor"', b'"hotline_office"')
    )
    for name, content in {**files, "procedure.toml": settings}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "at_night.toml").write_text(SCENARIO, "utf-8")
    return tmp_path


def test_a_reminder_in_working_time_rests_at_night_at_weekends_and_in_a_pause(folder):
    assert play(Theatre([folder]), read_scenario(folder / "at_night.toml")).failures == []
