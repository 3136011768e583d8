"""Checks a diagram before it is deployed: everything that would run wrongly is refused, with element and sentence."""

from engine.bpmn.lint.check import check_diagram
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.report import RULES

__all__ = ["RULES", "Known", "check_diagram"]
