"""What a version must agree on with the office it comes to and with the procedures that are there already."""

from collections.abc import Iterator

from engine.domain.findings import Finding
from engine.domain.procedure import Procedure, parse_procedure
from engine.executor import Context
from engine.steps import calendar_choice, duty
from engine.steps.released import Released, released
from engine.store import calendars, definitions

_PERFORMERS = ("candidateGroups", "assignee")


def findings(ctx: Context, version: Released) -> list[Finding]:
    """Give what does not fit: numbers and messages that are taken; calendars, rosters, names of people that do not exist."""
    return [
        *_numbers(ctx, version.procedure),
        *_beginnings(ctx, version),
        *_calendars(ctx, version),
        *_rosters(ctx, version),
        *_recused(version),
    ]


def _numbers(ctx: Context, procedure: Procedure) -> list[Finding]:
    """Order numbers are unique over all procedures: none may count under the prefix and period of another active one."""
    ours = procedure.prefix + procedure.period_of(ctx.now)
    others = [parse_procedure(text) for text in definitions.active_settings(ctx.connection)]
    alike = [p for p in others if p.id != procedure.id and p.prefix + p.period_of(ctx.now) == ours]
    return [
        Finding(
            "procedure.toml",
            "",
            "number-prefix",
            "error",
            f"工单编号“{ours}…”已由流程“{other.title}”({other.id})在用,编号会重复;请在 numbering 里换一个 prefix",
        )
        for other in alike
    ]


def _beginnings(ctx: Context, version: Released) -> list[Finding]:
    """A message starts one procedure: none may begin with one that begins another active procedure."""
    others = [released(ctx, ident) for ident in definitions.active_ids(ctx.connection)]
    return [
        Finding(
            f"{version.key}.bpmn",
            event,
            "message-start-taken",
            "error",
            f"消息“{message}”已经用来发起流程“{other.procedure.title}”({other.key});请换一个消息名",
        )
        for message, event in version.definition.starts.items()
        for other in others
        if message and other.key != version.key and message in other.definition.starts
    ]


def _calendars(ctx: Context, version: Released) -> Iterator[Finding]:
    """A calendar is named by its code; `unit` means that of the order's unit."""
    known = calendars.names(ctx.connection)
    said = [("procedure.toml", "", version.procedure.calendar)]
    said += [
        (f"{version.key}.bpmn", element.id, element.properties.get("calendar", ""))
        for element in version.definition.elements.values()
    ]
    for file, element, key in said:
        if key and key != calendar_choice.OF_UNIT and key not in known:
            names = "、".join(f"{code}({name})" for code, name in known.items())
            message = f"没有工作日历“{key}”;有的是 {names},或写 unit(按工单所属单位的日历)"
            yield Finding(file, element, "calendar-unknown", "error", message)


def _recused(version: Released) -> Iterator[Finding]:
    """Whom an order is about stands under a name that the record has: else nobody would ever be kept out."""
    for key in sorted(version.procedure.recused - version.definition.declared):
        yield Finding("procedure.toml", "", "recused-unknown", "error", f"recused 里的“{key}”不是这个流程的事项数据")


def _rosters(ctx: Context, version: Released) -> Iterator[Finding]:
    known = duty.every(ctx)
    for element in version.definition.elements.values():
        texts = [element.attributes.get(name, "") for name in _PERFORMERS] + [text for _, text in element.inputs]
        for term in (term.strip() for text in texts for term in text.split(",")):
            key = term.removeprefix(duty.TERM)
            if term.startswith(duty.TERM) and "$" not in key and key not in known:
                message = f"没有值班表“{key}”;请先在“管理 → 值班表”里建好"
                yield Finding(f"{version.key}.bpmn", element.id, "roster-unknown", "error", message)
