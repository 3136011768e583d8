"""Mutants of a procedure: its files with one thing changed, so that its scenarios can show whether they would notice."""

from engine.bpmn.mutation.generator import Mutant, mutants
from engine.bpmn.mutation.marks import marked, places

__all__ = ["Mutant", "marked", "mutants", "places"]
