"""The names that a procedure's expressions may use, gathered even when some of its parts are broken."""

from dataclasses import dataclass, replace

from engine.bpmn.definition import ORDER_NAMES, declared_names
from engine.bpmn.elements import Element
from engine.bpmn.lint.bundle import Bundle
from engine.bpmn.lint.known import Known
from engine.domain.errors import InvalidExpression
from engine.expressions import compile_script


@dataclass(frozen=True)
class Names:
    """Declared names, by what declares them."""

    readable: frozenset[str]
    """What an expression may read."""
    filled: frozenset[str]
    """What something fills under its own name: all of those but ids (rows, sub-records) and columns."""
    complete: bool
    """Whether every script and decision table could be read; else an unknown name may be one of theirs."""

    def unknown(self, used: frozenset[str]) -> list[str]:
        """Give the names that nothing declares; none while parts that may declare them cannot be read."""
        return sorted(used - self.readable) if self.complete else []


def names_of(bundle: Bundle, known: Known) -> Names:
    """Gather the names; a script that does not compile declares none."""
    elements = [node.element for node in bundle.nodes() if _compiles(node.element)]
    decisions = list(bundle.decisions.values())
    declared = declared_names(elements, decisions, known.form_keys)
    rowless = [replace(e, collection="", cardinality="", kind="") for e in elements]
    filled = declared_names(rowless, decisions, known.form_keys)
    complete = not bundle.broken_decisions and all(_compiles(node.element) for node in bundle.nodes())
    return Names(declared | ORDER_NAMES, filled, complete)


def _compiles(element: Element) -> bool:
    try:
        compile_script(element.script or "pass")
    except InvalidExpression:
        return False
    return True
