"""The record is the memory: which names a token sees, and where it writes. One Step per loaded instance, never stored."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from engine.bpmn.arrivals import Arrivals, JobQueued, Services
from engine.bpmn.dmn import DecisionTable
from engine.bpmn.elements import Element
from engine.domain.errors import InvalidExpression, StepFailed
from engine.expressions import compile_expression, compile_parameter, compile_script

Token = Any
Lookup = Callable[[str], Any]


PART = re.compile(r"\$\{[^{}]*\}")
WHOLE = re.compile(r"\$\{[^{}]*\}|\$\{(?!.*\$\{).*\}", re.DOTALL)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def plain(value: Any) -> Any:
    """Give a JSON copy: never an alias of another part of the record; raise StepFailed for anything but JSON."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    try:
        return orjson.loads(orjson.dumps(value))
    except TypeError as error:
        raise StepFailed(f"事项数据只能是文字、数字、名单和表:{error}") from error


class Step:
    """SpiffWorkflow's script engine for one loaded instance; holds its record and collects what the step brings about."""

    def __init__(
        self,
        elements: Mapping[str, Element],
        declared: frozenset[str],
        decisions: Mapping[str, DecisionTable],
        record: dict[str, Any],
        columns: Mapping[str, Any],
        services: Services,
        mark: int = 0,
    ) -> None:
        self.elements, self.declared, self.decisions = elements, declared, decisions
        self.record, self.columns, self.services = record, columns, services
        self.mark = mark
        """The number of this step in the case's history; 0 where nobody keeps one."""
        self.arrivals = Arrivals()
        self.armed: set[Any] = set()
        """Tokens whose timer or message wait has been handed out already."""

    def scopes(self, token: Token, *, create: bool = False) -> list[dict[str, Any]]:
        """Give the dicts a token sees, innermost first; rows and sub-records come into being only by a write."""
        inside: Callable[[dict[str, Any], str], dict[str, Any]] = (
            (lambda scope, name: scope.setdefault(name, {})) if create else (lambda scope, name: scope.get(name) or {})
        )
        workflow = token.workflow
        outer = [self.record]
        caller = caller_of(workflow)
        if caller is not None:
            outer = self.scopes(caller, create=create)
            element = self.element(caller)
            if element.kind == "callActivity":
                seen = outer if element.sees_caller else []
                outer = [inside(outer[0], element.id), *seen]
        key = token.internal_data.get("key")
        if key is None:
            return outer
        return [inside(inside(outer[0], token.task_spec.bpmn_id), key), *outer]

    def items(self, token: Token) -> dict[str, Any]:
        """Give the multi-instance item variables a token sees."""
        seen: dict[str, Any] = {}
        at: Token | None = token
        while at is not None:
            key, element = at.internal_data.get("key"), self.elements.get(at.task_spec.bpmn_id or "")
            if key is not None and element is not None and element.item:
                seen.setdefault(element.item, at.parent.internal_data["items"][key])
            at = caller_of(at.workflow)
        return seen

    def lookup(self, token: Token, extra: Mapping[str, Any] | None = None) -> Lookup:
        """Give the function by which an expression at this token reads a name; undeclared names are an error."""
        items, scopes = self.items(token), self.scopes(token)

        def read(name: str) -> Any:
            if extra is not None and name in extra:
                return extra[name]
            if name in items:
                return items[name]
            for scope in scopes:
                if name in scope:
                    return scope[name]
            if name in self.columns:
                return self.columns[name]
            if name in self.declared:
                return None
            raise InvalidExpression(f"没有声明过的名字“{name}”")

        return read

    def write(self, token: Token, values: Mapping[str, Any]) -> None:
        """Replace names of the token's innermost scope by JSON copies."""
        if not values:
            return
        copies = {name: plain(value) for name, value in values.items()}
        self.scopes(token, create=True)[0].update(copies)
        prefix = self.path(token)
        for name, value in copies.items():
            self.arrivals.changes[prefix + name] = value

    def path(self, token: Token) -> str:
        """Give the prefix that names the token's innermost scope in history."""
        caller, key = caller_of(token.workflow), token.internal_data.get("key")
        prefix = self.path(caller) if caller is not None else ""
        if caller is not None and self.element(caller).kind == "callActivity":
            prefix += f"{self.element(caller).id}."
        return prefix if key is None else f"{prefix}{token.task_spec.bpmn_id}[{key}]."

    def clear_rows(self, token: Token) -> None:
        """Empty the rows of a multi-instance activity that is entered (again)."""
        name = token.task_spec.bpmn_id
        self.scopes(token, create=True)[0][name] = {}
        self.arrivals.changes[self.path(token) + name] = {}

    def element(self, token: Token) -> Element:
        """Give the drawn element a token stands on."""
        return self.elements[token.task_spec.bpmn_id]

    def ends_all(self, token: Token) -> bool:
        """Whether a token stands on an end event that breaks off whatever else goes on in its scope."""
        drawn = self.elements.get(token.task_spec.bpmn_id or "")
        return drawn is not None and drawn.ends_all

    def evaluate(self, task: Token, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        """Evaluate an expression at a token (SpiffWorkflow passes `task` by name)."""
        try:
            return compile_expression(expression).evaluate(self.lookup(task, external_context))
        except InvalidExpression as error:
            raise self.failure(task, f"{expression.strip()}:{error}") from error

    def parameter(self, token: Token, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate `${…}`, or give any other text as it stands."""
        try:
            return compile_parameter(text).evaluate(self.lookup(token, extra))
        except InvalidExpression as error:
            raise self.failure(token, f"{text}:{error}") from error

    def within(self, token: Token, text: str) -> Any:
        """Evaluate a text with `${…}` inside, such as `clerk@${unit},starter`; a text that is nothing else keeps its type."""
        if "${" not in text or WHOLE.fullmatch(text.strip()):
            return self.parameter(token, text)
        return PART.sub(lambda found: _text(self.parameter(token, found.group(0))), text)

    def run_script(self, token: Token, script: str) -> None:
        """Run a script task's assignments."""
        try:
            compile_script(script).run(
                lambda name: self.lookup(token)(name), lambda name, value: self.write(token, {name: value})
            )
        except InvalidExpression as error:
            raise self.failure(token, str(error)) from error

    def decide(self, token: Token, decision: str) -> None:
        """Evaluate a decision table and write its outputs."""
        try:
            self.write(token, self.decisions[decision].decide(self.lookup(token)))
        except InvalidExpression as error:
            raise self.failure(token, str(error)) from error

    def failure(self, token: Token, reason: str) -> StepFailed:
        """Give the error that says where and why a step failed."""
        return StepFailed(f"{token.task_spec.bpmn_name or ''}({token.task_spec.bpmn_id}):{reason}")

    def serve(self, token: Token) -> bool:
        """Run a service task; say whether it is done (a job is not: it waits for a worker)."""
        element = self.element(token)
        inputs = {name: self.within(token, text) for name, text in element.inputs}
        if element.throws_message:
            inputs["message"] = element.message
        if self.services.is_job(element.topic):
            self.arrivals.jobs.append(JobQueued(token.id.hex, element, plain(inputs)))
            return False
        self.served(token, self.services.serve(element, inputs))
        return True

    def served(self, token: Token, result: Mapping[str, Any]) -> None:
        """Write a service task's result as its outputs say."""
        element = self.element(token)
        named = element.attributes.get("resultVariable") or element.properties.get("resultVariable")
        values = {name: self.parameter(token, text, result) for name, text in element.outputs}
        self.write(token, {**({named: dict(result)} if named else {}), **values})


def caller_of(workflow: Any) -> Token | None:
    """Give the token of the sub-process or call activity that a workflow runs in; None for the outermost."""
    if workflow.parent_task_id is None:
        return None
    return workflow.top_workflow.get_task_from_id(workflow.parent_task_id)


def step_of(token: Token) -> Step:
    """Give the step a token runs in."""
    step: Step = token.workflow.top_workflow.script_engine
    return step
