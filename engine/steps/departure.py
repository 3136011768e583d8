"""The last look before a message leaves the house: is it still for this person, may they be disturbed, where do they get it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.domain import action_links
from engine.domain.channel_setup import TEST
from engine.domain.delivery import Rejected
from engine.domain.digest import digest
from engine.executor import Context
from engine.steps import digests, quiet_hours, resolving, routing
from engine.steps.sending import Outgoing, Sending, attempted, settle
from engine.store import attempts, outbox, reach
from engine.store.ways import Running

STALE = timedelta(minutes=5)
"""After so long it is asked anew for whom a message is meant."""


@dataclass(slots=True)
class _Look:
    """What is known while one batch is looked at."""

    ctx: Context
    ways: Mapping[str, Running]
    people: Mapping[str, Any]
    """By mark."""
    hours: quiet_hours.Hours
    known: routing.Known | None = None
    resolved: resolving.Resolved = field(default_factory=resolving.Resolved)


def depart(ctx: Context, rows: Sequence[Any], ways: Mapping[str, Running], extra: Sequence[Any] = ()) -> list[Outgoing]:
    """Give what of some leased rows leaves now, as its channel needs it; the rest is put off, dropped, merged or refused.

    `extra` was leased as well, for the sake of a digest only.
    """
    rows = [*rows, *extra]
    if not rows:
        return []
    marks = {row.mark for row in rows if row.mark is not None}
    people = reach.of_notifications(ctx.connection, marks) if marks else {}
    look = _Look(ctx, ways, people, quiet_hours.Hours(ctx))
    leaving = [row for row in rows if _leaves(look, row)]
    along: dict[int, list[Any]] = {}
    if leaving and leaving[0].channel in ways:
        leaving, along = digests.gather(ctx, leaving, extra)
    return [_outgoing(look, row, along.get(row.id, [])) for row in leaving]


def _leaves(look: _Look, row: Any) -> bool:
    if not _is_on(look, row):
        return _refuse(look, row, "channel_off", "通道没有设置或已停用")
    person = _person(look, row)
    if person is None:
        return True
    if row.only_unread and person.read_at is not None:
        return _drop(look, row, "已在站内读过")
    if not person.active:
        return _drop(look, row, "账号已停用")
    if look.ctx.now - row.created_at >= STALE and not resolving.still_meant(look.ctx, look.resolved, row, person):
        return _drop(look, row, "已换人")
    if not _address(look, row, person) and _kind(look, row) in ("email", "sms"):
        return _refuse(look, row, "no_address", "没有邮箱" if _kind(look, row) == "email" else "没有手机号")
    return row.urgent or not look.ways or _may_be_disturbed(look, row, person)


def _is_on(look: _Look, row: Any) -> bool:
    if not look.ways or row.notice == TEST:
        return True
    one = look.ways.get(row.channel)
    return one.is_on if one is not None else row.channel == routing.CONSOLE


def _person(look: _Look, row: Any) -> Any:
    """Give the person a message is for; None for somebody outside, also where it was sent to another address."""
    person = look.people.get(row.mark)
    return person if person is not None and person.person == row.recipient else None


def _kind(look: _Look, row: Any) -> str:
    one = look.ways.get(row.channel)
    return one.way.kind if one is not None else ""


def _address(look: _Look, row: Any, person: Any) -> str:
    if person is None:
        return str(row.recipient).removeprefix("email:").removeprefix("phone:")
    return {"email": person.email, "sms": person.phone}.get(_kind(look, row), row.recipient) or ""


def _may_be_disturbed(look: _Look, row: Any, person: Any) -> bool:
    if look.known is None:
        look.known = routing.people(look.ctx, {one.person for one in look.people.values()})
    calendars = look.known.calendars.get(person.person, ())
    opening = look.hours.opening(person.meant, person.quiet, calendars)
    if opening > look.ctx.now:
        outbox.put_off(look.ctx.connection, row.id, row.fence, opening)
    return opening <= look.ctx.now


def _drop(look: _Look, row: Any, words: str) -> bool:
    outbox.finish(look.ctx.connection, row.id, row.fence, "unneeded", {"error": words})
    return False


def _refuse(look: _Look, row: Any, code: str, words: str) -> bool:
    refused = Sending(_outgoing(look, row, []), Rejected(code, words))
    attempts.add(look.ctx.connection, [attempted(look.ctx, refused)])
    settle(look.ctx, refused)
    return False


def _outgoing(look: _Look, row: Any, along: Sequence[Any]) -> Outgoing:
    person, one = _person(look, row), look.ways.get(row.channel)
    subject, body = digest([(r.subject, r.body) for r in (row, *along)]) if along else (row.subject, row.body)
    return Outgoing(
        *(row.id, row.channel, row.recipient, row.notice, subject, body, row.idempotency_key),
        *(row.fence, row.attempts, row.instance_id),
        name=person.name if person is not None else "",
        address=_address(look, row, person),
        phone=(person.phone or "") if person is not None else "",
        link=_link(look.ctx, row) if person is not None else "",
        urgent=row.urgent,
        parts_done=row.parts_done,
        version=one.version if one is not None else 0,
        is_paced=one is not None and one.rate is not None,
        merged=len(along),
    )


def _link(ctx: Context, row: Any) -> str:
    """Give the address that opens the task or the order; the same at every attempt."""
    said = ctx.engine.settings
    if not (said.address and said.secret):
        return ""
    token = action_links.write(said.secret, action_links.link_from(row.id, row.recipient, row.created_at))
    return f"{said.address.rstrip('/')}/go/{token}"
