"""How time passes for a player: on a stage (frozen clock) or in an office (clock offset, a worker elsewhere)."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import AnythingDue, ChangeSetting, Engine, NextMoment
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict
from workers.rehearsal.stage import Stage
from workers.runner import Worker

POLL_SECONDS = 0.05
PATIENCE = 600
"""Polls without anything getting done before we say that no worker is running (30 seconds)."""


@dataclass(slots=True)
class StagePace:
    """Time on a stage."""

    stage: Stage

    def now(self) -> datetime:
        """Business now, UTC."""
        return self.stage.clock.now()

    def go_to(self, moment: datetime) -> None:
        """Move the frozen clock, settling at each due moment."""
        self.stage.advance_to(moment)


@dataclass(slots=True)
class OfficePace:
    """Time in an office whose clock runs behind: the offset only ever grows, up to zero."""

    engine: Engine
    worker: Worker | None = None
    """A worker of our own; None where one runs in a process of its own."""

    def now(self) -> datetime:
        """Business now, UTC."""
        return self.engine.now()

    def go_to(self, moment: datetime) -> None:
        """Move the office's clock from due moment to due moment and wait at each until the worker has nothing to do."""
        self._wait()
        while (coming := self.engine.ask(NextMoment())) is not None and coming <= moment:
            self._jump(coming)
            self._wait()
        self._jump(moment)
        self._wait()

    def begin_at(self, moment: datetime) -> None:
        """Set the office's clock back to where the play begins."""
        self._set(moment - self.engine.clock.now())

    def end_now(self) -> None:
        """Let time pass up to the present, and run without offset from then on."""
        self.go_to(self.engine.clock.now())
        self._set(timedelta())

    def _jump(self, moment: datetime) -> None:
        if moment > self.now():
            self._set(min(moment - self.engine.clock.now(), timedelta()))

    def _set(self, offset: timedelta) -> None:
        self.engine.execute(ChangeSetting("clock_offset", str(offset.total_seconds()), SYSTEM.id))

    def _wait(self) -> None:
        if self.worker is not None:
            self.worker.drain()
            return
        pause = threading.Event()
        for _ in range(PATIENCE):
            if not self.engine.ask(AnythingDue()):
                return
            pause.wait(POLL_SECONDS)
        raise Conflict("有到期的事 30 秒没人办:worker 在运行吗(banjie worker)?")
