"""Kinds of elements, events and extensions that are refused."""

from tests.support.bpmn import (
    Part,
    catch,
    conditional,
    element,
    end,
    error,
    escalation,
    extension,
    message,
    plain,
    process,
    service,
    signal,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.unit.bpmn.lint.refused.shape import around, case, thrown, watched

LINK = Part('<bpmn:linkEventDefinition name="there"/>')


COMPENSATE = plain("compensate")


DATA_IN = "<bpmn:dataInputAssociation><bpmn:sourceRef>d</bpmn:sourceRef></bpmn:dataInputAssociation>"


SPIFF_SCRIPT = extension("<spiff:preScript>x = 1</spiff:preScript>")


CONSTRUCTS = {
    "link throw": case("link-event", "t", *thrown(LINK)),
    "link catch": case("link-event", "t", start("s"), catch("t", LINK), end("e"), "s t e"),
    "signal end": case("signal-event", "e", start("s"), end("e", signal("go")), "s e"),
    "signal start": case("signal-event", "s", start("s", signal("go")), end("e"), "s e", also="start-by-person"),
    "signal without name": case("signal-event", "t", *thrown(plain("signal"))),
    "compensation throw": case("compensation", "t", *thrown(COMPENSATE)),
    "compensation end": case("compensation", "e", start("s"), end("e", COMPENSATE), "s e"),
    "compensation boundary": case("compensation", "x", *watched(COMPENSATE)),
    "compensation handler": case("compensation", "a", *around(isForCompensation="true")),
    "ad-hoc": case(
        "element-unsupported", "w", start("s"), element("adHocSubProcess", "w", user("a")), end("e"), "s w e"
    ),
    "transaction": case(
        "element-unsupported",
        "w",
        start("s"),
        element(
            "transaction",
            "w",
            start("ws"),
            user("a"),
            end("we"),
            Part(process("", "ws a we").xml.split(">", 1)[1].rsplit("<", 1)[0]),
        ),
        end("e"),
        "s w e",
    ),
    "cancel end": case("event-unsupported", "e", start("s"), end("e", plain("cancel")), "s e"),
    "cancel boundary": case("event-unsupported", "x", *watched(plain("cancel"))),
    "complex gateway": case(
        "element-unsupported", "g", start("s"), element("complexGateway", "g"), user("a"), end("e"), "s g a e"
    ),
    "unknown element": case("element-unsupported", "k", *around(), Part('<bpmn:choreographyTask id="k"/>')),
    "two timers after an event gateway": case(
        "event-gateway",
        "g",
        start("s"),
        element("eventBasedGateway", "g"),
        catch("t1", timer("PT1H")),
        catch("t2", timer("PT2H")),
        end("e"),
        "s g t1 e",
        "g t2 e",
    ),
    "task after an event gateway": case(
        "event-gateway",
        "a",
        start("s"),
        element("eventBasedGateway", "g"),
        catch("t1", timer("PT1H")),
        user("a"),
        end("e"),
        "s g t1 e",
        "g a e",
    ),
    "signal after an event gateway": case(
        "event-gateway",
        "c",
        start("s"),
        element("eventBasedGateway", "g"),
        catch("t1", timer("PT1H")),
        catch("c", signal("go")),
        end("e"),
        "s g t1 e",
        "g c e",
    ),
    "shared event after an event gateway": case(
        "event-gateway",
        "t1",
        start("s"),
        user("a"),
        element("eventBasedGateway", "g"),
        catch("t1", timer("PT1H")),
        catch("m", message("m")),
        xor("h", default="g"),
        end("e"),
        "s a h g t1 e",
        "g m e",
        "h t1 if again",
    ),
    "event gateway before one event": case(
        "event-gateway",
        "g",
        start("s"),
        element("eventBasedGateway", "g"),
        catch("t1", timer("PT1H")),
        end("e"),
        "s g t1 e",
    ),
    "message start in a sub-process": case(
        "start-by-person",
        "ws",
        start("s"),
        sub("w", start("ws", message("m")), user("a"), end("we"), "ws a we"),
        end("e"),
        "s w e",
    ),
    "two starts by one message": case(
        "one-start",
        "s2",
        start("s", message("m")),
        start("s2", '<bpmn:messageEventDefinition messageRef="message_m"/>'),
        user("a"),
        end("e"),
        "s a e",
        "s2 a",
    ),
    "timer start": case(
        "start-by-person", "s", start("s", timer("R/PT1H", "timeCycle")), end("e"), "s e", also="timer-cycle"
    ),
    "conditional start": case("start-by-person", "s", start("s", conditional("ok")), end("e"), "s e"),
    "message throw without a message": case("message-name", "t", *thrown(plain("message"))),
    "message end": case("message-throw", "e", start("s"), end("e", message("m")), "s e"),
    "send task without topic": case("topic-unknown", "k", start("s"), element("sendTask", "k"), end("e"), "s k e"),
    "data object": case("data-object", "d", *around(), Part('<bpmn:dataObject id="d"/>')),
    "data store": case("data-object", "d", *around(), Part('<bpmn:dataStoreReference id="d"/>')),
    "io specification": case("data-object", "i", *around(Part('<bpmn:ioSpecification id="i"/>'))),
    "data association": case("data-object", "a", *around(Part(DATA_IN))),
    "pre-script": case("pre-post-script", "a", *around(SPIFF_SCRIPT)),
    "post-script": case("pre-post-script", "a", *around(extension("<spiff:postScript>x = 1</spiff:postScript>"))),
    "receive task with pre-script": case(
        "pre-post-script",
        "r",
        start("s"),
        element("receiveTask", "r", SPIFF_SCRIPT, Part("", message("m").roots), messageRef="message_m"),
        end("e"),
        "s r e",
    ),
    "event payload": case(
        "event-payload",
        "t",
        *thrown(
            Part(
                "<bpmn:signalEventDefinition signalRef='signal_go'/>"
                + extension("<spiff:payloadExpression>x</spiff:payloadExpression>").xml,
                signal("go").roots,
            )
        ),
    ),
    "listener": case(
        "camunda-unsupported", "a", *around(extension('<camunda:taskListener class="x.Y" event="create"/>'))
    ),
    "Java class": case("camunda-unsupported", "k", start("s"), service("k", "work", class_="x.Y"), end("e"), "s k e"),
    "two definitions in one event": case(
        "event-several", "x", *watched(Part(timer("PT1H").xml + conditional("ok").xml))
    ),
    "catch without event": case("event-missing", "t", start("s"), catch("t"), end("e"), "s t e"),
    "error thrown in the middle": case("event-unsupported", "t", *thrown(error("E"))),
    "error nobody catches": case("error-uncaught", "e", start("s"), end("e", error("E")), "s e"),
    "error without code": case("error-uncaught", "e", start("s"), end("e", plain("error")), "s e"),
}


for trigger in ("error", "escalation", "compensate", "message", "signal", "timer"):
    inside = {"error": error("E"), "escalation": escalation("E"), "message": message("m"), "signal": signal("go")}.get(
        trigger, timer("PT1H") if trigger == "timer" else COMPENSATE
    )
    CONSTRUCTS[f"event sub-process, {trigger} start"] = case(
        "event-subprocess",
        "w",
        *around(),
        sub("w", start("ws", inside), user("b"), end("we"), "ws b we", triggeredByEvent="true"),
        also={"compensate": "compensation", "signal": "start-by-person signal-event"}.get(trigger, "start-by-person")
        + " unreachable no-way-to-end",
    )
