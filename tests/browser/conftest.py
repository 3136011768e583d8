"""Real web and worker processes on a fresh office, and Chromium in front of them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser.letters import letter, post_office

CHROMIUM = os.environ.get("BANJIE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PASSWORD = "banjie-demo-2026"
SECRET = "a long random text that only the browser tests' offices use"
INSTALL = "apt-get install -y chromium fonts-noto-cjk"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say that the tests were not run where Chromium is missing; fail instead where it is required."""
    if Path(CHROMIUM).exists():
        return
    if os.environ.get("BANJIE_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"Chromium is required but missing: {INSTALL}")
    for item in items:
        if "browser" in Path(str(item.fspath)).parts:
            item.add_marker(pytest.mark.skip(reason=f"no Chromium; not run. Install it with: {INSTALL}"))


@dataclass
class Office:
    """A running office."""

    url: str
    environment: dict[str, str]

    def open_the_post(self) -> None:
        """Mend what lets the letter procedure's job fail."""
        Path(self.environment["POST_IS_CLOSED"]).unlink()

    def banjie(self, *words: str) -> str:
        """Run a command of `banjie` on the office's database."""
        return _banjie(self.environment, *words)

    def shift(self, seconds: float) -> None:
        """Move the office's clock by an offset."""
        code = (
            "from engine import ChangeSetting, open_engine; "
            f"open_engine().execute(ChangeSetting('clock_offset', '{seconds}', 'system'))"
        )
        subprocess.run([sys.executable, "-c", code], env=self.environment, check=True, timeout=60)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office most tests work in, at the machine's own time."""
    with running_office(tmp_path_factory.mktemp("office"), "hotline", "training", "complaint") as office:
        yield office


@contextmanager
def running_office(
    folder: Path, *procedures: str, at: datetime | None = None, letter_limit: str = ""
) -> Iterator[Office]:
    """The demo organisation with some procedures, served by `banjie office` (web and worker) on a free port.

    Its clock starts at a moment; `letter_limit` is how long writing a letter may take.
    """
    port = _free_port()
    environment = {
        **os.environ,
        "BANJIE_DATABASE": f"sqlite:///{folder / 'banjie.db'}",
        "BANJIE_KIND": "demo",
        "BANJIE_SECRET": SECRET,
        "BANJIE_ADDRESS": f"http://127.0.0.1:{port}",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(post_office(folder)), os.environ.get("PYTHONPATH", "")))),
        "POST_IS_CLOSED": str(folder / "closed"),
    }
    (folder / "closed").touch()
    for words in (["init"], ["demo"], ["deploy", *procedures, str(letter(folder, letter_limit))]):
        _banjie(environment, *words)
    office = Office(environment["BANJIE_ADDRESS"], environment)
    if at is not None:
        office.shift((at - datetime.now(UTC)).total_seconds())
    log = (folder / "office.log").open("w")
    command = [sys.executable, "-m", "engine.cli", "office", "--port", str(port)]
    running = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz", folder / "office.log")
        yield office
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0, (folder / "office.log").read_text()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody at a screen."""

    page: Any
    url: str
    violations: list[str]

    def open(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        """Press the button or follow the link with this name."""
        self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.page.wait_for_load_state()

    def fill(self, **answers: str) -> None:
        """Fill fields by name: texts typed, choices picked."""
        for name, value in answers.items():
            field = self.page.locator(f"[name={name}]").last
            kind = field.get_attribute("type") or field.evaluate("e => e.tagName.toLowerCase()")
            if kind == "radio":
                self.page.locator(f"[name={name}][value={value}]").check()
            elif kind == "checkbox":
                field.set_checked(value == "true")
            elif kind == "select":
                field.select_option(value)
            else:
                field.fill(value)

    def text(self) -> str:
        """Give what the page says."""
        return str(self.page.inner_text("body"))

    def number(self, prefix: str = "RX") -> str:
        """Give the order number the page speaks of."""
        found = re.search(prefix + r"\d{12}", self.page.content())
        assert found, self.text()
        return found[0]


@pytest.fixture
def somebody(office: Office, chromium: Any) -> Iterator[Any]:
    """Give a function that seats a person at a screen, logged in; no page may break the content policy."""
    contexts, people = [], []

    def seat(account: str, width: int = 1280, height: int = 900, **options: Any) -> Person:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        person = Person(page, office.url, [])
        people.append(person)
        page.on("console", lambda m: person.violations.append(m.text) if "Content Security Policy" in m.text else None)
        person.open("/login")
        person.fill(account=account, password=PASSWORD)
        page.locator("main button").first.click()
        page.wait_for_url(lambda url: "/login" not in url)
        return person

    yield seat
    for context in contexts:
        context.close()
    assert [v for person in people for v in person.violations] == []


def _banjie(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "engine.cli", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(url: str, log: Path) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"{url} did not answer: {log.read_text()}")
