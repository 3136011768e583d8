"""The blueprint of lists and tasks."""

from flask import Blueprint

from web.tasklist import acts, form, lists

bp = Blueprint("tasklist", __name__)
for part in (lists, form, acts):
    part.add_to(bp)
