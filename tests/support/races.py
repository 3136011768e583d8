"""Let several things happen in the same moment: one thread each, all released by one barrier."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from engine.domain.errors import EngineError


def race(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all at once; give each result, or the error that it was refused with, in the order of the acts."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = act()
        except EngineError as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a deadlock"
    return results


def refusals(results: Sequence[Any]) -> list[EngineError]:
    """Give those results that are refusals."""
    return [result for result in results if isinstance(result, EngineError)]
