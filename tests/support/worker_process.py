"""A worker process that knows one more job: `hang` says that it began and takes as many seconds as its letter's text says."""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from engine.service_tasks import job  # noqa: E402
from workers.cli import worker  # noqa: E402


@dataclass(frozen=True, slots=True)
class Sleep:
    """What the job takes."""

    text: str


def hang(sleep: Sleep) -> None:
    """Take a while."""
    sys.stdout.write("began\n")  # in one piece: print writes the line end by itself, and other threads in between
    sys.stdout.flush()
    time.sleep(float(sleep.text))


if __name__ == "__main__":
    job("hang", time_limit=timedelta(seconds=4))(hang)
    sys.exit(worker.run(argparse.Namespace(once=False)))
