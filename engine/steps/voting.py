"""What the history and the people hear of a co-signing that is over."""

from typing import Any

from engine.bpmn.runtime import Case
from engine.domain.co_signing import PASSED
from engine.steps.notices import tell_of_task
from engine.steps.performers import lists_of
from engine.steps.scene import Scene


def note_decided(scene: Scene, case: Case) -> None:
    """Put the outcomes of this step's co-signings into the history."""
    for element, outcome, votes in case.arrivals.decided:
        scene.note("CoSigningDecided", element.id, name=element.name, outcome=outcome, votes=votes)


def tell_spared(scene: Scene, case: Case, task: Any) -> None:
    """Tell whoever had a task in hand, or was asked by name, that they need not sign any more."""
    outcome, votes = next((out, votes) for e, out, votes in case.arrivals.decided if e.id == task.element_id)
    asked = [who for who in lists_of(task.assignee, task.groups, task.owner) if who.startswith("person:")]
    said = {"outcome": "通过" if outcome == PASSED else "不通过", "agreed": votes["agreed"], "total": votes["total"]}
    tell_of_task(scene, "co_sign_over", task.name, task.due_at, asked, **said)
