import socket

import pytest

from engine.domain.delivery import Rejected, Retry
from tests.support.http_fakes import Said
from workers.channels.addresses import AddressRefused, allowed, resolve
from workers.channels.net import Answer, Limits, Net

INSIDE = ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fc00::1", "fd12::3"]
NEVER = [
    *("0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.1.1", "100.100.100.200", "224.0.0.1", "255.255.255.255"),
    *(
        "240.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "::",
        "fd00:ec2::254",
        "2001:db8::1",
    ),
    *(
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001::1",
    ),
]
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]


def names(*addresses):
    return lambda host, port: list(addresses)


@pytest.mark.parametrize("address", INSIDE)
def test_inside_is_shut_unless_an_administrator_opens_it(address):
    with pytest.raises(AddressRefused, match="内网"):
        allowed("inside.test", 443, False, names(address))
    assert allowed("inside.test", 443, True, names(address)) == [address]


@pytest.mark.parametrize("may", [False, True])
@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_nobody_can_open(address, may):
    with pytest.raises(AddressRefused):
        allowed("odd.test", 443, may, names(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_the_world_is_open(address):
    assert allowed("world.test", 443, False, names(address)) == [address]


def test_one_private_address_among_public_ones_shuts_the_host():
    with pytest.raises(AddressRefused, match="10.0.0.1"):
        allowed("mixed.test", 443, False, names(PUBLIC[0], "10.0.0.1"))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0177.0.0.1", "0x7f.1", "0x7f000001", "localhost", "0"]
)
def test_loopback_is_known_in_every_notation(host, fake):
    outcome = Net().post(f"https://{host}:{fake.port}/", b"{}", {})
    assert (type(outcome), outcome.code) == (Rejected, "address")
    assert fake.seen == []


@pytest.mark.parametrize("host", ["[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1]"])
def test_ipv6_literals_are_no_way_in(host, fake):
    assert Net().post(f"https://{host}:{fake.port}/", b"{}", {}).code == "address"


def test_a_name_is_looked_up_once_and_the_checked_address_is_connected_to(secure, authority):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    net = Net(allows_inside=True, ca=authority.pem, resolver=rebinding)
    assert isinstance(net.post(f"https://hook.test:{secure.port}/x", b"{}", {}), Answer)
    assert asked == ["hook.test"]
    assert secure.seen[0].headers["host"] == f"hook.test:{secure.port}"


def test_a_name_that_turns_to_the_inside_is_refused_at_the_next_call(secure, authority):
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    net = Net(allows_inside=True, ca=authority.pem, resolver=lambda host, port: next(answers))
    net.post(f"https://hook.test:{secure.port}/x", b"{}", {})
    assert net.post(f"https://hook.test:{secure.port}/x", b"{}", {}).code == "address"
    assert len(secure.seen) == 1


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:{port}/inside", "https://169.254.169.254/", "//[::1]/", "/elsewhere"]
)
def test_redirects_are_told_and_never_followed(net, fake, place):
    where = place.format(port=fake.port)
    fake.says(Said(302, b"", {"Location": where}))
    answer = net.post(f"http://hook.test:{fake.port}/x", b"{}", {})
    assert answer.failure == Rejected("HTTP 302", f"对方要转到别处,没有跟去:{where}")
    assert [seen.path for seen in fake.seen] == ["/x"]


def test_the_environment_has_no_say_about_proxies(net, fake, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert net.post(f"http://hook.test:{fake.port}/x", b"{}", {}).status == 200


@pytest.mark.parametrize(
    "url", ["ftp://hook.test/", "file:///etc/passwd", "https:///x", "https://me:pw@hook.test/", "gopher://x"]
)
def test_what_is_no_plain_web_address_is_refused(net, url):
    assert net.post(url, b"{}", {}).code == "url"


def test_without_tls_only_inside(fake):
    net = Net(resolver=names(PUBLIC[0]))
    assert net.post(f"http://hook.test:{fake.port}/", b"{}", {}) == Rejected("url", "只发往 https 网址")


@pytest.mark.parametrize(("host", "trusted"), [("other.test", True), ("hook.test", False)], ids=["name", "issuer"])
def test_a_certificate_that_does_not_fit_gets_no_request(secure, authority, net, host, trusted):
    strict = Net(True, authority.pem if trusted else "", (), net.limits, net.resolver)
    outcome = strict.post(f"https://{host}:{secure.port}/", b"{}", {})
    assert (type(outcome), outcome.code) == (Retry, "connect")
    assert "certificate verify failed" in outcome.words
    assert secure.seen == []


def test_a_name_nobody_knows_is_tried_again():
    def unknown(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    outcome = Net(resolver=unknown).post("https://nowhere.test/", b"{}", {})
    assert (type(outcome), outcome.code) == (Retry, "dns")


def test_the_second_address_is_tried_where_the_first_is_dead(fake):
    net = Net(allows_inside=True, resolver=names("127.0.0.2", "127.0.0.1"), limits=Limits(connect=1))
    assert net.post(f"http://hook.test:{fake.port}/", b"{}", {}).status == 200


def test_the_systems_own_resolver_knows_this_machine():
    assert "127.0.0.1" in resolve("127.0.0.1", 80)
