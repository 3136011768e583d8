"""E-mail over SMTP: text and HTML, TLS with verified certificates, one Message-ID however often a message is tried."""

import hashlib
import html
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime
from typing import Any

from engine import Outgoing
from engine.domain.clock import Clock
from engine.domain.delivery import Delivered, Outcome, Rejected, Retry, Unknown
from engine.domain.reaching import is_email
from workers.channels.addresses import AddressRefused, allowed
from workers.channels.answers import clean
from workers.channels.net import Net, Watch, first_to_answer, rely_on

LONGEST_SUBJECT = 200


class _NamedTrust(ssl.SSLContext):
    """Verifies a server by its name although it was reached by its address."""

    name = ""

    def wrap_socket(self, *args: Any, **options: Any) -> ssl.SSLSocket:
        return super().wrap_socket(*args, **{**options, "server_hostname": self.name})


@dataclass(frozen=True, slots=True)
class Email:
    """Hands messages to one SMTP server."""

    net: Net
    clock: Clock
    server: str
    port: int
    security: str
    """`tls` from the first byte, `starttls`, or `none` (inside the house, without login)."""
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, message: Outgoing) -> Outcome:
        """Send to the person's address; what happened after the final dot without an answer is unknown."""
        if not is_email(message.address):
            return Rejected("address", "没有可用的邮箱地址")
        try:
            addresses = allowed(self.server, self.port, self.net.allows_inside, self.net.resolver)
        except AddressRefused as error:
            return Rejected("address", self._words(error))
        except (OSError, UnicodeError) as error:
            return Retry("dns", self._words(f"{self.server} 查不到地址:{error}"))
        with Watch(self.net.limits.total) as watch:
            return self._talk(message, addresses, watch)

    def _talk(self, message: Outgoing, addresses: list[str], watch: Watch) -> Outcome:
        server = None
        try:
            server = first_to_answer(addresses, lambda address: self._connect(address, watch))
            return self._hand_over(server, message)
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Rejected("smtp", self._words(error))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            late = watch.has_struck or _is_late(error)
            return Retry("timeout" if late else "connect", self._words(f"{self.server} 断了或不答:{error}"))
        finally:
            if server is not None:
                server.close()

    def _connect(self, address: str, watch: Watch) -> smtplib.SMTP:
        """Connect to an address that was checked, greet, begin TLS, log in."""
        seconds, me = self.net.limits.connect, self.sender.rpartition("@")[2]
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(local_hostname=me, timeout=seconds, context=self._trust())
        else:
            server = smtplib.SMTP(local_hostname=me, timeout=seconds)
        try:
            code, said = server.connect(address, self.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, said)
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=self._trust())
                server.ehlo_or_helo_if_needed()
            if server.sock is not None:
                watch.socket = server.sock
                server.sock.settimeout(self.net.limits.read)
            if self.password:
                server.login(self.user, self.password)
        except (OSError, smtplib.SMTPException, ValueError):
            server.close()
            raise
        return server

    def _trust(self) -> ssl.SSLContext:
        context = _NamedTrust(ssl.PROTOCOL_TLS_CLIENT)
        rely_on(context, self.net.ca)
        context.name = self.server
        return context

    def _hand_over(self, server: smtplib.SMTP, message: Outgoing) -> Outcome:
        """Speak SMTP verb by verb: only what follows the final dot without an answer is unknown."""
        content = self.written(message)
        code, said = server.mail(self.sender)
        if code == 250:
            code, said = server.rcpt(message.address)
        if code not in (250, 251):
            return self._refused(code, said)
        code, said = server.docmd("data")
        if code != 354:
            return self._refused(code, said)
        server.send(_stuffed(content))
        try:
            server.send(b".\r\n")
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            return Unknown("timeout" if _is_late(error) else "dropped", self._words(f"正文发完了,没有等到回答:{error}"))
        if code != 250:
            return self._refused(code, said)
        words = self._words(said.decode("utf-8", "replace"))
        return Delivered(receipt=message_id(message.idempotency_key, self.sender), code=str(code), words=words)

    def _refused(self, code: int, said: bytes | str) -> Outcome:
        """Of refusals those beginning with 4 pass (greylisting), those beginning with 5 do not."""
        words = self._words(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)
        return Rejected(str(code), words) if 500 <= code < 600 else Retry(str(code), words)

    def _words(self, said: object) -> str:
        return clean(said, self.net.secrets)

    def written(self, message: Outgoing) -> bytes:
        """Give a message as it goes over the line."""
        mail = EmailMessage(policy=LINES)
        mail["Subject"] = " ".join(message.subject.split())[:LONGEST_SUBJECT]
        mail["From"] = Address(" ".join(self.sender_name.split()), addr_spec=self.sender)
        mail["To"] = Address(" ".join(message.name.split()), addr_spec=message.address)
        mail["Date"] = format_datetime(self.clock.lease_now().astimezone(UTC))
        mail["Message-ID"] = message_id(message.idempotency_key, self.sender)
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        if message.urgent:
            mail["Importance"] = "high"
        mail.set_content("\n\n".join(part for part in (message.body, message.link) if part) + "\n", cte="base64")
        mail.add_alternative(in_html(message), subtype="html", cte="base64")
        return mail.as_bytes()


def _is_late(error: Exception) -> bool:
    """The library tells a reply that did not come as a closed connection; what lies behind says which it was."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def message_id(key: str, sender: str) -> str:
    """Give the Message-ID of a message's key: the same on every attempt, so that a mailbox sees one message."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def in_html(message: Outgoing) -> str:
    """Give a message as a small HTML page; whatever it says is shown, never run."""
    lines = "<br>\n".join(html.escape(message.body).splitlines())
    link = html.escape(message.link, quote=True)
    button = (
        f'<p><a href="{link}">打开</a><br><small>{link}</small></p>' if link.startswith(("https://", "http://")) else ""
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{html.escape(message.subject)}</title></head>'
        f"<body><p>{lines}</p>{button}</body></html>\n"
    )


def _stuffed(content: bytes) -> bytes:
    """Double the dots at the beginnings of lines; the text ends with a line's end."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    return (b"." if stuffed.startswith(b".") else b"") + stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n")
