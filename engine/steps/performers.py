"""Performer words of diagrams (`role`, `role@unit`, `unit:…`, `person:…`, `duty:…`, `holder:…`, `starter`, and the
posts around them: `done:…`, `leader_of:…`, `below:…`) turned into people and lists.
"""

from collections.abc import Callable, Iterable

from engine.domain.actors import Actor, principal
from engine.executor import Context
from engine.steps import duty, posts
from engine.store import people, user_tasks
from engine.store.instances import TaskRow

Question = Callable[[Actor, TaskRow], bool]
"""What one may ask about somebody and a task."""


def lists_of(assignee: str | None, groups: Iterable[str], owner: str | None = None) -> list[str]:
    """Give the names under which a task stands in lists: the holder's and whose it is, else those of all candidates."""
    return [principal(term) for term in _hands(assignee, groups, owner)]


def hands(task: TaskRow) -> list[str]:
    """Give as performer words who has a task in hand: its holder and, where they were asked, who asked; else the candidates."""
    return _hands(task.assignee, task.groups, task.owner)


def _hands(assignee: str | None, groups: Iterable[str], owner: str | None) -> list[str]:
    return [f"person:{who}" for who in (assignee, owner) if who] if assignee else list(groups)


def is_candidate(actor: Actor, task: TaskRow) -> bool:
    """Whether a free task may be taken by an actor: one of its candidates whom no rule of assignment keeps from it."""
    return actor.id not in (task.barred or ()) and not actor.principals.isdisjoint(
        principal(term) for term in task.groups
    )


def is_to_do(actor: Actor, task: TaskRow) -> bool:
    """Whether an open task is an actor's to do: in their hands, or free and theirs to claim."""
    return task.assignee == actor.id if task.assignee else is_candidate(actor, task)


def holds(actor: Actor, task: TaskRow) -> bool:
    """Whether a task is in an actor's hands as their own: to submit, to give on; who is only asked (委派) may do neither."""
    return task.owner is None and task.assignee == actor.id


def is_asked(actor: Actor, task: TaskRow) -> bool:
    """Whether an actor is asked about a task that is another's (委派)."""
    return task.owner is not None and task.assignee == actor.id


def is_asked_to_sign(actor: Actor, task: TaskRow) -> bool:
    """Whether it is an actor's turn to sign a task (加签)."""
    return actor.id in (task.signers or ())


def is_concerned(actor: Actor, task: TaskRow) -> bool:
    """Whether a task is or was offered to an actor, or is in their hands: then they do not judge about it."""
    return actor.id in (task.assignee, task.owner) or is_candidate(actor, task)


def is_in_charge(actor: Actor, task: TaskRow) -> bool:
    """Whether an actor answers for a task, be it with another for an opinion."""
    return in_charge(task) == actor.id


def acting_as(actor: Actor, task: TaskRow, process: str, may: Question) -> Actor | None:
    """Give in whose name an actor may do something with a task: their own, else that of somebody they stand in for (代理).

    Whom a rule of assignment keeps from the task does not come to it in another's name.
    """
    faces = (actor,) if actor.id in (task.barred or ()) else actor.faces(process)
    return next((one for one in faces if may(one, task)), None)


def signs_as(actor: Actor, task: TaskRow, process: str) -> Actor | None:
    """Give in whose name an actor may sign a task (加签): never one that they hold themselves, or have handed in."""
    if actor.id in (task.assignee, task.owner, (task.held or {}).get("by")):
        return None
    return acting_as(actor, task, process, is_asked_to_sign)


def in_name_of(actor: Actor, whose: Actor) -> dict[str, str]:
    """Give what the history says besides of an act in another's name; nothing of one in one's own."""
    return {} if whose.id == actor.id else {"on_behalf": whose.id}


def in_charge(task: TaskRow) -> str | None:
    """Say who answers for a task: its holder; while another is asked (委派), still the one who asked."""
    return task.owner or task.assignee


def people_behind(ctx: Context, terms: Iterable[str], instance_id: int, starter: str) -> list[str]:
    """Give the active people (and `phone:` addresses) that performer words mean, each once, in order."""
    return list(meanings(ctx, terms, instance_id, starter))


def meanings(ctx: Context, terms: Iterable[str], instance_id: int, starter: str) -> dict[str, str]:
    """Give the active people (and `phone:` addresses) that performer words mean, each with the first word that means them."""
    found: dict[str, str] = {}
    for term in terms:
        word = term.strip()
        for who in _people(ctx, word, instance_id, starter):
            found.setdefault(who, word)
    return found


def candidates(ctx: Context, terms: Iterable[str], but: Iterable[str]) -> list[str]:
    """Give the active people who may claim a task with these candidates now, but some."""
    words = list(terms)
    duties = [who for term in words if term.startswith(duty.TERM) for who in _people(ctx, term, 0, "")]
    found = people.meant(ctx.connection, [principal(term) for term in words if not term.startswith(duty.TERM)], but)
    return sorted({*found, *duties} - set(but))


def is_anybody(ctx: Context, terms: Iterable[str], but: Iterable[str]) -> bool:
    """Whether the candidates of a task are anybody active but some; the next turn of a duty roster counts, whoever has it."""
    words = list(terms)
    if any(term.startswith(duty.TERM) and term.removeprefix(duty.TERM) in duty.every(ctx) for term in words):
        return True
    meant, barred = [principal(term) for term in words], frozenset(but)
    if ctx.people is None or barred:
        return bool(people.meant(ctx.connection, meant, barred, 1))
    known = (ctx.people, tuple(meant))  # holds until anybody joins, leaves or changes places
    return ctx.engine.cached("anybody", known, lambda: bool(people.meant(ctx.connection, meant, (), 1)))


def _people(ctx: Context, term: str, instance_id: int, starter: str) -> list[str]:
    kind, _, rest = term.partition(":")
    if term == "starter":
        return people.active(ctx.connection, [starter])
    if kind == "phone":
        return [term] if rest else []
    if kind == "person":
        return people.active(ctx.connection, [rest])
    if kind == "unit":
        return people.of_unit(ctx.connection, rest)
    if kind == "duty":
        return people.active(ctx.connection, duty.on_duty(ctx, rest))
    if kind == "done":
        last = user_tasks.last_done_by(ctx.connection, instance_id, rest)
        return people.active(ctx.connection, [last]) if last else []
    if kind in ("leader_of", "below"):
        return _of_posts(ctx, kind, rest, instance_id, starter)
    if kind == "holder":
        return _holders(ctx, rest, instance_id, starter)
    role, _, unit = term.removeprefix("role:").partition("@")
    return people.with_role(ctx.connection, role, unit or None)


def _of_posts(ctx: Context, kind: str, word: str, instance_id: int, starter: str) -> list[str]:
    """Give the post above, or the level below, of a unit or of the people whom a word means."""
    if word.startswith("unit:"):
        who: list[str] = []
        units = {word.removeprefix("unit:")}
    else:
        who = _people(ctx, word, instance_id, starter)
        units = posts.units_of(ctx, who)
    return posts.leaders(ctx, units, who) if kind == "leader_of" else posts.level_below(ctx, units)


def _holders(ctx: Context, element_id: str, instance_id: int, starter: str) -> list[str]:
    found: list[str] = []
    for task in user_tasks.open_of(ctx.connection, instance_id, element_id):
        found += people_behind(ctx, hands(task), instance_id, starter)
    return found
