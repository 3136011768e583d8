"""`python -m tests.load.timers`: a hundred thousand waiting timers, fifty falling due each second; how late does each fire?"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from engine.domain.clock import SystemClock
from engine.store import timers
from tests.load import bells, office
from tests.load.figures import line, share
from tests.support.plans import plan_of


def run(url: str, workers: int, per_second: int, seconds: int, waiting: int) -> list[float]:
    """Ring the bells while workers run; give how late each was."""
    engine = office.furnish(url, bells.files())
    first = SystemClock().now() + timedelta(seconds=per_second * seconds * 0.02 + 20)
    bells.hang_up(engine, first, per_second, seconds)
    bells.bystanders(engine, waiting)
    found = plan_of(engine, lambda connection: timers.due(connection, engine.clock.now(), 100), run=True)
    print("\n".join(f"  {row}" for row in found))
    with office.processes(url, [["worker"]] * workers):
        left = (first - SystemClock().now()).total_seconds()
        if left < 0:
            raise RuntimeError(f"the bells were hung up {-left:.0f} s too late; start them later")
        time.sleep(left + seconds)
        late, until = bells.lateness(engine), time.monotonic() + 60
        while len(late) < per_second * seconds and time.monotonic() < until:
            time.sleep(1)
            late = bells.lateness(engine)
    engine.database.dispose()
    return late


def main() -> int:
    """Measure on both databases; 1 when a bell never rang, rang early, or p99 is two seconds or more."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--per-second", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    args = parser.parse_args()
    good = True
    for kind in ("sqlite", "postgres") if args.database == "both" else (args.database,):
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite:///{Path(folder) / 'load.db'}" if kind == "sqlite" else stack.enter_context(office.server())
            print(f"{kind}: {args.waiting} waiting, {args.per_second} due each second for {args.seconds} s", flush=True)
            late = run(url, 1 if kind == "sqlite" else 2, args.per_second, args.seconds, args.waiting)
        print(line("late", late, "s"), flush=True)
        good &= len(late) == args.per_second * args.seconds and min(late) >= 0 and share(late, 0.99) < 2
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
