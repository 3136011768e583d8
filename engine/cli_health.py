"""`banjie doctor` and `banjie audit verify`: is the installation well, and do the histories stand as they were written?"""

import argparse
import sys
from dataclasses import asdict

import orjson

from engine.command_line import CliCommand
from engine.domain.errors import Invalid
from engine.executor import Engine
from engine.front import open_engine
from engine.queries.audit import Fault, Roots, VerifyHistories, VerifyOrder, VerifyRoots
from engine.queries.health import BAD, examine

_MARKS = {"good": "好  ", "warning": "注意", "bad": "坏  "}


def _json(value: object) -> None:
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _doctor(args: argparse.Namespace) -> int:
    found = examine(open_engine())
    ok = all(check.level != BAD for check in found)
    if args.json:
        _json({"ok": ok, "checks": [asdict(check) for check in found]})
        return 0 if ok else 1
    for check in found:
        print(f"{_MARKS[check.level]} {check.sentence}")
    return 0 if ok else 1


def _audit_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="动作")
    verify = verbs.add_parser("verify", help="核对历史链和每日封存,指出哪件工单从哪一条起被改过")
    verify.add_argument("numbers", nargs="*", metavar="工单号", help="只核对这些工单;不写就核对全部")
    verify.add_argument("--expect", metavar="日期=封存值", help="与另外留存的某日封存值核对")
    verify.add_argument("--json", action="store_true", help="输出 JSON")


def _audit(args: argparse.Namespace) -> int:
    engine = open_engine()
    looked_at, faults = _orders(engine, args.numbers) if args.numbers else _everything(engine)
    roots = engine.ask(Roots())
    if args.expect:
        faults += _kept(args.expect, roots)
    day, root = next(reversed(roots.items()), ("", ""))
    if args.json:
        found = [asdict(fault) for fault in faults]
        _json({"ok": not faults, "orders": looked_at, "faults": found, "sealed": day, "root": root})
        return 1 if faults else 0
    for fault in faults:
        where = f"工单 {fault.number or fault.instance_id} " if fault.instance_id else ""
        at = f"第 {fault.seq} 条:" if fault.seq else ""
        print(f"{where}{at}{fault.reason}")
    print(f"核对了 {looked_at} 件工单:{f'{len(faults)} 处对不上' if faults else '历史完好'}")
    if root:
        print(f"封存到 {day},封存值 {root}(请抄录到本系统之外,日后用 --expect {day}=… 核对)")
    return 1 if faults else 0


def _orders(engine: Engine, numbers: list[str]) -> tuple[int, list[Fault]]:
    found = [engine.ask(VerifyOrder(number)) for number in numbers]
    return len(found), [fault for one in found for fault in one.faults]


def _everything(engine: Engine) -> tuple[int, list[Fault]]:
    looked_at, faults, after = 0, list[Fault](), 0
    while (stretch := engine.ask(VerifyHistories(after))).last_id is not None:
        looked_at, after = looked_at + stretch.looked_at, stretch.last_id
        faults += stretch.faults
        if sys.stderr.isatty():
            print(f"\r核对了 {looked_at} 件", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return looked_at, [*faults, *engine.ask(VerifyRoots())]


def _kept(said: str, roots: dict[str, str]) -> list[Fault]:
    day, _, root = said.partition("=")
    if not root:
        raise Invalid("--expect 要写成 日期=封存值,例如 2026-11-20=3f…")
    if roots.get(day) == root.strip():
        return []
    return [Fault("", None, None, f"{day} 的封存值与留存的不同:历史被整体改写过,或留存的抄错了")]


audit = CliCommand("audit", "核对历史有没有被改过", _audit_arguments, _audit)
doctor = CliCommand("doctor", "体检:数据库、结构、磁盘、时钟、积压、服务任务、日历", _doctor_arguments, _doctor)
