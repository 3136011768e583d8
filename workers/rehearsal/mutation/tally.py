"""What a run over a procedure's mutants comes to, and the file that excuses the equivalent ones."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.domain.errors import Invalid
from workers.rehearsal.mutation.trial import INVALID, KILLED, Verdict

EXCUSED = "mutants.toml"


@dataclass
class Tally:
    """The verdicts on one procedure."""

    procedure: str
    invalid: int = 0
    equivalent: int = 0
    killed: int = 0
    survivors: list[Verdict] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What is wrong with the excuses."""

    @property
    def made(self) -> int:
        """How many mutants were tried."""
        return self.invalid + self.equivalent + self.valid

    @property
    def valid(self) -> int:
        """How many could have been noticed."""
        return self.killed + len(self.survivors)

    @property
    def percent(self) -> float:
        """The share of the valid ones that a scenario noticed; 100 where there was nothing to notice."""
        return 100 * self.killed / self.valid if self.valid else 100.0

    def holds(self, least: float) -> bool:
        """Whether enough was noticed and no excuse is wrong."""
        return self.percent >= least and not self.complaints

    def plain(self) -> dict[str, object]:
        """Give the figures for a program to read."""
        return {
            "procedure": self.procedure,
            "made": self.made,
            "invalid": self.invalid,
            "equivalent": self.equivalent,
            "valid": self.valid,
            "killed": self.killed,
            "survived": len(self.survivors),
            "percent": round(self.percent, 1),
            "survivors": [{"mutant": v.mutant, "change": v.said, "came_by": v.came_by} for v in self.survivors],
            "complaints": self.complaints,
        }


def excuses(folder: Path) -> dict[str, str]:
    """Give the mutants that the owner says no scenario could ever tell from the original, with the reason.

    Raises Invalid for an entry without mutant or reason, or one that stands there twice.
    """
    path = folder / EXCUSED
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for entry in tomllib.loads(path.read_text("utf-8")).get("equivalent", []):
        mutant, reason = str(entry.get("mutant", "")).strip(), str(entry.get("reason", "")).strip()
        if not mutant or not reason:
            raise Invalid(f"{path}:每一条 equivalent 都要写 mutant 和 reason")
        if mutant in found:
            raise Invalid(f"{path}:{mutant} 写了两遍")
        found[mutant] = reason
    return found


def tally(procedure: str, verdicts: Iterable[Verdict], excused: Mapping[str, str], known: Iterable[str]) -> Tally:
    """Count verdicts; an excuse for a mutant that does not exist, is refused anyway or was noticed is a complaint."""
    result = Tally(procedure)
    for verdict in verdicts:
        if verdict.outcome == INVALID:
            result.invalid += 1
        elif verdict.outcome == KILLED:
            result.killed += 1
        elif verdict.mutant in excused:
            result.equivalent += 1
        else:
            result.survivors.append(verdict)
        if verdict.mutant in excused and verdict.outcome in (INVALID, KILLED):
            what = "检查就不让部署" if verdict.outcome == INVALID else f"被发现了({verdict.why})"
            result.complaints.append(f"{EXCUSED} 里的 {verdict.mutant} 不该写:它{what}")
    missing = sorted(set(excused) - set(known))
    result.complaints += [f"{EXCUSED} 里的 {mutant} 不存在,请删去" for mutant in missing]
    return result
