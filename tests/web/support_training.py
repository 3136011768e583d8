"""The training of operators in the browser: a dispatcher plans it, a trainer fills sheets, the trainee signs them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine import CompleteUserTask, Deploy, ShowCase, StartInstance
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from tests.web.support_hotline import Hotline, site_of

PROCESS = "equipment_operator_training"
FOLDER = procedures_root() / "training" / PROCESS
WANTED = {"trainee": "trainee_niu", "equipment_type": "装载机", "equipment_class": "general", "reason": "new"}
PLAN = {
    **dict.fromkeys(("requirements", "assess_method", "training_area", "training_machine"), "见计划"),
    **{f"course_{subject}": "见课表" for subject in ("theory", "driving", "maintenance", "safety")},
    "assess_on": "2025-10-20",
    "trainer": "trainer_gu",
}
SHEET = {
    "sheet_kind": "driving",
    "attendance": "present",
    "machine_hours": "2",
    "sheet_content": "装车下车",
    "pre_start_check": "true",
}
SIGNED = {"sign_result": "signed"}


@dataclass
class School(Hotline):
    """The site with the training released."""

    def planned(self, **wanted: Any) -> str:
        """Give a training whose first sheet is to be filled."""
        number = self.site.engine.execute(StartInstance(PROCESS, "dispatcher_long", {**WANTED, **wanted})).number
        self.do(number, "dispatcher_long", **PLAN)
        return number

    def do(self, number: str, person: str, **answers: Any) -> None:
        """Hand in the one open task by the command."""
        (task,) = self.site.engine.ask(ShowCase(number)).open_tasks
        self.site.engine.execute(CompleteUserTask(task.id, person, answers))

    def trained(self, number: str, days: int = 1, **said: Any) -> None:
        """Let some days be trained and signed, one day after the other."""
        for _ in range(days):
            self.do(number, "trainer_gu", **{**SHEET, **said})
            self.do(number, "trainee_niu", **SIGNED)
            self.site.later(days=1)

    def show(self, number: str, person: str = "trainee_niu", query: str = "") -> TestResponse:
        """Open the order's page."""
        return self.as_(person).get(f"/orders/{number}{query}")


@pytest.fixture(scope="session")
def furnished_school(furnished_hotline: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hotline's database with the training released beside it."""
    path = tmp_path_factory.mktemp("school") / "template.db"
    shutil.copyfile(furnished_hotline, path)
    site = site_of(path)
    site.engine.execute(Deploy(read_bundle(FOLDER), SYSTEM.id))
    site.engine.database.dispose()
    return path


@pytest.fixture
def school(furnished_school: Path, tmp_path: Path) -> Iterator[School]:
    """The school on a Monday morning."""
    shutil.copyfile(furnished_school, tmp_path / "school.db")
    site = site_of(tmp_path / "school.db")
    yield School(site)
    site.engine.database.dispose()
