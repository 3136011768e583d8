"""The list of what SpiffWorkflow 3.2.0 accepts and runs wrongly, row by row: refused by a rule, or made right and shown."""

import re

import pytest

from tests.unit.bpmn import test_events, test_growth, test_instances, test_paths, test_record_rules, test_timers
from tests.unit.bpmn.lint.refused import CASES

SHOWN = (test_events, test_growth, test_instances, test_paths, test_record_rules, test_timers)

REFUSED = {
    "link throw and catch: the instance completes early": ["link throw", "link catch"],
    "signal end event: nothing is thrown": ["signal end"],
    "compensation throw, end, boundary, isForCompensation": [
        *("compensation throw", "compensation end", "compensation boundary", "compensation handler"),
    ],
    "condition on the single flow out of a task: ignored": ["condition on the only flow of a task"],
    "event sub-process, error, escalation, compensation start: runs at once": [
        *(
            "event sub-process, error start",
            "event sub-process, escalation start",
            "event sub-process, compensate start",
        ),
    ],
    "event sub-process, message or signal start: changes the shared spec": [
        *("event sub-process, message start", "event sub-process, signal start"),
    ],
    "event sub-process, timer start: keeps the instance open": ["event sub-process, timer start"],
    "event gateway with two timers: the second never fires": ["two timers after an event gateway"],
    "adHocSubProcess: KeyError": ["ad-hoc"],
    "user-task preScript feeding its timer": ["pre-script"],
    "receiveTask preScript: runs on every update": ["receive task with pre-script"],
    "timer start with a cycle: all cycles in one instance": ["timer start"],
    "complexGateway": ["complex gateway"],
    "more than one flow out of a task": ["two flows out of a task", "two flows out of the start"],
    "gateway flow without condition or default": ["choice without default", "flow without condition"],
    "sub-process with no or two start events": ["sub-process with two starts", "no start event"],
    "data store without a class": ["data store"],
    "missing or computed calledElement": ["call without target", "call by expression", "call of nobody"],
    "boundary event without event": ["boundary without event"],
    "boundary event without outgoing flow parses": ["boundary without flow"],
    "process without end event works": ["no end event"],
    "unreachable nodes are dropped silently": ["unreachable"],
    "a chain of more than 400 nodes is a RecursionError": ["301 nodes"],
    "expressions are not compiled at deployment": ["condition that does not compile", "condition with an unknown name"],
    "an extension's id hides an element": ["extension with the id of a task"],
    "isExecutable=false": ["not executable"],
    "several start events": ["two start events"],
    "timer texts are read sloppily": ["timer text nobody can read", "cycle nobody can read"],
    "a diagram can open a shell": ["script that opens a shell", "expression that opens a file"],
    "a call activity that calls itself is endless": ["process that calls itself", "processes that call each other"],
    "a gateway loop without waiting state": ["circle of scripts", "circle through a decision"],
    "event payloads stay in the state": ["event payload"],
    "data associations raise on an empty token": ["data association", "io specification", "data object"],
    "conditional boundary that loops to itself: RecursionError": ["conditional boundary that leads back"],
    "a doctype in UTF-16 hides from a search in the bytes": [
        "doctype in UTF-16",
        "doctype",
        "entity bomb",
        "external entity",
    ],
    "a join lets one branch overwrite the other": ["two branches, one script name", "two branches, one form key"],
    "nested multi-instance with equal item names": ["nested multi-instance with one item name"],
    "a deadline without consequence": ["limit without consequence"],
}

RUNS_RIGHTLY = {
    "same error code on two parallel sub-processes": "an_error_interrupts_only_the_sub_process_it_was_thrown_in",
    "sequential multi-instance over a list with None: stuck": "a_list_with_an_empty_item_is_an_incident",
    "Camunda multi-instance changes the shared spec": "a_collection_does_not_touch_the_shared_spec",
    "terminate end beside a READY task": "a_terminate_end_leaves_nothing_to_its_siblings",
    "a step run twice corrupts the tree": "a_step_that_has_passed_or_not_come_cannot_be_completed",
    "timer evaluated before the answer is written": "a_limit_may_come_from_the_answer_of_the_step_before",
    "half-done multi-instance on a fresh spec hangs": "half_done_instances_end_on_a_freshly_built_definition",
    "depth 1,000: reported complete": "a_loop_of_1200_turns_completes_and_never_early",
    "state grows with loops": "a_loop_of_1200_turns_completes_and_never_early",
    "multi-instance of a million": "more_than_1000_instances_are_an_incident",
    "join inside a loop fires early": "a_join_of_three_branches_inside_a_loop_waits_for_all_in_every_turn",
    "OR join inside a loop": "an_or_join_waits_for_those_that_were_sent_out",
    "compaction and joins of three branches": "a_join_of_three_branches_inside_a_loop_waits_for_all_in_every_turn",
    "a timer fires for every token": "a_timer_fires_only_for_the_token_that_is_named",
    "cycle on a boundary that does not interrupt": "a_cycle_leaves_a_fresh_timer_waiting",
    "decision results go to the token; an old one stays": "a_decision_writes_to_the_record_and_forgets_its_old_answer",
    "multi-instance entered twice: already exists": "multi_instance_can_be_entered_again",
    "a sequential list is read again": "the_list_of_signers_is_frozen_on_arrival",
    "uncaught events stay in the state": "a_signal_nobody_waits_for_leaves_nothing_behind",
    "operator id equal to a topic": "a_service_task_may_be_called_like_its_topic",
    "moving a node loses its namespace": "the_owners_file_is_not_rewritten",
    "conditional events without end": "a_condition_that_leads_back_at_once_is_an_incident",
    "empty multi-instance in a circle": "a_runaway_loop_is_an_incident",
    "message on a boundary, twice": "a_message_on_a_boundary_that_does_not_interrupt_is_heard_every_time",
    "signals inside one instance": "a_signal_reaches_those_that_wait_in_the_same_case",
    "events keep objects in the state after an event gateway": "an_event_gateway_follows_the_first_message",
    "data of two branches": "two_branches_do_not_overwrite_each_other",
    "opinions of a multi-instance": "opinions_survive_dump_and_load_between_any_two_steps",
    "case data is copied into the state": "a_large_record_leaves_the_state_small",
}


@pytest.mark.parametrize("row", REFUSED)
def test_the_row_is_refused(row: str) -> None:
    assert [name for name in REFUSED[row] if name not in CASES] == []


@pytest.mark.parametrize("row", RUNS_RIGHTLY)
def test_the_row_runs_rightly(row: str) -> None:
    name = f"test_{RUNS_RIGHTLY[row]}"
    assert any(hasattr(module, name) for module in SHOWN)


def test_no_row_stands_in_both_lists() -> None:
    assert REFUSED.keys().isdisjoint(RUNS_RIGHTLY)
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in RUNS_RIGHTLY.values())
