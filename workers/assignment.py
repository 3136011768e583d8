"""Who gets a task: the strategies a diagram may name in `assignee`."""

from engine import Assignment, AssignmentQuestion, Facts, decision


@decision("same_agent")
def same_agent(question: AssignmentQuestion, facts: Facts) -> Assignment:
    """The one who took the call (hotline text, part six: 由受理该事项的话务员进行回访); nobody if that account is closed."""
    return Assignment(question.starter if facts.is_active(question.starter) else None)


@decision("last_handler")
def last_handler(question: AssignmentQuestion, facts: Facts) -> Assignment:
    """Whoever did this step last in this case."""
    who = facts.last_handler(question.element_id)
    return Assignment(who if who and facts.is_active(who) else None)


@decision("unit_leader")
def unit_leader(question: AssignmentQuestion, facts: Facts) -> Assignment:
    """The leader of the unit that the candidates belong to, if there is exactly one."""
    units = {
        term.partition("@")[2] or term.removeprefix("unit:")
        for term in question.groups
        if "@" in term or term.startswith("unit:")
    }
    leaders = facts.people([f"unit_leader@{unit}" for unit in sorted(units)])
    return Assignment(leaders[0] if len(leaders) == 1 else None)


@decision("least_load")
def least_load(question: AssignmentQuestion, facts: Facts) -> Assignment:
    """The candidate who holds the fewest open tasks; the first by id among equals."""
    load = facts.load(facts.people(question.groups))
    return Assignment(min(load, key=lambda who: (load[who], who)) if load else None)


@decision("round_robin")
def round_robin(question: AssignmentQuestion, facts: Facts) -> Assignment:
    """The candidate after the one whom it chose for this step last, in order of id, over all cases of the procedure."""
    people = sorted(facts.people(question.groups))
    last = facts.last_picked(question.element_id)
    return Assignment(next((who for who in people if last is None or who > last), people[0] if people else None))
