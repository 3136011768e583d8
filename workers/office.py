"""`banjie office`: web and one worker under one supervisor that restarts what dies and stops both cleanly."""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from engine.command_line import CliCommand
from engine.settings import from_environment

WELCOME = """办结已启动:http://{host}:{port}(Ctrl+C 停止)"""
GRACE_SECONDS = 20
"""How long the children may take to finish what is in hand; a worker gives back the rest after fifteen."""
MAX_RESTARTS = 5
"""Deaths in a row after which we stop: something is wrong that no restart mends."""
STEADY_SECONDS = 60
"""Whoever has lived as long as this dies its first death."""
POLL_SECONDS = 0.5


@dataclass
class Child:
    """One process that is kept running."""

    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    lived: float = 0
    rests: float = 0
    """Seconds until it is started again."""


@dataclass
class Office:
    """The processes and the wish to stop."""

    children: dict[str, Child]
    first_rest: float = 1
    """Seconds before the first restart; each further one in a row takes twice as long."""
    told: list[int] = field(default_factory=list)
    """Signals that came; a list, because a handler that takes a lock could block for ever."""

    def run(self) -> int:
        """Keep all running until told to stop; give 1 when one keeps dying."""
        pause = threading.Event()
        while not self.told:
            for name, child in self.children.items():
                if not self._goes_on(name, child):
                    self.stop()
                    return 1
            pause.wait(POLL_SECONDS)
        self.stop()
        return 0

    def stop(self) -> None:
        """Ask all to finish what is in hand; after a grace period, insist."""
        running = [child.process for child in self.children.values() if child.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        for process in running:
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _goes_on(self, name: str, child: Child) -> bool:
        """Look after one child; False when it keeps dying."""
        if child.process is None:
            child.rests -= POLL_SECONDS
            if child.rests <= 0:
                child.process = subprocess.Popen(child.command)
                child.lived = 0
            return True
        if child.process.poll() is None:
            child.lived += POLL_SECONDS
            return True
        child.deaths = 1 if child.lived >= STEADY_SECONDS else child.deaths + 1
        if child.deaths > MAX_RESTARTS:
            print(f"{name} 反复退出,停止。请看上面的原因。", file=sys.stderr)
            return False
        child.process, child.rests = None, self.first_rest * 2 ** (child.deaths - 1)
        print(f"{name} 退出了,{child.rests:g} 秒后重新启动", file=sys.stderr, flush=True)
        return True


def kept_secret(database: str) -> str:
    """Give the secret of an installation that was given none, so that web and worker share one: it lies beside a SQLite file,
    readable by its owner alone, and stays the same; with any other database it is a new one at each start.
    """
    scheme, _, path = database.partition(":///")
    fresh = secrets.token_urlsafe(32)
    if not scheme.startswith("sqlite") or not path:
        return fresh
    place = Path(path).with_suffix(".secret")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
            kept.write(fresh)
    except FileExistsError:
        return place.read_text().strip() or fresh
    return fresh


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="网页监听的地址")
    parser.add_argument("--port", default="8080", help="网页端口")


def _run(args: argparse.Namespace) -> int:
    banjie = [sys.executable, "-m", "engine.cli"]
    web = Child([*banjie, "serve", "--host", args.host, "--port", args.port])
    os.environ.setdefault("BANJIE_ADDRESS", f"http://{args.host}:{args.port}")
    settings = from_environment()
    if not settings.secret and settings.kind != "production":
        os.environ["BANJIE_SECRET"] = kept_secret(settings.database)
    running = Office({"web": web, "worker": Child([*banjie, "worker"])})
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: running.told.append(number))
    print(WELCOME.format(host=args.host, port=args.port), flush=True)
    return running.run()


office = CliCommand("office", "同时运行网页与一个 worker,一起启动、一起停", _configure, _run)
