"""A refused form loses nothing: words that its answer does not show again stand above it, to be copied."""

import re

from flask import Flask, Response, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException

WRITTEN = ("to", "question", "reason", "text", "note", "answer")
"""Fields of small forms that people write into; the forms of steps have drafts."""
REFUSALS = frozenset({403, 404, 409, 410, 422})
_MAIN = re.compile(r"<main[^>]*>")


def register(app: Flask) -> None:
    """Look at every refusal on its way out; error pages show the words themselves."""
    app.after_request(_give_back)


def written() -> list[str]:
    """Give what was written into the form at hand; of a form that cannot be read (too large, broken off) nothing."""
    try:
        form = request.form
    except HTTPException:
        return []
    return [words for name in WRITTEN if (words := form.get(name, "").strip())]


def _give_back(response: Response) -> Response:
    """Put the missing words in front of what the page says."""
    if request.method != "POST" or response.status_code not in REFUSALS or response.mimetype != "text/html":
        return response
    page = response.get_data(as_text=True)
    lost = [words for words in written() if str(escape(words)) not in page]
    main = _MAIN.search(page)
    if lost and main:
        part = render_template("kept_words.html", words=lost)
        response.set_data(page[: main.end()] + part + page[main.end() :])
    return response
