"""Event definitions of ours: timers and messages hand out rows, errors climb to the nearest boundary that catches them."""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition, EscalationEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent as AnyBoundaryEvent
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.arrivals import Limit, MessageAwaited, TimerArmed
from engine.bpmn.elements import Element
from engine.bpmn.limit_texts import is_range, is_share, limit_of, warning_of
from engine.bpmn.record import Token, caller_of, step_of
from engine.domain.deadline import parse, parse_cycle
from engine.domain.errors import InvalidDeadline, StepFailed

DUE, WARN = "到期", "预警"
ROLES = {DUE: "due", WARN: "warn"}


class Timer(TimerEventDefinition):
    """A due moment that lives in a row: it has fired only for the token that was told so."""

    def has_fired(self, my_task: Token) -> bool:
        """Say whether `fire` named this token; on first sight hand the timer out."""
        if my_task.internal_data.get("event_fired"):
            return True
        step = step_of(my_task)
        if my_task.id not in step.armed:
            step.armed.add(my_task.id)
            armed = _timer(my_task)
            if armed is not None:
                step.arrivals.timers.append(armed)
        return False


class Message(MessageEventDefinition):
    """A message with this name, addressed to one waiting token; it carries no payload."""

    def has_fired(self, my_task: Token) -> bool:
        """Say whether a message was delivered to this token; on first sight hand the wait out."""
        if my_task.internal_data.get("event_fired"):
            return True
        step = step_of(my_task)
        if my_task.id not in step.armed:
            step.armed.add(my_task.id)
            await_message(my_task, self)
        return False


class EventGateway(defaults.EventBasedGateway):
    """Waits for the first of several messages and at most one timer."""

    def _update_hook(self, my_task: Token) -> Any:
        step = step_of(my_task)
        if my_task.id not in step.armed:
            for definition in self.event_definition.event_definitions:
                if isinstance(definition, Message):
                    await_message(my_task, definition)
        return super()._update_hook(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        """Follow what was seen, then forget it: an event is no plain data and must not reach the state."""
        done: bool = super()._run_hook(my_task)
        my_task.internal_data.pop("seen_events", None)
        return done


class Error(ErrorEventDefinition):
    """A business error: caught by the nearest boundary around it, else the step fails."""

    def throw(self, my_task: Token) -> None:
        """Climb from the throwing token outwards."""
        throw_error(my_task, self.code)


class Escalation(EscalationEventDefinition):
    """A call for attention: the nearest boundary around it hears it; nobody need listen."""

    def throw(self, my_task: Token) -> None:
        """Climb from the throwing token outwards."""
        _climb(my_task, Escalation, self.code)


def throw_error(token: Token, code: str | None) -> None:
    """Let the nearest error boundary around a token catch a code; raise StepFailed when none does."""
    if not _climb(token, Error, code):
        raise StepFailed(
            f"{token.task_spec.bpmn_name or ''}({token.task_spec.bpmn_id}):业务错误 {code} 没有边界事件接住"
        )


def _climb(token: Token, kind: type[Error | Escalation], code: str | None) -> bool:
    at: Token | None = token
    while at is not None:
        catcher = _catcher(at, kind, code)
        if catcher is not None:
            catcher.task_spec.catch(catcher, BpmnEvent(catcher.task_spec.event_definition))
            catcher.task_spec._update(catcher)
            return True
        at = caller_of(at.workflow)
    return False


def _catcher(token: Token, kind: type[Error | Escalation], code: str | None) -> Token | None:
    split = split_of(token)
    if split is None:
        return None
    found = [
        t
        for t in split.children
        if isinstance(t.task_spec, AnyBoundaryEvent)
        and t.state == TaskState.WAITING
        and isinstance(t.task_spec.event_definition, kind)
        and _code_of(t) in (None, "", code)
    ]
    return min(found, key=lambda t: _code_of(t) != code, default=None)


def _code_of(token: Token) -> str | None:
    code: str | None = token.task_spec.event_definition.code
    return code


def split_of(token: Token) -> Token | None:
    """Give the token that an activity shares with its boundary events; None where it has none."""
    at = token.parent
    if at is not None and token.internal_data.get("key") is not None:
        at = at.parent
    return at if at is not None and isinstance(at.task_spec, BoundaryEventSplit) else None


def host_of(token: Token) -> str:
    """Give the id of what ties an activity to its boundary events; the token's own id where there are none."""
    split = split_of(token)
    return str((split or token).id.hex)


def await_message(token: Token, definition: Message) -> None:
    """Hand out the wait of a token for a message; its key is frozen now."""
    step = step_of(token)
    element = next(
        (e for e in step.elements.values() if e.message == definition.name and e.id in _drawn(token)),
        step.element(token),
    )
    key = step.parameter(token, element.properties.get("correlation", "")) or ""
    step.arrivals.messages.append(MessageAwaited(token.id.hex, element, definition.name, str(key)))


def _drawn(token: Token) -> set[str]:
    return {token.task_spec.bpmn_id, *(spec.bpmn_id for spec in token.task_spec.outputs)}


def _timer(token: Token) -> TimerArmed | None:
    step = step_of(token)
    own = step.element(token)
    if own.kind == "eventBasedGateway":
        own = next(e for e in step.elements.values() if e.id in _drawn(token) and e.timer)
    kind, text = own.timer or ("duration", "")
    if text in ROLES:
        return _following(token, own, kind, ROLES[text])
    value = str(step.parameter(token, text) or "")
    name = _anchor(token, kind, value)
    anchor = step.lookup(token)(name) if name else None
    return TimerArmed(token.id.hex, own, host_of(token), kind, "", Limit(value, str(anchor) if anchor else None))


def _following(token: Token, own: Element, kind: str, role: str) -> TimerArmed | None:
    """Give the timer that follows a task's limit or its warning; None where the task turns out to have none."""
    said = step_of(token).elements[own.attached_to].attributes
    due = limit_of(token, said.get("dueDate", ""))
    warn = warning_of(token, said.get("followUpDate", "")) if role == "warn" else None
    lower = role == "warn" and warn is None and is_range(due)
    limit = due if role == "due" or lower else warn
    if limit is None or (due is None and is_share(warn)):
        return None
    return TimerArmed(token.id.hex, own, host_of(token), kind, role, limit, due if role == "warn" else None, lower)


def _anchor(token: Token, kind: str, text: str) -> str | None:
    """Give the name a timer counts from, None without one or for a cycle; raise StepFailed when the text is no deadline."""
    try:
        if kind != "cycle":
            return parse(text).anchor
        parse_cycle(text)
    except InvalidDeadline as error:
        raise step_of(token).failure(token, str(error)) from error
    return None
