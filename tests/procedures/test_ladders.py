"""A ladder of three posts climbs in working time only, tells each post once, stops when the task is done, or takes it over."""

import pytest

from tests.support.procedures import end, procedure, service, timer, user
from workers.rehearsal.scenario import play
from workers.rehearsal.scenario_file import read_scenario
from workers.rehearsal.stage import Theatre

POSTS = "hotline_team_leader,hotline_office,unit_leader@management_office"
OVER_A_WEEKEND = """
title = "周五下午没人办：每两个工作小时上一级，周末不响，三级之后不再响"
process = "climbing"
starts_at = 2025-10-17T15:00:00

[[step]]
start = { actor = "agent_li" }

[[step]]
until = 2025-10-17T17:00:00
[step.expect]
notified = [{ to = "team_leader_sun", notice = "higher" }]

[[step]]
until = 2025-10-20T09:29:00
[step.expect]
notified = []

[[step]]
until = 2025-10-20T09:30:00
[step.expect]
notified = [{ to = "office_chen", notice = "higher" }]

[[step]]
until = 2025-10-20T11:30:00
[step.expect]
notified = [{ to = "office_director_guo", notice = "higher" }]

[[step]]
until = 2025-10-24T18:00:00
[step.expect]
notified = []
open = ["do"]

[expect]
status = "open"
notified_total = { higher = 3 }
"""
DONE_IN_TIME = """
title = "第一级之后办了：不再往上"
process = "climbing"
starts_at = 2025-10-17T15:00:00

[[step]]
start = { actor = "agent_li" }

[[step]]
until = 2025-10-20T09:00:00
[step.expect]
notified = [{ to = "team_leader_sun", notice = "higher" }]

[[step]]
task = "do"
actor = "agent_li"

[[step]]
until = 2025-10-24T18:00:00

[expect]
completed = true
notified_total = { higher = 1 }
"""
BACK_AGAIN = """
title = "退回来重办：从最低一级重新数"
process = "climbing"
starts_at = 2025-10-20T09:00:00

[[step]]
start = { actor = "agent_li" }

[[step]]
until = 2025-10-20T11:00:00

[[step]]
task = "do"
actor = "agent_li"
form = { again = "yes" }
[step.expect]
open = ["do"]

[[step]]
until = 2025-10-20T15:00:00
[step.expect]
notified = [{ to = "team_leader_sun", notice = "higher" }]
"""
TAKEN_OVER = """
title = "接手：原来手上的人放下，上一级可以办"
process = "climbing"
starts_at = 2025-10-20T09:00:00

[[step]]
start = { actor = "agent_li" }

[[step]]
task = "do"
actor = "agent_li"
action = "claim"

[[step]]
until = 2025-10-20T11:00:00
[step.expect]
notified = [{ to = "team_leader_sun", notice = "higher" }, { to = "agent_li", notice = "taken_over" }]
assignee = { do = "" }

[[step]]
task = "do"
actor = "agent_li"
[step.expect]
refused = "NotAllowed"

[[step]]
task = "do"
actor = "team_leader_sun"
action = "claim"

[[step]]
until = 2025-10-20T15:00:00
[step.expect]
notified = [{ to = "office_chen", notice = "higher" }, { to = "team_leader_sun", notice = "taken_over" }]

[[step]]
task = "do"
actor = "office_chen"

[expect]
completed = true
"""


def drawn(tmp_path, mode):
    files = procedure(
        "climbing",
        user("do", groups="hotline_agent"),
        timer("ring", "R3/2小时(工作时间)", on="do", kind="Cycle"),
        service("climb", "escalate", posts=POSTS, notice="higher", mode=mode),
        end("told"),
        '<bpmn:exclusiveGateway id="gw" name="gw" default="gw__end"/>',
        flows='start >> do >> gw [again == "yes"] >> do; gw >> end; ring >> climb >> told',
        forms={"do": "again"},
        notices={"higher": "第 ${step} 级（共 ${steps} 级）：${task_name} 还没办"},
    )
    settings = files["procedure.toml"].replace(b'"agent"', b'"hotline_agent"')
    for name, content in {**files, "procedure.toml": settings}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(
    ("mode", "told"),
    [("parallel", OVER_A_WEEKEND), ("parallel", DONE_IN_TIME), ("parallel", BACK_AGAIN), ("takeover", TAKEN_OVER)],
    ids=["over a weekend", "done in time", "done again", "taken over"],
)
def test_a_ladder_goes_as_its_scenario_says(tmp_path, mode, told):
    (tmp_path / "told.toml").write_text(told, "utf-8")
    assert play(Theatre([drawn(tmp_path, mode)]), read_scenario(tmp_path / "told.toml")).failures == []
