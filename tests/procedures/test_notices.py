"""Every notice of every shipped procedure, filled from cases that the examples lived through: complete, and nobody's number in it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from engine.bundles import procedure_folders, procedures_root
from engine.domain.personal import masked_in_text
from engine.executor import Context
from engine.steps.built_in_notices import TEMPLATES, VALUES
from engine.steps.notice_text import render
from engine.steps.scene import of_instance
from engine.store.instances import by_number
from tests.procedures.test_examples import lived_through

FOLDERS = {folder.name: folder for folder in procedure_folders(procedures_root())}


@dataclass(frozen=True)
class EveryNotice:
    """All notices of a case, sent or not, with what verbs say with theirs."""

    number: str

    def read(self, ctx: Context) -> dict[str, tuple[str, str]]:
        scene = of_instance(ctx, by_number(ctx.connection, self.number)[1])
        said: dict[str, Any] = {name: "请打 138-1234-5678" for names in VALUES.values() for name in names}
        built_in = {verb: render(scene, verb, said, template) for verb, template in TEMPLATES.items()}
        return built_in | {name: render(scene, name, said) for name in scene.released.notices}


@cache
def told(process):
    """Give every notice of every case of a procedure's examples: (order number, name, subject, body)."""
    stories, player = lived_through(*sorted((FOLDERS[process] / "examples").glob("*.csv")))
    rows = [
        (story.number, name, *text)
        for story in stories
        for name, text in player.engine.ask(EveryNotice(story.number)).items()
    ]
    assert rows
    return rows


@pytest.mark.parametrize("process", FOLDERS)
def test_nothing_is_left_to_be_filled(process):
    assert [row for row in told(process) if "${" in row[2] + row[3]] == []


@pytest.mark.parametrize("process", FOLDERS)
def test_every_notice_has_a_subject_of_one_line(process):
    assert [row for row in told(process) if len(row[2].splitlines()) != 1 or len(row[2]) > 200] == []


@pytest.mark.parametrize("process", FOLDERS)
def test_no_notice_tells_the_number_of_a_person(process):
    assert [row for row in told(process) if masked_in_text(row[2] + "\n" + row[3]) != row[2] + "\n" + row[3]] == []


@pytest.mark.parametrize("process", FOLDERS)
def test_the_order_is_called_by_its_number_in_every_notice_of_the_procedure(process):
    own = {path.stem for path in (FOLDERS[process] / "notices").glob("*.txt")}
    named = {
        path.stem for path in (FOLDERS[process] / "notices").glob("*.txt") if "${number}" in path.read_text("utf-8")
    }
    assert [row for row in told(process) if row[1] in own & named and row[0] not in row[2] + row[3]] == []
