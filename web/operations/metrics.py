"""Numbers for Prometheus: how long requests took, how full the queues are. With the token, or for an admin."""

import hmac
import time
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from engine import CountChannels, Engine, QueueFigures, visitor
from engine.domain.errors import NotFound
from engine.domain.rights import ADMIN
from web.auth import cookies
from web.front import engine

bp = Blueprint("metrics", __name__)
NAME = "banjie_metrics"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Queues(Collector):
    """What waits, counted when somebody asks."""

    def __init__(self, counted: Engine) -> None:
        self._engine = counted

    def describe(self) -> list[GaugeMetricFamily]:
        """Say nothing beforehand: registering must not ask the database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give jobs, timers and messages by state, the age of the oldest due one, open incidents, and each channel."""
        figures, now = self._engine.ask(QueueFigures()), self._engine.now()
        for name, said, counted in (
            ("jobs", "Jobs by state", figures.jobs),
            ("timers", "Timers by state", figures.timers),
            ("outbox", "Outgoing messages by state", figures.outbox),
        ):
            family = GaugeMetricFamily(name, said, labels=["state"])
            for state, number in counted.items():
                family.add_metric([state], number)
            yield family
        ages = GaugeMetricFamily("oldest_due_age_seconds", "Age of the oldest due and unserved row", labels=["queue"])
        for queue, at in figures.oldest.items():
            ages.add_metric([queue], (now - at).total_seconds() if at else 0.0)
        yield ages
        yield GaugeMetricFamily("incidents_open", "Incidents nobody has resolved", value=figures.incidents)
        yield GaugeMetricFamily("instances_running", "Running process instances", value=figures.running)
        yield from self._channels()

    def _channels(self) -> Iterator[GaugeMetricFamily]:
        every, now, lease_now = self._engine.ask(CountChannels()), self._engine.now(), self._engine.clock.lease_now()
        for name, said, values in (
            ("waiting", "Messages that wait or are being sent", [one.waiting for one in every]),
            ("lag_seconds", "Age of the oldest due message", [_seconds(one.oldest, now) for one in every]),
            ("dead_letters", "Messages given up", [one.dead for one in every]),
            ("possible_duplicates", "Attempts whose answer was lost", [one.unknown for one in every]),
            (
                "held_seconds",
                "How long the provider lets it wait",
                [_seconds(lease_now, one.held_until) for one in every],
            ),
            ("unusable", "1 where its secrets cannot be used", [int(bool(one.trouble)) for one in every]),
        ):
            family = GaugeMetricFamily(f"channel_{name}", said, labels=["channel"])
            for one, value in zip(every, values, strict=True):
                family.add_metric([one.key], value)
            yield family


def _seconds(begin: datetime | None, end: datetime | None) -> float:
    """Give how long it is from one moment to another; none where one of them is missing or they are in the other order."""
    return max((end - begin).total_seconds(), 0.0) if begin is not None and end is not None else 0.0


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    """One registry per application, so that two in one process do not count into each other."""
    app = cast(Flask, state.app)
    registry = CollectorRegistry()
    took = Histogram(
        "http_request_seconds", "Time to answer", ["route", "method", "status"], buckets=BUCKETS, registry=registry
    )
    registry.register(Queues(cast(Engine, app.extensions["banjie"])))
    app.extensions[NAME] = (registry, took)


@bp.before_app_request
def _begin() -> None:
    g.began = time.perf_counter()


@bp.after_app_request
def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule is not None else "unmatched"
    if "began" in g:
        took = current_app.extensions[NAME][1]
        took.labels(route, request.method, str(response.status_code)).observe(time.perf_counter() - g.began)
    return response


@bp.get("/metrics")
def show() -> Response:
    """The numbers as text. Raises NotFound without the token and outside an admin's session."""
    if not (_has_token() or _is_admin()):
        raise NotFound(gettext("没有这个页面"))
    return Response(generate_latest(current_app.extensions[NAME][0]), content_type=CONTENT_TYPE_LATEST)


def _has_token() -> bool:
    wanted = engine().settings.metrics_token
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    shown = bearer if scheme.lower() == "bearer" else request.headers.get("X-Metrics-Token", "")
    return bool(wanted) and hmac.compare_digest(shown.strip().encode(), wanted.encode())


def _is_admin() -> bool:
    """The guard lets everybody come as far as this page, so the session is looked up here."""
    token = cookies.token()
    visit = visitor(engine(), token) if token else None
    return visit is not None and not visit.must_change and ADMIN in visit.actor.roles
