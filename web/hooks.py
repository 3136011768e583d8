"""Calls from providers: whether a message that they had only queued has arrived. Signed, and each counts once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import ReportDelivery, VerifyCall
from engine.domain.errors import Invalid, NotFound, Repeated
from web.front import engine

bp = Blueprint("hooks", __name__)
LARGEST = 64 * 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@bp.post("/hooks/<channel>")
def report(channel: str) -> ResponseReturnValue:
    """Take a report: JSON with `key`, `outcome` (confirmed | undelivered), `code` and `words`.

    401 for a signature that does not hold; it does not tell why. 204 also for a call that came before.
    """
    if (request.content_length or 0) > LARGEST:
        return "", 413
    body = request.get_data(cache=False)
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = engine().ask(VerifyCall(channel, headers, body))
    if signed is None:
        return {"error": "the signature does not hold"}, 401
    said = _object(body)
    if said is None:
        return {"error": "a JSON object is wanted"}, 400
    texts = {name: str(said.get(name, ""))[:500] for name in ("key", "outcome", "code", "words")}
    at = _EPOCH + timedelta(seconds=signed.timestamp)
    try:
        engine().execute(ReportDelivery(channel, signed.id, at, **texts))
    except Repeated:
        return "", 204
    except NotFound as error:
        return {"error": str(error)}, 404
    except Invalid as error:
        return {"error": str(error)}, 422
    return "", 204


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) else None
