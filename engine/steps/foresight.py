"""What the record says already about steps still to come: which way a choice goes, until when, and by whom.

A name counts as known only where nothing that is still to come may write it before it is read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn.arrivals import Limit
from engine.bpmn.elements import Element, Flow, terms_of
from engine.bpmn.record import PART, WHOLE
from engine.domain.deadline import parse
from engine.domain.errors import Invalid, InvalidExpression
from engine.expressions import compile_expression, compile_parameter, compile_script
from engine.steps import limits
from engine.steps.scene import Scene

_FIXED = frozenset({"number", "title", "created_by", "received_at"})
"""Names of the order that stay as they are."""
_INSIDE = ("subProcess", "transaction", "adHocSubProcess")


@dataclass(frozen=True, slots=True)
class Straight:
    """Where a step that was sent back leads straight on to (直达退回人), and who sent it there."""

    to: str
    by: str


@dataclass
class Foresight:
    """What can be said about the steps after those a case stands at."""

    scene: Scene
    standing: Iterable[str]
    straight: Mapping[str, Straight] = field(default_factory=dict)
    """By the element at which the case stands."""
    _written: dict[str, frozenset[str]] = field(default_factory=dict)
    _calendars: dict[str, str] = field(default_factory=dict)

    @property
    def elements(self) -> Mapping[str, Element]:
        """The drawing."""
        return self.scene.released.definition.elements

    @property
    def onward(self) -> dict[str, str]:
        """Give where the case goes straight on to, by the element at which it stands."""
        return {ident: said.to for ident, said in self.straight.items()}

    def choose(self, gateway: Element) -> tuple[Sequence[Flow], Sequence[Flow]]:
        """Give the flows a gateway takes for certain, and those of which nobody can say yet."""
        otherwise = [flow for flow in gateway.flows if flow.is_default]
        asked = [flow for flow in gateway.flows if not flow.is_default]
        if gateway.kind == "complexGateway":
            return (), gateway.flows
        sure, unknown = [], []
        for flow in asked:
            holds = self._holds(gateway, flow.condition)
            if holds is None:
                unknown.append(flow)
            elif holds:
                sure.append(flow)
                if gateway.kind == "exclusiveGateway":
                    break
        if gateway.kind == "exclusiveGateway":
            chosen = sure or otherwise
            return ((), [*unknown, *chosen]) if unknown else (chosen, ())
        return (sure or ([] if unknown else otherwise)), unknown if sure else [
            *unknown,
            *(otherwise if unknown else []),
        ]

    def leave(self, element: Element, entered: datetime | None) -> datetime | None:
        """Give when an element is left at the latest; None where it has no limit, or none that is known yet."""
        if element.in_turn or (element.kind == "endEvent" and self._is_in_turn(element.scope)):
            return None
        if element.is_manual:
            return self._due(element, element.attributes.get("dueDate", ""), entered)
        if element.kind == "intermediateCatchEvent" and element.timer and element.timer[0] != "cycle":
            return self._due(element, element.timer[1], entered)
        return None if element.kind in ("intermediateCatchEvent", "receiveTask", "callActivity") else entered

    def performers(self, element: Element) -> list[str] | None:
        """Give the performer words of a user task as they will be; None where that is not known yet."""
        said = element.attributes
        sender = next((each.by for each in self.straight.values() if each.to == element.id), "")
        if sender:
            return [f"person:{sender}"]
        assignee = self.text(element, said.get("assignee", ""))
        if assignee and not self.scene.ctx.engine.register.is_decision(assignee):
            return [f"person:{assignee}"]
        found = [self.text(element, term) for term in terms_of(said.get("candidateGroups", ""))]
        return None if assignee is None or None in found else [term for term in found if term]

    def text(self, element: Element, text: str) -> str | None:
        """Give a text of an element with its `${…}` filled in; None where one of them is not known yet."""
        if "${" not in text:
            return text
        parts = [text] if WHOLE.fullmatch(text.strip()) else [m.group(0) for m in PART.finditer(text)]
        for part in parts:
            value = self._value(element, compile_parameter(part))
            if value is None:
                return None
            text = text.replace(part, str(value))
        return text

    def _holds(self, gateway: Element, condition: str) -> bool | None:
        if not condition:
            return True
        try:
            expression = compile_expression(condition)
            return bool(expression.evaluate(self._read)) if self._is_known(gateway, expression.names) else None
        except InvalidExpression:
            return None

    def _value(self, element: Element, expression: Any) -> Any:
        try:
            return expression.evaluate(self._read) if self._is_known(element, expression.names) else None
        except InvalidExpression:
            return None

    def _read(self, name: str) -> Any:
        return self.scene.row.record[name] if name in self.scene.row.record else self.scene.columns().get(name)

    def _is_known(self, element: Element, names: Iterable[str]) -> bool:
        """What is read inside a called process or by one of several instances has a record of its own."""
        definition = self.scene.released.definition
        scope = element.scope
        while scope in self.elements:
            if self.elements[scope].collection or self.elements[scope].cardinality:
                return False
            scope = self.elements[scope].scope
        if scope != definition.process_id or element.collection or element.cardinality:
            return False
        return all((n in definition.declared or n in _FIXED) and n not in self._before(element.id) for n in names)

    def _before(self, ident: str) -> frozenset[str]:
        """Give the names that may be written before an element is come to, by whatever may happen until then."""
        if ident not in self._written:
            seen: set[str] = set()
            todo = [i for standing in self.standing for i in (standing, *self._beside(standing))]
            names: set[str] = set()
            while todo:
                at = todo.pop()
                if at in seen or at == ident or at not in self.elements:
                    continue
                seen.add(at)
                names |= self._writes(self.elements[at])
                todo += self._after(self.elements[at])
            self._written[ident] = frozenset(names)
        return self._written[ident]

    def _beside(self, ident: str) -> list[str]:
        """Events at the boundary of whatever is around an element."""
        around, scope = {ident}, self.elements[ident].scope
        while scope in self.elements:
            around.add(scope)
            scope = self.elements[scope].scope
        return [e.id for e in self.elements.values() if e.attached_to in around]

    def _after(self, element: Element) -> list[str]:
        inside = element.id if element.kind in _INSIDE else element.calls
        found = [self.straight[element.id].to] if element.id in self.straight else [*element.leads_to]
        found += [e.id for e in self.elements.values() if e.attached_to == element.id]
        found += [e.id for e in self.elements.values() if inside and e.scope == inside and e.kind == "startEvent"]
        if element.kind == "endEvent":
            found += [t for e in self.elements.values() if element.scope in (e.id, e.calls) for t in e.leads_to]
        return found

    def _writes(self, element: Element) -> set[str]:
        version = self.scene.released
        form, table = version.form_of(element.id), element.attributes.get("decisionRef", "")
        names = {name for name, _ in (*element.outputs, *((target, "") for _, target in element.calls_out))}
        names |= {
            element.id,
            *element.co_sign_names,
            element.attributes.get("resultVariable", ""),
            element.properties.get("resultVariable", ""),
        }
        names |= set(element.fills) | (form.keys if form is not None else frozenset())
        if element.script:
            names |= compile_script(element.script).targets
        if table in version.definition.decisions:
            names |= version.definition.decisions[table].output_names
        return names

    def _is_in_turn(self, scope: str) -> bool:
        return scope in self.elements and self.elements[scope].in_turn

    def _due(self, element: Element, text: str, entered: datetime | None) -> datetime | None:
        said = self.text(element, text)
        if not said:
            return None
        try:
            name = parse(said).anchor
            anchor = self._value(element, compile_expression(name)) if name else None
            if entered is None and anchor is None:
                return None
            due = limits.due(
                self.scene.ctx, Limit(said, str(anchor) if anchor else None), self._calendar(element), entered
            )
        except (Invalid, InvalidExpression, ValueError):
            return None  # no limit after all, an anchor that is none, or one beyond the days a calendar knows
        return max(due.at, entered or self.scene.ctx.now)

    def _calendar(self, element: Element) -> str:
        own = element.properties.get("calendar", "")
        if own not in self._calendars:
            self._calendars[own] = self.scene.calendar_of(element.properties)
        return self._calendars[own]
