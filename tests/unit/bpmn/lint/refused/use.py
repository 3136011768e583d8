"""Forms, people, services, limits and data that are refused."""

from tests.support.bpmn import (
    Part,
    boundary,
    bpmn,
    call,
    catch,
    dmn,
    document,
    element,
    end,
    extension,
    loop,
    multi,
    parameters,
    plain,
    process,
    properties,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.unit.bpmn.lint.refused.shape import Case, around, case, in_two_branches, only_service, watched

DUE_HANDLED = (boundary("x", "a", timer("到期"), interrupts=False), end("e2"), "x e2")


CALLED = process("q", start("qs"), user("b"), end("qe"), "qs b qe")


def co_signed(marker: Part | None = None, ident: str = "a", **said: str) -> tuple[Part | str, ...]:
    """start → a task that several people sign, with what it says about that → end."""
    marker = marker or multi("people", "person")
    return (start("s"), user(ident, properties(**said), marker), end("e"), f"s {ident} e")


USE = {
    "condition that does not compile": case(
        "expression-invalid",
        "flow_g__a",
        start("s"),
        xor("g", default="e"),
        user("a"),
        end("e"),
        "s g",
        "g a if ok ==",
        "a e",
        "g e",
    ),
    "literal around an expression": case(
        "expression-invalid", "a", *around(assignee="x${ok}"), also="assignee-unknown"
    ),
    "condition with an unknown name": case(
        "name-undeclared",
        "flow_g__a",
        start("s"),
        xor("g", default="e"),
        user("a"),
        end("e"),
        "s g",
        "g a if nobody",
        "a e",
        "g e",
    ),
    "input with an unknown name": case("name-undeclared", "k", *only_service("k", "guess", x="${nobody}")),
    "decision with an unknown name": Case(
        "name-undeclared", "d1", {"p.bpmn": bpmn("p", *around()), "1.dmn": dmn("d1", "nobody", "n", {"-": "1"})}
    ),
    "counts outside a completion condition": case(
        "name-undeclared", "a", *around(multi("people[:nrOfInstances]", "person"))
    ),
    "deadline from an unknown name": case("name-undeclared", "a", *around(due="3个工作日 从 nobody"), *DUE_HANDLED),
    "script with a loop": case(
        "script-invalid", "k", start("s"), script("k", "for x in []:\n  n = 1"), end("e"), "s k e"
    ),
    "script that opens a shell": case(
        "script-invalid", "k", start("s"), script("k", "import os; n = os.popen('id').read()"), end("e"), "s k e"
    ),
    "expression that opens a file": case(
        "expression-invalid",
        "flow_g__a",
        start("s"),
        xor("g", default="e"),
        user("a"),
        end("e"),
        "s g",
        "g a if open('/etc/hostname')",
        "a e",
        "g e",
    ),
    "script in Groovy": case(
        "script-invalid", "k", start("s"), script("k", "n = 1", scriptFormat="groovy"), end("e"), "s k e"
    ),
    "empty script": case("script-invalid", "k", start("s"), script("k", " "), end("e"), "s k e"),
    "service task without topic": case(
        "topic-unknown", "k", start("s"), element("serviceTask", "k"), end("e"), "s k e"
    ),
    "unknown topic": case("topic-unknown", "k", *only_service("k", "wrok")),
    "business rule without decision": case(
        "decision-unknown", "k", start("s"), element("businessRuleTask", "k"), end("e"), "s k e"
    ),
    "unknown decision": case(
        "decision-unknown", "k", start("s"), element("businessRuleTask", "k", decision="d9"), end("e"), "s k e"
    ),
    "user task without form": case("form-missing", "z", start("s"), user("z"), end("e"), "s z e"),
    "user task without performer": case("performer-missing", "a", *around(groups="")),
    "performer that is no word": case("performer-word", "a", *around(groups="班长")),
    "performer that is only an expression": case("performer-word", "a", *around(groups="${people}")),
    "candidate users": case("performer-word", "a", *around(candidateUsers="li")),
    "priority in words": case("performer-word", "a", *around(priority="high")),
    "holder of no task": case("performer-word", "k", *only_service("k", "notify", notice="hurry", to="holder:s")),
    "unknown role": case("role-unknown", "a", *around(groups="clerk@${ok},cleerk")),
    "unknown strategy": case("assignee-unknown", "a", *around(assignee="work")),
    "co-signing nobody knows": case("co-sign-word", "a", *co_signed(co_sign="most", vote_field="opinion")),
    "share out of range": case(
        "co-sign-word", "a", *co_signed(co_sign="ratio", pass_share="150%", vote_field="opinion")
    ),
    "vote without a word on what is enough": case("co-sign-word", "a", *co_signed(vote_field="opinion")),
    "co-signing by one person": case("co-sign-place", "a", *around(properties(co_sign="all", vote_field="opinion"))),
    "the first who answers, one after another": case(
        "co-sign-place",
        "a",
        *co_signed(multi("people", "person", sequential=True), co_sign="any", vote_field="opinion"),
    ),
    "co-signing with a condition besides": case(
        "co-sign-condition",
        "a",
        *co_signed(multi("people", "person", until="ok"), co_sign="all", vote_field="opinion"),
    ),
    "vote that is not in the form": case("co-sign-vote", "a", *co_signed(co_sign="all", vote_field="verdict")),
    "vote that may be left open": case(
        "co-sign-vote", "b", *co_signed(ident="b", co_sign="all", vote_field="opinion_b")
    ),
    "vote that cannot agree": case(
        "co-sign-vote", "a", *co_signed(co_sign="all", vote_field="opinion", agree_value="yes")
    ),
    "rule of assignment nobody knows": case("assignment-rule", "a", *around(properties(nobody="skip"))),
    "starter who may not do what is theirs": case(
        "assignment-rule", "a", *around(properties(same_as_starter="others"), assignee="same_agent")
    ),
    "rule of assignment for a machine": case(
        "assignment-rule",
        "k",
        start("s"),
        script("k", "ok = True", properties(twice_in_a_row="others")),
        end("e"),
        "s k e",
    ),
    "unknown notice": case("notice-unknown", "k", *only_service("k", "notify", notice="hury", to="clerk")),
    "notice to nobody": case("topic-input", "k", *only_service("k", "notify", notice="hurry")),
    "extension of no limit": case(
        "topic-input",
        "k",
        start("s"),
        user("a"),
        service("k", "extend", parameters({"element": "a", "limit": "1小时"})),
        end("e"),
        "s a k e",
    ),
    "extension by nonsense": case(
        "deadline-invalid",
        "k",
        start("s"),
        user("a", due="1小时"),
        *DUE_HANDLED,
        service("k", "extend", parameters({"element": "a", "limit": "一会儿"})),
        end("e"),
        "s a k e",
    ),
    "limit that is no limit": case("deadline-invalid", "a", *around(due="三天"), *DUE_HANDLED),
    "warning that is no warning": case(
        "deadline-invalid",
        "a",
        *around(due="3个工作日", warn="120%"),
        *DUE_HANDLED,
        boundary("y", "a", timer("预警")),
        "y e2",
    ),
    "share of no limit": case(
        "deadline-invalid",
        "a",
        *around(warn="75%"),
        boundary("y", "a", timer("预警"), interrupts=False),
        end("e2"),
        "y e2",
    ),
    "range that warns nobody": case(
        "warning-without-timer", "a", *around(due="3-5个工作日"), *DUE_HANDLED, level="warning"
    ),
    "timer that is a range": case("timer-text", "t", start("s"), catch("t", timer("3-5个工作日")), end("e"), "s t e"),
    "extension by a range": case(
        "deadline-invalid",
        "k",
        start("s"),
        user("a", due="1小时"),
        *DUE_HANDLED,
        service("k", "extend", parameters({"element": "a", "limit": "1-2小时"})),
        end("e"),
        "s a k e",
    ),
    "limit without consequence": case("deadline-without-consequence", "a", *around(due="3个工作日")),
    "warning without timer": case(
        "warning-without-timer", "a", *around(due="3个工作日", warn="2个工作日"), *DUE_HANDLED, level="warning"
    ),
    "due timer on a task without limit": case("due-timer-misplaced", "x", *watched(timer("到期"))),
    "warning timer on a task without warning": case(
        "due-timer-misplaced", "x", *watched(timer("预警"), due="1小时"), boundary("y", "a", timer("到期")), "y e2"
    ),
    "due timer in the middle": case(
        "due-timer-misplaced", "t", start("s"), catch("t", timer("到期")), end("e"), "s t e"
    ),
    "timer text nobody can read": case("timer-text", "t", start("s"), catch("t", timer("PfooT1H")), end("e"), "s t e"),
    "timer without text": case("timer-text", "t", start("s"), catch("t", plain("timer")), end("e"), "s t e"),
    "cycle nobody can read": case("timer-text", "x", *watched(timer("每天", "timeCycle"), interrupts=False)),
    "cycle from a name": case(
        "timer-text", "x", *watched(timer("R3/1个工作日 从 received_at", "timeCycle"), interrupts=False)
    ),
    "message without name": case("message-name", "t", start("s"), catch("t", plain("message")), end("e"), "s t e"),
    "receive task without message": case(
        "message-name", "r", start("s"), element("receiveTask", "r"), end("e"), "s r e"
    ),
    "multi-instance without list": case("mi-collection", "a", *around(multi(item="person"))),
    "multi-instance with list and number": case("mi-collection", "a", *around(multi("people", "person", "3"))),
    "multi-instance in another dialect": case(
        "mi-collection",
        "a",
        *around(
            Part(
                "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>people</bpmn:loopDataInputRef></bpmn:multiInstanceLoopCharacteristics>"
            )
        ),
    ),
    "nested multi-instance with one item name": case(
        "mi-nested-item",
        "a",
        start("s"),
        sub("w", multi("people", "person"), start("ws"), user("a", multi("people", "person")), end("we"), "ws a we"),
        end("e"),
        "s w e",
    ),
    "loop without end": case("loop-limit", "a", *around(loop())),
    "loop of zero turns": case("loop-limit", "a", *around(loop(maximum="0"))),
    "call without target": case("call-target", "k", start("s"), element("callActivity", "k"), end("e"), "s k e"),
    "call by expression": case("call-target", "k", start("s"), call("k", "${which}"), end("e"), "s k e"),
    "call of nobody": case("call-target", "k", start("s"), call("k", "gone"), end("e"), "s k e"),
    "call that returns everything": Case(
        "call-mapping",
        "k",
        {
            "p.bpmn": document(
                process(
                    "p",
                    start("s"),
                    element("callActivity", "k", extension('<camunda:out variables="all"/>'), calledElement="q"),
                    end("e"),
                    "s k e",
                ),
                CALLED,
            )
        },
    ),
    "process that calls itself": case("call-cycle", "k", start("s"), user("a"), call("k", "p"), end("e"), "s a k e"),
    "processes that call each other": Case(
        "call-cycle",
        "k2",
        {
            "p.bpmn": bpmn("p", start("s"), user("a"), call("k", "q"), end("e"), "s a k e"),
            "q.bpmn": bpmn("q", start("qs"), user("b"), call("k2", "p"), end("qe"), "qs b k2 qe"),
        },
    ),
    "two branches, one script name": case(
        "name-written-twice", "x", *in_two_branches(script("x", "n = 1"), script("y", "n = 2"), "x", "y")
    ),
    "two branches, one form key": case(
        "name-written-twice", "a", *in_two_branches(user("a"), script("y", "opinion = 2"), "a", "y")
    ),
    "two branches, one output in a sub-process": case(
        "name-written-twice",
        "x",
        *in_two_branches(
            script("x", "n = 1"), sub("w", start("ws"), script("y", "n = 2"), end("we"), "ws y we"), "x", "w"
        ),
    ),
    "handler writes what its task writes": case(
        "name-written-twice",
        "y",
        *around(),
        boundary("x", "a", timer("PT1H"), interrupts=False),
        script("y", "opinion = 1"),
        end("e2"),
        "x y e2",
        level="warning",
    ),
}
