"""Worker processes on a database, forked from here, that may be killed at any moment; and somebody who starts orders."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from engine import Engine, Outgoing, StartInstance
from engine.domain.delivery import Delivered
from engine.domain.errors import EngineError
from workers import scheduler
from workers.crew import Crew
from workers.runner import Worker

SPAN = timedelta(seconds=2)
"""How long the fleet's leases last."""


@dataclass
class KeyLog:
    """A channel that writes down each key: what the world outside has seen."""

    path: Path

    def send(self, message: Outgoing) -> Delivered:
        """Send."""
        write(self.path, message.idempotency_key)
        return Delivered()


def write(path: Path, line: str) -> None:
    """Add a line in one piece."""
    with path.open("ab", buffering=0) as file:
        file.write(f"{line}\n".encode())


def forked(act: Callable[[], None]) -> int:
    """Do something in a child; give its id."""
    child = os.fork()
    if child:
        return child
    try:
        act()
    finally:
        os._exit(0)


@dataclass
class Fleet:
    """Workers; `open` gives an engine, each process its own."""

    open: Callable[[], Engine]
    folder: Path
    workers: list[int] = field(default_factory=list)

    @property
    def sent(self) -> list[str]:
        """The keys that went out."""
        return _lines(self.folder / "sent")

    @property
    def started(self) -> list[str]:
        """The numbers of acknowledged starts."""
        return _lines(self.folder / "started")

    def grow(self, count: int) -> None:
        """Start workers."""
        self.workers += [forked(self._work) for _ in range(count)]

    def begin_orders(self, count: int, process: str = "letters", actor: str = "agent_li") -> int:
        """Let a process start orders, one after another, again when the database was away; give its id."""

        def start() -> None:
            engine = self.open()
            while len(self.started) < count:
                try:
                    started = engine.execute(StartInstance(process, actor, {}))
                    write(self.folder / "started", started.number)
                except EngineError:
                    threading.Event().wait(0.2)

        return forked(start)

    def kill(self, index: int) -> None:
        """Kill a worker at once, and start another one in its place."""
        os.kill(self.workers[index], signal.SIGKILL)
        os.waitpid(self.workers[index], 0)
        self.workers[index] = forked(self._work)

    def stop(self) -> None:
        """Kill all that is left."""
        for pid in self.workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.workers = []

    def _work(self) -> None:
        log = KeyLog(self.folder / "sent")
        worker = Worker(self.open(), owner=f"fleet {os.getpid()}", fallback=log, span=SPAN)
        scheduler.start(Crew(worker), watch_seconds=0.5)
        threading.Event().wait()


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").split() if path.exists() else []
