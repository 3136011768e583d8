import re
from pathlib import Path

import pytest

from engine.bpmn.lint import RULES, Known, check_diagram
from tests.support.bpmn import bpmn, call, document, end, error, multi, process, script, start, user
from tests.unit.bpmn.lint.refused import CASES, KNOWN, around, case

CHINESE = re.compile(r"[一-鿿]{3,}")


@pytest.mark.parametrize("name", CASES)
def test_what_would_run_wrongly_is_refused_with_place_and_sentence(name: str) -> None:
    shown = CASES[name]
    findings = check_diagram("p", shown.files, KNOWN)
    hits = [f for f in findings if (f.rule, f.element, f.level) == (shown.rule, shown.element, shown.level)]
    assert hits, findings
    assert all(CHINESE.search(f.message) and f.file for f in hits)
    assert {f.rule for f in findings if f.level == "error"} - {shown.rule} == shown.also


def test_a_clean_diagram_has_no_findings() -> None:
    assert check_diagram("p", case("", "", *around()).files, KNOWN) == []


def test_every_rule_has_a_diagram_that_breaks_it() -> None:
    backstop = {"not-buildable"}
    assert {shown.rule for shown in CASES.values()} == RULES - backstop


def test_every_rule_is_described_for_owners() -> None:
    page = (Path(__file__).parents[4] / "docs/reference/diagram-rules.md").read_text(encoding="utf-8")
    assert [rule for rule in sorted(RULES) if f"`{rule}`" not in page] == []


def test_errors_come_before_warnings() -> None:
    levels = [f.level for f in check_diagram("p", case("", "", *around(name="", groups="")).files, KNOWN)]
    assert levels == ["error", "warning"]


def test_a_broken_script_is_not_blamed_on_those_who_read_its_names() -> None:
    broken = case("", "", start("s"), script("k", "n = = 1"), user("a", assignee="${n}"), end("e"), "s k a e")
    assert [f.rule for f in check_diagram("p", broken.files, KNOWN)] == ["script-invalid"]


def test_roles_are_not_checked_when_nobody_knows_them() -> None:
    known = Known(forms=frozenset({"a"}))
    assert check_diagram("p", case("", "", *around(groups="whoever")).files, known) == []


def test_performers_can_be_left_open() -> None:
    known = Known(forms=frozenset({"a"}), require_performers=False)
    assert check_diagram("p", case("", "", *around(groups="")).files, known) == []


def test_a_ladder_of_calls_is_checked_in_no_time() -> None:
    """Every process calls the next one twice: ways through it double with each, work must not."""
    ladder = [
        process(
            f"p{at}",
            start(f"s{at}"),
            call(f"x{at}", f"p{at + 1}"),
            call(f"y{at}", f"p{at + 1}"),
            end(f"e{at}"),
            f"s{at} x{at} y{at} e{at}",
        )
        for at in range(60)
    ]
    last = process("p60", start("s60"), user("a", multi("people", "person")), end("e60", error("E")), "s60 a e60")
    findings = check_diagram("p0", {"p.bpmn": document(*ladder, last)}, KNOWN)
    assert [f.rule for f in findings] == ["error-uncaught"]


def test_a_huge_diagram_is_refused_in_no_time() -> None:
    chain = [f"n{at}" for at in range(5000)]
    drawn = bpmn("p", start("s"), *[user(name) for name in chain], end("e"), " ".join(["s", *chain, "e"]))
    assert [f.rule for f in check_diagram("p", {"p.bpmn": drawn}, KNOWN)] == ["too-many-nodes"]
