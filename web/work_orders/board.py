"""The shift leader's board."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine import Board, NamesOfPeople, Receivers
from web.front import current_actor, engine


def add_to(bp: Blueprint) -> None:
    """Put the board into the blueprint."""
    bp.add_url_rule("/board", view_func=board)


def board() -> ResponseReturnValue:
    """What is not handed over yet, who carries how much, and what one person holds, to give it to others."""
    said = request.args
    view = engine().ask(Board(said.get("process", "")[:64], said.get("person", "")[:64]), current_actor())
    ids = tuple(row.task_id for row in (*view.undispatched, *view.held))
    receivers = engine().ask(Receivers(ids), current_actor())
    names = engine().ask(NamesOfPeople())
    person = said.get("person", "")[:64]
    return render_template("work_orders/board.html", board=view, receivers=receivers, names=names, person=person)
