"""Channels as administrators set them up: what each kind needs, and what is wrong with what was typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engine.domain.errors import Invalid
from engine.domain.reaching import email, is_email, phone
from engine.domain.signatures import key_of
from engine.domain.texts import savable

TEST = "channel_test"
"""The notice by which an administrator tries a channel out; it leaves even where the channel is switched off."""


@dataclass(frozen=True, slots=True)
class ChannelSetup:
    """What a worker needs to open a channel; `secrets` are in clear here and never shown, logged or put into a repr."""

    key: str
    kind: str
    name: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    allows_inside: bool = False
    """Whether its host may lie in a private network: an administrator has allowed this very host."""
    version: int = 1
    unit: str | None = None
    """It serves this unit and those below; None: everyone."""
    rate: int | None = None
    """At most so many messages in `rate_seconds`; None: no limit."""
    rate_seconds: int | None = None
    is_on: bool = True
    trouble: str = ""
    """Why its secrets cannot be used; a channel in trouble sends nothing and says so."""


@dataclass(frozen=True, slots=True)
class SetupField:
    """One thing a kind of channel wants to know."""

    name: str
    label: str
    required: bool = True
    default: str = ""
    options: tuple[str, ...] = ()
    """The values it may have; empty: any text."""
    is_secret: bool = False
    is_long: bool = False
    longest: int = 200


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A kind of channel; `address` is what it needs of a person: email, phone, or nothing."""

    name: str
    fields: tuple[SetupField, ...] = ()
    address: str = ""
    rate: int | None = None
    rate_seconds: int | None = None
    aims: tuple[str, ...] = ()
    """Settings that say where secrets go: whoever changes one types the secrets again."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed, in order: settings that may be read, secrets typed anew."""

    settings: dict[str, str]
    secrets: dict[str, str] = field(repr=False)


_CA = SetupField("ca", "自己的根证书", required=False, is_long=True, longest=20_000)
KINDS: dict[str, ChannelKind] = {
    "email": ChannelKind(
        "邮件",
        (
            SetupField("server", "邮件服务器"),
            SetupField("port", "端口", default="465", longest=5),
            SetupField("security", "加密", default="tls", options=("tls", "starttls", "none")),
            SetupField("sender", "发件地址", longest=254),
            SetupField("sender_name", "发件人名称", required=False, default="办结", longest=60),
            SetupField("user", "登录名", required=False),
            SetupField("password", "密码", required=False, is_secret=True),
            _CA,
        ),
        address="email",
        aims=("server", "port", "security", "ca"),
    ),
    "wecom": ChannelKind(
        "企业微信群机器人",
        (
            SetupField("key", "机器人的 key", is_secret=True, longest=500),
            SetupField("endpoint", "接口地址", default="https://qyapi.weixin.qq.com"),
        ),
        rate=20,
        rate_seconds=60,
        aims=("endpoint",),
    ),
    "dingtalk": ChannelKind(
        "钉钉群机器人",
        (
            SetupField("access_token", "机器人的 access_token", is_secret=True, longest=500),
            SetupField("sign_secret", "加签密钥", is_secret=True),
            SetupField("endpoint", "接口地址", default="https://oapi.dingtalk.com"),
        ),
        rate=20,
        rate_seconds=60,
        aims=("endpoint",),
    ),
    "webhook": ChannelKind(
        "签名回调",
        (SetupField("url", "网址", longest=1000), SetupField("secret", "签名密钥", is_secret=True), _CA),
        aims=("url", "ca"),
    ),
    "sms": ChannelKind(
        "短信",
        (
            SetupField("gateway", "短信网关", default="aliyun", options=("aliyun",)),
            SetupField("access_key_id", "AccessKey ID"),
            SetupField("access_key_secret", "AccessKey Secret", is_secret=True),
            SetupField("sign_name", "短信签名", longest=40),
            SetupField("template", "模板代码", longest=40),
            SetupField("title_variable", "写标题的变量", default="title", longest=40),
            SetupField("link_variable", "写链接的变量", required=False, longest=40),
            SetupField("endpoint", "接口地址", default="https://dysmsapi.aliyuncs.com"),
            SetupField("hook_secret", "回执签名密钥", is_secret=True, required=False),
        ),
        address="phone",
        aims=("gateway", "endpoint", "access_key_id"),
    ),
    "apprise": ChannelKind("其他(Apprise)", (SetupField("url", "Apprise 地址", is_secret=True, longest=1000),)),
    "console": ChannelKind("打印在日志里"),
}
"""Kind → what it needs, in the order it is offered."""
HOOK_SECRETS = ("hook_secret", "secret")
"""Secrets by which a provider signs what it reports later; of a webhook it is the one we sign with."""
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
_VARIABLE = re.compile(r"[A-Za-z0-9_]*")


def kind_of(kind: str) -> ChannelKind:
    """Give a kind of channel; raise Invalid where there is none."""
    if kind not in KINDS:
        raise Invalid(f"没有这种通道:{kind}")
    return KINDS[kind]


def read_setup(kind: str, said: Mapping[str, str], *, allows_inside: bool, kept: frozenset[str] = frozenset()) -> Said:
    """Give what was typed for a channel as it may be kept; `kept` names the secrets it has already. Raises Invalid."""
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for one in kind_of(kind).fields:
        text = savable(said.get(one.name, "")).strip()
        if one.is_secret:
            text = _of_address(text, one.name)
            if text:
                secrets[one.name] = text
        else:
            settings[one.name] = text or (one.default if one.required else "")
        if one.required and not (text or settings.get(one.name) or one.name in kept):
            raise Invalid(f"请填{one.label}")
        if len(text) > one.longest:
            raise Invalid(f"{one.label}最多 {one.longest} 个字")
        if one.options and settings[one.name] not in one.options:
            raise Invalid(f"{one.label}只能是 {'、'.join(one.options)}")
        if not one.is_long and "\n" in text:
            raise Invalid(f"{one.label}只能写一行")
    _CHECKS.get(kind, _nothing)(settings, secrets, allows_inside, kept)
    if "endpoint" in settings or kind == "webhook":
        _check_url(settings.get("endpoint") or settings.get("url", ""), allows_inside)
    return Said(settings, secrets)


def check_address(kind: str, to: str) -> str:
    """Give an address a kind of channel can send to, as an outgoing message's recipient has it; raise Invalid.

    `email:…` and `phone:…`; of a channel that needs no address, `test`.
    """
    wanted = kind_of(kind).address
    if not wanted:
        return "test"
    address = email(to) if wanted == "email" else phone(to)
    if address is None:
        raise Invalid("请填发到哪里")
    return f"{wanted}:{address}"


def _of_address(text: str, name: str) -> str:
    """Give the key itself where somebody pasted the whole address of a robot."""
    if name not in ("key", "access_token") or not text.startswith(("https://", "http://")):
        return text
    found = parse_qs(urlsplit(text).query).get(name)
    return found[0] if found else text


def _nothing(*_: object) -> None:
    """Ask for nothing more."""


def _check_email(settings: dict[str, str], secrets: dict[str, str], inside: bool, kept: frozenset[str]) -> None:
    if not _HOST.fullmatch(settings["server"]):
        raise Invalid("邮件服务器只写主机名,如 smtp.example.cn")
    if not (settings["port"].isascii() and settings["port"].isdigit() and 0 < int(settings["port"]) < 65536):
        raise Invalid("端口是 1 到 65535 的数字")
    if not is_email(settings["sender"]):
        raise Invalid("发件地址要写成 name@example.cn 的样子")
    has_password = "password" in secrets or "password" in kept
    if settings["security"] == "none" and (has_password or not inside):
        raise Invalid("不加密只能用于机构内网里不用登录的邮件服务器")
    if has_password and not settings["user"]:
        raise Invalid("填了密码,还要填登录名")


def _check_webhook(settings: dict[str, str], secrets: dict[str, str], inside: bool, kept: frozenset[str]) -> None:
    if "secret" in secrets:
        key_of(secrets["secret"])


def _check_sms(settings: dict[str, str], secrets: dict[str, str], inside: bool, kept: frozenset[str]) -> None:
    if "hook_secret" in secrets:
        key_of(secrets["hook_secret"])
    for name in ("title_variable", "link_variable"):
        if not _VARIABLE.fullmatch(settings[name]):
            raise Invalid("模板变量的名字用字母、数字和下划线")


def _check_apprise(settings: dict[str, str], secrets: dict[str, str], inside: bool, kept: frozenset[str]) -> None:
    if secrets.get("url", "").partition("://")[0].lower() in APPRISE_NEVER:
        raise Invalid("企业微信、钉钉、飞书不能经 Apprise 发:对方拒收时它也报成功")
    if not inside:
        raise Invalid("Apprise 自己连出去,办结查不了它连到哪里;要用,请勾选“允许内网地址”")


APPRISE_NEVER = frozenset({"wecombot", "wechat", "dingtalk", "feishu", "lark"})
"""Services whose refusals Apprise takes for success."""
_CHECKS = {"email": _check_email, "webhook": _check_webhook, "sms": _check_sms, "apprise": _check_apprise}


def _check_url(url: str, inside: bool) -> None:
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_right = urlsplit(""), False
    if not port_is_right or not parts.hostname or any(c.isspace() for c in url):
        raise Invalid("网址看不懂,要写成 https://主机/路径")
    if parts.scheme != "https" and not (inside and parts.scheme == "http"):
        raise Invalid("网址要以 https:// 开头(只有允许内网地址时可以用 http://)")
    if parts.username is not None or parts.password is not None:
        raise Invalid("网址里不能写账号密码")
