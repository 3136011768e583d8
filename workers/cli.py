"""`banjie worker`: one worker process until SIGTERM or SIGINT."""

import argparse
import os
import signal
import socket
import threading

from engine import open_engine
from engine.command_line import CliCommand
from workers import scheduler
from workers.runner import Worker


def _run(args: argparse.Namespace) -> int:
    done = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: done.set())
    worker = Worker(open_engine(), owner=f"{socket.gethostname()}:{os.getpid()}")
    if args.once:
        print(f"办了 {worker.drain()} 件")
        return 0
    ticking = scheduler.start(worker)
    print("worker 已启动,Ctrl+C 停止", flush=True)
    done.wait()
    scheduler.stop(worker, ticking)
    print("worker 已停止", flush=True)
    return 0


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="办完眼下到期的就退出")


worker = CliCommand("worker", "运行一个 worker:触发时限、执行作业、发送通知", _configure, _run)
