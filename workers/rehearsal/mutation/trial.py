"""Mutants on trial: each is deployed and played against until a scenario notices, or none does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine import Mutant, marked, mutants
from engine.bundles import read_bundle
from engine.domain.errors import EngineError, Invalid
from workers.rehearsal.mutation.theatre import ALLOWANCE, PATIENCE, MutantTheatre, Stuck
from workers.rehearsal.scenario import play
from workers.rehearsal.scenario_file import Scenario, read_scenario
from workers.rehearsal.stage import Theatre, neighbours

INVALID, KILLED, SURVIVED = "invalid", "killed", "survived"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a scenario does on the procedure as it is: where it comes by, and how much it asks for."""

    places: frozenset[str]
    cost: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant."""

    mutant: str
    said: str
    outcome: str
    """`invalid`, `killed` or `survived`."""
    why: str = ""
    """Why the check refused it, or which scenario noticed what."""
    came_by: tuple[str, ...] = ()
    """The scenarios that came by the changed place."""


@dataclass
class Trial:
    """A procedure, its scenarios and a theatre for its mutants."""

    folder: Path
    sound: Theatre | None = None
    """Where the procedures are deployed as they are; made for the folder and its neighbours when not given."""
    scenarios: list[Scenario] = field(init=False)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    """By file name of the scenario; measured on first use."""

    def __post_init__(self) -> None:
        self.files = read_bundle(self.folder)
        self.mutants: dict[str, Mutant] = {m.id: m for m in mutants(self.files)}
        self.scenarios = [read_scenario(path) for path in sorted((self.folder / "scenarios").glob("*.toml"))]
        self.theatre = MutantTheatre(self.sound or Theatre(neighbours(self.folder)))
        self._noticed: dict[str, list[str]] = {}

    def rehearse(self) -> Mapping[str, Coverage]:
        """Play every scenario on the procedure as it is; raise Invalid when one fails there already."""
        self.theatre.deploy(marked(self.files))
        failed = [s for s in self.scenarios if self._measured(s)]
        if failed:  # what a mark in a table disturbs must still pass without
            self.theatre.deploy(self.files)
            for scenario in failed:
                problem = self._measured(scenario)
                if problem:
                    raise Invalid(f"{scenario.path} 在没有改动的流程上就不通过:{problem}")
        return self.coverage

    def judge(self, mutant_id: str) -> Verdict:
        """Say what becomes of one mutant; scenarios that come by the changed place play first, all before it survives."""
        mutant = self.mutants[mutant_id]
        near = frozenset(mutant.near)
        came_by = tuple(s.path.name for s in self.scenarios if near & self.coverage[s.path.name].places)
        try:
            self.theatre.deploy(mutant.files(self.files))
        except Invalid as error:
            return Verdict(mutant_id, mutant.said, INVALID, str(error), came_by)
        for scenario in self._in_order(mutant, near):
            name = scenario.path.name
            problem = self._problem(scenario, self.coverage[name].cost * PATIENCE + ALLOWANCE)
            if problem:
                self._remember(mutant, name)
                return Verdict(mutant_id, mutant.said, KILLED, f"{name}:{problem}", came_by)
        return Verdict(mutant_id, mutant.said, SURVIVED, "", came_by)

    def _measured(self, scenario: Scenario) -> str:
        problem = self._problem(scenario, 1_000_000)
        looked = self.theatre.clock.looked
        self.coverage[scenario.path.name] = Coverage(frozenset(self.theatre.came_by()), looked)
        return problem

    def _problem(self, scenario: Scenario, patience: int) -> str:
        """Give the first thing a scenario notices; empty when everything is as it expects."""
        self.theatre.patience = patience
        try:
            return next(iter(play(self.theatre, scenario).failures), "")
        except Stuck:
            return "停不下来"
        except (EngineError, RuntimeError) as error:
            return str(error) or type(error).__name__

    def _in_order(self, mutant: Mutant, near: frozenset[str]) -> list[Scenario]:
        """Those that noticed another change at the same place, then those that come by, the cheap ones first."""
        noticed = self._noticed.get(mutant.change.element, [])

        def rank(scenario: Scenario) -> tuple[int, int, int]:
            name = scenario.path.name
            known = self.coverage[name]
            return noticed.index(name) if name in noticed else len(noticed), -len(near & known.places), known.cost

        return sorted(self.scenarios, key=rank)

    def _remember(self, mutant: Mutant, name: str) -> None:
        noticed = self._noticed.setdefault(mutant.change.element, [])
        if name in noticed:
            noticed.remove(name)
        noticed.insert(0, name)
