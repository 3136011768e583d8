"""The page of one order."""

from flask import render_template, request

from engine import PredictedPath, ShowOrder, TrainingSheets, order_acts, task_acts, withdrawable
from web.front import current_actor, engine


def page(number: str, revealed: dict[str, str] | None = None, refused: dict[str, str] | None = None) -> str:
    """Draw the order with everything around it; `refused` maps an act to the sentence beside it."""
    order = engine().ask(ShowOrder(number), current_actor())
    sheets = request.args.get("sheets", 1, type=int)
    trains = order.released.procedure.training is not None
    return render_template(
        "work_orders/show.html",
        order=order,
        mine=[t for t in order.tasks if "fill" in task_acts(order, t, order.viewer)],
        acts=order_acts(order, order.viewer),
        withdrawable=withdrawable(order, order.viewer.id),
        path=engine().ask(PredictedPath(number), current_actor()) if order.closed_at is None else [],
        sheets=engine().ask(TrainingSheets(number, sheets), current_actor()) if trains else None,
        revealed=revealed or {},
        refused=refused or {},
    )
