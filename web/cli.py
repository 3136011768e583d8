"""`banjie serve`: the pages, by waitress."""

import argparse
import signal
import sys

from waitress import serve as waitress

from engine import open_engine
from engine.command_line import CliCommand
from engine.front import refuse_unsafe
from web.app import create_app


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址(默认只有本机能连)")
    parser.add_argument("--port", type=int, default=8080, help="端口")
    parser.add_argument("--threads", type=int, default=8, help="同时处理的请求数")


def _run(args: argparse.Namespace) -> int:
    engine = open_engine()
    refuse_unsafe(engine)
    app = create_app(engine)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"办结网页:http://{args.host}:{args.port}", flush=True)
    waitress(
        app, host=args.host, port=args.port, threads=args.threads, ident="banjie", clear_untrusted_proxy_headers=True
    )
    return 0


serve = CliCommand("serve", "运行网页", _configure, _run)
