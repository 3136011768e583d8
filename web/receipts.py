"""Receipts of due moments, wherever they are asked for."""

from flask import Flask, render_template, request

from engine import Receipt
from engine.domain.receipt_entries import entries
from web.front import PART


def shown(found: Receipt) -> str:
    """Draw a receipt: a part for our script, else a page."""
    template = "tasklist/receipt_part.html" if PART in request.headers else "tasklist/receipt.html"
    return render_template(template, receipt=found)


def register(app: Flask) -> None:
    """Let templates draw receipts."""
    app.jinja_env.filters["receipt_entries"] = entries
