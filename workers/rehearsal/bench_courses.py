"""What `banjie bench` runs: courses of cases through the real commands, timed, and the same through bare SpiffWorkflow."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine import (
    CompleteUserTask,
    Deploy,
    Engine,
    ShowCase,
    StartInstance,
    demo_organisation,
    install,
    open_engine,
)
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from engine.domain.clock import Clock
from engine.settings import Settings
from workers.rehearsal.stage import Post
from workers.runner import Worker

AGENT, LEADER, CLERK = "agent_li", "leader_zhao", "clerk_roads_zhou"
HOTLINE = "mayor_hotline"
Answered = tuple[str, Mapping[str, Any]]


def bench_answers(number: int) -> list[Answered]:
    """Give who completes a bench case with which answers: sent back once, handled, caller satisfied."""
    said = {"opinion": "已到现场核实路灯线路", "unit": "city_roads", "serial": number}
    return [
        (CLERK, {"result": "redo", **said}),
        (CLERK, {"result": "done", **said}),
        (AGENT, {"satisfied": True, "opinion": "处理得很快"}),
    ]


@dataclass(slots=True)
class Spent:
    """Seconds a stretch took: of our process's CPU, and on the wall."""

    cpu: float = 0.0
    wall: float = 0.0
    per: int = 1

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add what happens inside; garbage of before does not count."""
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        self.cpu += time.process_time() - cpu
        self.wall += time.perf_counter() - wall

    @property
    def each(self) -> float:
        """CPU milliseconds per piece."""
        return self.cpu / self.per * 1000

    @property
    def wall_each(self) -> float:
        """Wall milliseconds per piece."""
        return self.wall / self.per * 1000


@dataclass(slots=True)
class Round:
    """What one round of cases cost: per start and per completion."""

    start: Spent = field(default_factory=Spent)
    completion: Spent = field(default_factory=Spent)


def office(url: str, *folders: Path, clock: Clock | None = None) -> Engine:
    """Open a database with the demo organisation and the procedures of some folders."""
    engine = open_engine(Settings(database=url, kind="demo"), clock)
    install(engine)
    engine.execute(demo_organisation(SYSTEM.id))
    for folder in folders:
        engine.execute(Deploy(read_bundle(folder), SYSTEM.id))
    return engine


def our_round(engine: Engine, process: str, cases: int) -> Round:
    """Run cases from start to end through the commands."""
    answers = bench_answers(7)
    spent = Round(Spent(per=cases), Spent(per=cases * len(answers)))
    with spent.start.timed():
        numbers = [engine.execute(StartInstance(process, AGENT)).number for _ in range(cases)]
    for actor, said in answers:
        tasks = [open_task(engine, number) for number in numbers]
        with spent.completion.timed():
            for task in tasks:
                engine.execute(CompleteUserTask(task, actor, said))
    return spent


def raw_round(raw: Any, cases: int) -> Round:
    """Run cases from start to end in memory on SpiffWorkflow as it comes."""
    answers = bench_answers(7)
    spent = Round(Spent(per=cases), Spent(per=cases * len(answers)))
    with spent.start.timed():
        workflows = [raw.start() for _ in range(cases)]
    for _, said in answers:
        with spent.completion.timed():
            for workflow in workflows:
                raw.complete(workflow, said)
    return spent


def open_task(engine: Engine, number: str) -> int:
    """Give the one open task of an order."""
    (task,) = engine.ask(ShowCase(number)).open_tasks
    return task.id


def statements_per_completion(engine: Engine, process: str, counting: Callable[[Any], Any]) -> float:
    """Count what a case's completions send to the database, BEGIN included, on the average."""
    number = engine.execute(StartInstance(process, AGENT)).number
    answers, sent = bench_answers(7), 0
    for actor, said in answers:
        task = open_task(engine, number)
        with counting(engine.database) as statements:
            engine.execute(CompleteUserTask(task, actor, said))
        sent += len(statements)
    return sent / len(answers)


def loop_ratio(engine: Engine, process: str, turns: int) -> float:
    """Compare the CPU of the last turns of a long loop with that of its first; medians over a small window around each."""
    number = engine.execute(StartInstance(process, AGENT)).number
    _, said = bench_answers(7)[0]
    costs = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(turns + 5):
            task = open_task(engine, number)
            before = time.process_time()
            engine.execute(CompleteUserTask(task, CLERK, said))
            costs.append(time.process_time() - before)
    finally:
        gc.enable()
    return _window(costs, turns) / _window(costs, 10)


def _window(costs: Sequence[float], turn: int) -> float:
    return statistics.median(costs[turn - 6 : turn + 5])


def hotline_orders(engine: Engine, orders: int) -> Spent:
    """Run ordinary orders of the mayor's hotline to the satisfied caller; one worker does its rounds between the steps."""
    worker = Worker(engine, owner="bench", fallback=Post())
    spent = Spent(per=orders)
    with spent.timed():
        numbers = [engine.execute(StartInstance(HOTLINE, AGENT, _call(n))).number for n in range(orders)]
        worker.drain()
        for actor, said in _HANDLING:
            for number in numbers:
                engine.execute(CompleteUserTask(open_task(engine, number), actor, said))
            worker.drain()
    return spent


def hotline_folder() -> Path:
    """Give the folder of the installed procedure that whole orders are measured with."""
    return procedures_root() / "hotline" / HOTLINE


def _call(number: int) -> dict[str, Any]:
    return {
        "caller_name": "王秀英",
        "caller_phone": f"139{number:08d}",
        "occurred_at": "今早七点",
        "place": f"临澜市解放路{number}号",
        "subject": "建议路口增设斑马线",
        "content": "建议解放路口增设斑马线,请尽快处理。",
        "demand": "请核实处理并回复",
        "category": "suggestion",
        "suggestion_kind": "reasonable",
    }


_HANDLING: tuple[Answered, ...] = (
    (LEADER, {"dispatch_choice": "dispatch", "unit": "city_roads", "urgency": "normal"}),
    (
        CLERK,
        {
            "handle_result": "finished",
            "reply": "已派人到场施划,恢复通行。",
            "told_caller": "yes",
            "handler_name": "周海",
            "feedback_channel": "network",
        },
    ),
    (AGENT, {"verify_result": "normal", "follow_up_result": "satisfied", "caller_opinion": "处理得很快"}),
)
