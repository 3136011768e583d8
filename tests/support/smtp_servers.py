"""A mail server on loopback that takes, refuses, defers, stalls or hangs up."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

OK = "250 OK"


@dataclass
class MailBox:
    """What came in, and what is answered at each step; `drop` hangs up, `stall` says nothing."""

    mail: str = OK
    rcpt: str = OK
    data: str = "250 2.0.0 Ok: queued as 4F1B2"
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None)
        return await self._say(server, self.mail)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return await self._say(server, self.rcpt)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.raw.append(envelope.content)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return await self._say(server, self.data)

    async def _say(self, server: Any, answer: str) -> str:
        if answer == "drop":
            server.transport.abort()
        if answer == "stall":
            await asyncio.sleep(30)
        return answer

    def check(self, server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
        """Take one name with one password."""
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login.decode(), login.password.decode()))
        return AuthResult(success=self.logins[-1] == ("banjie", "right-password"), handled=False)


@contextmanager
def mail_server(
    context: ssl.SSLContext | None = None, *, starttls: bool = False, asks_login: bool = False
) -> Iterator[MailBox]:
    """Run a mail server on a free port of 127.0.0.1: plain, with STARTTLS or in TLS from the first byte."""
    box, loop = MailBox(), asyncio.new_event_loop()
    options: dict[str, Any] = {"hostname": "mail.test", "loop": loop, "enable_SMTPUTF8": True}
    if context is not None and starttls:
        options |= {"tls_context": context, "require_starttls": True}
    if asks_login:
        options |= {"authenticator": box.check, "auth_required": True, "auth_require_tls": starttls}
    wrapped = context if context is not None and not starttls else None
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()  # in a thread from the beginning: the test's own may have a loop that runs
    serving = loop.create_server(lambda: SMTP(box, **options), "127.0.0.1", 0, ssl=wrapped)
    server = asyncio.run_coroutine_threadsafe(serving, loop).result(10)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(_closed(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _closed(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
