"""`python -m tests.load.orders`: whole hotline orders over HTTP at a fixed rate, on PostgreSQL with two web and two worker processes.

Everything shares the machine, the load generator too. Arrivals do not wait for answers: an office has no say in when people
call. A rate is held when every order that arrived in the time was done at the end of it or five seconds later, nothing was
refused, every invariant of tests/faults is true, and every limit that fell due meanwhile fired within two seconds (p99).
"""

import argparse
import itertools
import queue
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from engine import Engine
from engine.domain.clock import SystemClock
from engine.store.database import reading
from engine.store.tables import incident, job, outbox, work_order
from tests.faults import invariants
from tests.load import bells, office
from tests.load.figures import line, share
from tests.load.office import Browser

AGENTS = ("agent_li", "agent_wang", "agent_he")
LEADERS = ("leader_wang", "leader_zhao")
CLERK = "clerk_roads_zhou"
GRACE = 5
BELLS_A_SECOND = 10
_TASK = re.compile(rb"/tasks/(\d+)")
CALL = {
    "caller_name": "王秀英",
    "occurred_at": "今早七点",
    "subject": "建议路口增设斑马线",
    "content": "建议路口增设斑马线,请尽快处理。",
    "demand": "请核实处理并回复",
    "process": "mayor_hotline",
    "category": "suggestion",
    "suggestion_kind": "reasonable",
    "outside_matter": "none",
    "emergency": "none",
}
DISPATCHED = {"dispatch_choice": "dispatch", "unit": "city_roads", "urgency": "normal"}
HANDLED = {
    "handle_result": "finished",
    "reply": "已派人到场施划。",
    "told_caller": "yes",
    "handler_name": "周海",
    "feedback_channel": "network",
}
FOLLOWED = {"verify_result": "normal", "follow_up_result": "satisfied", "caller_opinion": "处理得很快"}


@dataclass
class Measured:
    """What one run showed; times in seconds."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    done: int = 0
    wanted: int = 0
    late: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        """Measure one request."""
        begun = time.perf_counter()
        yield
        self.times[what].append(time.perf_counter() - begun)

    @property
    def held(self) -> bool:
        """Whether the rate was held."""
        return self.done == self.wanted and not self.failed and not self.wrong and share(self.late, 0.99) < 2


class Desk:
    """One thread of people: each at a browser of their own, taking turns on one order after another."""

    def __init__(self, ports: list[int], sessions: dict[str, str], number: int, measured: Measured) -> None:
        self.measured = measured
        self.agent, self.leader = AGENTS[number % len(AGENTS)], LEADERS[number % len(LEADERS)]
        port = ports[number % len(ports)]
        self.browsers = {who: Browser(port, sessions[who]) for who in (self.agent, self.leader, CLERK)}
        for browser in self.browsers.values():
            browser.get("/")
        self.browsers[self.agent].get("/intake")

    def order(self, number: int) -> None:
        """Take one call and see it to its end."""
        said = {**CALL, "caller_phone": f"138{number:08d}", "place": f"临澜市解放路{number}号"}
        with self.measured.timing("start"):
            where = self.browsers[self.agent].post("/intake", said)
        for who, answers in ((self.leader, DISPATCHED), (CLERK, HANDLED), (self.agent, FOLLOWED)):
            self._step(who, where, answers)

    def _step(self, who: str, where: str, answers: dict[str, str]) -> None:
        browser = self.browsers[who]
        with self.measured.timing("list"):
            browser.get("/")
        with self.measured.timing("order"):
            found = _TASK.search(browser.get(where))
        if found is None:
            raise RuntimeError(f"{who} sees no task on {where}")
        with self.measured.timing("completion"):
            browser.post(f"/tasks/{found[1].decode()}/complete", answers)


def run(engine: Engine, ports: list[int], rate: float, seconds: int, first: int, desks: int) -> Measured:
    """Let orders arrive at a rate for some seconds; give what was measured."""
    measured, arrivals = Measured(), queue.Queue[int | None]()
    people = {*AGENTS, *LEADERS, CLERK}
    sessions = {who: office.log_in(engine, who) for who in sorted(people)}

    def work(desk: Desk) -> None:
        while (number := arrivals.get()) is not None:
            begun = time.perf_counter()
            try:
                desk.order(number)
            except (RuntimeError, OSError) as error:
                measured.failed.append(str(error))
            else:
                measured.times["whole order"].append(time.perf_counter() - begun)
                measured.done += 1

    threads = [
        threading.Thread(target=work, args=(Desk(ports, sessions, n, measured),), daemon=True) for n in range(desks)
    ]
    for thread in threads:
        thread.start()
    begun, measured.wanted = time.perf_counter(), int(rate * seconds)
    for n in range(measured.wanted):
        time.sleep(max(begun + n / rate - time.perf_counter(), 0))
        arrivals.put(first + n)
    time.sleep(max(begun + seconds - time.perf_counter(), 0))
    until = time.perf_counter() + GRACE
    while measured.done + len(measured.failed) < measured.wanted and time.perf_counter() < until:
        time.sleep(0.05)
    while not arrivals.empty():
        arrivals.get_nowait()  # whoever called last is not served any more: the rate was not held
    for _ in threads:
        arrivals.put(None)
    for thread in threads:
        thread.join(GRACE)
    return measured


def wrongs(engine: Engine) -> list[str]:
    """Give what must not be once everything is quiet: open orders, incidents, jobs or messages left."""
    counted = {
        "orders open": select(func.count()).where(work_order.c.status != "closed"),
        "incidents": select(func.count()).select_from(incident),
        "jobs left": select(func.count()).where(job.c.state.in_(("ready", "leased", "failed"))),
        "messages left": select(func.count()).where(outbox.c.state != "sent"),
    }
    with reading(engine.database) as connection:
        found = {what: connection.execute(query).scalar_one() for what, query in counted.items()}
    return [f"{n} {what}" for what, n in found.items() if n]


def trial(rate: float, seconds: int, desks: int) -> Measured:
    """Try one rate on a fresh office."""
    with office.server() as url:
        engine = office.furnish(url, bells.files())
        first = SystemClock().now() + timedelta(seconds=25)
        bells.hang_up(engine, first, BELLS_A_SECOND, seconds)
        ports = [office.free_port(), office.free_port()]
        commands = [["serve", "--port", str(port)] for port in ports] + [["worker"]] * 2
        with office.processes(url, commands):
            for port in ports:
                office.wait_for(port)
            time.sleep(max((first - SystemClock().now()).total_seconds(), 0))
            measured = run(engine, ports, rate, seconds, 0, desks)
            _settle(engine)
        measured.late = bells.lateness(engine)
        measured.wrong = [*wrongs(engine), *invariants.check(engine)]
        if len(measured.late) != BELLS_A_SECOND * seconds:
            measured.wrong.append(f"{BELLS_A_SECOND * seconds - len(measured.late)} limits never fired")
        engine.database.dispose()
    return measured


def _settle(engine: Engine) -> None:
    """Give the workers time to send what is left."""
    for _ in range(40):
        if not wrongs(engine):
            return
        time.sleep(0.5)


def main() -> int:
    """Raise the rate until it is no longer held; print every trial; 0 when the least rate was held."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rates", default="2,3,4,5,6,8,10")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--desks", type=int, default=16)
    parser.add_argument("--least", type=float, default=2)
    args = parser.parse_args()
    best = 0.0
    for rate in map(float, args.rates.split(",")):
        measured = trial(rate, args.seconds, args.desks)
        print(
            f"{rate:g} orders/s for {args.seconds} s: {'held' if measured.held else 'NOT held'}, {measured.done} of {measured.wanted} done"
        )
        for what, times in measured.times.items():
            print("  " + line(what, times, "s"))
        print("  " + line("timer late", measured.late, "s"))
        for sentence in itertools.islice(itertools.chain(measured.wrong, measured.failed), 5):
            print(f"  {sentence}")
        sys.stdout.flush()
        if not measured.held:
            break
        best = rate
    print(f"highest rate held: {best:g} whole orders a second")
    return 0 if best >= args.least else 1


if __name__ == "__main__":
    sys.exit(main())
