"""Ladders of posts that are refused."""

from tests.support.bpmn import Part, boundary, end, parameters, service, timer
from tests.unit.bpmn.lint.refused.shape import Case, around, case, only_service


def climbing(cycle: str = "R2/PT1H", kind: str = "timeCycle", **inputs: str) -> tuple[Part | str, ...]:
    """A user task with a ladder of two posts unless said otherwise."""
    said = {"posts": "clerk,clerk@roads", "notice": "hurry", **inputs}
    ladder = service("k", "escalate", parameters({name: text for name, text in said.items() if text}))
    ring = boundary("x", "a", timer(cycle, kind), interrupts=False)
    return (*around(), ring, ladder, end("e2"), "x k e2")


LADDERS: dict[str, Case] = {
    "ladder beside no task": case("ladder-place", "k", *only_service("k", "escalate", posts="clerk", notice="hurry")),
    "ladder on a timer that rings once": case("ladder-place", "k", *climbing("PT1H", "timeDuration")),
    "ladder without posts": case("topic-input", "k", *climbing(posts="")),
    "ladder whose posts are one expression": case("ladder-posts", "k", *climbing(posts="${ok}")),
    "ladder up to a person": case("ladder-posts", "k", *climbing(posts="clerk,person:li")),
    "ladder up to nonsense": case("performer-word", "k", *climbing(posts="clerk,Big Boss")),
    "ladder up to a role nobody knows": case("role-unknown", "k", *climbing(posts="clerk,cleerk")),
    "ladder of a third mode": case("ladder-mode", "k", *climbing(mode="both")),
    "ladder with a slip of its own": case("ladder-slip", "k", *climbing(slip="letter")),
    "ladder answered within nonsense": case("deadline-invalid", "k", *climbing(slip="urge", answer_within="尽快")),
    "ladder without its notice": case("notice-unknown", "k", *climbing(notice="hury")),
    "ladder that rings more often than it has posts": case("ladder-count", "k", *climbing("R3/PT1H"), level="warning"),
}
