"""The console script `banjie`: init, demo, check, deploy; other rooms add theirs."""

import argparse
import importlib.metadata
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from engine.bundles import locate, procedure_folders, read_bundle
from engine.command_line import GROUP, CliCommand
from engine.commands.definitions import Deploy, check_procedure
from engine.commands.demo import MarkDemo
from engine.domain.actors import SYSTEM
from engine.domain.errors import EngineError, Invalid
from engine.domain.findings import Finding
from engine.front import demo_accounts, demo_organisation, demo_rosters, install, open_engine
from engine.queries.accounts import PeopleWithoutAccount
from engine.queries.rosters import Rosters
from engine.service_tasks import load_workers
from engine.sign_in import set_password

DEMO_PASSWORD = "banjie-demo-2026"
LEVELS = {"error": "错误", "warning": "提醒", "hint": "提示"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 = done, 1 = failed, 2 = wrong use."""
    parser = argparse.ArgumentParser(prog="banjie", description="办结:按流程图办事,到点有人管")
    words = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for command in _commands():
        sub = words.add_parser(command.name, help=command.help, description=command.help)
        command.configure(sub)
        sub.set_defaults(run=command.run)
    args = parser.parse_args(argv)
    try:
        return int(args.run(args))
    except EngineError as error:
        print(f"{error.code}:{error}", file=sys.stderr)
        return 1


def _commands() -> Iterator[CliCommand]:
    yield from (INIT, DEMO, CHECK, DEPLOY)
    for entry in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda e: e.name):
        yield entry.load()


def _nothing(parser: argparse.ArgumentParser) -> None:
    """A command without arguments."""


def _init(_: argparse.Namespace) -> int:
    engine = open_engine()
    days = install(engine)
    print(f"数据库已就绪:{engine.settings.database};日历 {days} 天")
    return 0


def _demo(_: argparse.Namespace) -> int:
    engine = open_engine()
    engine.execute(MarkDemo())
    count = engine.execute(demo_organisation(SYSTEM.id))
    for command in demo_rosters({roster.key for roster in engine.ask(Rosters())}):
        engine.execute(command)
    for person in engine.ask(PeopleWithoutAccount()):
        set_password(engine, person, DEMO_PASSWORD, SYSTEM.id, must_change=False)
    print(f"演示机构已就绪:{count} 人,口令都是 {DEMO_PASSWORD}。各家的账号,每个岗位一个:")
    for organisation, accounts in demo_accounts().items():
        print(f"  {organisation}:" + "、".join(f"{ident} {name}({role})" for ident, name, role in accounts))
    return 0


def _paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="路径", help="流程文件夹、其上级文件夹或其中一个文件")


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.add_argument("--strict", action="store_true", help="提醒也算不通过")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def _check(args: argparse.Namespace) -> int:
    register = load_workers()
    findings: list[Finding] = []
    for folder in _folders(args.paths):
        found = check_procedure(read_bundle(folder), register)
        findings += [Finding(f"{folder.name}/{f.file}", f.element, f.rule, f.level, f.message) for f in found]
    bad = [f for f in findings if f.level == "error" or (args.strict and f.level == "warning")]
    if args.json:
        print(orjson.dumps({"ok": not bad, "findings": findings}, option=orjson.OPT_INDENT_2).decode())
    else:
        for f in findings:
            print(f"{LEVELS[f.level]} {f.file} {f.element} [{f.rule}] {f.message}")
        print("检查通过" if not bad else f"{len(bad)} 处要改")
    return 1 if bad else 0


def _folders(paths: Sequence[str]) -> Iterator[Path]:
    for text in paths:
        path = locate(text)
        if path.is_file():
            path = next((p for p in path.parents if (p / "procedure.toml").is_file()), path.parent)
        found = list(procedure_folders(path))
        if not found:
            raise Invalid(f"{text} 里没有流程文件夹(缺少 procedure.toml)")
        yield from found


def _deploy_arguments(parser: argparse.ArgumentParser) -> None:
    _paths(parser)
    parser.add_argument("--draft", action="store_true", help="只存为草稿,不发布")


def _deploy(args: argparse.Namespace) -> int:
    engine = open_engine()
    for folder in _folders(args.paths):
        done = engine.execute(Deploy(read_bundle(folder), SYSTEM.id, draft=args.draft))
        state = "unchanged 没有变化" if done.unchanged else ("草稿" if args.draft else "已发布")
        print(f"{done.key} 第 {done.version} 版:{state}")
    return 0


INIT = CliCommand("init", "建立或升级数据库,装入日历", _nothing, _init)
DEMO = CliCommand("demo", "装入演示机构(单位与人员)", _nothing, _demo)
CHECK = CliCommand("check", "检查流程,指出元素与原因", _check_arguments, _check)
DEPLOY = CliCommand("deploy", "部署流程;新工单立即用新版本", _deploy_arguments, _deploy)


if __name__ == "__main__":
    sys.exit(main())
