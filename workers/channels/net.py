"""HTTP as channels speak it: the only place that opens it. No redirects, no proxies, no second look-up of a name."""

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import TypeVar
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError

from engine.domain.delivery import Outcome, Rejected, Retry, Unknown
from workers.channels.addresses import AddressRefused, Resolver, allowed, resolve
from workers.channels.answers import by_status, clean

AGENT = "banjie"
T = TypeVar("T")
MOST_TRIED = 3
"""Addresses of one host that are tried before it counts as unreachable."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes beyond which a provider is not waited for."""

    connect: float = 5
    read: float = 10
    total: float = 20
    size: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; words are cut and clean."""

    status: int
    body: bytes
    words: str
    failure: Outcome | None
    """What the status alone means; None for success."""


class Watch:
    """Shuts a socket down when an exchange has taken too long as a whole, however briskly its bytes drip."""

    def __init__(self, seconds: float) -> None:
        self.socket: socket.socket | None = None
        self.has_struck = False
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _strike(self) -> None:
        self.has_struck = True
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


def first_to_answer(addresses: list[str], connect: Callable[[str], T]) -> T:
    """Connect to the first of the checked addresses that answers; raise what the last of them failed with."""
    for address in addresses[: MOST_TRIED - 1]:
        if address != addresses[-1]:
            try:
                return connect(address)
            except (OSError, HTTPError):
                continue
    return connect(addresses[-1])


def trust(ca: str) -> ssl.SSLContext:
    """Give a context that verifies certificates and names, by the system's roots or by one's own instead (PEM)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    rely_on(context, ca)
    return context


def rely_on(context: ssl.SSLContext, ca: str) -> None:
    """Let a context trust the system's roots, or one's own instead (PEM); raise SSLError for what is none."""
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca:
        context.load_verify_locations(cadata=ca)
    else:
        context.load_default_certs()


@dataclass(frozen=True, slots=True)
class Net:
    """Posts to one host and tells what is known of the outcome."""

    allows_inside: bool = False
    ca: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Never to be seen in words."""
    limits: Limits = field(default_factory=Limits)
    resolver: Resolver = resolve

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer | Outcome:
        """Post and give the answer, or the outcome where none came: before the request left Retry, afterwards Unknown."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not self.allows_inside):
            return Rejected("url", "只发往 https 网址")
        if not host or parts.username is not None:
            return Rejected("url", "网址里要有主机,不能有账号密码")
        try:
            addresses = allowed(host, port, self.allows_inside, self.resolver)
        except AddressRefused as error:
            return Rejected("address", self._words(error))
        except (OSError, UnicodeError) as error:
            return Retry("dns", self._words(f"{host} 查不到地址:{error}"))
        target = parts._replace(scheme="", netloc="", path=parts.path or "/", fragment="").geturl()
        named = parts.netloc if parts.port else host
        with Watch(self.limits.total) as watch:
            try:
                link = first_to_answer(addresses, partial(self._connect, watch, parts.scheme, host, port))
            except (OSError, HTTPError, ValueError) as error:
                return Retry("timeout" if watch.has_struck else "connect", self._words(f"连不上 {host}:{error}"))
            try:
                answer = self._exchange(link, target, body, {**headers, "Host": named})
                return Unknown("timeout", "发出去了,回答没有说完") if watch.has_struck else answer
            except (OSError, HTTPError, HTTPException, ValueError) as error:
                late = watch.has_struck or isinstance(error, TimeoutError | ReadTimeoutError)
                return Unknown("timeout" if late else "dropped", self._words(f"发出去了,没有等到回答:{error}"))
            finally:
                link.close()

    def _connect(self, watch: Watch, scheme: str, host: str, port: int, address: str) -> HTTPConnection:
        """Connect to an address that was checked: the name is only what its certificate has to say."""
        seconds = self.limits.connect
        if scheme == "https":
            link: HTTPConnection = HTTPSConnection(
                address, port, timeout=seconds, server_hostname=host, ssl_context=trust(self.ca)
            )
        else:
            link = HTTPConnection(address, port, timeout=seconds)
        try:
            link.connect()
        except (OSError, HTTPError, ValueError):
            link.close()
            raise
        watch.socket = link.sock
        link.timeout = self.limits.read
        return link

    def _exchange(self, link: HTTPConnection, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        sent = {**headers, "User-Agent": AGENT, "Accept-Encoding": "identity"}
        link.request("POST", target, body, sent, preload_content=False, decode_content=False)
        answer = link.getresponse()
        said = answer.read(self.limits.size)
        words = self._words(said.decode("utf-8", "replace"))
        place = self._words(answer.headers.get("Location", ""))
        failure = by_status(answer.status, words, answer.headers.get("Retry-After", ""), place)
        return Answer(answer.status, said, words, failure)

    def _words(self, said: object) -> str:
        return clean(said, self.secrets)
