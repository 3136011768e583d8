"""What a scenario may expect, and how it is compared. Lists of open tasks and notices are exact, order free."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine import CaseView, History, Notices, OpenIncidents, Outgoing, PastEvent, ShowCase, ShowOrder, WhoMay
from engine.domain.clock import SHANGHAI, in_words
from engine.domain.errors import Invalid, NotFound
from workers.rehearsal.stage import Stage

BOTH = frozenset("open due record status linked incidents candidates empty history shown_to hidden_from".split())
STEP = BOTH | frozenset("open_contains warn notified refused assignee".split())
FINAL = BOTH | frozenset("completed reached never_reached notified_total".split())


def check_names(where: str, expected: Mapping[str, Any], *, final: bool) -> None:
    """Raise Invalid for an expectation nobody knows: it would silently hold."""
    unknown = expected.keys() - (FINAL if final else STEP)
    if unknown:
        raise Invalid(f"{where}的 expect 里有不认识的 {'、'.join(sorted(unknown))}")
    if any("kind" not in line for line in expected.get("history", ())):
        raise Invalid(f"{where}的 history 每条都要写 kind")


def told(stage: Stage, number: str) -> list[PastEvent]:
    """Give the history of an order, oldest first."""
    return stage.engine.ask(History(stage.engine.ask(ShowCase(number)).instance_id))


def compare(
    stage: Stage, number: str, expected: Mapping[str, Any], delivered: Sequence[Outgoing], lines: int = 0
) -> list[str]:
    """Give what differs after a step; the history had so many lines before it."""
    if not expected:
        return []
    problems: list[str] = []
    if number:
        case = stage.engine.ask(ShowCase(number))
        problems = _tasks(case, expected) + _facts(case, expected) + _people(stage, case, expected)
        problems += _history(told(stage, number)[lines:], expected["history"]) if "history" in expected else []
    if "notified" in expected:
        problems += _notices(expected["notified"], delivered)
    if "incidents" in expected:
        problems += _incidents(stage, expected["incidents"])
    return problems


def compare_ending(stage: Stage, number: str, expected: Mapping[str, Any]) -> list[str]:
    """Give what differs at the end."""
    case = stage.engine.ask(ShowCase(number))
    problems = _tasks(case, expected) + _facts(case, expected) + _people(stage, case, expected)
    problems += _history(told(stage, number), expected.get("history", ()))
    if "completed" in expected and expected["completed"] != (case.instance_status == "completed"):
        problems.append(f"流程{'应当' if expected['completed'] else '不该'}走完,实际是 {case.instance_status}")
    reached = {
        e for event in stage.engine.ask(History(case.instance_id)) for e in _places(event.payload, event.element_id)
    }
    problems += [f"应当走到 {e},没有走到" for e in expected.get("reached", ()) if e not in reached]
    problems += [f"不该走到 {e},却走到了" for e in expected.get("never_reached", ()) if e in reached]
    totals = Counter(n.notice for n in stage.engine.ask(Notices(case.instance_id)))
    for notice, count in expected.get("notified_total", {}).items():
        if totals[notice] != count:
            problems.append(f"通知 {notice} 应当 {count} 条,实际 {totals[notice]} 条")
    if "incidents" in expected or not problems:
        problems += _incidents(stage, expected.get("incidents", 0))
    return problems


def _places(payload: Mapping[str, Any], element_id: str) -> list[str]:
    return [element_id, *payload.get("reached", ())]


def _tasks(case: CaseView, expected: Mapping[str, Any]) -> list[str]:
    problems = []
    found = sorted(t.element_id for t in case.open_tasks)
    if "open" in expected and sorted(expected["open"]) != found:
        problems.append(f"打开着的待办应当是 {sorted(expected['open'])},实际是 {found}")
    problems += [f"应当打开着 {e},实际打开着 {found}" for e in expected.get("open_contains", ()) if e not in found]
    for name, column in (("due", "due_at"), ("warn", "warn_at")):
        for element, moment in expected.get(name, {}).items():
            shown = [getattr(t, column) for t in case.open_tasks if t.element_id == element]
            if _local(moment) not in shown:
                problems.append(
                    f"{element} 的{'时限' if name == 'due' else '预警'}应当是 {in_words(_local(moment))},实际是 {_words(shown)}"
                )
    for element, person in expected.get("assignee", {}).items():
        holders = [t.assignee for t in case.open_tasks if t.element_id == element]
        if (person or None) not in holders:
            problems.append(f"{element} 应当在 {person or '无人'} 手上,实际是 {holders}")
    return problems


def _facts(case: CaseView, expected: Mapping[str, Any]) -> list[str]:
    problems = []
    for name, value in expected.get("record", {}).items():
        if case.record.get(name) != value:
            problems.append(f"事项数据 {name} 应当是 {value!r},实际是 {case.record.get(name)!r}")
    for name in expected.get("empty", ()):
        if case.record.get(name) not in (None, "", []):
            problems.append(f"事项数据 {name} 应当是空的,实际是 {case.record[name]!r}")
    if "status" in expected and expected["status"] != case.status:
        problems.append(f"工单状态应当是 {expected['status']},实际是 {case.status}")
    if "linked" in expected and expected["linked"] != len(case.links):
        problems.append(f"应当绑定 {expected['linked']} 件,实际 {len(case.links)} 件:{case.links}")
    return problems


def _people(stage: Stage, case: CaseView, expected: Mapping[str, Any]) -> list[str]:
    """Who may take a task, and who sees the order."""
    problems = []
    for element, people in expected.get("candidates", {}).items():
        found = [sorted(stage.engine.ask(WhoMay(t.id))) for t in case.open_tasks if t.element_id == element]
        if sorted(people) not in found:
            problems.append(f"{element} 应当由 {sorted(people)} 里的人签收,实际是 {found}")
    for name, seen in (("shown_to", True), ("hidden_from", False)):
        wrong = [who for who in expected.get(name, ()) if _sees(stage, case.number, who) != seen]
        problems += [f"{who} {'应当看得到' if seen else '不该看得到'}这件工单" for who in wrong]
    return problems


def _sees(stage: Stage, number: str, who: str) -> bool:
    try:
        stage.engine.ask(ShowOrder(number), who)
    except NotFound:
        return False
    return True


def _history(events: Sequence[PastEvent], expected: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each line that is expected stands there, with at least what it says."""
    found = [{"kind": e.kind, "element": e.element_id, "actor": e.actor, **e.payload} for e in events]
    missing = [want for want in expected if not any(want.items() <= line.items() for line in found)]
    kinds = {want.get("kind") for want in missing}
    alike = [line for line in found if line["kind"] in kinds]
    return [f"流转记录里没有 {want},有的是 {alike}" for want in missing]


def _notices(expected: Sequence[Mapping[str, str]], delivered: Sequence[Outgoing]) -> list[str]:
    want = Counter((n["to"], n["notice"]) for n in expected)
    have = Counter((m.recipient, m.notice) for m in delivered)
    missing, extra = sorted((want - have).elements()), sorted((have - want).elements())
    return ([f"少了通知 {missing}"] if missing else []) + ([f"多了通知 {extra}"] if extra else [])


def _incidents(stage: Stage, expected: int) -> list[str]:
    found = stage.engine.ask(OpenIncidents())
    return (
        [] if len(found) == expected else [f"异常应当 {expected} 个,实际 {len(found)} 个:{[i.reason for i in found]}"]
    )


def _local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


def _words(moments: Sequence[datetime | None]) -> str:
    return "、".join(in_words(m) if m else "没有" for m in moments) or "没有这件待办"
