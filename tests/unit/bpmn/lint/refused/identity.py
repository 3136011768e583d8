"""Ids, names and processes that are refused."""

from tests.support.bpmn import (
    Part,
    bpmn,
    call,
    dmn,
    document,
    end,
    extension,
    multi,
    parameters,
    process,
    script,
    service,
    start,
    user,
)
from tests.unit.bpmn.lint.refused.shape import Case, around, case

CALLED = process("q", start("qs"), user("b"), end("qe"), "qs b qe")


IDENTITY = {
    "not executable": Case("not-executable", "p", {"p.bpmn": document(process("p", *around(), executable=False))}),
    "another process": Case("process-missing", "p", {"q.bpmn": bpmn("q", *around())}),
    "process nobody calls": Case(
        "process-unused", "q", {"p.bpmn": bpmn("p", *around()), "q.bpmn": document(CALLED)}, "warning"
    ),
    "same id twice": case("duplicate-id", "a", *around(), Part('<bpmn:textAnnotation id="a"/>')),
    "extension with the id of a task": case(
        "duplicate-id",
        "a",
        *around(),
        script("k", "n = 1", extension('<spiff:serviceTaskOperator id="a"/>')),
        also="unreachable no-way-to-end",
    ),
    "same id in two files": Case(
        "duplicate-id",
        "a",
        {
            "p.bpmn": bpmn("p", start("s"), call("k", "q"), user("a"), end("e"), "s k a e"),
            "q.bpmn": bpmn("q", start("qs"), user("a"), end("qe"), "qs a qe"),
        },
    ),
    "same decision twice": Case(
        "duplicate-id",
        "d1",
        {
            "p.bpmn": bpmn("p", *around()),
            "1.dmn": dmn("d1", "ok", "n", {"-": "1"}),
            "2.dmn": dmn("d1", "ok", "n", {"-": "1"}),
        },
    ),
    "id equal to a form key": case("id-is-a-name", "ok", start("s"), script("ok", "n = 1"), end("e"), "s ok e"),
    "id equal to a script's name": case("id-is-a-name", "n", start("s"), script("n", "n = 1"), end("e"), "s n e"),
    "id equal to a column": case(
        "id-is-a-name", "status", start("s"), script("status", "n = 1"), end("e"), "s status e"
    ),
    "id with a capital": case("id-shape", "Task_1", start("s"), script("Task_1", "n = 1"), end("e"), "s Task_1 e"),
    "flow without id": Case("id-shape", "a", {"p.bpmn": bpmn("p", *around()).replace(b'id="flow_a__e" ', b"")}),
    "flow with a capital": Case(
        "id-shape", "Flow_1", {"p.bpmn": bpmn("p", *around()).replace(b"flow_a__e", b"Flow_1")}, "warning"
    ),
    "node without id": case(
        "id-shape", "", start("s"), script("", "n = 1"), user("a"), end("e"), "s a e", also="unreachable no-way-to-end"
    ),
    "script written twice": case(
        "element-unsupported",
        "k",
        start("s"),
        script("k", "n = 1", Part("<bpmn:script>n = 2</bpmn:script>")),
        end("e"),
        "s k e",
    ),
    "id in Chinese": case("id-shape", "办理", start("s"), script("办理", "n = 1"), end("e"), "s 办理 e"),
    "unnamed task": case("unnamed", "a", *around(name=""), level="warning"),
    "item called like a column": case("name-reserved", "a", *around(multi("people", "status"))),
    "output called like a function": case(
        "name-reserved", "k", start("s"), service("k", "guess", parameters({}, {"len": "${x}"})), end("e"), "s k e"
    ),
}
