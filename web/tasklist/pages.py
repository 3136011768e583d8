"""The blueprint of lists and tasks."""

from flask import Blueprint

from web.tasklist import (
    acts,
    bulk,
    co_signers,
    delegations,
    duty,
    extensions,
    form,
    links,
    lists,
    notices,
    returns,
    signing,
    substitutes,
    wishes,
)

bp = Blueprint("tasklist", __name__)
for part in (
    *(
        lists,
        form,
        acts,
        bulk,
        co_signers,
        delegations,
        extensions,
        duty,
        links,
        notices,
        returns,
        signing,
        substitutes,
        wishes,
    ),
):
    part.add_to(bp)
