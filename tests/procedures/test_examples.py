"""The example calls of every procedure are lived through to where their decisions lead."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine import ShowCase
from engine.bundles import procedures_root
from engine.domain.clock import SHANGHAI
from workers.rehearsal import table
from workers.rehearsal.calls import read_calls
from workers.rehearsal.pace import StagePace
from workers.rehearsal.player import Player, Story
from workers.rehearsal.stage import Theatre

TODAY = datetime(2025, 11, 20, 18, 0, tzinfo=SHANGHAI)
LATER = TODAY + timedelta(days=1)
EXAMPLES = sorted(procedures_root().rglob("examples/*.csv"))


def lived_through(path: Path) -> tuple[list[Story], Player]:
    """Play a file of calls on a stage."""
    folder = path.parent.parent
    calls = read_calls(path, TODAY)
    stage = Theatre([folder]).stage(calls[0].at)
    player = Player(stage.engine, StagePace(stage), folder.name)
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
