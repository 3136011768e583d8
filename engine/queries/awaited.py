"""Who a task waits for, in people's words."""

from collections.abc import Iterable, Mapping

from engine.executor import Context
from engine.steps import duty
from engine.store import people
from engine.store.instances import TaskRow


def awaited(ctx: Context, tasks: Iterable[TaskRow]) -> dict[int, str]:
    """Give in words who may claim each task that nobody holds, by task."""
    free = [task for task in tasks if not task.assignee]
    names = names_of_performers(ctx) if free else {}
    return {task.id: in_words(task.groups, names) for task in free}


def names_of_performers(ctx: Context) -> dict[str, str]:
    """Give the names of all units and roles by code."""
    return {**people.unit_names(ctx.connection), **people.role_names(ctx.connection), **_rosters(ctx)}


def _rosters(ctx: Context) -> dict[str, str]:
    return {f"{duty.TERM}{key}": roster.name for key, roster in duty.every(ctx).items()}


def in_words(groups: Iterable[str], names: Mapping[str, str]) -> str:
    """Give performer words as people say them: `clerk@city_roads` is 市政道路管理处 承办人员; a unit is said once."""
    found: dict[str, list[str]] = {}
    for group in groups:
        if group.startswith(duty.TERM):
            found.setdefault("", []).append(names.get(group, group))
            continue
        role, _, unit = group.removeprefix("role:").removeprefix("unit:").partition("@")
        found.setdefault(names.get(unit, unit), []).append(names.get(role, role))
    return "、".join(f"{unit} {'、'.join(roles)}".strip() for unit, roles in found.items())
