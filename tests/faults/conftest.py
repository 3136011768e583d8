"""How long and with which seed faults are tried: BANJIE_FAULTS is `short` (the default, a few minutes) or `long`."""

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.stands import Stand, stand, workers_register
from tests.faults.trials import Trial
from tests.support.service_tasks import LetterBox, register_with


@dataclass(frozen=True)
class Size:
    """How much is tried."""

    long: bool
    seed: int

    def __call__(self, short: int, long: int) -> int:
        """Give a number for this size."""
        return long if self.long else short

    def chance(self, about: str) -> random.Random:
        """Give chances that come out the same each time for the same seed."""
        return random.Random(f"{self.seed}/{about}")


@pytest.fixture(scope="session")
def size() -> Size:
    """From BANJIE_FAULTS (`short`, `long`) and BANJIE_FAULTS_SEED."""
    said = os.environ.get("BANJIE_FAULTS", "short")
    return Size(said == "long", int(os.environ.get("BANJIE_FAULTS_SEED", "1")))


@pytest.fixture(scope="session")
def ground(database_kind: str) -> Iterator[Stand]:
    """Databases of one kind with every procedure in them."""
    folder = Path(tempfile.mkdtemp(prefix=f"banjie_faults_{database_kind}_"))
    register = workers_register()
    register.tasks |= register_with(LetterBox()).tasks
    with stand(database_kind, folder, register) as found:
        yield found
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def trial(ground: Stand, tmp_path: Path) -> Callable[[Any, Callable[[Trial], Any]], tuple[Trial, Any]]:
    """Gives one try after another, each on a copy of its own."""

    def tried(scenario: Any, act: Callable[[Trial], Any]) -> tuple[Trial, Any]:
        with ground.copy() as url:
            made = Trial(ground, url, scenario, tmp_path)
            return made, act(made)

    return tried


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Figures that are printed when all is over."""
    said: dict[str, Any] = {}
    yield said
    request.node.user_properties += [("figures", ", ".join(f"{name} {value}" for name, value in said.items()))]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was measured."""
    reports = [r for found in terminalreporter.stats.values() for r in found]
    for report in reports:
        for name, words in getattr(report, "user_properties", ()):
            if name == "figures" and words and report.when == "teardown":
                terminalreporter.write_line(f"{report.nodeid.split('::')[-1]}: {words}")
