"""Cases that do nothing but wait for a moment: how late is it when the moment comes?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson
from sqlalchemy import insert, select, text

from engine import Engine, StartInstance
from engine.domain.clock import SystemClock
from engine.store.database import transaction
from engine.store.tables import history, history_payload, instance, timer
from tests.support.procedures import procedure

AGENT = "agent_li"
DIAGRAM = procedure(
    "bell",
    '<bpmn:intermediateCatchEvent id="ring" name="ring"><bpmn:timerEventDefinition>'
    "<bpmn:timeDate>${ring_at}</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>",
    flows="start >> ring >> end",
    fields="ring_at!",
)


def files() -> dict[str, bytes]:
    """Give the procedure, to be started by call-takers."""
    settings = DIAGRAM["procedure.toml"].replace(b'["agent"]', b'["hotline_agent"]')
    return {**DIAGRAM, "procedure.toml": settings}


def hang_up(engine: Engine, first: datetime, per_second: int, seconds: int) -> None:
    """Start cases whose moments lie evenly over some seconds."""
    for n in range(per_second * seconds):
        moment = first + timedelta(seconds=n / per_second)
        engine.execute(StartInstance("bell", AGENT, {"ring_at": moment.isoformat()}))


def bystanders(engine: Engine, count: int) -> None:
    """Put timers beside them that fall due in a year."""
    with transaction(engine.database) as connection:
        host = connection.execute(select(instance.c.id).limit(1)).scalar_one()
        due = SystemClock().now() + timedelta(days=365)
        for rows in _batches(count):
            connection.execute(
                insert(timer),
                [
                    {
                        "instance_id": host,
                        "token_id": f"bystander{n}",
                        "element_id": "ring",
                        "host": f"bystander{n}",
                        "role": "",
                        "kind": "once",
                        "text": "P365D",
                        "due_at": due + timedelta(seconds=n),
                        "state": "waiting",
                    }
                    for n in rows
                ],
            )
        connection.execute(text("ANALYZE"))


def _batches(count: int) -> Iterator[range]:
    for low in range(0, count, 5000):
        yield range(low, min(low + 5000, count))


def lateness(engine: Engine) -> list[float]:
    """Give by how many seconds each bell that has rung was late."""
    joined = history.join(
        history_payload,
        (history_payload.c.instance_id == history.c.instance_id) & (history_payload.c.seq == history.c.seq),
    )
    query = select(history.c.at, history_payload.c.payload).select_from(joined)
    with transaction(engine.database) as connection:
        rows = connection.execute(query.where(history.c.kind == "TimerFired", history.c.element_id == "ring")).all()
    late = []
    for at, payload in rows:
        said = orjson.loads(payload) if isinstance(payload, (str, bytes)) else payload
        late.append((at - datetime.fromisoformat(said["due_at"])).total_seconds())
    return late
