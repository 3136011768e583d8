"""Small files, small functions, a sentence on each."""

import ast

import pytest

from tests.support.source import modules

ROOMS = ("engine", "workers", "web", "tests")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "base_service"}


def test_no_file_is_longer_than_three_hundred_lines():
    assert {m.name: m.lines for m in modules(*ROOMS) if m.lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_forty_lines():
    long = {
        f"{m.name}:{f.name}": length
        for m in modules(*ROOMS)
        for f in m.functions()
        if (length := (f.end_lineno or 0) - f.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("room", ["engine", "workers", "web", "migrations"])
def test_every_module_class_and_function_that_others_see_says_what_it_is(room):
    silent = [
        f"{m.name}: {name}" for m in modules(room) for name, node in _public(m.tree) if not ast.get_docstring(node)
    ]
    assert silent == []


def _public(tree):
    """Give what others see: the module, its public classes with their methods, its public functions."""
    yield "the module", tree
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef) and not _is_ours_of_a_library(node):
                yield from (
                    (f"{node.name}.{n.name}", n)
                    for n in node.body
                    if isinstance(n, ast.FunctionDef) and n.name[0] != "_"
                )


def _is_ours_of_a_library(node):
    """Methods that a library calls by name are told about in its manual."""
    return any(ast.unparse(base) in ("TypeDecorator[datetime]",) for base in node.bases)


def test_test_modules_say_what_they_are_about():
    rooms = modules("tests/integration", "tests/architecture", "tests/procedures")
    assert [m.name for m in rooms if not ast.get_docstring(m.tree)] == []


def test_files_are_named_after_the_thing_they_are_about():
    assert [m.name for m in modules(*ROOMS) if m.name.rsplit("/", 1)[-1].removesuffix(".py") in BANNED_NAMES] == []


def test_no_module_of_ours_is_patched_in_tests():
    patched = [
        f"{m.name}:{node.lineno}"
        for m in modules("tests")
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("monkeypatch.setattr", "mock.patch", "patch.object"))
        and ast.unparse(node.args[0]) != "'sys.stdin'"
    ]
    assert patched == []
