"""`banjie bench`: what a step costs against bare SpiffWorkflow, how loops age, orders and due moments in a second."""

import argparse
import importlib.util
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson

from engine.command_line import CliCommand
from engine.domain.clock import FrozenClock
from engine.domain.errors import NotFound
from workers.rehearsal import bench_calendar, bench_returns, bench_training
from workers.rehearsal import bench_courses as courses

FOLDER = "tests/benchmarks"
CASE, LOOP = "hotline_bench", "loop_bench"
TURNS = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what is measured, its aim, and whether more is better."""

    key: str
    title: str
    aim: float | None
    more_is_better: bool = False

    def holds(self, value: float | None) -> bool:
        """Whether a value meets the aim; what was not measured or has no aim does."""
        if value is None or self.aim is None:
            return True
        return value >= self.aim if self.more_is_better else value <= self.aim


FIGURES = (
    Figure("completion_cost_ratio_sqlite", "提交一件待办,CPU 与内存中裸 SpiffWorkflow 之比(SQLite)", 6),
    Figure("start_cost_ratio_sqlite", "发起一件,CPU 之比(SQLite)", 6),
    Figure("completion_cost_ratio_postgres", "提交一件待办,本进程 CPU 之比(PostgreSQL)", None),
    Figure("completion_wall_ms_postgres", "提交一件待办,墙上时间毫秒(PostgreSQL)", None),
    Figure("sql_per_completion", "提交一件待办发出的语句数(含 BEGIN)", 12),
    Figure("send_back_cost_ratio", "退回一件待办与提交一件的 CPU 之比(SQLite)", 3),
    Figure("loop_turn_1000_ratio", f"循环第 {TURNS} 圈与第 10 圈的 CPU 之比", 1.5),
    Figure("training_day_135_ratio", "培训第 135 天与头几天之比:CPU、实例大小取长得多的", 1.5),
    Figure(
        "orders_per_second_sqlite", "每秒办完的市长热线工单(SQLite 文件库,synchronous=FULL)", 30, more_is_better=True
    ),
    Figure("due_dates_per_second", "每秒算出的到期时间(一个核)", 200_000, more_is_better=True),
    Figure("due_date_speedup", "算到期时间,比 businesstimedelta 快几倍", 50, more_is_better=True),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is run."""

    rounds: int = 9
    cases: int = 20
    orders: int = 60
    order_rounds: int = 3
    loops: int = 3
    turns: int = TURNS
    days: int = bench_training.DAYS
    due_dates: int = 100_000
    compared_dates: int = 300
    due_rounds: int = 9
    postgres: bool = True


QUICK = Plan(
    rounds=2,
    cases=5,
    orders=5,
    order_rounds=1,
    loops=1,
    turns=300,
    days=30,
    due_dates=2000,
    compared_dates=20,
    due_rounds=1,
    postgres=False,
)
"""Only whether it runs: loops and trainings are cut short too."""


def measure(folder: Path, plan: Plan) -> dict[str, float | None]:
    """Give every figure; None for what was not measured. Raises NotFound without the benchmarks' folder."""
    raw = _module(folder, "raw").Raw(folder / CASE / f"{CASE}.bpmn", CASE)
    databases = _module(folder, "databases")
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banjie-bench-")))
        engine = courses.office(f"sqlite:///{room}/bench.db", folder / CASE, folder / LOOP)
        engines = {"sqlite": engine}
        if plan.postgres:
            url = stack.enter_context(databases.postgres(room / "postgres"))
            engines["postgres"] = courses.office(url, folder / CASE)
        with _released(*engines.values()):
            costs = _costs(raw, engines, plan)
            loops = [courses.loop_ratio(engine, LOOP, plan.turns) for _ in range(plan.loops)]
            sent = courses.statements_per_completion(engine, CASE, databases.statements)
            back = statistics.median(
                bench_returns.send_back_ratio(engine, CASE, plan.cases) for _ in range(plan.rounds)
            )
        figures = {
            **costs,
            "sql_per_completion": sent,
            "send_back_cost_ratio": back,
            "loop_turn_1000_ratio": statistics.median(loops),
        }
        figures["training_day_135_ratio"] = statistics.median(
            _training(room / f"training{n}.db", databases.case_size, plan.days) for n in range(plan.loops)
        )
        figures["orders_per_second_sqlite"] = _orders_per_second(room, plan)
    figures |= due_dates(folder, plan)
    return {f.key: figures.get(f.key) for f in FIGURES}


def _costs(raw: Any, engines: dict[str, Any], plan: Plan) -> dict[str, float]:
    """Interleave rounds of the bare and of our side, so that a busy machine disturbs both alike; medians."""
    bare: list[courses.Round] = []
    ours: dict[str, list[courses.Round]] = {name: [] for name in engines}
    for _ in range(plan.rounds + 1):
        bare.append(courses.raw_round(raw, plan.cases))
        for name, engine in engines.items():
            ours[name].append(courses.our_round(engine, CASE, plan.cases))
    for rounds in (bare, *ours.values()):
        del rounds[0]  # the first warms the caches
    completion = statistics.median(r.completion.each for r in bare)
    start = statistics.median(r.start.each for r in bare)
    figures = {"start_cost_ratio_sqlite": statistics.median(r.start.each for r in ours["sqlite"]) / start}
    for name, done in ours.items():
        figures[f"completion_cost_ratio_{name}"] = statistics.median(r.completion.each for r in done) / completion
        figures[f"completion_wall_ms_{name}"] = statistics.median(r.completion.wall_each for r in done)
    return figures


def due_dates(folder: Path, plan: Plan) -> dict[str, float]:
    """Measure working time; the other package is for developers and may not be there: then it is not compared."""
    figures = {"due_dates_per_second": bench_calendar.due_dates_per_second(plan.due_dates, plan.due_rounds)}
    try:
        adder = _module(folder, "other_calendar").adder
    except ModuleNotFoundError as missing:
        print(f"没有装 {missing.name},due_date_speedup 未测;要测请 pip install -e .[dev]", file=sys.stderr)
        return figures
    figures["due_date_speedup"] = bench_calendar.due_date_speedup(adder, plan.compared_dates, plan.due_rounds)
    return figures


def _orders_per_second(room: Path, plan: Plan) -> float:
    engine = courses.office(f"sqlite:///{room}/orders.db", courses.hotline_folder())
    with _released(engine):
        courses.hotline_orders(engine, 2)
        spent = [courses.hotline_orders(engine, plan.orders) for _ in range(plan.order_rounds)]
    return 1000 / statistics.median(s.wall_each for s in spent)


def _training(path: Path, size: Callable[[Any], int], days: int) -> float:
    clock = FrozenClock(bench_training.BEGIN)
    engine = courses.office(f"sqlite:///{path}", bench_training.FOLDER, clock=clock)
    with _released(engine):
        return bench_training.day_ratio(engine, clock, size, days)


@contextmanager
def _released(*engines: Any) -> Iterator[None]:
    """Close the databases before their folder goes."""
    try:
        yield
    finally:
        for engine in engines:
            engine.database.dispose()


def _module(folder: Path, name: str) -> ModuleType:
    path = folder / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"banjie_bench_{name}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise NotFound(f"没有 {path}:基准测试在源码仓库里,请在仓库根目录运行,或用 --folder 指出 {FOLDER} 所在")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _bench(args: argparse.Namespace) -> int:
    plan = QUICK if args.quick else Plan(rounds=args.rounds, postgres=not args.no_postgres)
    figures = measure(Path(args.folder), plan)
    if args.json:
        print(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())
        return 0
    print(f"{'项目':<28}  {'目标':>6}  {'实测':>8}")
    for figure in FIGURES:
        print(_line(figure, figures[figure.key]))
    return 0


def _line(figure: Figure, value: float | None) -> str:
    sign = "≥" if figure.more_is_better else "≤"
    aim = f"{sign}{figure.aim:g}" if figure.aim is not None else "-"
    shown = "未测" if value is None else f"{value:.2f}"
    return f"{figure.key:<32}{aim:>6}  {shown:>8}  {'' if figure.holds(value) else '未达 '}{figure.title}"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="交错轮数,取中位数(默认 9)")
    parser.add_argument("--quick", action="store_true", help="只跑两小轮,不测 PostgreSQL(给 CI 看看能不能跑)")
    parser.add_argument("--no-postgres", action="store_true", help="不测 PostgreSQL")
    parser.add_argument("--folder", default=FOLDER, metavar="文件夹", help=f"基准流程所在(默认 {FOLDER})")


bench = CliCommand("bench", "量一量:一步的开销、循环是否变慢、每秒办多少件", _arguments, _bench)
