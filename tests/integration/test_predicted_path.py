"""The rest of a case's way: what is sure, what hangs on which choice, who does it, until when, also right after a return."""

import pytest

from engine import ExtendUserTask, PauseCase, PredictedPath, TerminateOrder
from engine.domain.errors import NotFound
from tests.support.offices import at
from tests.support.procedures import each, gateway, message, procedure, script, timer, user
from tests.support.sending_back import send_back


def ahead(office, actor="root"):
    """Give the steps still to come by element."""
    return {step.element_id: step for step in office.engine.ask(PredictedPath(office.number), actor)}


def sure(office):
    """Give the steps every way leads through, in order, and those that may come."""
    steps = ahead(office).values()
    return [s.element_id for s in steps if s.sure], [s.element_id for s in steps if not s.sure]


def limited(ident, limit, **said):
    """A user task with a limit that has its consequence."""
    return [user(ident, due=limit, **said), timer(f"{ident}_due", "到期", on=ident), user(f"{ident}_late")]


def drawn(office, *nodes, flows, limits=(), **said):
    parts = [*nodes, *(part for ident, limit in limits for part in limited(ident, limit))]
    late = "; ".join(f"{ident}_due >> {ident}_late >> end" for ident, _ in limits)
    office.deploy(procedure("way", *parts, flows=f"{flows}; {late}" if late else flows, **said))


def test_dates_come_true_when_every_step_is_done_at_its_last_moment(office):
    limits = [("a", "2个工作日"), ("b", "4小时(工作时间)"), ("c", "3个自然日"), ("d", "1个工作日")]
    drawn(office, flows="start >> a >> b >> c >> d >> end", limits=limits)
    office.move_to("2025-09-29 15:00")
    office.start("way")
    predicted = {name: ahead(office)[name].by for name in "bcd"}
    for name in "abcd":
        due = office.open_task(name).due_at
        assert due == predicted.get(name, due)
        office.move_to(due)
        office.complete(name, "zhou")


def test_a_limit_that_counts_from_the_start_counts_from_there_and_one_missing_leaves_the_rest_undated(office):
    drawn(office, user("b"), flows="start >> a >> b >> c >> d >> end", limits=[
        ("a", "1个工作日"), ("c", "5个工作日 从 received_at"), ("d", "1个工作日"),
    ])  # fmt: skip
    office.start("way")
    steps = ahead(office)
    assert steps["b"].by is None
    assert steps["c"].by == at("2025-09-28 18:00")
    assert steps["d"].by > steps["c"].by


def test_a_choice_that_the_record_has_decided_is_taken_and_one_still_to_be_made_is_named(office):
    nodes = [user("a"), user("b"), user("c"), user("d"), user("e")]
    nodes += [gateway("large", default="c"), gateway("agreed", default="e")]
    flows = "start >> a >> large [days > 3] >> b >> agreed; large >> c >> agreed [verdict == 'no'] >> d >> end; agreed >> e >> end"
    drawn(office, *nodes, flows=flows, fields="days:number", forms={"b": "verdict", "c": "verdict"})
    office.start("way", days=5)
    assert sure(office) == (["b", "end"], ["d", "e"])
    assert [ahead(office)[name].question for name in "de"] == ["", ""]
    office.complete("a", "zhou")
    office.complete("b", "zhou", verdict="no")
    assert sure(office) == (["end"], [])


def test_what_will_be_asked_again_decides_nothing_yet(office):
    nodes = [user("a"), user("b"), gateway("again", default="b")]
    drawn(office, *nodes, flows="start >> a >> again [verdict == 'no'] >> a; again >> b >> end", forms={"a": "verdict"})
    office.start("way")
    office.complete("a", "zhou", verdict="no")
    assert sure(office) == (["b", "end"], [])
    office.complete("a", "zhou", verdict="yes")
    assert sure(office) == (["end"], [])


def test_loops_are_cut_and_said(office):
    nodes = [user("a"), user("b"), user("c"), gateway("again", default="c")]
    drawn(office, *nodes, flows="start >> a >> b >> again [v == 'no'] >> b; again >> c >> end", forms={"b": "v"})
    office.start("way")
    steps = ahead(office)
    assert list(steps) == ["b", "c", "end"]
    assert [steps[name].repeats for name in steps] == [True, False, False]


def test_parallel_branches_are_shown_side_by_side_and_what_follows_waits_for_the_last(office):
    nodes = [gateway("split", "parallel"), gateway("meet", "parallel"), user("a")]
    flows = "start >> a >> split >> b >> meet >> d >> end; split >> c >> meet"
    drawn(office, *nodes, flows=flows, limits=[("b", "1个工作日"), ("c", "5个工作日"), ("d", "1个工作日")])
    office.start("way")
    assert ahead(office)["d"].by is None
    office.complete("a", "zhou")
    office.complete("b", "zhou")
    assert ahead(office)["d"].by > office.open_task("c").due_at
    assert sure(office)[0] == ["d", "end"]


def test_branches_ahead_of_a_split_are_side_by_side(office):
    nodes = [gateway("split", "parallel"), gateway("meet", "parallel"), *(user(n) for n in "abcd")]
    drawn(office, *nodes, flows="start >> a >> split >> b >> meet >> d >> end; split >> c >> meet")
    office.start("way")
    steps = ahead(office)
    assert [steps[name].beside for name in "bcd"] == [True, True, False]
    assert sure(office) == (["b", "c", "d", "end"], [])


def test_of_an_inclusive_choice_what_is_true_is_sure_and_what_is_open_is_possible(office):
    nodes = [gateway("split", "inclusive", default="d"), gateway("meet", "inclusive"), *(user(n) for n in "abcde")]
    flows = (
        """start >> a >> split [days > 3] >> b >> meet >> e >> end; split [v == 'x'] >> c >> meet; split >> d >> meet"""
    )
    drawn(office, *nodes, flows=flows, fields="days:number", forms={"a": "v"})
    office.start("way", days=5)
    assert sure(office) == (["b", "e", "end"], ["c"])


def test_who_does_it_is_said_in_words_as_the_record_has_it(office):
    nodes = [user("a"), user("b", groups="clerk@${unit}"), user("c", groups="starter"), user("d", groups="clerk@water")]
    drawn(office, *nodes, flows="start >> a >> b >> c >> d >> end", fields="unit")
    office.start("way", unit="roads")
    steps = ahead(office)
    assert [steps[name].who for name in "bcd"] == ["道路处 clerk", "李受理", "水务处 clerk"]


def test_who_is_not_known_before_somebody_says_it_stays_open(office):
    drawn(office, user("a"), user("b", groups="clerk@${unit}"), flows="start >> a >> b >> end", forms={"a": "unit"})
    office.start("way")
    assert ahead(office)["b"].who == ""


def test_right_after_a_return_the_way_begins_at_the_step_that_is_open_again(office):
    nodes = [gateway("agreed", default="d")]
    flows = "start >> a >> b >> agreed [verdict == 'no'] >> c >> end; agreed >> d >> end"
    limits = [(name, "1个工作日") for name in "abcd"]
    drawn(office, *nodes, flows=flows, limits=limits, forms={"b": "verdict"})
    office.start("way")
    fresh = {name: step.by for name, step in ahead(office).items()}
    office.complete("a", "zhou")
    office.complete("b", "wu", verdict="no")
    assert sure(office) == (["end"], [])
    send_back(office, "c", "wu", "a")
    assert sure(office) == (["b", "end"], ["c", "d"])
    assert {name: step.by for name, step in ahead(office).items()} == fresh


def test_a_step_to_be_done_again_alone_leads_straight_back_to_whoever_sent_it(office):
    drawn(office, flows="start >> a >> b >> c >> d >> end", limits=[(name, "1个工作日") for name in "abcd"])
    office.start("way")
    for name in "ab":
        office.complete(name, "zhou")
    send_back(office, "c", "wu", "a", straight=True)
    steps = ahead(office)
    assert (sure(office), steps["c"].who) == ((["c", "d", "end"], []), "吴经办")
    office.move_to(office.open_task("a").due_at)
    office.complete("a", "zhou")
    assert office.open_task("c").due_at == steps["c"].by
    assert sure(office) == (["d", "end"], [])


def test_after_a_return_within_one_branch_the_other_branch_stays_where_it_is(office):
    nodes = [gateway("split", "parallel"), gateway("meet", "parallel"), *(user(n) for n in "abcde")]
    drawn(office, *nodes, flows="start >> a >> split >> b >> c >> meet >> e >> end; split >> d >> meet")
    office.start("way")
    for name in "ab":
        office.complete(name, "zhou")
    send_back(office, "c", "wu", "b")
    assert office.open_tasks() == ["b", "d"]
    assert sure(office) == (["c", "e", "end"], [])


def test_waits_for_time_and_messages_are_named_and_a_longer_limit_moves_what_follows(office):
    nodes = [timer("rest", "2个自然日"), message("mail", "letter"), user("c")]
    drawn(office, *nodes, flows="start >> a >> rest >> mail >> c >> end", limits=[("a", "1个工作日")])
    office.start("way")
    before = ahead(office)
    assert [before[name].waits for name in ("rest", "mail", "c")] == [True, True, False]
    assert before["c"].by is None
    office.engine.execute(ExtendUserTask(office.open_task("a").id, "sun", "1个工作日", "等材料"))
    assert ahead(office)["rest"].by > before["rest"].by


def test_a_step_done_one_after_another_by_several_gives_no_date(office):
    several = user("b", groups="clerk@${u}", inside=each("units", "u", in_turn=True))
    nodes = [script("list", "units = ['roads', 'water']"), several, user("a")]
    drawn(office, *nodes, flows="start >> list >> a >> b >> c >> end", limits=[("c", "1个工作日")])
    office.start("way")
    assert ahead(office)["c"].by is None


def test_while_an_order_stands_still_there_are_no_dates_and_when_it_is_over_no_steps(office):
    drawn(office, flows="start >> a >> b >> end", limits=[("a", "1个工作日"), ("b", "1个工作日")])
    office.start("way")
    office.engine.execute(PauseCase(office.number, "等材料", "other", None, "sun"))
    assert [step.by for step in ahead(office).values()] == [None, None]
    office.engine.execute(TerminateOrder(office.number, "root", "不办了"))
    assert ahead(office) == {}


def test_strangers_are_told_nothing(office):
    drawn(office, user("a"), flows="start >> a >> end")
    office.start("way")
    with pytest.raises(NotFound):
        ahead(office, "mei")
