"""Expressions, scripts and decision cells: the only importer of simpleeval."""

from engine.expressions.cells import Cell, compile_cell, compile_output
from engine.expressions.evaluator import Expression, Literal, Lookup, compile_expression, compile_parameter
from engine.expressions.operations import FUNCTIONS
from engine.expressions.script import Script, compile_script

FUNCTION_NAMES = frozenset(FUNCTIONS)
"""Names of functions: no form key, output or variable may bear one."""

__all__ = [
    "FUNCTION_NAMES",
    "Cell",
    "Expression",
    "Literal",
    "Lookup",
    "Script",
    "compile_cell",
    "compile_expression",
    "compile_output",
    "compile_parameter",
    "compile_script",
]
