"""Which machines a channel may connect to: nothing inside the house unless an administrator has allowed it."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Resolver = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host; raises OSError where it has none."""

_CARRYING = (
    *("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    *("fec0::/10", "::ffff:0:0:0/96"),
)
CARRYING = tuple(IPv6Network(text) for text in _CARRYING)
"""IPv6 forms that carry or translate to an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo), and old site-local ones."""
METADATA = frozenset(
    ip_address(text) for text in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "192.0.0.192")
)
"""Where clouds tell their machines secrets; no permission opens these."""
_NEVER_NAMED = ip_network("0.0.0.0/8")
_INSIDE = tuple(
    ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)


class AddressRefused(Exception):
    """The host lies where no channel may connect to; the message says which address."""


def resolve(host: str, port: int) -> list[str]:
    """Give every address of a host, in the system's order; raise OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def allowed(host: str, port: int, allows_inside: bool, resolver: Resolver = resolve) -> list[str]:
    """Give the addresses of a host that may be connected to, as they are: nobody asks for them again.

    One forbidden address among them forbids the host. Raises AddressRefused, OSError where the name is not known.
    """
    found = list(resolver(host, port))
    if not found:
        raise OSError(f"{host} 没有地址")
    for text in found:
        if not _may(ip_address(text.partition("%")[0]), allows_inside):
            raise AddressRefused(f"{host} 指向 {text}:内网、本机或保留的地址,没有被允许")
    return found


def _may(address: IPv4Address | IPv6Address, allows_inside: bool) -> bool:
    if isinstance(address, IPv6Address) and any(address in network for network in CARRYING) and not address.is_loopback:
        return False
    if address in METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if address.version == 4 and address in _NEVER_NAMED:
        return False
    if address.is_loopback or any(address.version == n.version and address in n for n in _INSIDE):
        return allows_inside
    return address.is_global and not address.is_reserved
