"""Runs the mutants of some procedures, here or in several processes, all of them or a seeded sample."""

import fnmatch
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from engine.domain.errors import Invalid
from workers.rehearsal.mutation.tally import Tally, excuses, tally
from workers.rehearsal.mutation.trial import Coverage, Trial, Verdict
from workers.rehearsal.stage import Theatre, neighbours

AT_ONCE = 8
"""Mutants handed to a process at a time; neighbours in the list change the same element and share what was learnt."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which mutants are tried: those whose id matches a pattern, or a sample of so many over all procedures."""

    only: str = "*"
    sample: int = 0
    seed: int = 1
    jobs: int = 1


def run(folders: Sequence[Path], choice: Choice, told: Callable[[int, int], None] = lambda _, __: None) -> list[Tally]:
    """Give a tally per procedure; `told` hears how many of how many are done.

    Raises Invalid when a scenario fails on the procedure as it is, or an excuse says too little.
    """
    logging.getLogger("banjie").addHandler(logging.NullHandler())  # mutants fail by design: no traceback for each
    sound = {around: Theatre(around) for around in {neighbours(folder) for folder in folders}}
    trials = {folder: Trial(folder, sound[neighbours(folder)]) for folder in folders}
    excused = {folder: excuses(folder) for folder in folders}
    chosen = _chosen(trials, choice)
    total, done, result = sum(map(len, chosen.values())), 0, []
    for folder, trial in trials.items():
        if chosen[folder] and not trial.scenarios:
            raise Invalid(f"{folder} 没有场景,谈不上发现什么")
        verdicts = []
        for verdict in _verdicts(trial, chosen[folder], choice.jobs):
            verdicts.append(verdict)
            done += 1
            told(done, total)
        result.append(tally(folder.name, verdicts, excused[folder], trial.mutants))
    return result


def _chosen(trials: dict[Path, Trial], choice: Choice) -> dict[Path, list[str]]:
    pattern = choice.only if set("*?[") & set(choice.only) else f"*{choice.only}*"
    found = [(f, m) for f, trial in trials.items() for m in trial.mutants if fnmatch.fnmatchcase(m, pattern)]
    if choice.sample and choice.sample < len(found):
        taken = set(random.Random(choice.seed).sample(range(len(found)), choice.sample))
        found = [each for at, each in enumerate(found) if at in taken]
    return {folder: [m for f, m in found if f == folder] for folder in trials}


def _verdicts(trial: Trial, chosen: Sequence[str], jobs: int) -> Iterator[Verdict]:
    if not chosen:
        return
    coverage = dict(trial.rehearse())
    if jobs <= 1:
        yield from map(trial.judge, chosen)
        return
    with ProcessPoolExecutor(jobs, initializer=_open, initargs=(trial.folder, coverage)) as pool:
        yield from pool.map(_judge, chosen, chunksize=AT_ONCE)


_TRIAL: list[Trial] = []
"""The trial of a process of the pool."""


def _open(folder: Path, coverage: dict[str, Coverage]) -> None:
    _TRIAL[:] = [Trial(folder, coverage=coverage)]


def _judge(mutant: str) -> Verdict:
    return _TRIAL[0].judge(mutant)
