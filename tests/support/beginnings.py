"""Random walks that come back to the start form: the case begins anew, or goes straight back to whoever asked."""

import json
from typing import TYPE_CHECKING

from engine import CompleteUserTask, History
from tests.support.diagrams import PEOPLE, Open
from tests.support.stories import RECORD

if TYPE_CHECKING:
    from tests.support.walks import Walk

STARTER = "li"
START_FORM = json.dumps(
    {
        "type": "default",
        "components": [
            {
                "type": "taglist",
                "key": "people",
                "label": "people",
                "values": [{"value": who, "label": who} for who in PEOPLE],
            },
            {"type": "number", "key": "number_", "label": "number_"},
            {"type": "checkbox", "key": "again", "label": "again"},
        ],
    }
).encode()
"""What every walk is started with."""


def start_event(walk: "Walk") -> str:
    """Give the element by which a walk's case was begun."""
    return walk.office.engine.ask(History(walk.office.case().instance_id))[0].element_id


def begin_again(walk: "Walk", straight_to: Open | None = None) -> None:
    """The start form alone is open, with what was said there; it is handed in, and the case begins anew or comes straight back."""
    case = walk.office.case()
    (task,) = case.open_tasks
    assert (task.element_id, task.assignee) == (start_event(walk), STARTER)
    assert walk.office.rows("timer") == []
    assert straight_to is not None or {name: case.record[name] for name in RECORD} == RECORD
    walk.tidy(case)
    if walk.chance.random() < 0.3:
        walk.office.restart()
    walk.office.engine.execute(CompleteUserTask(task.id, STARTER, dict(RECORD)))
    if straight_to is None:
        walk.story.begin_again()
    else:
        walk.story.mend({"number_": RECORD["number_"], "again": RECORD["again"]}, straight_to[0])
