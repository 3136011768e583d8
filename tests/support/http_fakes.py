"""A provider on loopback that answers as its documents say, or does not answer at all."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson


@dataclass
class Said:
    """One answer."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    """Hangs up instead of answering."""
    stalls: bool = False
    """Says nothing until the test is over."""
    drips: bool = False
    """Begins an answer and then gives a byte now and then."""


@dataclass
class Seen:
    """One call that came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        """The parameters in its address."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    @property
    def json(self) -> Any:
        """Its body."""
        return orjson.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """Its body as a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Provider:
    """Answers in the order it was told, the last answer for ever."""

    port: int = 0
    answers: list[Said] = field(default_factory=lambda: [Said()])
    seen: list[Seen] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def says(self, *answers: Said) -> None:
        """Set what is answered next."""
        self.answers = list(answers)

    def next(self) -> Said:
        """Give the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def provider(context: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """Run a provider on a free port of 127.0.0.1."""
    fake = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    fake.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(fake: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fake.seen.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            said = fake.next()
            if said.stalls:
                fake.over.wait(30)
            if said.stalls or said.drops:
                self.close_connection = True
                return
            content = said.body if isinstance(said.body, bytes) else orjson.dumps(said.body)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content) + 1000 * said.drips))
            self.end_headers()
            self.wfile.write(content)
            while said.drips and not fake.over.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            return

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:
                self.close_connection = True

    return Handler
