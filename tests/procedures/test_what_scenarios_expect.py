"""What scenarios expect of people, of the history and of data: held where it is so, and said in a sentence where it is not."""

from pathlib import Path

import pytest

from engine.domain.errors import Invalid
from tests.support.procedures import procedure, ruled, user
from workers.rehearsal.scenario import play
from workers.rehearsal.scenario_file import read_scenario
from workers.rehearsal.stage import Theatre

BEGUN = """title = "发起"
starts_at = 2025-10-13T09:00:00

[[step]]
start = { actor = "leader_wang", form = { about = "agent_he" } }
"""
GOES_ON = 'title = "接着"\nafter = "begun.toml"\n\n[[step]]\nadvance = "PT1H"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A procedure whose second step is not for whoever did the first, and whose orders are about somebody."""
    files = procedure(
        "paper",
        user("write", "hotline_agent"),
        user("read", "hotline_leader", inside=ruled(same_as_starter="others")),
        flows="start >> write >> read >> end",
        fields="about",
        forms={"write": "note"},
    )
    files["procedure.toml"] = files["procedure.toml"].replace(b'["agent"]', b'["hotline_leader"]')
    files["procedure.toml"] = b'recused = ["about"]\n' + files["procedure.toml"]
    here = tmp_path_factory.mktemp("office") / "tests" / "paper"
    for name, content in files.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_bytes(content)
    return here


@pytest.fixture(scope="module")
def theatre(folder):
    return Theatre([folder])


@pytest.fixture
def failures(theatre, folder):
    """Play the beginning, let agent_li write, expect something of that step, and give what was not met."""

    def failures(expected, ending=""):
        step = '\n[[step]]\ntask = "write"\nactor = "agent_li"\nform = { note = "写好了" }\n[step.expect]\n'
        return play(theatre, scenario(folder, BEGUN + step + expected + f"\n[expect]\n{ending}\n")).failures

    return failures


def scenario(folder: Path, text: str, name: str = "one.toml"):
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / name).write_text(text, "utf-8")
    return read_scenario(folder / "scenarios" / name)


HOLDS = [
    'candidates = { read = ["leader_zhao"] }',
    'history = [{ kind = "AssignmentRuled", element = "read", rule = "same_as_starter", who = ["leader_wang"] }]',
    'history = [{ kind = "UserTaskCompleted", actor = "agent_li" }]',
    'shown_to = ["leader_zhao", "agent_li"]',
    'hidden_from = ["agent_he", "clerk_roads_zhou"]',
    'empty = ["nothing"]',
]
DOES_NOT = [
    ('candidates = { read = ["leader_wang", "leader_zhao"] }', "read 应当由"),
    ('history = [{ kind = "AssignmentRuled", rule = "nobody" }]', "流转记录里没有"),
    ('history = [{ kind = "UserTaskCompleted", actor = "agent_wang" }]', "流转记录里没有"),
    ('shown_to = ["agent_he"]', "agent_he 应当看得到"),
    ('hidden_from = ["leader_zhao"]', "leader_zhao 不该看得到"),
    ('empty = ["note"]', "note 应当是空的"),
]


@pytest.mark.parametrize("expected", HOLDS)
def test_what_is_so_is_no_failure_after_a_step_nor_at_the_end(failures, expected):
    assert failures(expected) == failures("", expected) == []


@pytest.mark.parametrize(("expected", "said"), DOES_NOT)
def test_what_is_not_so_is_said(failures, expected, said):
    assert [said in problem for problem in failures(expected)] == [True]
    assert [said in problem for problem in failures("", expected)] == [True]


def test_a_step_answers_for_its_own_lines_of_history_only(failures):
    began = 'history = [{ kind = "InstanceStarted" }]'
    assert failures("", began) == []
    assert len(failures(began)) == 1


def test_a_line_of_history_without_a_kind_is_refused(folder):
    with pytest.raises(Invalid, match="kind"):
        scenario(folder, BEGUN + '[step.expect]\nhistory = [{ actor = "agent_li" }]\n')


def test_a_scenario_goes_on_after_another(folder):
    begun = scenario(folder, BEGUN, "begun.toml")
    after = scenario(folder, GOES_ON)
    assert (after.starts_at, after.process, len(after.steps)) == (begun.starts_at, "paper", 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOES_ON.replace("begun", "one"), "绕回"),
        (GOES_ON.replace("begun", "nowhere"), "不存在"),
        (GOES_ON.replace("[[", "starts_at = 2025-10-13T09:00:00\n[[", 1), "starts_at"),
    ],
    ids=["itself", "nowhere", "a moment of its own"],
)
def test_what_a_scenario_cannot_go_on_after_is_refused(folder, text, said):
    with pytest.raises(Invalid, match=said):
        scenario(folder, text)
