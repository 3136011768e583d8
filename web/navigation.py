"""The navigation: at most seven entries, with counts where something waits. Worked out when a page is drawn, not before."""

from dataclasses import dataclass
from functools import cached_property

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from engine import MOST_COUNTED, Actor, Duties, DutiesView, InboxCounts, Startable
from web.front import engine

CAP = 1000
ADMIN_PAGES = frozenset({"operations", "people", "calendars", "channels", "usual_ways"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    name: str
    url: str
    current: bool
    count: str | None = None


class Navigation:
    """What one person may go to from anywhere."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @cached_property
    def entries(self) -> list[Entry]:
        """Give the entries, with the counts as they are now."""
        todo, pool, _unread, _copies = self._counts
        entries = [
            _entry(_("待办"), "tasklist.todo", todo),
            _entry(_("待签收"), "tasklist.pool", pool),
            _entry(_("已办"), "tasklist.done"),
            _entry(_("我发起"), "tasklist.started"),
        ]
        if self._duties.watches:
            entries.append(_entry(_("看板"), "work_orders.board"))
        entries.append(_entry(pgettext("plural", "流程"), "modeler.gallery"))
        if self._duties.administers:
            entries.append(_entry(_("管理"), "operations.overview"))
        return entries

    @property
    def starts(self) -> list[Startable]:
        """The procedures that a role of theirs starts."""
        return self._duties.starts

    @property
    def duty(self) -> str:
        """Whether it is their turn now (`on`), or at other times (`turns`); empty for who takes no turns."""
        return "on" if self._duties.on_duty else "turns" if self._duties.turns else ""

    @cached_property
    def unread(self) -> str | None:
        """How many notices wait to be read; None for none."""
        return _few(self._counts[2])

    @cached_property
    def copies(self) -> str | None:
        """How many copies wait to be read; None for none."""
        return _few(self._counts[3])

    @cached_property
    def _counts(self) -> tuple[int, int, int, int]:
        return engine().ask(InboxCounts(), self.actor.id)

    @cached_property
    def _duties(self) -> DutiesView:
        return engine().ask(Duties(), self.actor.id)


def _entry(name: str, endpoint: str, count: int | None = None) -> Entry:
    return Entry(name, url_for(endpoint), _is_current(endpoint), _capped(count))


def _is_current(endpoint: str) -> bool:
    if request.endpoint == endpoint:
        return True
    room = endpoint.partition(".")[0]
    here = request.blueprints[-1] if request.blueprints else ""
    return here in ADMIN_PAGES if room == "operations" else room == "modeler" == here


def _few(count: int) -> str | None:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count) if count else None


def _capped(count: int | None) -> str | None:
    if count is None:
        return None
    return f"{CAP - 1}+" if count >= CAP else str(count)
