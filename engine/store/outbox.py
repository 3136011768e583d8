"""What is to leave the house: written with the step, sent after the commit."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, true, update

from engine.domain.texts import savable
from engine.store.database import each
from engine.store.leasing import FAILED, LEASED, READY, abandoned, due, extend, give_back, held, lease_rows, take
from engine.store.tables import outbox
from engine.store.upsert import insert_for

_INSERT = insert(outbox)
_ALONG = outbox.alias("along")
_NEXT = select(func.min(outbox.c.channel)).where(outbox.c.state == READY, outbox.c.channel > bindparam("last"))
_DUE = (
    select(outbox.c.id)
    .where(outbox.c.state == READY, outbox.c.channel == bindparam("channel"), outbox.c.run_at <= bindparam("now"))
    .limit(1)
)
_EARLIEST = select(func.min(outbox.c.run_at)).where(outbox.c.state == READY, outbox.c.channel == bindparam("channel"))


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert messages to be sent."""
    connection.execute(_INSERT, each(rows))


def id_of(connection: Connection, idempotency_key: str) -> int:
    """Give the id of the message with this key."""
    found = select(outbox.c.id).where(outbox.c.idempotency_key == idempotency_key)
    return int(connection.execute(found).scalar_one())


def lease_abandoned(
    connection: Connection, owner: str, lease_now: datetime, until: datetime, channel: str | None = None
) -> Row[Any] | None:
    """Take the oldest message whose holder let the lease run out, alone: if it is what brings its senders down, it counts
    against no other.
    """
    left = lease_rows(connection, outbox, abandoned(outbox, lease_now) & _of(channel), owner, until, 1)
    return left[0] if left else None


def lease(
    connection: Connection, owner: str, now: datetime, until: datetime, limit: int, channel: str | None = None
) -> list[Row[Any]]:
    """Take messages whose moment has come, of one channel or of all, oldest first."""
    return lease_rows(connection, outbox, due(outbox, now) & _of(channel), owner, until, limit)


def _of(channel: str | None) -> ColumnElement[bool]:
    return true() if channel is None else outbox.c.channel == channel


def channels(connection: Connection, now: datetime, lease_now: datetime) -> list[str]:
    """Give the channels with something due, or left behind by a sender that vanished; two small looks into the index for each."""
    left = select(outbox.c.channel).where(abandoned(outbox, lease_now)).distinct()
    found = set(connection.execute(left).scalars())
    found |= {one for one in ready(connection) if connection.execute(_DUE, {"channel": one, "now": now}).first()}
    return sorted(found)


def ready(connection: Connection) -> list[str]:
    """Give the channels for which something waits, now or for later; one small look into the index for each."""
    found, last = [], ""
    while (channel := connection.execute(_NEXT, {"last": last}).scalar()) is not None:
        found.append(channel)
        last = channel
    return found


def earliest(connection: Connection, channel: str) -> datetime | None:
    """Give the earliest moment for which something waits on a channel."""
    at: datetime | None = connection.execute(_EARLIEST, {"channel": channel}).scalar()
    return at


def in_hands(connection: Connection, lease_now: datetime) -> set[int]:
    """Give the messages that senders hold under a lease that has not run out."""
    held_now = select(outbox.c.id).where(outbox.c.state == LEASED, outbox.c.lease_until > lease_now)
    return set(connection.execute(held_now).scalars())


def put_new(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert messages whose key nobody has used."""
    if rows:
        fresh = insert_for(connection, outbox).on_conflict_do_nothing(index_elements=["idempotency_key"])
        connection.execute(fresh, each(rows))


def waiting_for(connection: Connection, channel: str, recipients: Iterable[str], now: datetime) -> list[Row[Any]]:
    """Take under lock what is due for some recipients on a channel, was never tried and is not urgent, oldest first."""
    ours = (due(outbox, now), outbox.c.channel == channel, outbox.c.recipient.in_(sorted(recipients)))
    fresh = (
        *(outbox.c.attempts == 0, outbox.c.unknowns == 0, outbox.c.code.is_(None)),
        *(outbox.c.urgent.is_(False), outbox.c.mark.is_not(None)),
        ~select(_ALONG.c.id).where(_ALONG.c.merged_into == outbox.c.id).exists(),
    )
    query = select(outbox).where(*ours, *fresh).order_by(outbox.c.id).with_for_update(skip_locked=True)
    return list(connection.execute(query))


def urgent_waiting(connection: Connection, channel: str, now: datetime) -> list[Row[Any]]:
    """Give, under lock, what is urgent and due on a channel and in nobody's hands, oldest first."""
    ours = (due(outbox, now), outbox.c.channel == channel, outbox.c.urgent)
    query = select(outbox).where(*ours).order_by(outbox.c.id).with_for_update(skip_locked=True)
    return list(connection.execute(query))


def has_chain(connection: Connection, outbox_id: int) -> bool:
    """Say whether a message has another channel to go by."""
    return bool(connection.execute(select(outbox.c.chain).where(outbox.c.id == outbox_id)).scalar())


def take_these(connection: Connection, ids: Iterable[int], owner: str, until: datetime) -> list[Row[Any]]:
    """Lease rows that are under our lock."""
    return take(connection, outbox, outbox.c.id.in_(list(ids)), owner, until)


def merge(connection: Connection, ids: Iterable[int], leader: int) -> None:
    """Let messages go with another one from now on."""
    gone = update(outbox).where(outbox.c.id.in_(list(ids))).values(state="merged", merged_into=leader, owner=None)
    connection.execute(gone)


def set_state(connection: Connection, ids: Sequence[int], state: str) -> None:
    """Give messages another state."""
    if ids:
        connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=state))


def part(connection: Connection, ids: Sequence[int], error: str) -> None:
    """Let messages that went with another one be given up by themselves."""
    alone = update(outbox).where(outbox.c.id.in_(ids)).values(state="failed", merged_into=None, error=error)
    connection.execute(alone)


def merged_into(connection: Connection, leaders: Iterable[int]) -> list[Row[Any]]:
    """Give what goes with some messages, in order; without what has been passed on to another channel since."""
    along = (outbox.c.merged_into.in_(list(leaders)), outbox.c.state == "merged")
    return list(connection.execute(select(outbox).where(*along).order_by(outbox.c.id)))


def extend_lease(connection: Connection, outbox_id: int, fence: int, until: datetime) -> bool:
    """Keep a message while it is being sent; say whether it is still ours."""
    return extend(connection, outbox, outbox_id, fence, until)


def let_go(connection: Connection, outbox_id: int, fence: int) -> bool:
    """Give a leased message back unsent; say whether it still was ours."""
    return give_back(connection, outbox, outbox_id, fence)


def put_off(connection: Connection, outbox_id: int, fence: int, until: datetime) -> None:
    """Give a leased message back for later; the attempt does not count."""
    give_back(connection, outbox, outbox_id, fence)
    connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(run_at=until))


def finish(
    connection: Connection,
    outbox_id: int,
    fence: int,
    state: str,
    values: Mapping[str, Any],
    *,
    unknown: bool = False,
) -> Row[Any] | None:
    """Note the outcome of a sending and give the row; None when the lease was not ours any more.

    `unknown`: the answer was lost, which is counted.
    """
    counted = {"unknowns": outbox.c.unknowns + 1} if unknown else {}
    ours = held(outbox, outbox_id, fence)
    done = update(outbox).where(ours).values(state=state, **values, **counted).returning(outbox)
    return connection.execute(done).one_or_none()


def count_unknown(connection: Connection, outbox_id: int) -> None:
    """Count an attempt that may have arrived."""
    counted = update(outbox).where(outbox.c.id == outbox_id).values(unknowns=outbox.c.unknowns + 1)
    connection.execute(counted)


def retry(connection: Connection, outbox_id: int, at: datetime, recipient: str) -> bool:
    """Let a message that was given up be sent again, perhaps to another address; say whether it still was given up."""
    failed = (outbox.c.id == outbox_id, outbox.c.state == "failed")
    again = update(outbox).where(*failed).values(state="ready", run_at=at, attempts=0, error=None, recipient=recipient)
    return connection.execute(again).rowcount == 1


def retry_failed(connection: Connection, channel: str, at: datetime, limit: int) -> list[int]:
    """Let the oldest messages that were given up on a channel be sent again; give their ids."""
    given_up = (outbox.c.state == FAILED, outbox.c.channel == channel)
    some = select(outbox.c.id).where(*given_up).order_by(outbox.c.id).limit(limit)
    again = update(outbox).where(outbox.c.id.in_(some)).values(state="ready", run_at=at, attempts=0, error=None)
    return sorted(connection.execute(again.returning(outbox.c.id)).scalars())


def get(connection: Connection, outbox_id: int) -> Row[Any] | None:
    """Give one message."""
    return connection.execute(select(outbox).where(outbox.c.id == outbox_id)).one_or_none()


def sent_by_key(connection: Connection, channel: str, key: str) -> Row[Any] | None:
    """Give, under lock, a message that a channel has taken."""
    ours = (outbox.c.idempotency_key == key, outbox.c.channel == channel, outbox.c.state == "sent")
    return connection.execute(select(outbox).where(*ours).with_for_update()).one_or_none()


def confirm(connection: Connection, outbox_id: int, at: datetime) -> None:
    """Note that a message has arrived."""
    connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(confirmed_at=at))


def undo_sent(connection: Connection, outbox_id: int, error: str) -> None:
    """Note that a message has not arrived after all."""
    connection.execute(update(outbox).where(outbox.c.id == outbox_id).values(state="failed", error=savable(error)))
