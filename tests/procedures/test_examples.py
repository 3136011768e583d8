"""The example calls of every procedure are lived through to where their decisions lead."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine import ShowCase
from engine.bundles import procedures_root
from engine.domain.clock import SHANGHAI
from engine.domain.errors import Invalid
from workers.rehearsal import table
from workers.rehearsal.calls import read_calls
from workers.rehearsal.pace import StagePace
from workers.rehearsal.player import Player, Story
from workers.rehearsal.stage import Theatre

TODAY = datetime(2025, 11, 20, 18, 0, tzinfo=SHANGHAI)
LATER = TODAY + timedelta(days=1)
EXAMPLES = sorted(procedures_root().rglob("examples/*.csv"))


def lived_through(*paths: Path) -> tuple[list[Story], Player]:
    """Play files of calls on one stage."""
    calls = sorted((call for path in paths for call in read_calls(path, TODAY)), key=lambda call: call.at)
    stage = Theatre([path.parent.parent for path in paths]).stage(calls[0].at)
    player = Player(stage.engine, StagePace(stage))
    return player.play(calls, LATER), player


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.parent.name}/{p.stem}")
def test_every_decision_of_an_example_is_taken(path):
    stories, player = lived_through(path)
    assert stories
    assert [story.problem for story in stories if story.problem] == []
    printed = "\n".join(table.lines(player.engine, stories))
    assert all(story.number in printed for story in stories)


def test_the_calls_of_the_hotline_reach_their_ends():
    stories, player = lived_through(procedures_root() / "hotline" / "mayor_hotline" / "examples" / "calls.csv")
    assert len(stories) >= 12
    assert {player.engine.ask(ShowCase(story.number)).status for story in stories} == {"closed"}
    assert {story.call.form["category"] for story in stories} == {
        "suggestion",
        "request",
        "help",
        "complaint",
        "enquiry",
        "praise",
    }


def test_what_several_procedures_bring_on_the_same_days_happens_under_one_clock():
    stories, player = lived_through(*(p for p in EXAMPLES if p.stem == "today"))
    cases = [player.engine.ask(ShowCase(story.number)) for story in stories]
    assert [story.problem for story in stories if story.problem] == []
    assert all(f"{story.call.at:%Y%m}" in story.number for story in stories)
    brought = {path.parent.parent.name for path in EXAMPLES if path.stem == "today"}
    assert brought >= {"mayor_hotline", "property_complaint_urgent", "equipment_operator_training"}
    assert {story.call.process for story, case in zip(stories, cases, strict=True) if case.status == "open"} == brought


def test_an_answer_may_be_a_day_or_a_moment_near_today(tmp_path):
    (tmp_path / "procedure.toml").touch()
    said = "at,actor,promised_at,subject,decisions\nD-1 9:05,a,D+2 17:30,D-1 栋,plan:on=D+20\n"
    (tmp_path / "today.csv").write_text(said, "utf-8")
    [call] = read_calls(tmp_path / "today.csv", TODAY)
    assert call.at == datetime(2025, 11, 19, 9, 5, tzinfo=SHANGHAI)
    assert call.form == {"promised_at": "2025-11-22T17:30:00", "subject": "D-1 栋"}
    assert call.decisions[0].answers == {"on": "2025-12-10"}


def test_a_file_outside_a_procedure_is_refused(tmp_path):
    (tmp_path / "today.csv").write_text("at,actor,decisions\n", "utf-8")
    with pytest.raises(Invalid, match="不在流程文件夹里"):
        read_calls(tmp_path / "today.csv", TODAY)
