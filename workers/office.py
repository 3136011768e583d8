"""`banjie office`: web and one worker under one supervisor that restarts what dies and stops both cleanly."""

import argparse
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field

from engine.command_line import CliCommand

WELCOME = """办结已启动:http://{host}:{port}(Ctrl+C 停止)"""
GRACE_SECONDS = 20
MAX_RESTARTS = 5


@dataclass
class Office:
    """Two child processes and the wish to stop."""

    commands: dict[str, list[str]]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Keep both running until told to stop; give 1 when one keeps dying."""
        for name in self.commands:
            self._start(name)
        while not self.stopping.wait(0.5):
            for name, child in self.children.items():
                if child.poll() is not None and not self._again(name):
                    self.stop()
                    return 1
        self.stop()
        return 0

    def stop(self) -> None:
        """Ask both to finish what is in hand; after a grace period, insist."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()

    def _start(self, name: str) -> None:
        self.children[name] = subprocess.Popen([sys.executable, "-m", "engine.cli", *self.commands[name]])

    def _again(self, name: str) -> bool:
        self.restarts[name] = self.restarts.get(name, 0) + 1
        if self.restarts[name] > MAX_RESTARTS:
            print(f"{name} 反复退出,停止。请看上面的原因。", file=sys.stderr)
            return False
        print(f"{name} 退出了,重新启动", file=sys.stderr, flush=True)
        self._start(name)
        return True


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="网页监听的地址")
    parser.add_argument("--port", default="8080", help="网页端口")


def _run(args: argparse.Namespace) -> int:
    running = Office({"web": ["serve", "--host", args.host, "--port", args.port], "worker": ["worker"]})
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: running.stopping.set())
    print(WELCOME.format(host=args.host, port=args.port), flush=True)
    return running.run()


office = CliCommand("office", "同时运行网页与一个 worker,一起启动、一起停", _configure, _run)
