"""The blueprint of lists and tasks."""

from flask import Blueprint

from web.tasklist import acts, duty, form, lists

bp = Blueprint("tasklist", __name__)
for part in (lists, form, acts, duty):
    part.add_to(bp)
