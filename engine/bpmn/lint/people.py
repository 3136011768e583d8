"""Who does it: forms and performers of user tasks, recipients of notices."""

import re

from engine.bpmn.documents import camunda
from engine.bpmn.elements import terms_of
from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.report import Report
from engine.domain.assignment_rules import ALLOW, WORDS, AssignmentRules, wrong_words
from engine.service_tasks import COPY, NOTIFY

_EXPRESSION = r"\$\{.+\}"
_ROLE = re.compile(rf"(?:role:)?(?P<role>[a-z][a-z0-9_]*)(?:@(?:{_EXPRESSION}|[a-z][a-z0-9_]*))?", re.DOTALL)
_NAMED = re.compile(rf"(?:role|unit|person|duty):(?:{_EXPRESSION}|[a-z][a-z0-9_]*)", re.DOTALL)
_HOLDER = re.compile(r"(?:holder|done):(?P<element>[a-z][a-z0-9_]*)")
_POST = re.compile(r"(?:leader_of|below):(?P<word>.+)", re.DOTALL)
_PHONE = re.compile(rf"phone:(?:{_EXPRESSION}|\+?[0-9-]+)", re.DOTALL)
_WHOLE = re.compile(r"\$\{(?!.*\$\{).+\}", re.DOTALL)
"""A text that is one expression; for `to` it may give a list of performer words."""
_WORDS = "可以写:岗位、岗位@${单位}、role:${岗位}、unit:${单位}、person:${人员}、duty:值班表,逗号分隔"
_MORE_WORDS = "另可写 holder:<待办 id>、done:<待办 id>、leader_of:<谁>、below:<谁>、starter、phone:${电话}"


def check(bundle: Bundle, known: Known, report: Report) -> None:
    """Look at every user task and every notice."""
    for node in bundle.nodes():
        _rules(node, report)
        if node.element.is_manual:
            _user_task(node, known, report)
        if node.element.topic in (NOTIFY, COPY):
            to = dict(node.element.inputs).get("to", "")
            for term in terms_of("" if _WHOLE.fullmatch(to.strip()) else to):
                _recipient(bundle, node, term, known, report)


def _user_task(node: Node, known: Known, report: Report) -> None:
    file, said = node.scope.file, node.element.attributes
    if node.id not in known.forms:
        message = f"{node.called}:没有表单;请加文件 forms/{node.id}.form"
        report.error(file, node.id, "form-missing", message)
    groups, assignee = said.get("candidateGroups", ""), said.get("assignee", "").strip()
    if known.require_performers and not terms_of(groups) and not assignee:
        message = f"{node.called}:没有写由谁办;请写 camunda:candidateGroups({_WORDS})"
        report.error(file, node.id, "performer-missing", message)
    for term in terms_of(groups):
        check_word(node, term, known, report)
    if assignee and not _WHOLE.fullmatch(assignee) and assignee not in known.decisions_of_workers:
        message = f"{node.called}:经办人“{assignee}”既不是 ${{人员表达式}},也不是登记过的分派策略;请改正"
        report.error(file, node.id, "assignee-unknown", message)
    if node.xml.get(camunda("candidateUsers")):
        message = f"{node.called}:candidateUsers 不支持;请在 candidateGroups 里写 person:${{人员}}"
        report.error(file, node.id, "performer-word", message)
    if not re.fullmatch(rf"[0-9]{{0,4}}|{_EXPRESSION}", said.get("priority", "").strip(), re.DOTALL):
        message = f"{node.called}:优先级“{said['priority']}”不是数字;请写 0 到 9999 的整数"
        report.error(file, node.id, "performer-word", message)


def _rules(node: Node, report: Report) -> None:
    """Rules of assignment are words; they are for user tasks, and contradict no strategy."""
    file, said = node.scope.file, node.element.properties
    named = [name for name in WORDS if said.get(name, "").strip()]
    for wrong in wrong_words({name: said[name].strip() for name in named}):
        report.error(file, node.id, "assignment-rule", f"{node.called}:{wrong}")
    if named and not node.element.is_manual:
        message = f"{node.called}:{'、'.join(named)} 只能写在待办上;请删去"
        report.error(file, node.id, "assignment-rule", message)
    if node.element.attributes.get("assignee") == "same_agent" and AssignmentRules().of(said).same_as_starter != ALLOW:
        message = f"{node.called}:派给发起人(same_agent),又说发起人不能办(same_as_starter);请去掉一样"
        report.error(file, node.id, "assignment-rule", message)


def _recipient(bundle: Bundle, node: Node, term: str, known: Known, report: Report) -> None:
    if term == "starter" or _PHONE.fullmatch(term):
        return
    if (post := _POST.fullmatch(term)) is not None and not _PHONE.fullmatch(post["word"]):
        _recipient(bundle, node, post["word"], known, report)
        return
    holder = _HOLDER.fullmatch(term)
    if holder is None:
        check_word(node, term, known, report, _MORE_WORDS)
        return
    target = bundle.node(holder["element"])
    if target is None or not target.element.is_manual:
        message = f"{node.called}:“{term}”里的 {holder['element']} 不是待办;请写用户任务的 id"
        report.error(node.scope.file, node.id, "performer-word", message)


def check_word(node: Node, term: str, known: Known, report: Report, more: str = "") -> None:
    """Judge one performer word that may stand for whoever does a task."""
    if _NAMED.fullmatch(term):
        return
    role = _ROLE.fullmatch(term)
    if role is None:
        message = f"{node.called}:看不懂“{term}”;{_WORDS}{';' if more else ''}{more}"
        report.error(node.scope.file, node.id, "performer-word", message)
    elif known.roles is not None and role["role"] not in known.roles:
        message = f"{node.called}:没有岗位“{role['role']}”;请检查拼写,或先在组织里建这个岗位"
        report.error(node.scope.file, node.id, "role-unknown", message)
