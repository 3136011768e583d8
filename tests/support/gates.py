"""Work that hangs until it is let go, for as long as a test wants."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from engine import Outgoing
from engine.domain.delivery import Delivered
from engine.service_tasks import Register, ServiceTask
from tests.support.service_tasks import Letter, Receipt


@dataclass
class Gate:
    """A job and a channel that wait before they do anything."""

    opened: threading.Event = field(default_factory=threading.Event)
    entered: int = 0
    left: int = 0
    delivered: list[Outgoing] = field(default_factory=list)

    def deliver(self, letter: Letter) -> Receipt:
        """Run as a job."""
        self._wait()
        return Receipt("late")

    def send(self, message: Outgoing) -> Delivered:
        """Send as a channel."""
        self._wait()
        self.delivered.append(message)
        return Delivered()

    def add_to(self, register: Register, time_limit: timedelta, attempts: int = 5) -> None:
        """Register the job as `hang`."""
        register.add(ServiceTask("hang", True, self.deliver, Letter, False, attempts, time_limit))

    def _wait(self) -> None:
        self.entered += 1
        self.opened.wait(60)
        self.left += 1


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Wait until something holds; say whether it came to that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return bool(holds())
