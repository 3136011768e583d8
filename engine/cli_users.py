"""`banjie user`: accounts from the command line of the machine's owner, also on an empty database."""

import argparse
import sys

import orjson

from engine.command_line import CliCommand
from engine.commands.people import AddPerson, DisablePerson
from engine.commands.units import AddUnit
from engine.domain import passwords
from engine.domain.accounts import person_id, typed_id
from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid, NotFound
from engine.executor import Engine
from engine.front import open_engine
from engine.queries.people import NamesOfPeople, People, PersonRow
from engine.queries.units import Units
from engine.sign_in import issue_password, set_password


def _configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="动作")
    add = verbs.add_parser("add", help="新增账号,给出一次性密码")
    add.add_argument("person", metavar="账号")
    add.add_argument("name", metavar="姓名")
    add.add_argument("--unit", required=True, metavar="单位代码", help="还没有任何单位时,按这个代码建第一个")
    add.add_argument("--unit-name", default="", metavar="名称", help="新建第一个单位时的名称")
    add.add_argument("--role", required=True, metavar="岗位代码", help="如 admin、process_owner、unit_leader")
    reset = verbs.add_parser("reset", help="重置密码,退出所有登录,解除锁定")
    reset.add_argument("person", metavar="账号")
    for one in (add, reset):
        one.add_argument("--password-stdin", action="store_true", help="从标准输入读密码(第一次登录不必再改)")
    verbs.add_parser("disable", help="停用账号,退出所有登录").add_argument("person", metavar="账号")
    verbs.add_parser("list", help="列出账号").add_argument("--json", action="store_true", help="输出 JSON")


def _run(args: argparse.Namespace) -> int:
    {"add": _add, "reset": _reset, "disable": _disable, "list": _list}[args.verb](open_engine(), args)
    return 0


def _add(engine: Engine, args: argparse.Namespace) -> None:
    said = _said(args)
    if said is not None:
        passwords.check(said, person_id(args.person))
    if not engine.ask(Units()):
        engine.execute(AddUnit(args.unit, args.unit_name or args.unit, SYSTEM.id))
    ident = engine.execute(AddPerson(args.person, args.name, SYSTEM.id, typed_id(args.unit), typed_id(args.role)))
    print(f"已新增 {ident} {args.name}")
    _give(engine, ident, said)


def _reset(engine: Engine, args: argparse.Namespace) -> None:
    ident = typed_id(args.person)
    if ident not in engine.ask(NamesOfPeople()):
        raise NotFound(f"没有账号 {ident}")
    _give(engine, ident, _said(args))


def _disable(engine: Engine, args: argparse.Namespace) -> None:
    ended = engine.execute(DisablePerson(typed_id(args.person), SYSTEM.id))
    print(f"已停用 {args.person},退出 {ended} 处登录;手上的待办请在人员页面转办")


def _list(engine: Engine, args: argparse.Namespace) -> None:
    rows = engine.ask(People(limit=None)).rows
    if args.json:
        print(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    for row in rows:
        places = "、".join(f"{place.unit}/{place.role}" for place in row.places)
        print("\t".join((row.id, row.name, _state(row), places)))


def _state(row: PersonRow) -> str:
    if not row.active:
        return "停用"
    return "在用" if row.has_password else "没有密码"


def _said(args: argparse.Namespace) -> str | None:
    if not args.password_stdin:
        return None
    said = sys.stdin.readline().rstrip("\r\n")
    if not said:
        raise Invalid("标准输入里没有密码")
    return said


def _give(engine: Engine, ident: str, said: str | None) -> None:
    if said is None:
        print(f"一次性密码(只显示这一遍,第一次登录必须换):{issue_password(engine, ident, SYSTEM.id)}")
    else:
        set_password(engine, ident, said, SYSTEM.id, must_change=False)
        print("密码已设")


user = CliCommand("user", "账号:新增、重置密码、停用、列出", _configure, _run)
