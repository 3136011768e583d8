"""`banjie mutate`: would the scenarios notice if the procedure were drawn differently?"""

import argparse
import sys

import orjson

from engine.bundles import locate, procedures_root
from engine.command_line import CliCommand
from engine.domain.errors import Invalid
from workers.rehearsal.mutation.run import Choice, run
from workers.rehearsal.mutation.tally import Tally
from workers.rehearsal.stage import folders_at

LEAST = 90.0
_WIDTH = 40


def _mutate(args: argparse.Namespace) -> int:
    paths = [locate(p) for p in args.paths] or [procedures_root()]
    folders = list({folder.resolve(): folder for path in paths for folder in folders_at(path)}.values())
    if not folders:
        raise Invalid("没有找到流程文件夹(缺少 procedure.toml)")
    choice = Choice(args.only, args.sample, args.seed, args.jobs)
    tallies = run(folders, choice, _progress if sys.stderr.isatty() else _silence)
    ok = all(t.holds(args.least) for t in tallies)
    if args.json:
        shown = {"ok": ok, "least": args.least, "procedures": [t.plain() for t in tallies]}
        print(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode())
    else:
        for each in tallies:
            _show(each, args.least)
    return 0 if ok else 1


def _show(result: Tally, least: float) -> None:
    for verdict in result.survivors:
        by = "、".join(verdict.came_by) or "没有一个场景走到这里"
        print(f"SURVIVED {verdict.mutant}\n     {verdict.said}\n     走过这里的场景:{by}")
    for complaint in result.complaints:
        print(f"     {complaint}")
    print(
        f"{'PASS' if result.holds(least) else 'FAIL'} {result.procedure}:"
        f"变体 {result.made},检查拦下 {result.invalid},等价 {result.equivalent},"
        f"有效 {result.valid},发现 {result.killed},漏过 {len(result.survivors)},"
        f"发现率 {result.percent:.1f}%(至少 {least:g}%)"
    )


def _progress(done: int, total: int) -> None:
    filled = _WIDTH * done // total
    end = "\r\033[K" if done == total else ""
    print(f"\r[{'#' * filled}{' ' * (_WIDTH - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True)


def _silence(_done: int, _total: int) -> None:
    """Nobody watches: nothing is drawn."""


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("要大于 0")
    return number


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=str, metavar="路径", help="流程文件夹或其上级;不写就是全部已装流程")
    parser.add_argument("--least", type=float, default=LEAST, metavar="百分比", help=f"至少要发现多少(默认 {LEAST:g})")
    parser.add_argument("--sample", type=_count, default=0, metavar="N", help="只抽 N 个变体,各流程合在一起抽")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="抽样的种子(默认 1):同样的种子抽到同样的变体")
    parser.add_argument("--only", default="*", metavar="样式", help="只试编号对得上的,可用 * 和 ?")
    parser.add_argument("--jobs", type=_count, default=1, metavar="N", help="同时用几个进程(默认 1)")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


mutate = CliCommand("mutate", "改坏流程一处,看场景发现不发现", _arguments, _mutate)
