"""How far up its ladders of posts a task has climbed."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from engine.store.tables import ladder_step


def climbed(connection: Connection, instance_id: int, host: str, element_id: str) -> int:
    """Give how many posts of a ladder have been told of the task at a host."""
    ours = ladder_step.c.instance_id == instance_id, ladder_step.c.host == host
    query = select(func.count()).where(*ours, ladder_step.c.element_id == element_id)
    return int(connection.execute(query).scalar_one())


def add(
    connection: Connection, instance_id: int, host: str, element_id: str, step: int, post: str, at: datetime
) -> None:
    """Keep that a post was told: a second row of the same step is refused by the database."""
    row = {"instance_id": instance_id, "host": host, "element_id": element_id, "step": step, "post": post, "at": at}
    connection.execute(insert(ladder_step), row)
