"""One small diagram per thing that is refused: rule, element the finding points at, files."""

from tests.unit.bpmn.lint.refused.constructs import CONSTRUCTS
from tests.unit.bpmn.lint.refused.files import FILES
from tests.unit.bpmn.lint.refused.flows import FLOWS
from tests.unit.bpmn.lint.refused.identity import IDENTITY
from tests.unit.bpmn.lint.refused.ladders import LADDERS
from tests.unit.bpmn.lint.refused.shape import KNOWN, around, case
from tests.unit.bpmn.lint.refused.use import USE

CASES = CONSTRUCTS | FLOWS | IDENTITY | USE | LADDERS | FILES

__all__ = ["CASES", "KNOWN", "around", "case"]
