"""Check and deploy procedures. Here the rooms meet: diagram, forms, workers, notices and clauses must fit together."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.dmn import check_decision
from engine.bpmn.documents import digest
from engine.bpmn.lint import Known, check_diagram
from engine.commands.notice_check import check_notices, unreadable
from engine.domain.actors import SYSTEM
from engine.domain.errors import EngineError, InvalidDiagram, NotAllowed
from engine.domain.findings import Finding
from engine.domain.procedure import Procedure, parse_procedure
from engine.executor import Context
from engine.expressions import compile_parameter
from engine.forms import FormSchema, check_form, load_form
from engine.service_tasks import BUILT_IN, Register
from engine.steps import fitting
from engine.steps.four_eyes import four_eyes
from engine.steps.released import assemble
from engine.store import definitions


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment gives back."""

    definition_id: int
    key: str
    version: int
    unchanged: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Deploy:
    """Store a procedure's files as its next version, and let new cases start on it unless it is a draft."""

    files: Mapping[str, bytes]
    actor: str
    draft: bool = False

    def run(self, ctx: Context) -> Deployed:
        """Give the version; the same meaning as the newest version changes nothing. Raises InvalidDiagram with findings."""
        if not self.draft and ctx.actor is not SYSTEM and four_eyes(ctx):
            raise NotAllowed("按四眼原则,部署的人不能自己发布:请存为草稿,由另一位流程负责人或管理员发布")
        findings = check_procedure(self.files, ctx.engine.register)
        _refuse_errors(findings)
        version = assemble(0, dict(self.files))
        findings += fitting.findings(ctx, version)
        _refuse_errors(findings)
        mark = digest(dict(self.files))
        newest = definitions.latest(ctx.connection, version.key)
        if newest is not None and newest.digest == mark:
            if not self.draft and newest.state == "draft":
                definitions.release(ctx.connection, newest.id, version.key)
            return Deployed(newest.id, version.key, newest.version, True, tuple(findings))
        ident, number = definitions.add(
            ctx.connection,
            version.key,
            version.procedure.title,
            version.procedure.family,
            mark,
            self.files,
            ctx.actor.id,
            ctx.now,
        )
        if not self.draft:
            definitions.release(ctx.connection, ident, version.key)
        return Deployed(ident, version.key, number, False, tuple(findings))


def _refuse_errors(findings: list[Finding]) -> None:
    errors = [f for f in findings if f.level == "error"]
    if errors:
        raise InvalidDiagram("；".join(f.message for f in errors[:5]), findings)


def check_procedure(files: Mapping[str, bytes], register: Register) -> list[Finding]:
    """Give every finding on a procedure's files; an empty list (or warnings only) means it may be deployed."""
    try:
        procedure = parse_procedure(files["procedure.toml"].decode("utf-8"))
    except KeyError:
        return [Finding("procedure.toml", "", "procedure-settings", "error", "缺少 procedure.toml")]
    except (EngineError, UnicodeDecodeError) as error:
        return [Finding("procedure.toml", "", "procedure-settings", "error", str(error))]
    findings = [f for name in _named(files, ".form") for f in check_form(name, files[name])]
    findings += [f for name in _named(files, ".dmn") for f in check_decision(name, files[name])]
    known = _known(files, register)
    findings += unreadable(files) + check_diagram(procedure.id, files, known)
    if not any(f.level == "error" for f in findings):
        findings += _fit(files, procedure)
    return findings


def _named(files: Mapping[str, bytes], ending: str) -> list[str]:
    return sorted(name for name in files if name.endswith(ending))


def _stems(files: Mapping[str, bytes], folder: str) -> frozenset[str]:
    return frozenset(n.rsplit("/", 1)[-1].rsplit(".", 1)[0] for n in files if n.startswith(folder))


def _known(files: Mapping[str, bytes], register: Register) -> Known:
    forms: dict[str, FormSchema] = {}
    for name in _named(files, ".form"):
        try:
            forms[name.rsplit("/", 1)[-1].removesuffix(".form")] = load_form(files[name], name)
        except EngineError:
            continue
    keys = {name: form.keys for name, form in forms.items()}
    decisions = frozenset(t for t in register.tasks if register.is_decision(t))
    return Known(
        form_keys=frozenset(key for found in keys.values() for key in found),
        keys_by_form=keys,
        choices_by_form={name: form.choices for name, form in forms.items()},
        forms=_stems(files, "forms/"),
        topics=frozenset(register.tasks) | BUILT_IN,
        decisions_of_workers=decisions,
        roles=None,
        notices=_stems(files, "notices/"),
    )


def _fit(files: Mapping[str, bytes], procedure: Procedure) -> list[Finding]:
    """What only shows when all parts are there: settings and clauses name what exists."""
    version = assemble(0, dict(files))
    elements = version.definition.elements
    found = []
    for element in sorted(procedure.deadline - elements.keys()):
        found.append(
            Finding("procedure.toml", element, "deadline-element", "error", f"总时限跟随的元素 {element} 图里没有")
        )
    form_keys = {key for form in version.forms.values() for key in form.keys}
    found += check_notices(version.definition, form_keys, procedure, version.notices)
    for column, name in sorted(procedure.columns.items()):
        if name not in version.definition.declared:
            found.append(
                Finding("procedure.toml", "", "column-name", "error", f"工单列 {column} 要的 {name} 没有谁会填")
            )
    stages = procedure.training.stages if procedure.training else ()
    for name in sorted({n for s in stages for n in (s.days, s.hours) if n} - version.definition.declared):
        found.append(Finding("procedure.toml", "", "training-name", "error", f"培训下限 {name} 没有谁会填"))
    for text in (procedure.order_title, procedure.summary):
        found += _wording(text, version.definition.declared)
    return found + _clauses(files, frozenset(elements))


def _wording(text: str, declared: frozenset[str]) -> list[Finding]:
    try:
        unknown = (
            compile_parameter(text).names - declared - {"number", "created_by", "received_at"} if text else frozenset()
        )
    except EngineError as error:
        return [Finding("procedure.toml", "", "order-title", "error", f"标题或摘要规则:{error}")]
    return [
        Finding("procedure.toml", "", "order-title", "error", f"标题或摘要规则用了没有声明的名字 {n}")
        for n in sorted(unknown)
    ]


def _clauses(files: Mapping[str, bytes], elements: frozenset[str]) -> list[Finding]:
    if "clauses.csv" not in files:
        return [Finding("clauses.csv", "", "clauses", "warning", "没有 clauses.csv:条款没有落到图上")]
    rows = csv.DictReader(io.StringIO(files["clauses.csv"].decode("utf-8-sig")))
    return [
        Finding(
            "clauses.csv",
            row.get("element", ""),
            "clause-element",
            "error",
            f"条款 {row.get('clause')} 指向的元素 {row.get('element')} 图里没有",
        )
        for row in rows
        if row.get("element") not in elements
    ]
