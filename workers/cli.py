"""`banjie worker`: one worker process until SIGTERM or SIGINT."""

import argparse
import os
import signal
import socket
import threading

from engine import open_engine
from engine.command_line import CliCommand
from workers import scheduler
from workers.crew import Crew
from workers.runner import Worker


def _run(args: argparse.Namespace) -> int:
    told: list[int] = []  # not an Event: a signal handler that takes its lock could block for ever
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: told.append(number))
    worker = Worker(open_engine(), owner=f"{socket.gethostname()}:{os.getpid()}")
    if args.once:
        print(f"办了 {worker.drain()} 件")
        return 0
    crew = Crew(worker)
    ticking = scheduler.start(crew)
    print("worker 已启动,Ctrl+C 停止", flush=True)
    pause = threading.Event()
    while not told and not crew.is_exhausted:
        pause.wait(0.2)
    scheduler.stop(crew, ticking)
    if told:
        print("worker 已停止", flush=True)
        return 0
    print(f"有 {worker.hands.lost} 件作业一直没有回来,worker 退出,等着重新启动", flush=True)
    return 1


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="办完眼下到期的就退出")


worker = CliCommand("worker", "运行一个 worker:触发时限、执行作业、发送通知", _configure, _run)
