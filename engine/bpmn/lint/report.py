"""Where the rules write down what they find; the names of all rules."""

from collections.abc import Iterator

from engine.domain.findings import Finding, Level

RULES = frozenset(
    {
        "assignee-unknown",
        "assignment-rule",
        "boundary-detached",
        "boundary-without-event",
        "boundary-without-flow",
        "call-cycle",
        "call-mapping",
        "call-target",
        "camunda-unsupported",
        "co-sign-condition",
        "co-sign-place",
        "co-sign-vote",
        "co-sign-word",
        "compensation",
        "condition-ignored",
        "conditional-boundary-loop",
        "cycle-without-waiting",
        "data-object",
        "deadline-invalid",
        "deadline-without-consequence",
        "decision-unknown",
        "due-timer-misplaced",
        "duplicate-id",
        "element-unsupported",
        "end-missing",
        "error-uncaught",
        "event-gateway",
        "event-missing",
        "event-payload",
        "event-several",
        "event-subprocess",
        "event-unsupported",
        "expression-invalid",
        "file-unreadable",
        "flow-dangling",
        "form-missing",
        "gateway-default",
        "id-is-a-name",
        "id-shape",
        "join-waits-for-ever",
        "ladder-count",
        "ladder-mode",
        "ladder-place",
        "ladder-posts",
        "ladder-slip",
        "link-event",
        "loop-limit",
        "message-name",
        "message-throw",
        "mi-collection",
        "mi-nested-item",
        "name-reserved",
        "name-undeclared",
        "name-written-twice",
        "no-way-to-end",
        "not-buildable",
        "not-executable",
        "notice-unknown",
        "one-start",
        "pre-post-script",
        "performer-missing",
        "performer-word",
        "process-missing",
        "process-unused",
        "role-unknown",
        "script-invalid",
        "several-flows-out",
        "signal-event",
        "start-by-person",
        "timer-cycle",
        "timer-text",
        "too-many-nodes",
        "topic-input",
        "topic-unknown",
        "unnamed",
        "unreachable",
        "warning-without-timer",
    }
)
"""Every rule of this package; docs/reference/diagram-rules.md says of each what to do instead."""


class Report:
    """Collects findings, each once."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def error(self, file: str, element: str, rule: str, message: str) -> None:
        """Note something that refuses the deployment."""
        self.add(Finding(file, element, rule, "error", message))

    def warning(self, file: str, element: str, rule: str, message: str) -> None:
        """Note something the owner should look at."""
        self.add(Finding(file, element, rule, "warning", message))

    def note(self, level: Level, file: str, element: str, rule: str, message: str) -> None:
        """Note something at a level."""
        self.add(Finding(file, element, rule, level, message))

    def add(self, finding: Finding) -> None:
        """Note a finding made elsewhere."""
        self._found[finding] = None

    @property
    def refuses(self) -> bool:
        """Whether something refuses the deployment so far."""
        return any(finding.level == "error" for finding in self._found)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)
