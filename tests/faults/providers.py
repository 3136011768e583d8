"""Providers on the other side of the channels: they keep what arrived on disk, and fail as providers do."""

import json
import os
import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine import Outgoing
from engine.domain.clock import SystemClock
from engine.domain.delivery import Delivered, Outcome, Rejected, Retry, Unknown
from tests.faults.fleet import write

FAILING = 0.3


@dataclass
class Provider:
    """One provider as a worker process talks to it; what it has seen outlives the process."""

    key: str
    folder: Path

    def send(self, message: Outgoing) -> Outcome:
        """Take a message seven times of ten; else refuse, ask for patience, lose its answer, or break."""
        chance = random.Random(f"{os.getpid()}/{message.id}/{message.fence}")
        if chance.random() >= FAILING:
            self._arrived(message, answered=True)
            return Delivered(f"{self.key}-{message.id}", "0", "ok")
        way = chance.choice(("rejected", "retry", "unknown", "broken"))
        if way == "rejected":
            return Rejected("93000", "invalid")
        if way == "retry":
            return Retry("busy", "try later", timedelta(milliseconds=50))
        if way == "unknown":
            self._arrived(message, answered=False)
            return Unknown("", "no answer")
        raise ConnectionError("refused")

    def _arrived(self, message: Outgoing, *, answered: bool) -> None:
        line = {
            "key": message.idempotency_key,
            "at": SystemClock().lease_now().timestamp(),
            "answered": answered,
            "merged": message.merged,
        }
        write(self.folder / f"at {self.key}", json.dumps(line))


def arrivals(folder: Path, key: str) -> list[dict[str, Any]]:
    """Give what a provider has taken, in order."""
    place = folder / f"at {key}"
    return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []
