"""Front-end assets that are built: the diagram viewer. Pages work without them."""

import json
from pathlib import Path
from typing import cast

from flask import Flask, current_app, url_for

DIST = Path(__file__).parent.parent / "static" / "dist"
"""Where the build puts hashed files and their manifest."""


def asset(name: str) -> str | None:
    """Give the address of a built file (`viewer.js`, `viewer-style.css`), None where nothing was built."""
    hashed = _manifest().get(name)
    return url_for("static", filename=f"dist/{hashed}") if hashed else None


def register(app: Flask) -> None:
    """Give templates `asset(name)`."""
    app.jinja_env.globals["asset"] = asset


def _manifest() -> dict[str, str]:
    """Read once per application: a new build is seen after a restart."""
    if "asset_manifest" not in current_app.extensions:
        path = DIST / "manifest.json"
        known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        current_app.extensions["asset_manifest"] = known
    return cast(dict[str, str], current_app.extensions["asset_manifest"])
