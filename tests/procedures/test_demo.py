"""The demo organisations are named with accounts that open every role's pages."""

import tomllib

from engine.bundles import procedures_root
from engine.front import demo_accounts


def test_every_role_has_an_account_under_the_organisation_it_belongs_to():
    said = tomllib.loads((procedures_root() / "demo.toml").read_text("utf-8"))
    accounts = demo_accounts()
    named = [role for group in accounts.values() for _, _, role in group]
    assert sorted(named) == sorted(role["name"] for role in said["role"])
    assert {"市长热线服务中心", "和居物业公司", "临澜精密制造公司", "临澜建设机械公司"} <= set(accounts)
    assert ("service_ding", "丁洁", "物业客服") in accounts["和居物业公司"]
