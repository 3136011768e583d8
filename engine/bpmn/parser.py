"""SpiffWorkflow's parser with our specs in place of those that run wrongly or know nothing of the record."""

from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    ScriptTaskParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.bpmn import activities, events, instances, joins


class _Repeating:
    """Mixin over every task parser: repetition by our classes."""

    STANDARD_LOOP_CLASS = instances.StandardLoop
    PARALLEL_MI_CLASS = instances.ParallelInstances
    SEQUENTIAL_MI_CLASS = instances.SequentialInstances


class _Events:
    """Mixin over every event parser: timers, messages, errors and escalations by our classes."""

    node: Any
    process_parser: Any

    def parse_timer_event(self, event: Any) -> events.Timer:
        """Give a timer; its text is read from the element, not from the definition."""
        return events.Timer(self.node.get("name") or self.node.get("id"), "")

    def parse_message_event(self, message_event: Any) -> events.Message:
        """Give a message by name."""
        return events.Message(self.process_parser.parser.messages.get(message_event.get("messageRef")))

    def parse_error_event(self, error_event: Any) -> events.Error:
        """Give a business error by code; one without a reference catches every code."""
        error = self.process_parser.parser.errors.get(error_event.get("errorRef")) or {}
        return events.Error(error.get("name"), error.get("error_code"))

    def parse_escalation_event(self, escalation_event: Any) -> events.Escalation:
        """Give an escalation by code; one without a reference catches every code."""
        escalation = self.process_parser.parser.escalations.get(escalation_event.get("escalationRef")) or {}
        return events.Escalation(escalation.get("name"), escalation.get("escalation_code"))


class _Process(ProcessParser):
    """A process whose end joins by counting tokens, and whose start events stand side by side."""

    def create_spec(self) -> joins.ProcessSpec:
        """Give an empty process."""
        return joins.ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def add_tasks(self) -> None:
        """Read on from every start event: a case enters by one of them, so they need no split and no join."""
        starts = self.xpath("./bpmn:startEvent")
        if not starts:
            raise ValidationException("No start event found", node=self.node, file_name=self.filename)
        for node in starts:
            self.parse_node(node)

    def get_position(self, node_id: str) -> dict[str, float]:
        """Say that all nodes stand in one place: flows keep the file's order, and moving a shape changes nothing."""
        return {"x": 0.0, "y": 0.0}


_OURS: dict[str, tuple[type, type]] = {
    "userTask": (TaskParser, activities.UserTask),
    "manualTask": (TaskParser, activities.UserTask),
    "task": (TaskParser, activities.UserTask),
    "scriptTask": (ScriptTaskParser, activities.ScriptTask),
    "serviceTask": (TaskParser, activities.ServiceTask),
    "sendTask": (TaskParser, activities.ServiceTask),
    "businessRuleTask": (TaskParser, activities.DecisionTask),
    "subProcess": (SubWorkflowParser, activities.EmbeddedProcess),
    "callActivity": (CallActivityParser, activities.CallActivity),
    "parallelGateway": (GatewayParser, joins.ParallelGateway),
    "inclusiveGateway": (ConditionalGatewayParser, joins.InclusiveGateway),
}


def _mixed(parser: type, spec: type) -> tuple[type, type]:
    if spec is BpmnParser.PARSER_CLASSES[full_tag("eventBasedGateway")][1]:
        spec = events.EventGateway
    if issubclass(parser, EventDefinitionParser):
        return type(parser.__name__, (_Events, _Repeating, parser), {}), spec
    return type(parser.__name__, (_Repeating, parser), {}), spec


class DiagramParser(BpmnParser):
    """Reads translated documents into specs."""

    PROCESS_PARSER_CLASS = _Process
    OVERRIDE_PARSER_CLASSES = {
        name: _mixed(*pair)
        for name, pair in {**BpmnParser.PARSER_CLASSES, **{full_tag(n): pair for n, pair in _OURS.items()}}.items()
    }
