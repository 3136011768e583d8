"""`banjie scenario` runs the procedures' own acceptance tests; `banjie play` lives through files of calls."""

import argparse
import sys
from pathlib import Path

from engine import CountOrders, open_engine
from engine.bundles import locate, procedures_root
from engine.command_line import CliCommand
from engine.domain.errors import Conflict, Invalid
from workers.rehearsal import table
from workers.rehearsal.calls import read_calls
from workers.rehearsal.pace import OfficePace
from workers.rehearsal.player import Player
from workers.rehearsal.scenario import play
from workers.rehearsal.scenario_file import Scenario, read_scenario
from workers.rehearsal.stage import Post, Theatre, folders_at, neighbours
from workers.runner import Worker


def _scenario(args: argparse.Namespace) -> int:
    paths = [locate(p) for p in args.paths] or [procedures_root()]
    scenarios = [read_scenario(p) for path in paths for p in _files(path)]
    if not scenarios:
        print("没有找到场景", file=sys.stderr)
        return 1
    folders = {each for path in paths for folder in folders_at(path) for each in neighbours(folder)}
    theatre = Theatre(sorted(folders))
    failed = sum(not _show(theatre, s) for s in scenarios)
    print(f"{len(scenarios) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _show(theatre: Theatre, scenario: Scenario) -> bool:
    played = play(theatre, scenario)
    name = f"{scenario.process}/{scenario.path.name}"
    print(f"{'PASS' if played.passed else 'FAIL'} {name}::{scenario.title}", flush=True)
    for problem in played.failures:
        print(f"     {problem}")
    return played.passed


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*.toml") if p.parent.name == "scenarios")


def _scenario_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="路径", help="场景文件或文件夹;不写就跑全部已装流程")


scenario = CliCommand("scenario", "在虚拟时钟下跑流程自带的验收场景", _scenario_arguments, _scenario)


def _play(args: argparse.Namespace) -> int:
    engine = open_engine()
    present = engine.clock.now()
    found = [call for path in args.files for call in read_calls(locate(path), present)]
    calls = sorted(found, key=lambda call: call.at)
    if not calls:
        raise Invalid("文件里没有来电")
    if engine.ask(CountOrders()):
        if args.if_empty:
            print("库里已有工单,不再演示")
            return 0
        raise Conflict("库里已有工单:只能在空库里从头演示(make clean 后重来)")
    pace = OfficePace(engine, Worker(engine, owner="play", fallback=Post()) if args.alone else None)
    pace.begin_at(calls[0].at)
    print(f"演示 {len(calls)} 件事,时钟拨回 {calls[0].at:%Y-%m-%d %H:%M} 起走……", flush=True)
    stories = Player(engine, pace).play(calls, present)
    pace.end_now()
    for line in table.lines(engine, stories) if not args.quiet else [f"走完 {len(stories)} 件"]:
        print(line)
    return 1 if any(s.problem for s in stories) else 0


def _play_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="文件", help="来电文件(流程文件夹 examples/ 下的 csv),可以几个一起")
    parser.add_argument("--alone", action="store_true", help="自带 worker,不用另开一个")
    parser.add_argument("--quiet", action="store_true", help="不打印每件工单的经过")
    parser.add_argument("--if-empty", action="store_true", help="库里已有工单就什么也不做")


play_calls = CliCommand("play", "在演示库里按时钟走完一批来电(要有 worker 在运行)", _play_arguments, _play)
