"""What the limits of a procedure mean: every text said back in plain Chinese, with sample dates, one across National Day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.elements import Element
from engine.bpmn.events import DUE, WARN
from engine.domain.clock import local
from engine.domain.deadline_echo import Echo, echo
from engine.domain.errors import Invalid
from engine.executor import Context
from engine.queries.procedures import chosen_version
from engine.steps import limits
from engine.steps.calendar_choice import calendar_key, organisation
from engine.steps.released import Released, released
from engine.store import calendars


@dataclass(frozen=True, slots=True)
class LimitEcho:
    """A text with its meaning, or why it has none."""

    text: str
    calendar: str
    """The name of the calendar the samples count by."""
    echo: Echo | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit of a diagram or a decision table: where it stands and what it means."""

    element: str
    name: str
    kind: str
    """limit | warning | timer | cycle | decision."""
    said: LimitEcho


@dataclass(frozen=True, slots=True)
class EchoLimit:
    """Say what a text means by a calendar (a code; empty: the organisation's); a share needs the `limit` it is one of."""

    text: str
    calendar: str = ""
    limit: str = ""

    def read(self, ctx: Context) -> LimitEcho:
        """Give it; a text that cannot be read says why. Raises NotFound for an unknown calendar."""
        return _said(ctx, self.text, self.calendar or organisation(ctx), self.limit)


@dataclass(frozen=True, slots=True)
class LimitsOfProcedure:
    """Every limit written down in a version of a procedure, in the order drawn; those a decision gives come last."""

    key: str
    version: int | None = None

    def read(self, ctx: Context) -> list[LimitLine]:
        """Give the lines. Raises NotFound, also for strangers."""
        shown, _ = chosen_version(ctx, self.key, self.version)
        version = released(ctx, shown.id)
        found = [line for element in version.definition.elements.values() for line in _drawn(ctx, version, element)]
        return found + list(_decided(ctx, version))


def _drawn(ctx: Context, version: Released, element: Element) -> Iterator[LimitLine]:
    key = _calendar(ctx, version, element.properties)
    due = element.attributes.get("dueDate", "")
    texts = [("limit", due, ""), ("warning", element.attributes.get("followUpDate", ""), due)]
    if element.timer and element.timer[1] not in (DUE, WARN):
        texts.append(("cycle" if element.timer[0] == "cycle" else "timer", element.timer[1], ""))
    for kind, text, limit in texts:
        if text and "${" not in text:
            yield LimitLine(element.id, element.name, kind, _said(ctx, text, key, limit))


def _calendar(ctx: Context, version: Released, properties: Mapping[str, str]) -> str:
    """Whose unit it will be is not known yet: what counts by the unit's calendar is shown by the organisation's."""
    return calendar_key(ctx, version.procedure, properties, None)


def _decided(ctx: Context, version: Released) -> Iterator[LimitLine]:
    key = _calendar(ctx, version, {})
    seen = set()
    for table in version.definition.decisions.values():
        for text in table.constants:
            if (table.id, text) in seen:
                continue
            seen.add((table.id, text))
            said = _said(ctx, text, key, "")
            if said.echo is not None:
                yield LimitLine(table.id, table.name, "decision", said)


def _said(ctx: Context, text: str, key: str, limit: str) -> LimitEcho:
    calendar = limits.calendar(ctx, key)
    name = calendars.names(ctx.connection).get(key, key)
    try:
        return LimitEcho(text, name, echo(text, calendar, local(ctx.now).date(), limit if "${" not in limit else ""))
    except Invalid as error:  # a text that is no limit, or one beyond the days a calendar knows
        return LimitEcho(text, name, None, str(error))
